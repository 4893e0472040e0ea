// Looking a unit up and the algebra of units.
#include "answer/units.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "answer/hash.hpp"
#include "answer/nouns.hpp"
#include "answer/unit_definitions.hpp"
#include "answer/unit_table.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

using number::Rational;

constexpr std::size_t kLongestWord = 40;  // bytes; nothing longer is in the table

// A lower-case copy on the stack.
class Folded {
 public:
  explicit Folded(std::string_view word) noexcept : size_(std::min(word.size(), kLongestWord)) {
    for (std::size_t i = 0; i < size_; ++i) bytes_[i] = support::to_ascii_lower(word[i]);
  }
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char bytes_[kLongestWord];
  std::size_t size_;
};

// Divides out the powers of five, as tens: the one form of a factor too large or too small for 64 bits.
bool strip_tens(Rational& factor, int& exponent10) noexcept {
  while (factor.num != 0 && factor.num % 5 == 0) {
    factor = number::mul(factor, {1, 10});
    ++exponent10;
    if (!factor.valid()) return false;
  }
  while (factor.den % 5 == 0) {
    factor = number::mul(factor, {10, 1});
    --exponent10;
    if (!factor.valid()) return false;
  }
  return true;
}

// Puts the power of ten into the factor if all of it fits, else takes all tens out: one form for one size.
void fold_exponent(Unit& unit, int exponent10) noexcept {
  if (exponent10 != 0) {
    constexpr int kMostDigits = 18;
    if (exponent10 >= -kMostDigits && exponent10 <= kMostDigits) {
      const std::int64_t tens = number::pow({10, 1}, exponent10 < 0 ? -exponent10 : exponent10).num;
      const Rational whole =
          number::mul(unit.factor, exponent10 < 0 ? Rational{1, tens} : Rational{tens, 1});
      if (whole.valid()) {
        unit.factor = whole;
        unit.exponent10 = 0;
        return;
      }
    }
    if (!strip_tens(unit.factor, exponent10) || exponent10 > 9999 || exponent10 < -9999) {
      unit.valid = false;
      return;
    }
  }
  unit.exponent10 = static_cast<std::int16_t>(exponent10);
}

Unit from_definition(const UnitDefinition& definition) noexcept {
  Unit unit;
  unit.dims = definition.dims;
  unit.factor = {definition.num, definition.den};
  unit.offset = {definition.offset_num, definition.offset_den};
  unit.exponent10 = definition.exponent10;
  unit.pi_over_180 = definition.pi_over_180;
  unit.ambiguity = definition.ambiguity;
  unit.noun = definition.tag;
  unit.valid = true;
  return unit;
}

Unit with_prefix(const UnitDefinition& definition, const UnitPrefix& prefix) noexcept {
  Unit unit = from_definition(definition);
  unit.ambiguity = Ambiguity::kNone;
  if (prefix.binary != 1) unit.factor = number::mul(unit.factor, {prefix.binary, 1});
  fold_exponent(unit, unit.exponent10 + prefix.exponent10);
  return unit;
}

// "TV" is a set, not 10^12 volts.
bool is_false_prefix(std::string_view symbol) noexcept { return symbol == "TV"; }

Unit find_symbol(std::string_view word) noexcept {
  if (const UnitDefinition* found = find_definition(word, Spelling::kSymbol)) return from_definition(*found);
  const UnitPrefix* prefix = symbol_prefix(word);
  if (prefix == nullptr || is_false_prefix(word)) return {};
  const UnitDefinition* rest = find_definition(word.substr(prefix->text.size()), Spelling::kSymbol);
  if (rest == nullptr || (rest->prefixes & prefix->group) == 0) return {};
  return with_prefix(*rest, *prefix);
}

Unit find_singular(std::string_view word) noexcept {
  if (const UnitDefinition* found = find_definition(word, Spelling::kWord)) return from_definition(*found);
  const UnitPrefix* prefix = word_prefix(word);
  if (prefix == nullptr) return {};
  const std::string_view base = word.substr(prefix->text.size());
  if (base.size() < 3) return {};
  const UnitDefinition* rest = find_definition(base, Spelling::kWord);
  if (rest == nullptr || rest->prefixes == kNoPrefix) return {};
  return with_prefix(*rest, *prefix);
}

