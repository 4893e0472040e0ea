// The outcome of one comparison. Only kEqual is rewarded.
#pragma once

#include <cstdint>
#include <string_view>

namespace pyverify {

enum class Verdict : std::uint8_t {
  kEqual,
  kNotEqual,
  kUndecided,  // neither shown equal nor shown different
  kNoAnswer,   // the response gives no final answer
  kBadGold,    // the gold is empty or beyond a limit
  kLimit,      // a limit ran out first
};

// Why; stable codes, one word each, listed in docs/reasons.md. Keep the order: codes are stored in
// files.
enum class Reason : std::uint8_t {
  kNone,
  // how equality or difference was shown
  kTextExact,        // the same normalised text
  kRational,         // exact rational arithmetic
  kField,            // finite-field signatures
  kFieldNumeric,     // signatures agree and no sample point objects
  kNumericDisjoint,  // rigorous enclosures do not meet
  kNumericDd,        // double-double enclosures agree at every sample point
  kNumericHp,        // high-precision enclosures agree
  kExact,            // exact integers of any size
  kStructure,        // element by element
  kTolerance,        // within the rounding of a decimal gold or a caller's tolerance
  kUnit,             // quantities with units
  kChoice,           // multiple choice
  // how difference was shown in structure
  kKindMismatch,     // a set against a point, a text against a number, ...
  kCountMismatch,    // another number of elements
  kSymbolMismatch,   // another name or label
  kUnitMismatch,     // another dimension, currency or noun
  kFormMismatch,     // the gold's form (a base, a solved equation) is part of the answer
  kNotEvaluated,     // arithmetic left undone where the policy or an option wants it done
  kUndefinedValue,   // 1/0 and the like equal nothing
  kUnsolved,         // the problem copied instead of solved
  kTautology,        // a = a proves nothing
  kFalseChain,       // a link of a chain of equalities is false
  kHedged,           // doubt, alternatives
  kMultipleAnswers,  // several answers where one is wanted
  // why nothing could be decided
  kUndecided,
  kUnparseable,
  kUnsupported,
  kAmbiguous,
  // why there is no answer
  kEmpty,
  kPlaceholder,
  kInReasoning,  // reasoning block never closed
  kUnclosed,     // truncated box
  kNoCandidate,
  // limits
  kLimitBytes,
  kLimitDepth,
  kLimitNodes,
  kLimitWork,
  kLimitBits,
  kCount
};

std::string_view name(Verdict verdict) noexcept;
std::string_view name(Reason reason) noexcept;

}  // namespace pyverify
