#include "answer/number_word_table.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace pyverify::answer {
namespace {

// Sorted. kOrdinal is also a denominator; kDenominators is its plural.
constexpr NumberWord kNumberWords[] = {
    {"a", NumberKind::kArticle},
    {"an", NumberKind::kArticle},
    {"and", NumberKind::kAnd},
    {"billion", NumberKind::kScale, 1000000000},
    {"billionth", NumberKind::kOrdinal, 1000000000},
    {"billionths", NumberKind::kDenominators, 1000000000},
    {"dozen", NumberKind::kDozen},
    {"eight", NumberKind::kSmall, 8},
    {"eighteen", NumberKind::kSmall, 18},
    {"eighteenth", NumberKind::kOrdinal, 18},
    {"eighteenths", NumberKind::kDenominators, 18},
    {"eighth", NumberKind::kOrdinal, 8},
    {"eighths", NumberKind::kDenominators, 8},
    {"eightieth", NumberKind::kOrdinal, 80},
    {"eighty", NumberKind::kSmall, 80},
    {"eleven", NumberKind::kSmall, 11},
    {"eleventh", NumberKind::kOrdinal, 11},
    {"elevenths", NumberKind::kDenominators, 11},
    {"fifteen", NumberKind::kSmall, 15},
    {"fifteenth", NumberKind::kOrdinal, 15},
    {"fifteenths", NumberKind::kDenominators, 15},
    {"fifth", NumberKind::kOrdinal, 5},
    {"fifths", NumberKind::kDenominators, 5},
    {"fiftieth", NumberKind::kOrdinal, 50},
    {"fifty", NumberKind::kSmall, 50},
    {"first", NumberKind::kOrdinal, 1},
    {"five", NumberKind::kSmall, 5},
    {"fortieth", NumberKind::kOrdinal, 40},
    {"forty", NumberKind::kSmall, 40},
    {"four", NumberKind::kSmall, 4},
    {"fourteen", NumberKind::kSmall, 14},
    {"fourteenth", NumberKind::kOrdinal, 14},
    {"fourteenths", NumberKind::kDenominators, 14},
    {"fourth", NumberKind::kOrdinal, 4},
    {"fourths", NumberKind::kDenominators, 4},
    {"half", NumberKind::kHalf},
    {"halves", NumberKind::kHalves},
    {"hundred", NumberKind::kHundred},
    {"hundredth", NumberKind::kOrdinal, 100},
    {"hundredths", NumberKind::kDenominators, 100},
    {"million", NumberKind::kScale, 1000000},
    {"millionth", NumberKind::kOrdinal, 1000000},
    {"millionths", NumberKind::kDenominators, 1000000},
    {"minus", NumberKind::kMinus},
    {"negative", NumberKind::kMinus},
    {"nine", NumberKind::kSmall, 9},
    {"nineteen", NumberKind::kSmall, 19},
    {"nineteenth", NumberKind::kOrdinal, 19},
    {"nineteenths", NumberKind::kDenominators, 19},
    {"ninetieth", NumberKind::kOrdinal, 90},
    {"ninety", NumberKind::kSmall, 90},
    {"ninth", NumberKind::kOrdinal, 9},
    {"ninths", NumberKind::kDenominators, 9},
    {"one", NumberKind::kSmall, 1},
    {"quarter", NumberKind::kQuarter},
    {"quarters", NumberKind::kQuarter},
    {"second", NumberKind::kOrdinal, 2},
    {"seven", NumberKind::kSmall, 7},
    {"seventeen", NumberKind::kSmall, 17},
    {"seventeenth", NumberKind::kOrdinal, 17},
    {"seventeenths", NumberKind::kDenominators, 17},
    {"seventh", NumberKind::kOrdinal, 7},
    {"sevenths", NumberKind::kDenominators, 7},
    {"seventieth", NumberKind::kOrdinal, 70},
    {"seventy", NumberKind::kSmall, 70},
    {"six", NumberKind::kSmall, 6},
    {"sixteen", NumberKind::kSmall, 16},
    {"sixteenth", NumberKind::kOrdinal, 16},
    {"sixteenths", NumberKind::kDenominators, 16},
    {"sixth", NumberKind::kOrdinal, 6},
    {"sixths", NumberKind::kDenominators, 6},
    {"sixtieth", NumberKind::kOrdinal, 60},
    {"sixty", NumberKind::kSmall, 60},
    {"ten", NumberKind::kSmall, 10},
    {"tenth", NumberKind::kOrdinal, 10},
    {"tenths", NumberKind::kDenominators, 10},
    {"third", NumberKind::kOrdinal, 3},
    {"thirds", NumberKind::kDenominators, 3},
    {"thirteen", NumberKind::kSmall, 13},
    {"thirteenth", NumberKind::kOrdinal, 13},
    {"thirteenths", NumberKind::kDenominators, 13},
    {"thirtieth", NumberKind::kOrdinal, 30},
    {"thirty", NumberKind::kSmall, 30},
    {"thousand", NumberKind::kScale, 1000},
    {"thousandth", NumberKind::kOrdinal, 1000},
    {"thousandths", NumberKind::kDenominators, 1000},
    {"three", NumberKind::kSmall, 3},
    {"trillion", NumberKind::kScale, 1000000000000},
    {"trillionth", NumberKind::kOrdinal, 1000000000000},
    {"twelfth", NumberKind::kOrdinal, 12},
    {"twelfths", NumberKind::kDenominators, 12},
    {"twelve", NumberKind::kSmall, 12},
    {"twentieth", NumberKind::kOrdinal, 20},
    {"twentieths", NumberKind::kDenominators, 20},
    {"twenty", NumberKind::kSmall, 20},
    {"two", NumberKind::kSmall, 2},
    {"zero", NumberKind::kZero},
};

constexpr bool sorted_number_words() {
  for (std::size_t i = 1; i < std::size(kNumberWords); ++i) {
    if (!(kNumberWords[i - 1].word < kNumberWords[i].word)) return false;
  }
  return true;
}
static_assert(sorted_number_words());

}  // namespace

const NumberWord* find_number_word(std::string_view word) noexcept {
  const auto* row =
      std::lower_bound(std::begin(kNumberWords), std::end(kNumberWords), word,
                       [](const NumberWord& a, std::string_view b) { return a.word < b; });
  return row != std::end(kNumberWords) && row->word == word ? row : nullptr;
}

}  // namespace pyverify::answer
