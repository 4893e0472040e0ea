#include <algorithm>
#include <array>

#include "answer/reading.hpp"

namespace pyverify::answer {
namespace {

// Short English words that answers hold; longer ones are told by their shape.
constexpr std::array<std::string_view, 112> kShortWords = {
    "DNE", "a",   "ace", "act", "age", "ago", "all", "am",  "an",  "any", "apr", "are", "arm",
    "art", "as",  "at",  "aug", "bad", "bag", "be",  "bee", "big", "bit", "box", "boy", "bus",
    "but", "by",  "car", "cat", "cup", "day", "dec", "did", "do",  "dog", "dry", "due", "ear",
    "eat", "egg", "end", "few", "for", "fri", "get", "go",  "got", "has", "hat", "he",  "her",
    "him", "his", "hot", "how", "if",  "ill", "in",  "is",  "it",  "its", "jan", "jul", "jun",
    "key", "leg", "let", "low", "man", "map", "mar", "may", "men", "mon", "my",  "net", "new",
    "no",  "nor", "not", "nov", "now", "oct", "odd", "of",  "per", "old", "on",  "one", "our",
    "out", "pen", "red", "sat", "sep", "she", "six", "so",  "sum", "sun", "ten", "the", "thu",
    "to",  "too", "tue", "two", "was", "way", "wed", "yes",
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool starts_unit(std::string_view word) {
  return is_known_unit(word) || power_prefix(word) != 0 || is_percent_word(word);
}

bool is_part_of(std::string_view whole, std::string_view part) {
  const number::Rational parts = conversion(find_unit(whole, true), find_unit(part, true));
  if (!is_known_unit(whole) || !is_known_unit(part) || !parts.is_integer()) return false;
  return parts.num == 12 || parts.num == 16 || parts.num == 24 || parts.num == 60;
}

bool is_text_word(std::string_view word) {
  if (word.size() > 20) return true;
  bool upper = true;
  bool vowel = false;
  for (const char c : word) {
    if (c >= 'a' && c <= 'z') upper = false;
    const char l = lower(c);
    if (l == 'a' || l == 'e' || l == 'i' || l == 'o' || l == 'u' || l == 'y') vowel = true;
  }
  if (upper) {
    for (const std::string_view known :
         {"DNE", "YES", "NO", "TRUE", "FALSE", "NONE", "UNDEFINED", "EVEN", "ODD"}) {
      if (word == known) return true;
    }
    return word.size() >= 5 && vowel;
  }
  if (word.size() >= 4) return vowel;
  char buffer[4] = {};
  for (std::size_t i = 0; i < word.size(); ++i) buffer[i] = lower(word[i]);
  const std::string_view folded(buffer, word.size());
  return std::find(kShortWords.begin(), kShortWords.end(), folded) != kShortWords.end();
}

}  // namespace pyverify::answer
