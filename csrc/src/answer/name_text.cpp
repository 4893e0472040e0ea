// Words in front of an equals sign: a name of the value, or a problem copied (GRADING 18, 25).
#include <algorithm>
#include <iterator>

#include "answer/tokens.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

// Words that ask, assume or deny. Sorted.
constexpr std::string_view kAsking[] = {
    "assume",    "assuming", "but",      "calculate", "compute", "consider", "denote",
    "determine", "equation", "evaluate", "except",    "find",    "given",    "how",
    "if",        "isnt",     "let",      "never",     "no",      "not",      "prove",
    "show",      "simplify", "solve",    "such",      "suppose", "unless",   "verify",
    "what",      "whether",  "which",    "who",       "why",
};
static_assert(std::is_sorted(std::begin(kAsking), std::end(kAsking)));

// Words that make another value of the letter behind or before them. Sorted.
constexpr std::string_view kArithmetic[] = {
    "cube",       "cubed", "divided", "double",  "half",   "less",  "minus",  "more",  "plus",
    "reciprocal", "root",  "square",  "squared", "thrice", "times", "triple", "twice",
};
static_assert(std::is_sorted(std::begin(kArithmetic), std::end(kArithmetic)));

constexpr std::string_view kHanAsking[] = {"求",   "若", "已知", "设", "解",
                                           "如果", "当", "不",   "非", "方程"};

template <std::size_t N>
bool among(const std::string_view (&words)[N], const TextToken& token) noexcept {
  return std::binary_search(std::begin(words), std::end(words), token.word());
}

bool is_operator(const TextToken& token) noexcept {
  return token.kind == TokenKind::kSymbol &&
         (token.code == '+' || token.code == '^' || token.code == '*' || token.code == '=' ||
          token.code == '<' || token.code == '>');
}

}  // namespace

bool names_a_value(std::string_view text) {
  TokenReader tokens(text);
  TextToken token;
  bool value = false;  // "the value of ...": what follows is what was asked for
  bool letter = false;
  bool arithmetic = false;
  bool operation = false;
  while (tokens.next(token)) {
    if (token.kind == TokenKind::kWord) {
      if (among(kAsking, token)) return false;
      value |= token.is("value");
      arithmetic |= among(kArithmetic, token);
      letter |= token.size == 1 && !token.is("a");
    } else if (token.kind == TokenKind::kHan) {
      const std::string_view rest = text.substr(token.begin);
      if (std::any_of(std::begin(kHanAsking), std::end(kHanAsking),
                      [&](std::string_view word) { return rest.starts_with(word); })) {
        return false;
      }
      value |= token.code == U'值';
    }
    operation |= is_operator(token);
  }
  return value || !(operation || (arithmetic && letter));
}

}  // namespace pyverify::answer
