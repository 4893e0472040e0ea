#include "answer/nouns.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "answer/hash.hpp"
#include "answer/number_word_table.hpp"
#include "answer/units.hpp"
#include "answer/words.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

constexpr std::size_t kLongestNoun =
    64;  // bytes that are folded; the rest of a longer word is hashed as it is

// Sorted.
constexpr std::string_view kNoNouns[] = {
    "a",        "about",     "above",   "after",     "all",     "also",    "an",      "and",
    "any",      "are",       "around",  "as",        "at",      "be",      "because", "before",
    "below",    "between",   "both",    "but",       "by",      "does",    "each",    "either",
    "else",     "equals",    "exactly", "except",    "exist",   "exists",  "false",   "for",
    "from",     "has",       "have",    "he",        "hence",   "however", "i",       "if",
    "infinity", "is",        "it",      "least",     "less",    "maybe",   "minus",   "more",
    "most",     "neither",   "never",   "no",        "none",    "nor",     "not",     "of",
    "on",       "only",      "or",      "otherwise", "over",    "per",     "perhaps", "plus",
    "possibly", "probably",  "she",     "so",        "some",    "such",    "than",    "that",
    "the",      "then",      "there",   "therefore", "they",    "this",    "thus",    "to",
    "true",     "undefined", "unless",  "unlike",    "was",     "we",      "were",    "when",
    "where",    "which",     "while",   "with",      "without", "yes",     "you",
};

constexpr bool sorted_words() {
  for (std::size_t i = 1; i < std::size(kNoNouns); ++i) {
    if (!(kNoNouns[i - 1] < kNoNouns[i])) return false;
  }
  return true;
}
static_assert(sorted_words());

constexpr std::string_view kHanNoNouns[] = {"和",   "或",   "且",   "与",   "是",   "不",   "非",
                                            "的",   "无",   "无解", "以上", "以下", "或者", "并且",
                                            "不是", "可能", "或许", "也许", "左右"};

// Sorted.
constexpr std::string_view kDenying[] = {
    "base",    "cubed",     "except", "factorial", "fewer",   "negative", "neither",
    "never",   "no",        "none",   "nope",      "nor",     "not",      "off",
    "squared", "undefined", "unless", "unlike",    "without",
};
static_assert(std::is_sorted(std::begin(kDenying), std::end(kDenying)));

constexpr std::string_view kHanHalf = "半";
constexpr std::string_view kHanDenying[] = {"不", "无", "非", "没", "错", "舍", "否", "的"};

std::size_t fold(std::string_view word, char (&folded)[kLongestNoun]) noexcept {
  const std::size_t size = std::min(word.size(), kLongestNoun);
  for (std::size_t i = 0; i < size; ++i) folded[i] = support::to_ascii_lower(word[i]);
  return size;
}

// The general classifier counts anything: 3个 is 3个苹果 less its noun.
constexpr std::string_view kGeneralClassifier = "个";

}  // namespace

bool denies(std::string_view word) noexcept {
  if (std::any_of(std::begin(kHanDenying), std::end(kHanDenying),
                  [&](std::string_view start) { return word.starts_with(start); })) {
    return !word.starts_with("不同");
  }
  if (word.ends_with(kHanHalf)) return true;  // 3个半
  if (word.size() > 16) return false;
  char folded[kLongestNoun];
  const std::string_view lower(folded, fold(word, folded));
  if (std::binary_search(std::begin(kDenying), std::end(kDenying), lower)) return true;
  const NumberWord* number = find_number_word(lower);
  return number != nullptr && number->kind != NumberKind::kAnd &&
         number->kind != NumberKind::kArticle;
}

bool is_no_noun(std::string_view word) noexcept {
  if (denies(word)) return true;
  if (std::find(std::begin(kHanNoNouns), std::end(kHanNoNouns), word) != std::end(kHanNoNouns))
    return true;
  if (word.size() > 24) return false;
  char folded[kLongestNoun];
  const std::string_view lower(folded, fold(word, folded));
  if (std::binary_search(std::begin(kNoNouns), std::end(kNoNouns), lower)) return true;
  number::Rational value;
  std::int64_t scale = 0;
  return is_percent_word(lower) || scale_word(lower, scale) || number_word(lower, value);
}

std::uint64_t noun_hash(std::string_view word) {
  if (word.starts_with(kGeneralClassifier)) {
    word.remove_prefix(kGeneralClassifier.size());
    if (word.empty()) return 0;
  }
  char folded[kLongestNoun];
  const std::size_t size = fold(word, folded);
  const bool ascii = std::all_of(folded, folded + size,
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii && word.size() <= kLongestNoun) return stem_hash({folded, size});
  WordHash hash;
  hash.add(std::string_view(folded, size));
  hash.add(word.substr(size));
  return hash.value();
}

}  // namespace pyverify::answer
