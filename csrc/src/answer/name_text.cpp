// Words in front of an equals sign: a name of the value, or a problem copied (GRADING 18, 25).
#include <algorithm>
#include <iterator>

#include "answer/tokens.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

// Words that ask, assume, deny or say of a value what is no value. Sorted.
constexpr std::string_view kAsking[] = {
    "assume",  "assuming",  "bound",    "bounds",   "but",     "calculate", "compute", "consider",
    "denote",  "determine", "equation", "evaluate", "except",  "find",      "given",   "how",
    "if",      "incorrect", "isnt",     "let",      "never",   "no",        "not",     "prove",
    "show",    "simplify",  "solve",    "such",     "suppose", "unless",    "verify",  "what",
    "whether", "which",     "who",      "why",      "wrong",
};
// Words that make another value of the letter behind or before them. Sorted.
constexpr std::string_view kArithmetic[] = {
    "cube",       "cubed", "divided", "double",  "half",   "less",  "minus",  "more",  "plus",
    "reciprocal", "root",  "square",  "squared", "thrice", "times", "triple", "twice",
};
// The same before and behind a name, before "of", and before a number.
constexpr std::string_view kMultiplying[] = {"double", "half", "thrice", "triple", "twice"};
constexpr std::string_view kChanged[] = {"cubed", "doubled", "halved", "minus",
                                         "plus",  "squared", "times",  "tripled"};
constexpr std::string_view kFunctions[] = {"cube",     "inverse",    "logarithm", "negative",
                                           "opposite", "reciprocal", "square"};
constexpr std::string_view kOperations[] = {
    "by", "less", "minus", "mod", "modulo", "over", "plus", "power", "times",
};

// A name that is the answer itself is told by its words.
constexpr std::string_view kOfAnswer[] = {
    "a",   "an",        "answer",    "correct", "exact", "final",      "hence",
    "is",  "my",        "numerical", "our",     "right", "simplified", "so",
    "the", "therefore", "this",      "thus",    "your",
};
constexpr std::string_view kBehindAnswer[] = {"for", "in", "of", "to"};
constexpr std::u32string_view kHanOfAnswer = U"最终后的正确答案为是本此题所以故因该问";
constexpr std::string_view kStale[] = {"earlier", "former", "intermediate", "preliminary",
                                       "previous"};

static_assert(std::is_sorted(std::begin(kAsking), std::end(kAsking)));
static_assert(std::is_sorted(std::begin(kArithmetic), std::end(kArithmetic)));
static_assert(std::is_sorted(std::begin(kMultiplying), std::end(kMultiplying)));
static_assert(std::is_sorted(std::begin(kChanged), std::end(kChanged)));
static_assert(std::is_sorted(std::begin(kFunctions), std::end(kFunctions)));
static_assert(std::is_sorted(std::begin(kOperations), std::end(kOperations)));
static_assert(std::is_sorted(std::begin(kOfAnswer), std::end(kOfAnswer)));
static_assert(std::is_sorted(std::begin(kBehindAnswer), std::end(kBehindAnswer)));
static_assert(std::is_sorted(std::begin(kStale), std::end(kStale)));

constexpr std::string_view kHanAsking[] = {"求",   "若", "已知", "设", "解",
                                           "如果", "当", "不",   "非", "方程"};

template <std::size_t N>
bool among(const std::string_view (&words)[N], const TextToken& token) noexcept {
  return std::binary_search(std::begin(words), std::end(words), token.word());
}

bool is_operator(const TextToken& token, const TextToken& after) noexcept {
  if (token.kind == TokenKind::kCommand) return after.kind == TokenKind::kNumber;
  if (token.kind != TokenKind::kSymbol) return false;
  switch (token.code) {
    case '+':
    case '^':
    case '*':
    case '=':
    case '<':
    case '>':
    case 0xd7:
    case 0xf7:
      return true;
    case '-':
    case '/':
      return after.kind == TokenKind::kNumber;
    default:
      return false;
  }
}

bool is_number(const TextToken& token) noexcept {
  number::Rational value;
  return token.kind == TokenKind::kNumber ||
         (token.kind == TokenKind::kWord && number_word(token.word(), value));
}

// "twice the area", "square of the area", "area squared", "area minus 1", "two times the area"
bool changes_value(const TextToken& before, const TextToken& token, const TextToken& after,
                   bool first) noexcept {
  const bool last = after.kind == TokenKind::kEnd;
  const bool whole = last || token.is("thrice") || token.is("twice") || after.is("of") ||
                     after.is("the") || after.is("this");  // but half-life, double root
  if (first && whole && among(kMultiplying, token)) return true;
  if (first && after.is("of") && among(kFunctions, token)) return true;
  if (last && among(kChanged, token)) return !before.is("of");  // number of times
  if (token.is("times") && is_number(before)) return true;
  return is_number(after) && among(kOperations, token);
}

// The final answer, the answer to the question, 最终答案; any other word makes another value of it.
bool names_the_answer(std::string_view text) {
  TokenReader tokens(text);
  TextToken token;
  bool named = false;
  while (tokens.next(token)) {
    if (token.kind == TokenKind::kNumber && !named) return false;
    if (token.kind == TokenKind::kHan && kHanOfAnswer.find(token.code) == std::u32string_view::npos)
      return false;
    if (token.kind != TokenKind::kWord) continue;
    if (named && among(kBehindAnswer, token)) return true;
    named |= token.is("answer");
    if (!among(kOfAnswer, token)) return false;
  }
  return true;
}

}  // namespace

bool names_a_value(std::string_view text) {
  TokenReader tokens(text);
  TextToken before;
  TextToken token;
  TextToken after;
  bool value = false;  // "the value of ...": what follows is what was asked for
  bool letter = false;
  bool arithmetic = false;
  bool operation = false;
  bool first = true;  // no word but an article has come
  bool stale = false;
  bool answer = false;
  tokens.next(token);
  while (token.kind != TokenKind::kEnd) {
    after = {};
    tokens.next(after);
    if (token.kind == TokenKind::kWord) {
      if (among(kAsking, token)) return false;
      value |= token.is("value") && !operation;
      operation |= changes_value(before, token, after, first);
      arithmetic |= among(kArithmetic, token);
      letter |= token.size == 1 && !token.is("a");
      answer |= token.is("answer") || token.is("answers");
      if (stale && (token.is("result") || token.is("solution"))) return false;
      stale = among(kStale, token);
      first = first && (token.is("the") || token.is("a"));
    } else if (token.kind == TokenKind::kHan) {
      const std::string_view rest = text.substr(token.begin);
      if (std::any_of(std::begin(kHanAsking), std::end(kHanAsking),
                      [&](std::string_view word) { return rest.starts_with(word); })) {
        return false;
      }
      value |= token.code == U'值';
      answer |= rest.starts_with("答案");
    }
    operation |= is_operator(token, after);
    before = token;
    token = after;
  }
  if (answer && !names_the_answer(text)) return false;
  return value || !(operation || (arithmetic && letter));
}

}  // namespace pyverify::answer
