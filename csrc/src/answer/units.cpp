// Looking a unit up.
#include "answer/units.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "answer/hash.hpp"
#include "answer/nouns.hpp"
#include "answer/unit_dimensions.hpp"
#include "answer/unit_table.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

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

Unit with_prefix(const UnitDefinition& definition, const UnitPrefix& prefix) noexcept {
  Unit unit = from_definition(definition);
  unit.ambiguity = Ambiguity::kNone;
  if (prefix.binary != 1) unit.factor = number::mul(unit.factor, {prefix.binary, 1});
  scale_by_tens(unit, unit.exponent10 + prefix.exponent10);
  return unit;
}

// "TV" is a set, not 10^12 volts; kT and PV are products that physics writes.
bool is_false_prefix(std::string_view symbol) noexcept {
  return symbol == "TV" || symbol == "kT" || symbol == "PV";
}

Unit find_symbol(std::string_view word) noexcept {
  if (const UnitDefinition* found = find_definition(word, Spelling::kSymbol))
    return from_definition(*found);
  const UnitPrefix* prefix = symbol_prefix(word);
  if (prefix == nullptr) return {};
  const UnitDefinition* rest = find_definition(word.substr(prefix->text.size()), Spelling::kSymbol);
  if (rest == nullptr || (rest->prefixes & prefix->group) == 0) return {};
  return with_prefix(*rest, *prefix);
}

Unit find_singular(std::string_view word) noexcept {
  if (const UnitDefinition* found = find_definition(word, Spelling::kWord))
    return from_definition(*found);
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
  if (const UnitDefinition* found = find_definition(word, Spelling::kHan))
    return from_definition(*found);
  const int exponent = word.starts_with(kSquare) ? 2 : word.starts_with(kCubic) ? 3 : 0;
  if (exponent == 0) return {};
  const UnitDefinition* base = find_definition(word.substr(kSquare.size()), Spelling::kHan);
  if (base == nullptr || base->dims != kLengthDims) return {};
  return power(from_definition(*base), exponent);
}

// 千米每小时 is a quotient, 每小时 the divisor alone.
Unit find_han(std::string_view word) noexcept {
  constexpr std::string_view kPer = "每";
  const std::size_t per = word.find(kPer);
  if (per == std::string_view::npos) return find_han_simple(word);
  Unit above = find_han_simple(word.substr(0, per));
  if (per == 0) above.valid = true;  // of nothing yet
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
  while (!word.empty() && (support::is_ascii_space(word.back()) || word.back() == '.'))
    word.remove_suffix(1);
  return word;
}

Unit find_known(std::string_view word) noexcept {
  if (word.empty() || is_false_prefix(word)) return {};
  if (word == "\\Omega") word = "Ω";
  for (const std::string_view ring :
       {"\\AA", "\\angstrom", "\\mathring", "\\overset", "\\stackrel"}) {
    if (word.starts_with(ring)) word = "Å";
  }
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
  return support::is_ascii_letter(c) || c == '-' || c == '\'' ||
         static_cast<unsigned char>(c) >= 0x80;
}

Unit noun_unit(std::string_view word) noexcept {
  Unit unit;
  if (!support::is_han(support::decode_utf8(word, 0).value)) {
    if (word.size() < 2 || !std::all_of(word.begin(), word.end(), is_word_character)) return unit;
    if (!support::is_ascii_letter(word.front()) && static_cast<unsigned char>(word.front()) < 0x80)
      return unit;
  }
  const WordRole role = role_behind_number(word);
  if (role == WordRole::kChanging || role == WordRole::kSilent || role == WordRole::kJoining)
    return unit;
  unit.dims[kNoun] = 1;
  unit.noun = noun_hash(word);
  unit.valid = true;
  return unit;
}

}  // namespace

Unit find_unit(std::string_view word, bool in_text) {
  word = trimmed(word);
  if (!word.empty() && word.front() == '\\') word = trimmed(without_wrapper(word));
  Unit unit = find_known(word);
  if (unit.valid) {
    unit.single_letter = !in_text && word.size() == 1 && support::is_ascii_letter(word.front());
    return unit;
  }
  return word.empty() || is_false_prefix(word) ? unit : noun_unit(word);
}

Unit find_prefixed(std::string_view prefix, std::string_view symbol) {
  char joined[kLongestWord];
  if (prefix.size() + symbol.size() > kLongestWord) return {};
  std::copy_n(symbol.data(), symbol.size(), std::copy_n(prefix.data(), prefix.size(), joined));
  return find_symbol({joined, prefix.size() + symbol.size()});
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
      {"degree", "c", "celsius"},
      {"degree", "celsius", "celsius"},
      {"degree", "centigrade", "celsius"},
      {"degree", "f", "fahrenheit"},
      {"degree", "fahrenheit", "fahrenheit"},
      {"nautical", "mile", "nautical-mile"},
      {"light", "year", "light-year"},
      {"mm", "hg", "mmHg"},
      {"fluid", "ounce", "fluid-ounce"},
      {"fl", "oz", "fluid-ounce"},
      {"metric", "ton", "metric-ton"},
      {"metric", "tonne", "metric-ton"},
      {"short", "ton", "short-ton"},
      {"astronomical", "unit", "astronomical-unit"},
      {"solar", "mass", "solar-mass"},
      {"solar", "radius", "solar-radius"},
      {"solar", "radii", "solar-radius"},
      {"solar", "luminosity", "solar-luminosity"},
      {"solar", "luminositie", "solar-luminosity"},
      {"earth", "mass", "earth-mass"},
      {"earth", "radius", "earth-radius"},
      {"earth", "radii", "earth-radius"},
      {"watt", "hour", "watt-hour"},
      {"kilowatt", "hour", "kilowatt-hour"},
      {"pound", "sterling", "pound-sterling"},
      {"electron", "volt", "electron-volt"},
      {"us", "dollar", "dollar"},
      {"american", "dollar", "dollar"},
      {"chinese", "yuan", "yuan"},
      {"japanese", "yen", "yen"},
      {"indian", "rupee", "rupee"},
      {"british", "pound", "pound-sterling"},
  };
  const Folded folded_first(trimmed(first));
  const Folded folded_second(trimmed(second));
  const auto fits = [](std::string_view word, std::string_view singular) {
    if (!word.starts_with(singular)) return false;
    const std::string_view tail = word.substr(singular.size());
    return tail.empty() || (tail == "s" && singular.size() > 1) || tail == "es";
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
    case U'$':
    case U'＄':
      symbol = "$";
      break;
    case U'€':
      symbol = "€";
      break;
    case U'£':
    case U'￡':
      symbol = "£";
      break;
    case U'¥':
    case U'￥':
      symbol = "¥";
      break;
    case U'₹':
      symbol = "₹";
      break;
    case U'¢':
    case U'￠':
      symbol = "¢";
      break;
    case U'₩':
      symbol = "₩";
      break;
    case U'₽':
      symbol = "₽";
      break;
    default:
      return {};
  }
  const UnitDefinition* definition = find_definition(symbol, Spelling::kSymbol);
  return definition == nullptr ? Unit{} : from_definition(*definition);
}

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
  return w == "%" || w == "\\%" || w == "percent" || w == "percents" || w == "per cent" ||
         w == "per-cent" || w == "pct" || w == "百分之" || w == "％";
}

}  // namespace pyverify::answer