// `word` is lower case.
Unit find_word(std::string_view word) noexcept {
  Unit unit = find_singular(word);
  if (unit.valid || word.size() < 3 || word.back() != 's') return unit;
  unit = find_singular(word.substr(0, word.size() - 1));
  if (unit.valid || !word.ends_with("es")) return unit;
  unit = find_singular(word.substr(0, word.size() - 2));
  if (unit.valid || !word.ends_with("ies") || word.size() > kLongestWord - 1) return unit;
  char singular[kLongestWord];
  const std::size_t stem = word.size() - 3;
  std::copy_n(word.data(), stem, singular);
  singular[stem] = 'y';
  return find_singular({singular, stem + 1});
}

Unit find_han_simple(std::string_view word) noexcept {
  constexpr std::string_view kSquare = "平方";
  constexpr std::string_view kCubic = "立方";
  if (const UnitDefinition* found = find_definition(word, Spelling::kHan)) return from_definition(*found);
  const int exponent = word.starts_with(kSquare) ? 2 : word.starts_with(kCubic) ? 3 : 0;
  if (exponent == 0) return {};
  const UnitDefinition* base = find_definition(word.substr(kSquare.size()), Spelling::kHan);
  if (base == nullptr || base->dims != kLengthDims) return {};
  return power(from_definition(*base), exponent);
}

// 千米每小时 is a quotient; 每小时60千米 is the caller's.
Unit find_han(std::string_view word) noexcept {
  constexpr std::string_view kPer = "每";
  const std::size_t per = word.find(kPer);
  if (per == std::string_view::npos || per == 0) return find_han_simple(word);
  const Unit above = find_han_simple(word.substr(0, per));
  const Unit below = find_han_simple(word.substr(per + kPer.size()));
  return above.valid && below.valid ? divide(above, below) : Unit{};
}

std::string_view without_wrapper(std::string_view word) noexcept {
  for (const std::string_view open : {"\\mathrm{", "\\text{", "\\textrm{", "\\mbox{", "\\rm{"}) {
    if (word.starts_with(open) && word.ends_with('}')) {
      word.remove_prefix(open.size());
      word.remove_suffix(1);
      break;
    }
  }
  return word;
}

std::string_view trimmed(std::string_view word) noexcept {
  while (!word.empty() && support::is_ascii_space(word.front())) word.remove_prefix(1);
  while (!word.empty() && (support::is_ascii_space(word.back()) || word.back() == '.')) word.remove_suffix(1);
  return word;
}

Unit find_known(std::string_view word) noexcept {
  if (word.empty()) return {};
  constexpr std::string_view kSuperTwo = "²";
  constexpr std::string_view kSuperThree = "³";
  if (word.size() > 2 && (word.ends_with(kSuperTwo) || word.ends_with(kSuperThree))) {
    const int exponent = word.ends_with(kSuperTwo) ? 2 : 3;
    const Unit base = find_known(word.substr(0, word.size() - 2));
    return base.valid ? power(base, exponent) : Unit{};
  }
  if (support::is_han(support::decode_utf8(word, 0).value)) return find_han(word);
  Unit unit = find_symbol(word);
  if (unit.valid || word.size() == 1) return unit;
  return find_word(Folded(word).view());
}

bool is_word_character(char c) noexcept {
  return support::is_ascii_letter(c) || c == '-' || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
}

Unit noun_unit(std::string_view word) noexcept {
  Unit unit;
  if (!support::is_han(support::decode_utf8(word, 0).value)) {
    if (word.size() < 2 || !std::all_of(word.begin(), word.end(), is_word_character)) return unit;
    if (!support::is_ascii_letter(word.front()) && static_cast<unsigned char>(word.front()) < 0x80) return unit;
  }
  if (is_no_noun(word)) return unit;
  unit.dims[kNoun] = 1;
  unit.noun = noun_hash(word);
  unit.valid = true;
  return unit;
}

Unit without_offset(Unit unit) noexcept {
  unit.offset = {0, 1};
  unit.ambiguity = Ambiguity::kNone;
  return unit;
}

bool add_dims(Dimensions& dims, const Dimensions& other, int sign) noexcept {
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const int sum = dims[i] + sign * other[i];
    if (sum > 127 || sum < -127) return false;
    dims[i] = static_cast<std::int8_t>(sum);
  }
  return true;
}

