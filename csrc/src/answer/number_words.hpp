// Number words read one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "number/rational.hpp"

namespace pyverify::answer {

// "minus two hundred and five", "twenty-first", "three and a half", "half a dozen". Words in lower
// case.
class EnglishNumber {
 public:
  // False, and nothing changes, when `word` can't go on with the number. `joined`: a hyphen stands
  // before it.
  bool feed(std::string_view word, bool joined) noexcept;
  bool complete() const noexcept;  // what has been fed is a number
  number::Rational value() const noexcept;

 private:
  enum class Last : std::uint8_t {
    kStart,
    kMinus,
    kZero,
    kArticle,
    kUnit,
    kTeen,
    kTens,
    kHundred,
    kScale,
    kAnd,
    kAndArticle,
    kNumerator,
    kHalf,
    kHalfArticle,
    kDone,
  };
  bool feed_and() noexcept;
  bool feed_article() noexcept;
  bool feed_small(std::int64_t value) noexcept;  // 1 to 90
  bool feed_hundred() noexcept;
  bool feed_scale(std::int64_t factor) noexcept;
  bool feed_dozen() noexcept;
  bool feed_half(bool plural) noexcept;
  bool feed_ordinal(std::int64_t value, bool joined) noexcept;
  bool feed_denominator(std::int64_t value) noexcept;
  bool takes_number() const noexcept;  // a cardinal may begin or go on here
  bool simple() const noexcept;        // a bare cardinal below a hundred: can be a numerator

  std::int64_t total_ = 0;       // thousands and above
  std::int64_t group_ = 0;       // below a thousand (nineteen hundred: below ten thousand)
  std::int64_t last_scale_ = 0;  // 0: none yet
  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
  bool negative_ = false;
  bool has_and_ = false;
  bool hundred_ = false;
  Last last_ = Last::kStart;
  Last before_and_ = Last::kStart;
};

// Reads a number written in Chinese characters at the start of `text`: 十二, 三百零五, 二分之一,
// 百分之二十五, 一点五, 二〇二四, 半, 负三. Gives the bytes used, 0 when there is none. `percent`
// is set for 百分之.
std::size_t read_han_number(std::string_view text, number::Rational& value, bool& percent) noexcept;
// Digits and powers only: no fraction, sign, percent or 半.
std::size_t read_han_integer(std::string_view text, std::int64_t& value) noexcept;

}  // namespace pyverify::answer
