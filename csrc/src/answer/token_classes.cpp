#include "answer/token_classes.hpp"

#include <algorithm>
#include <iterator>

#include "answer/hash.hpp"

namespace pyverify::answer {

bool is_copula(const TextToken& token) noexcept {
  static constexpr std::string_view kCopulas[] = {"are", "be",  "been", "being",
                                                  "is",  "was", "were"};
  return token.kind == TokenKind::kWord &&
         std::binary_search(std::begin(kCopulas), std::end(kCopulas), token.word());
}

bool is_negation(const TextToken& token) noexcept {
  static constexpr std::string_view kNegations[] = {"hardly", "neither", "never", "no",
                                                    "none",   "nor",     "not",   "without"};
  return token.kind == TokenKind::kWord &&
         std::binary_search(std::begin(kNegations), std::end(kNegations), token.word());
}

bool is_function_word(const TextToken& token) noexcept {
  static constexpr std::string_view kWords[] = {"and",  "are", "as",  "at",   "by",  "for",
                                                "from", "if",  "in",  "is",   "of",  "on",
                                                "or",   "to",  "was", "were", "with"};
  return token.kind == TokenKind::kWord &&
         std::binary_search(std::begin(kWords), std::end(kWords), token.word());
}

bool is_calendar_name(const TextToken& token) noexcept {
  static constexpr std::string_view kNames[] = {
      "april",     "august", "december", "february", "friday",    "january", "july",
      "june",      "march",  "may",      "monday",   "november",  "october", "saturday",
      "september", "sunday", "thursday", "tuesday",  "wednesday",
  };
  return token.kind == TokenKind::kWord &&
         std::binary_search(std::begin(kNames), std::end(kNames), token.word());
}

bool is_long_word(const TextToken& token) noexcept {
  return token.kind == TokenKind::kWord && token.code == 0;
}

bool is_single_letter(const TextToken& token) noexcept {
  return token.kind == TokenKind::kWord && token.code != 0;
}

bool is_textual(const TextToken& token) noexcept {
  return is_long_word(token) || token.kind == TokenKind::kHan;
}

bool ends_operand(const TextToken& token) noexcept {
  return token.kind == TokenKind::kNumber || token.kind == TokenKind::kCommand ||
         is_single_letter(token) || token.is_symbol(')') || token.is_symbol(']') ||
         token.is_symbol('}') || token.is_symbol(kGroupClose);
}

bool begins_operand(const TextToken& token) noexcept {
  return token.kind == TokenKind::kNumber || token.kind == TokenKind::kCommand ||
         is_single_letter(token) || token.is_symbol('(') || token.is_symbol('[') ||
         token.is_symbol('{') || token.is_symbol('-') || token.is_symbol('+');
}

bool is_punctuation(char32_t c) noexcept {
  switch (c) {
    case '.':
    case ',':
    case ';':
    case ':':
    case '!':
    case '"':
    case '\'':
    case '`':
    case '*':
    case '_':
    case '#':
    case 0x2013:
    case 0x2014:
    case 0x2026:
    case 0xb7:
      return true;
    default:
      return false;
  }
}

bool is_ordinal_suffix(const TextToken& token) noexcept {
  return !token.space_before &&
         (token.is("st") || token.is("nd") || token.is("rd") || token.is("th"));
}

std::uint64_t symbol_hash(char32_t code) noexcept {
  WordHash hash;
  hash.add(code);
  return hash.value();
}

char32_t character_of(std::uint64_t command_hash) noexcept {
  struct Row {
    std::uint64_t hash;
    char32_t code;
  };
  static constexpr Row kRows[] = {
      {hash_ascii("\\infty"), 0x221e},      {hash_ascii("\\emptyset"), 0x2205},
      {hash_ascii("\\varnothing"), 0x2205}, {hash_ascii("\\circ"), 0xb0},
      {hash_ascii("\\le"), 0x2264},         {hash_ascii("\\leq"), 0x2264},
      {hash_ascii("\\ge"), 0x2265},         {hash_ascii("\\geq"), 0x2265},
      {hash_ascii("\\ne"), 0x2260},         {hash_ascii("\\neq"), 0x2260},
      {hash_ascii("\\pm"), 0xb1},           {hash_ascii("\\in"), 0x2208},
      {hash_ascii("\\times"), 0xd7},        {hash_ascii("\\to"), 0x2192},
      {hash_ascii("\\rightarrow"), 0x2192}, {hash_ascii("\\pi"), 0x3c0},
      {hash_ascii("\\triangle"), 0x25b3},   {hash_ascii("\\angle"), 0x2220},
  };
  for (const Row& row : kRows) {
    if (row.hash == command_hash) return row.code;
  }
  return 0;
}

std::uint64_t word_hash(const TextToken& token) noexcept {
  if (token.size > 1 && !token.cased) return stem_hash(token.word());
  return token.code != 0 ? symbol_hash(token.code) : token.hash;
}

}  // namespace pyverify::answer
