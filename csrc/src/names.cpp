// The words that leave the engine, in the order of the enums.
#include <array>

#include "pyverify/extract.hpp"
#include "pyverify/verdict.hpp"

namespace pyverify {
namespace {

constexpr std::array<std::string_view, 6> kVerdicts = {"equal",     "not_equal", "undecided",
                                                       "no_answer", "bad_gold",  "limit"};

constexpr std::array<std::string_view, static_cast<std::size_t>(Reason::kCount)> kReasons = {
    "none",
    "text_exact",
    "rational",
    "field",
    "field_numeric",
    "numeric_disjoint",
    "numeric_dd",
    "numeric_hp",
    "exact",
    "structure",
    "tolerance",
    "unit",
    "choice",
    "kind_mismatch",
    "count_mismatch",
    "symbol_mismatch",
    "unit_mismatch",
    "form_mismatch",
    "not_evaluated",
    "undefined_value",
    "unsolved",
    "tautology",
    "false_chain",
    "hedged",
    "multiple_answers",
    "undecided",
    "unparseable",
    "unsupported",
    "ambiguous",
    "empty",
    "placeholder",
    "in_reasoning",
    "unclosed",
    "no_candidate",
    "limit_bytes",
    "limit_depth",
    "limit_nodes",
    "limit_work",
    "limit_bits",
};

}  // namespace

std::string_view name(Verdict verdict) noexcept {
  return kVerdicts[static_cast<std::size_t>(verdict)];
}
std::string_view name(Reason reason) noexcept { return kReasons[static_cast<std::size_t>(reason)]; }

}  // namespace pyverify
