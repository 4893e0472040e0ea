// What words do in an English sentence that states a number.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "extract/reading.hpp"

namespace pyverify::extraction {

using Word = std::string_view;

inline bool is_participle(Word word) noexcept {
  return word.size() >= 5 && word.ends_with("ing") && !same_word(word, "during") &&
         !same_word(word, "nothing") && !same_word(word, "morning") && !same_word(word, "evening");
}

inline bool is_article(Word word) noexcept {
  return same_word(word, "a") || same_word(word, "an") || same_word(word, "the");
}

inline bool is_determiner(Word word) noexcept {
  static constexpr std::array<Word, 17> kWords = {
      "the", "his",   "her",     "their", "its",   "my",   "your",  "our", "these",
      "all", "those", "another", "each",  "every", "this", "first", "last"};
  return is_one_of(word, kWords);
}

// The noun phrase behind one of these says when, where, how or of what.
inline bool is_preposition(Word word) noexcept {
  static constexpr std::array<Word, 21> kWords = {
      "in",   "for", "over", "after",   "during", "within", "every",
      "each", "per", "than", "from",    "until",  "with",   "at",
      "by",   "on",  "if",   "between", "out",    "using",  "without"};
  return is_one_of(word, kWords);
}

// A subject or a verb: no noun phrase reaches across it.
inline bool ends_phrase(Word word) noexcept {
  static constexpr std::array<Word, 40> kWords = {
      "he",    "she",  "it",     "they",  "we",   "you",  "i",    "and",   "but",  "or",
      "is",    "are",  "was",    "were",  "has",  "have", "had",  "will",  "can",  "would",
      "could", "must", "should", "needs", "need", "gets", "get",  "makes", "make", "made",
      "takes", "take", "took",   "costs", "cost", "pays", "paid", "there", "be",   "equals"};
  return is_one_of(word, kWords);
}

// A clause that begins with one of these is told about the clause before it.
inline bool opens_clause(Word word) noexcept {
  static constexpr std::array<Word, 24> kWords = {
      "if",       "when",   "because", "since",     "while",    "such",     "that",   "who",
      "whom",     "which",  "where",   "whose",     "than",     "after",    "before", "unless",
      "although", "though", "whereas", "including", "compared", "assuming", "given",  "whenever"};
  return is_one_of(word, kWords);
}

inline bool is_conclusion(Word word) noexcept {
  static constexpr std::array<Word, 6> kWords = {"so",        "thus",  "hence",
                                                 "therefore", "means", "then"};
  return is_one_of(word, kWords);
}

// ", leaving 5 apples": the outcome, behind a comma only.
inline bool is_outcome(Word word) noexcept {
  static constexpr std::array<Word, 8> kWords = {"leaving",   "making",   "giving",    "totaling",
                                                 "totalling", "bringing", "resulting", "yielding"};
  return is_one_of(word, kWords);
}

inline bool is_total(Word word) noexcept {
  static constexpr std::array<Word, 14> kWords = {
      "total",  "sum",   "average", "speed",   "rate",   "cost", "price",
      "profit", "value", "maximum", "minimum", "amount", "mean", "loss"};
  return is_one_of(word, kWords);
}

// "has to pay 5" says what is paid; "to pay 5" behind a number says what for.
inline bool takes_infinitive(Word word) noexcept {
  static constexpr std::array<Word, 16> kWords = {
      "has",  "have",  "had",  "need",  "needs", "needed", "able",     "going",
      "want", "wants", "used", "ought", "got",   "likely", "required", "supposed"};
  return is_one_of(word, kWords);
}

// "from 40 to 52" tells the outcome of these.
inline bool is_change(Word word) noexcept {
  static constexpr std::array<Word, 20> kWords = {
      "increased", "increases", "increase", "decreased", "decreases", "decrease", "rose",
      "rises",     "fell",      "falls",    "grew",      "grows",     "dropped",  "drops",
      "changed",   "changes",   "went",     "goes",      "reduced",   "raised"};
  return is_one_of(word, kWords);
}

// "3 more than", "5 minutes late", "2 of whom": behind a comma no statement of its own.
inline bool is_relative(Word word) noexcept {
  static constexpr std::array<Word, 10> kWords = {"more",  "less",   "fewer",   "late", "early",
                                                  "short", "longer", "shorter", "of",   "each"};
  return is_one_of(word, kWords);
}

// What stands behind a number at `at`: "3 more", "2 of whom", "7 in each box", "4 years younger
// than".
inline bool is_comparison(std::string_view text, std::size_t at) noexcept {
  const Word word = next_word(text, at);
  const Word next = next_word(text, at);
  return is_relative(word) || same_word(next, "than") || same_word(next, "each");
}

// "10 years from now", "2 days ago"
inline bool is_distance(std::string_view text, std::size_t at) noexcept {
  static constexpr std::array<Word, 4> kWords = {"ago", "later", "earlier", "hence"};
  const Word word = next_word(text, at);
  if (is_one_of(word, kWords)) return true;
  const Word next = next_word(text, at);
  return same_word(word, "from") && (same_word(next, "now") || same_word(next, "today"));
}

}  // namespace pyverify::extraction
