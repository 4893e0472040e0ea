// What belongs to a number in prose: its whole part, thousands, a scale word, a unit.
#include <algorithm>
#include <array>

#include "extract/numbers.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::is_ascii_space;

namespace {

constexpr std::array<std::string_view, 6> kScales = {"hundred", "thousand", "million",
                                                     "billion", "trillion", "dozen"};

// Units that a following word may be. Whatever else follows a number in prose says what is counted;
// a unit of measurement belongs to the answer, since another one makes it wrong.
constexpr std::array<std::string_view, 58> kUnits = {
    "mm",     "cm",        "km",      "kg",         "mg",          "ml",          "meter",
    "meters", "metre",     "metres",  "kilometers", "centimeters", "millimeters", "inch",
    "inches", "foot",      "feet",    "ft",         "yard",        "yards",       "mile",
    "miles",  "gram",      "grams",   "kilograms",  "pound",       "pounds",      "lb",
    "lbs",    "ounce",     "ounces",  "oz",         "liter",       "liters",      "litre",
    "litres", "gallon",    "gallons", "second",     "seconds",     "minute",      "minutes",
    "hour",   "hours",     "day",     "days",       "week",        "weeks",       "month",
    "months", "year",      "years",   "percent",    "cent",        "cents",       "degrees",
    "mph",    "kilometres"};

// 7 hours 32 minutes, 5 feet 3 inches: the larger unit belongs to the smaller one behind it.
std::size_t compound_start(std::string_view text, std::size_t begin, Span number) noexcept {
  static constexpr std::array<std::array<std::string_view, 4>, 7> kSteps = {{
      {"hour", "hours", "minute", "minutes"},
      {"minute", "minutes", "second", "seconds"},
      {"day", "days", "hour", "hours"},
      {"week", "weeks", "day", "days"},
      {"year", "years", "month", "months"},
      {"foot", "feet", "inch", "inches"},
      {"pound", "pounds", "ounce", "ounces"},
  }};
  const auto word_back = [&](std::size_t& at) {
    while (at > begin && (text[at - 1] == ' ' || text[at - 1] == ',')) --at;
    const std::size_t end = at;
    while (at > begin && is_ascii_letter(text[at - 1])) --at;
    return text.substr(at, end - at);
  };
  std::size_t at = number.end;
  std::string_view small = word_back(at);
  std::size_t start = number.begin;
  while (true) {
    at = start;
    std::string_view large = word_back(at);
    if (same_word(large, "and")) large = word_back(at);
    const bool steps = std::any_of(kSteps.begin(), kSteps.end(), [&](const auto& step) {
      return (same_word(large, step[0]) || same_word(large, step[1])) &&
             (same_word(small, step[2]) || same_word(small, step[3]));
    });
    if (!steps) return start;
    while (at > begin && text[at - 1] == ' ') --at;
    const std::size_t end = at;
    while (at > begin && (is_ascii_digit(text[at - 1]) || text[at - 1] == '.')) --at;
    if (at == end) return start;
    start = at;
    small = large;
  }
}

// 118 000: groups of exactly three digits behind a blank belong to one number.
std::size_t grouped_start(std::string_view text, std::size_t begin, std::size_t at,
                          std::size_t end) noexcept {
  constexpr std::size_t kGroup = 3;
  const auto digits_at = [&](std::size_t from) {
    std::size_t i = from;
    while (i < end && is_ascii_digit(text[i])) ++i;
    return i - from;
  };
  while (digits_at(at) == kGroup && at >= begin + 2 && text[at - 1] == ' ') {
    std::size_t start = at - 1;
    while (start > begin && is_ascii_digit(text[start - 1])) --start;
    const std::size_t length = at - 1 - start;
    const bool bare = start == begin || is_ascii_space(text[start - 1]) || text[start - 1] == '$';
    if (length == 0 || length > kGroup || !bare || text[start] == '0') break;
    at = start;
  }
  return at;
}

}  // namespace

Span with_unit(std::string_view text, std::size_t begin, Span number, std::size_t end) noexcept {
  // 2 1/2
  std::size_t slash = number.begin;
  while (slash < number.end && is_ascii_digit(text[slash])) ++slash;
  if (slash < number.end && slash > number.begin && text[slash] == '/' &&
      number.begin >= begin + 2 && text[number.begin - 1] == ' ' &&
      is_ascii_digit(text[number.begin - 2])) {
    std::size_t whole = number.begin - 1;
    while (whole > begin && is_ascii_digit(text[whole - 1])) --whole;
    if (whole == begin || is_ascii_space(text[whole - 1]) || text[whole - 1] == '$')
      number.begin = whole;
  }
  number.begin = grouped_start(text, begin, number.begin, number.end);
  for (int words = 0; words < 3; ++words) {
    std::size_t at = skip_blanks(text, number.end, end, false);
    if (at == number.end || at >= end || !is_ascii_letter(text[at])) break;
    std::size_t after = at;
    while (after < end && is_ascii_letter(text[after])) ++after;
    const std::string_view word = text.substr(at, after - at);
    const bool scale = is_one_of(word, kScales);
    if (word == "square" || word == "cubic" || word == "per") {
      std::size_t next = after;
      const std::string_view unit = next_word(text.substr(0, end), next);
      if (!is_one_of(unit, kUnits) || next - after > unit.size() + 1) break;
      number.end = next;
      continue;
    }
    if (!scale && !is_one_of(word, kUnits)) {
      if ((word == "a" || word == "p" || word == "am" || word == "pm") &&
          text.substr(at, 4) == (word[0] == 'a' ? "a.m." : "p.m.")) {
        number.end = at + 4;
      } else if (word == "am" || word == "pm" || word == "AM" || word == "PM") {
        number.end = after;
      }
      break;
    }
    number.end = after;
    for (const std::string_view power :
         {"²", "³", "^2", "^3", "^{2}", "^{3}", "$^2$", "$^3$", "$^{2}$", "$^{3}$"}) {
      if (text.substr(after, end - after).starts_with(power)) number.end += power.size();
    }
  }
  number.begin = compound_start(text, begin, number);
  return number;
}

}  // namespace pyverify::extraction
