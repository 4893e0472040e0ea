// How much prose of a text is in which script.
#include <algorithm>
#include <array>

#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "response/notation.hpp"

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

// Letters of one script in a row.
struct Word {
  std::size_t end = 0;
  std::size_t letters = 0;
  bool small = false;  // one of them at least is no capital
};

bool is_apostrophe(char32_t value) noexcept { return value == '\'' || value == 0x2019; }

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
    if (script_of(point.value) == script) {
      ++word.letters;
      word.small = word.small || to_lower(point.value) == point.value;
      word.end = at;
    } else if (is_apostrophe(point.value)) {
      // "don't" is one word; a quote at its end isn't part of it.
      if (script_of(support::decode_utf8(text, at).value) != script) break;
    } else if (!is_shared_mark(point.value)) {
      break;
    }
  }
  return word;
}

bool is_prose(std::string_view text, const Word& word, Script script) noexcept {
  if (script == Script::kGreek) return word.letters >= 2;
  if (script != Script::kLatin) return true;
  return word.letters >= 3 && word.small && !is_notation_word(text);
}

}  // namespace

ScriptCounts count_scripts(std::string_view response) noexcept {
  ScriptCounts counts{};
  Notation notation(response);
  for (std::size_t at = 0; at < response.size();) {
    const char c = response[at];
    if (static_cast<unsigned char>(c) < 0x80 && !is_ascii_letter(c)) {
      at = Notation::opens(c) ? notation.read(at).end : at + 1;
      continue;
    }
    const support::CodePoint point = support::decode_utf8(response, at);
    const auto script = script_of(point.value);
    if (!script) {
      at += point.size;
      continue;
    }
    std::uint64_t& count = counts[static_cast<std::size_t>(*script)];
    if (is_han_or_kana(script) || script == Script::kThai) {
      ++count;
      at += point.size;
      continue;
    }
    const Word word = read_word(response, at, *script);
    const std::size_t end = skip_address(response, at, word.end);
    if (end == word.end && is_prose(response.substr(at, word.end - at), word, *script)) ++count;
    at = end;
  }
  return counts;
}

std::string_view name(Script script) noexcept {
  static constexpr std::array<std::string_view, kScripts> kNames = {
      "latin",  "han",    "kana",       "hangul", "cyrillic", "greek",
      "arabic", "hebrew", "devanagari", "thai",   "other"};
  return kNames[static_cast<std::size_t>(script)];
}

}  // namespace pyverify::response
