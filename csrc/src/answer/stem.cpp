// Singular and plural of a word made one. The rules run on both forms, so they need to be
// consistent, not right: "cookie" and "cookies" both become "cooky".
#include <algorithm>
#include <iterator>

#include "answer/hash.hpp"

namespace pyverify::answer {
namespace {

struct Irregular {
  std::string_view plural;
  std::string_view singular;
};

// Sorted by plural.
constexpr Irregular kIrregular[] = {
    {"axes", "axis"},       {"bases", "basis"},   {"calves", "calf"},      {"children", "child"},
    {"dice", "die"},        {"foci", "focus"},    {"formulae", "formula"}, {"geese", "goose"},
    {"halves", "half"},     {"indices", "index"}, {"knives", "knife"},     {"leaves", "leaf"},
    {"lives", "life"},      {"loaves", "loaf"},   {"matrices", "matrix"},  {"men", "man"},
    {"mice", "mouse"},      {"oxen", "ox"},       {"people", "person"},    {"radii", "radius"},
    {"scarves", "scarf"},   {"shelves", "shelf"}, {"teeth", "tooth"},      {"thieves", "thief"},
    {"vertices", "vertex"}, {"wives", "wife"},    {"wolves", "wolf"},      {"women", "woman"},
};

constexpr bool sorted_irregular() {
  for (std::size_t i = 1; i < std::size(kIrregular); ++i) {
    if (!(kIrregular[i - 1].plural < kIrregular[i].plural)) return false;
  }
  return true;
}
static_assert(sorted_irregular());

bool is_vowel(char c) noexcept { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

std::string_view without_plural_s(std::string_view word) noexcept {
  const std::size_t n = word.size();
  if (n < 3 || word[n - 1] != 's') return word;
  const char before = word[n - 2];
  if (before == 's' || before == 'u' || before == 'i') return word;  // class, radius, axis
  if (n == 3 && is_vowel(before)) return word;                       // gas, yes
  return word.substr(0, n - 1);
}

// The e that a plural -es may have brought.
bool ends_in_silent_e(std::string_view word) noexcept {
  if (word.size() < 4) return false;
  return word.ends_with("xe") || word.ends_with("che") || word.ends_with("she") ||
         word.ends_with("sse") || word.ends_with("ze") || word.ends_with("oe") ||
         word.ends_with("use");
}

}  // namespace

std::uint64_t stem_hash(std::string_view folded) noexcept {
  const auto* row =
      std::lower_bound(std::begin(kIrregular), std::end(kIrregular), folded,
                       [](const Irregular& a, std::string_view b) { return a.plural < b; });
  std::string_view word = row != std::end(kIrregular) && row->plural == folded
                              ? row->singular
                              : without_plural_s(folded);
  WordHash hash;
  if (word.size() > 2 && word.ends_with("ie")) {
    hash.add(word.substr(0, word.size() - 2));
    hash.add(std::string_view("y"));
    return hash.value();
  }
  if (ends_in_silent_e(word)) word.remove_suffix(1);
  if (word.size() > 3 && word.ends_with("zz")) word.remove_suffix(1);
  hash.add(word);
  return hash.value();
}

}  // namespace pyverify::answer
