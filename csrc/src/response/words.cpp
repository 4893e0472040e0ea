#include "response/words.hpp"

#include <algorithm>
#include <array>

#include "response/characters.hpp"

namespace pyverify::response {
namespace {

using support::is_ascii_letter;
using support::is_ascii_upper;

// Up to eight small letters as one number.
constexpr std::uint64_t pack(std::string_view word) noexcept {
  std::uint64_t packed = 0;
  for (const char c : word) packed = packed << 8 | static_cast<unsigned char>(c);
  return packed;
}

// Names of functions and units, which are written so in any language.
constexpr auto kNotationWords = [] {
  std::array<std::uint64_t, 58> words = {
      pack("sin"),    pack("cos"),    pack("tan"),    pack("cot"),   pack("sec"),  pack("csc"),
      pack("arcsin"), pack("arccos"), pack("arctan"), pack("sinh"),  pack("cosh"), pack("tanh"),
      pack("log"),    pack("exp"),    pack("lim"),    pack("max"),   pack("min"),  pack("sup"),
      pack("inf"),    pack("mod"),    pack("gcd"),    pack("lcm"),   pack("det"),  pack("dim"),
      pack("deg"),    pack("arg"),    pack("sgn"),    pack("sign"),  pack("rank"), pack("ker"),
      pack("sqrt"),   pack("frac"),   pack("abs"),    pack("floor"), pack("ceil"), pack("cdot"),
      pack("iff"),    pack("rad"),    pack("mol"),    pack("rpm"),   pack("mph"),  pack("kmh"),
      pack("khz"),    pack("mhz"),    pack("ghz"),    pack("kpa"),   pack("mpa"),  pack("kwh"),
      pack("cal"),    pack("kcal"),   pack("ohm"),    pack("mmhg"),  pack("ppm"),  pack("var"),
      pack("cov"),    pack("erf"),    pack("proj"),   pack("span")};
  std::sort(words.begin(), words.end());
  return words;
}();

// The lengths of the words above by their first letter, a bit each: most words stop here.
constexpr auto kLengths = [] {
  std::array<std::uint16_t, 26> lengths{};
  for (const std::uint64_t word : kNotationWords) {
    std::size_t length = 1;
    while (length < 8 && word >> (8 * length) != 0) ++length;
    const auto first = static_cast<char>(word >> (8 * (length - 1)));
    lengths[static_cast<std::size_t>(first - 'a')] |= static_cast<std::uint16_t>(1u << length);
  }
  return lengths;
}();

bool is_notation_word(std::string_view word) noexcept {
  const char first = support::to_ascii_lower(word.front());
  if (word.size() > 8 || !is_ascii_letter(first)) return false;
  if ((kLengths[static_cast<std::size_t>(first - 'a')] >> word.size() & 1u) == 0) return false;
  std::uint64_t packed = 0;
  for (const char c : word)
    packed = packed << 8 | static_cast<unsigned char>(support::to_ascii_lower(c));
  return std::binary_search(kNotationWords.begin(), kNotationWords.end(), packed);
}

// Functions and variables written together: sinA, cosx, xln, sinAcosB. The variables are capitals
// and x, y, z, which no English word has at these places; one begins or ends the word.
bool is_joined_notation(std::string_view word) noexcept {
  static constexpr std::array<std::string_view, 17> kFunctions = {
      "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "sqrt", "sin", "cos",
      "tan",    "cot",    "sec",    "csc",  "log",  "exp",  "ln",   "lg"};
  constexpr std::size_t kLongest = 16;
  constexpr std::size_t kVariables = 2;
  const auto is_variable = [](char c) { return is_ascii_upper(c) || (c >= 'x' && c <= 'z'); };
  // Nearly all words stop here.
  if (word.size() > kLongest || (!is_variable(word.back()) && word.front() < 'x')) return false;
  std::size_t variables = 0;
  bool function = false;
  for (std::size_t at = 0; at < word.size();) {
    const char c = word[at];
    const auto* const name = std::find_if(
        kFunctions.begin(), kFunctions.end(),
        [&](std::string_view one) { return one.front() == c && word.substr(at).starts_with(one); });
    if (name != kFunctions.end()) {
      function = true;
      at += name->size();
    } else if (is_variable(c) && ++variables <= kVariables) {
      ++at;
    } else {
      return false;
    }
  }
  return function;
}

bool is_apostrophe(char32_t value) noexcept { return value == '\'' || value == 0x2019; }

bool is_hidden(char32_t value) noexcept {
  if (value < 0x80) return value < 0x20 && !support::is_space(value);
  return class_of(value) == CharacterClass::kHidden;
}

}  // namespace

std::optional<Script> script_of_letter(char32_t value) noexcept {
  const auto script = script_of(value);
  if (script || value < 0x2102) return script;
  const char32_t plain = to_plain(value);
  return plain < 0x80 && is_ascii_letter(static_cast<char>(plain)) ? std::optional(Script::kLatin)
                                                                   : std::nullopt;
}

Word read_word(std::string_view text, std::size_t at, Script script) noexcept {
  Word word;
  word.end = at;
  while (at < text.size()) {
    const char c = text[at];
    if (is_ascii_letter(c) && script == Script::kLatin) {
      ++word.letters;
      word.small = word.small || !is_ascii_upper(c);
      word.end = ++at;
      continue;
    }
    const support::CodePoint point = support::decode_utf8(text, at);
    at += point.size;
    if (script_of_letter(point.value) == script) {
      const char32_t plain = to_plain(point.value);
      ++word.letters;
      word.small = word.small || to_lower(plain) == plain;
      word.end = at;
    } else if (is_apostrophe(point.value)) {
      // "don't" is one word; a quote at its end isn't part of it.
      if (script_of_letter(support::decode_utf8(text, at).value) != script) break;
    } else if (!is_hidden(point.value)) {
      break;
    }
  }
  return word;
}

bool is_prose(std::string_view text, const Word& word, Script script) noexcept {
  if (script == Script::kGreek) return word.letters >= 2;
  if (script != Script::kLatin) return true;
  return word.letters >= 3 && word.small && !is_notation_word(text) && !is_joined_notation(text);
}

}  // namespace pyverify::response