Unit combine(const Unit& a, const Unit& b, int sign) noexcept {
  Unit result = without_offset(a);
  result.single_letter = a.single_letter || b.single_letter;
  result.rounded = a.rounded || b.rounded;
  result.noun = sign > 0 ? a.noun + b.noun : a.noun - b.noun;
  const int pi = a.pi_over_180 + sign * b.pi_over_180;
  result.pi_over_180 = static_cast<std::int8_t>(pi);
  result.valid = a.valid && b.valid && add_dims(result.dims, b.dims, sign) && pi >= -127 && pi <= 127;
  int exponent10 = a.exponent10 + sign * b.exponent10;
  result.factor = sign > 0 ? number::mul(a.factor, b.factor) : number::div(a.factor, b.factor);
  if (!result.factor.valid()) {
    Rational left = a.factor;
    Rational right = b.factor;
    int right_tens = 0;
    if (!left.valid() || !right.valid() || !strip_tens(left, exponent10) || !strip_tens(right, right_tens)) {
      return {};
    }
    exponent10 += sign * right_tens;
    result.factor = sign > 0 ? number::mul(left, right) : number::div(left, right);
    if (!result.factor.valid()) return {};
  }
  fold_exponent(result, exponent10);
  return result;
}

// A tonne, an ounce of fluid, a pound sterling, a yuan: the second reading of an ambiguous spelling.
Unit other_reading(const Unit& unit) noexcept {
  std::string_view symbol;
  switch (unit.ambiguity) {
    case Ambiguity::kPound: symbol = "£"; break;
    case Ambiguity::kOunce: symbol = "floz"; break;
    case Ambiguity::kTon: symbol = "t"; break;
    case Ambiguity::kYen: symbol = "CNY"; break;
    case Ambiguity::kNone: return unit;
  }
  const UnitDefinition* definition = find_definition(symbol, Spelling::kSymbol);
  return definition == nullptr ? unit : from_definition(*definition);
}

bool is_power_of_ten(Rational value) noexcept {
  std::int64_t n = std::max(value.num, value.den);
  if (value.num != 1 && value.den != 1) return false;
  while (n > 1 && n % 10 == 0) n /= 10;
  return n == 1;
}

void settle_one(Unit& unit, const Unit& other) noexcept {
  if (unit.ambiguity == Ambiguity::kNone || unit.ambiguity == other.ambiguity) return;
  const Unit second = other_reading(unit);
  // Among masses a ton is metric where the other side is.
  const bool fits = unit.ambiguity == Ambiguity::kTon
                        ? other.dims == kMassDims && is_power_of_ten(other.factor)
                        : !same_dimension(unit, other) && same_dimension(second, other);
  if (fits) unit = second;
}

bool is_only_noun(const Dimensions& dims) noexcept { return dims == dims_of(kNoun, 1); }

}  // namespace

Unit find_unit(std::string_view word, bool in_text) {
  word = trimmed(word);
  if (!word.empty() && word.front() == '\\') word = trimmed(without_wrapper(word));
  Unit unit = find_known(word);
  if (unit.valid) {
    unit.single_letter = !in_text && word.size() == 1 && support::is_ascii_letter(word.front());
    return unit;
  }
  return word.empty() ? unit : noun_unit(word);
}

bool is_known_unit(std::string_view word) {
  word = trimmed(word);
  if (!word.empty() && word.front() == '\\') word = trimmed(without_wrapper(word));
  return find_known(word).valid;
}

