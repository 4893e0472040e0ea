// The English number words.
#pragma once

#include <cstdint>
#include <string_view>

namespace pyverify::answer {

enum class NumberKind : std::uint8_t {
  kZero,
  kSmall,
  kHundred,
  kScale,
  kDozen,
  kHalf,
  kHalves,
  kOrdinal,
  kDenominators,
  kQuarter,
  kAnd,
  kArticle,
  kMinus,
};

struct NumberWord {
  std::string_view word;
  NumberKind kind;
  std::int64_t value = 0;
};

// The entry of a lower-case word, or null.
const NumberWord* find_number_word(std::string_view word) noexcept;

}  // namespace pyverify::answer