Unit find_unit_pair(std::string_view first, std::string_view second) {
  struct Pair {
    std::string_view first;
    std::string_view second;
    std::string_view unit;
  };
  static constexpr Pair kPairs[] = {
      {"degree", "c", "celsius"},           {"degree", "celsius", "celsius"},
      {"degree", "centigrade", "celsius"},  {"degree", "f", "fahrenheit"},
      {"degree", "fahrenheit", "fahrenheit"}, {"nautical", "mile", "nautical-mile"},
      {"light", "year", "light-year"},      {"fluid", "ounce", "fluid-ounce"},
      {"fl", "oz", "fluid-ounce"},          {"metric", "ton", "metric-ton"},
      {"metric", "tonne", "metric-ton"},    {"short", "ton", "short-ton"},
      {"astronomical", "unit", "astronomical-unit"}, {"watt", "hour", "watt-hour"},
      {"kilowatt", "hour", "kilowatt-hour"}, {"pound", "sterling", "pound-sterling"},
      {"electron", "volt", "electron-volt"}, {"us", "dollar", "dollar"},
      {"american", "dollar", "dollar"},     {"chinese", "yuan", "yuan"},
      {"japanese", "yen", "yen"},           {"indian", "rupee", "rupee"},
      {"british", "pound", "pound-sterling"}, {"square", "unit", "unit"},
      {"cubic", "unit", "unit"},            {"sq", "unit", "unit"},
  };
  const Folded folded_first(trimmed(first));
  const Folded folded_second(trimmed(second));
  const auto fits = [](std::string_view word, std::string_view singular) {
    if (!word.starts_with(singular)) return false;
    const std::string_view tail = word.substr(singular.size());
    return tail.empty() || (tail == "s" && singular.size() > 1);
  };
  for (const Pair& pair : kPairs) {
    if (fits(folded_first.view(), pair.first) && fits(folded_second.view(), pair.second)) {
      const UnitDefinition* definition = find_definition(pair.unit, Spelling::kWord);
      if (definition != nullptr) return from_definition(*definition);
    }
  }
  return {};
}

Unit currency_of_sign(char32_t sign) {
  std::string_view symbol;
  switch (sign) {
    case U'$': case U'＄': symbol = "$"; break;
    case U'€': symbol = "€"; break;
    case U'£': case U'￡': symbol = "£"; break;
    case U'¥': case U'￥': symbol = "¥"; break;
    case U'₹': symbol = "₹"; break;
    case U'¢': case U'￠': symbol = "¢"; break;
    case U'₩': symbol = "₩"; break;
    case U'₽': symbol = "₽"; break;
    default: return {};
  }
  const UnitDefinition* definition = find_definition(symbol, Spelling::kSymbol);
  return definition == nullptr ? Unit{} : from_definition(*definition);
}

Unit multiply(const Unit& a, const Unit& b) { return combine(a, b, 1); }

Unit divide(const Unit& a, const Unit& b) { return combine(a, b, -1); }

Unit power(const Unit& a, int exponent) {
  constexpr int kHighest = 12;
  if (!a.valid || exponent > kHighest || exponent < -kHighest) return {};
  if (exponent == 1) return a;
  Unit result;
  result.valid = true;
  const int steps = exponent < 0 ? -exponent : exponent;
  for (int i = 0; i < steps; ++i) result = exponent < 0 ? divide(result, a) : multiply(result, a);
  return result;
}

void settle(Unit& a, Unit& b) {
  settle_one(a, b);
  settle_one(b, a);
}

bool same_dimension(const Unit& a, const Unit& b) {
  if (!a.valid || !b.valid || a.dims != b.dims) return false;
  if (a.noun == b.noun) return true;
  return is_only_noun(a.dims) && (a.noun == 0 || b.noun == 0);  // 个 counts anything
}

bool same_unit(const Unit& a, const Unit& b) {
  return same_dimension(a, b) && a.factor.valid() && number::equal(a.factor, b.factor) &&
         a.exponent10 == b.exponent10 && a.pi_over_180 == b.pi_over_180 && number::equal(a.offset, b.offset);
}

Rational conversion(const Unit& from, const Unit& to) {
  if (!same_dimension(from, to) || from.pi_over_180 != to.pi_over_180) return {};
  const Unit ratio = combine(from, to, -1);
  if (!ratio.valid || ratio.exponent10 != 0) return {};
  return ratio.factor;
}

bool is_generic(const Unit& unit) { return unit.valid && unit.dims == Dimensions{} && unit.noun == 0; }

int power_prefix(std::string_view word) {
  const Folded folded(trimmed(word));
  const std::string_view w = folded.view();
  if (w == "square" || w == "sq" || w == "平方") return 2;
  if (w == "cubic" || w == "cu" || w == "cube" || w == "立方") return 3;
  return 0;
}

int power_suffix(std::string_view word) {
  const Folded folded(trimmed(word));
  if (folded.view() == "squared") return 2;
  return folded.view() == "cubed" ? 3 : 0;
}

bool is_percent_word(std::string_view word) {
  const Folded folded(trimmed(word));
  const std::string_view w = folded.view();
  return w == "%" || w == "\\%" || w == "percent" || w == "percents" || w == "per cent" || w == "per-cent" || w == "pct" ||
         w == "百分之" || w == "％";
}

}  // namespace pyverify::answer
