// What stands behind a choice label: the option's text, or words that take the label back or name
// another (GRADING 21, 24). An option's text may say anything, so a denial is told by a clause that
// is nothing but a verdict: "rejected", "is not the answer".
#include <algorithm>
#include <iterator>

#include "answer/token_classes.hpp"
#include "answer/tokens.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

// Wrong wherever they stand, unless a noun follows. Sorted, like all lists of words here.
constexpr std::string_view kWrong[] = {
    "incorrect",
    "nope",
    "untrue",
    "wrong",
};
// Deny where the clause is a verdict.
constexpr std::string_view kDenying[] = {"crossed",      "deleted", "discarded",    "dismissed",
                                         "disqualified", "dropped", "eliminated",   "excluded",
                                         "failing",      "fails",   "inadmissible", "refuted",
                                         "rejected",     "ruled",   "withdrawn"};
// Options as well: they deny only in a sentence about the label ("is impossible") or about being
// right ("not correct").
constexpr std::string_view kNegative[] = {"cannot",  "cant",     "doubtful", "false", "impossible",
                                          "invalid", "isnt",     "never",    "no",    "not",
                                          "out",     "unlikely", "wasnt"};
constexpr std::string_view kAboutLabel[] = {
    "answer", "are",   "be",   "can",  "cannot", "cant",   "choice",
    "could",  "has",   "is",   "isnt", "must",   "option", "should",
    "that",   "thats", "this", "was",  "wasnt",  "which",  "would",
};
constexpr std::string_view kBehindWrong[] = {"and", "answer", "as",     "because", "but", "choice",
                                             "for", "here",   "option", "since",   "too"};
constexpr std::string_view kAboutRight[] = {"answer", "correct", "right", "solution", "true"};
constexpr std::string_view kFilling[] = {
    "a",       "all",        "also",   "an", "as",     "at",  "been", "by",
    "clearly", "definitely", "here",   "i",  "in",     "it",  "its",  "me",
    "of",      "possible",   "really", "so", "surely", "the", "then", "therefore",
    "thing",   "thus",       "to",     "us", "valid",  "we",
};

// Words that turn to another option, and words that point at one.
constexpr std::string_view kTurning[] = {"actually", "also",  "but",  "correction",
                                         "instead",  "no",    "nope", "oops",
                                         "rather",   "sorry", "wait"};
constexpr std::string_view kPointing[] = {"answer", "choice", "choose", "meant",
                                          "option", "pick",   "select"};
constexpr std::string_view kBetween[] = {
    "be",  "better",   "by",    "correct", "definitely", "i",     "is",  "it",
    "its", "probably", "right", "should",  "that",       "thats", "the", "would"};
constexpr std::string_view kGoingOn[] = {"as", "because", "for", "instead", "since", "too"};

static_assert(std::is_sorted(std::begin(kWrong), std::end(kWrong)));
static_assert(std::is_sorted(std::begin(kDenying), std::end(kDenying)));
static_assert(std::is_sorted(std::begin(kNegative), std::end(kNegative)));
static_assert(std::is_sorted(std::begin(kAboutLabel), std::end(kAboutLabel)));
static_assert(std::is_sorted(std::begin(kBehindWrong), std::end(kBehindWrong)));
static_assert(std::is_sorted(std::begin(kAboutRight), std::end(kAboutRight)));
static_assert(std::is_sorted(std::begin(kFilling), std::end(kFilling)));
static_assert(std::is_sorted(std::begin(kTurning), std::end(kTurning)));
static_assert(std::is_sorted(std::begin(kPointing), std::end(kPointing)));
static_assert(std::is_sorted(std::begin(kBetween), std::end(kBetween)));
static_assert(std::is_sorted(std::begin(kGoingOn), std::end(kGoingOn)));

constexpr std::string_view kHanDenying[] = {
    "不正确", "不对", "不选", "不能选", "不可选", "不是答案", "错误", "错", "排除", "舍去", "舍"};
constexpr std::string_view kHanFilling[] = {"是", "的", "选项", "项", "答案", "了", "被",
                                            "应", "该", "已",   "此", "这个", "这", "也"};

template <std::size_t N>
bool among(const std::string_view (&words)[N], const TextToken& token) noexcept {
  return token.kind == TokenKind::kWord &&
         std::binary_search(std::begin(words), std::end(words), token.word());
}

// The clause up to a mark, or a predicate behind figures: what it is made of.
struct Clause {
  bool verdict = true;  // of such words only
  bool words = false;   // of others
  bool denies = false;
  bool negative = false;
  bool begun = false;        // with a word that says something
  bool about_label = false;  // its predicate: "is not", but "it is not"
  bool about_right = false;

  bool takes_back() const noexcept {
    return verdict && (denies || (negative && (about_label || about_right)));
  }
};

bool ends_clause(const TextToken& token) noexcept {
  return token.kind == TokenKind::kSymbol &&
         (is_punctuation(token.code) || token.code == '(' || token.code == ')');
}

void add_word(const TextToken& token, Clause& clause) noexcept {
  if (is_copula(token) && !clause.verdict && !clause.words) clause = {};  // 42 is rejected
  const bool denies = among(kDenying, token);
  const bool negative = among(kNegative, token);
  const bool label = among(kAboutLabel, token);
  const bool right = among(kAboutRight, token);
  clause.denies |= denies;
  clause.negative |= negative;
  clause.about_label |= label && !clause.begun;
  clause.begun |= !among(kFilling, token) || token.is("it");
  clause.about_right |= right;
  if (!denies && !negative && !label && !right && !among(kFilling, token)) {
    clause.verdict = false;
    clause.words = true;
  }
}

// The bytes of a Chinese word of the lists that a text begins with; 0 when it is none.
std::size_t han_word(std::string_view text, Clause& clause) noexcept {
  for (const std::string_view word : kHanDenying) {
    if (!text.starts_with(word)) continue;
    clause.denies = true;
    return word.size();
  }
  for (const std::string_view word : kHanFilling) {
    if (text.starts_with(word)) return word.size();
  }
  return 0;
}

bool takes_back(std::string_view rest) noexcept {
  TokenReader tokens(rest);
  TextToken token;
  TextToken after;
  Clause clause;
  std::size_t han_end = 0;
  bool inside = false;  // of a bracket that is no remark: S(n - 2)
  tokens.next(after);
  while (after.kind != TokenKind::kEnd) {
    const bool operand = ends_operand(token);
    token = after;
    after = {};
    tokens.next(after);
    if (among(kWrong, token) && (!is_long_word(after) || among(kBehindWrong, after))) return true;
    const bool applied = token.is_symbol('(') && operand && !token.space_before;
    const bool dash = token.is_symbol('-') && is_long_word(after);
    if (applied || (inside && token.is_symbol(')'))) {
      inside = applied;
    } else if (dash || ends_clause(token)) {
      if (clause.takes_back()) return true;
      clause = {};
    } else if (token.kind == TokenKind::kWord) {
      add_word(token, clause);
    } else if (token.kind == TokenKind::kHan) {
      if (token.begin < han_end) continue;
      const std::size_t size = han_word(rest.substr(token.begin), clause);
      han_end = token.begin + size;
      if (size == 0) clause.verdict = false, clause.words = true;
    } else if (token.code != kGroupOpen && token.code != kGroupClose) {
      clause.verdict = false;
    }
  }
  return clause.takes_back();
}

bool is_arrow_or_joint(const TextToken& token) noexcept {
  return token.is_symbol('&') || token.is_symbol(U'、') || token.is_symbol('/') ||
         token.code == 0x2192 || token.code == 0x21d2 || character_of(token.hash) == 0x2192;
}

// Another label that the rest turns to, says to be right, or is a list of.
class OtherLabels {
 public:
  OtherLabels(std::string_view rest, const Choice& choice) noexcept
      : choice_(choice), tokens_(rest) {
    while (choice.letters >> own_ > 1) ++own_;
    tokens_.next(token_);
    tokens_.next(after_);
  }

  bool found() noexcept {
    bool only_labels = true;
    bool any = false;
    bool turned = is_arrow_or_joint(token_);
    const bool of_earlier = token_.is("both") || token_.is("either") || token_.is("neither");
    while (token_.kind != TokenKind::kEnd) {
      const int index = label();
      if (index >= 0 && (choice_.letters >> index & 1u) == 0) {
        any = true;
        // options speak of those above them
        if (of_earlier && index > own_) return true;
        if ((turned && may_end_here()) || said_right() || counted()) return true;
        turned = false;
      } else if (token_.kind == TokenKind::kWord) {
        only_labels = only_labels && (index >= 0 || token_.is("and") || token_.is("or"));
        if (among(kTurning, token_) || among(kPointing, token_))
          turned = true;
        else
          turned = turned && among(kBetween, token_);
      } else if (token_.kind == TokenKind::kHan) {
        only_labels = false;
        turned = token_.code == U'选' || token_.code == U'或' || token_.code == U'案' ||
                 token_.code == U'项' || token_.code == U'应' || (turned && token_.code == U'是') ||
                 (turned && token_.code == U'为');
      } else if (token_.is_symbol(U'、')) {
        turned = true;
      } else if (!ends_clause(token_) && !is_arrow_or_joint(token_)) {
        turned = only_labels = false;
      }
      advance();
    }
    return any && only_labels;
  }

 private:
  void advance() noexcept {
    previous_ = token_;
    token_ = after_;
    after_ = {};
    tokens_.next(after_);
  }

  // The index of a letter that may be a label: no article, no pronoun; -1 for anything else.
  int label() const noexcept {
    if (token_.kind != TokenKind::kWord || token_.code == 0) return -1;
    const char32_t first = choice_.lower_case ? U'a' : U'A';
    if (token_.code < first || token_.code > first + 9) return -1;
    const bool before_word = is_long_word(after_) && !is_function_word(after_);
    if (before_word && (token_.code == 'A' || token_.code == 'I' || token_.code == 'a')) return -1;
    return static_cast<int>(token_.code - first);
  }

  bool may_end_here() const noexcept {
    return after_.kind == TokenKind::kEnd || ends_clause(after_) || among(kGoingOn, after_);
  }

  // C is right, C才对
  bool said_right() const noexcept {
    if (after_.kind == TokenKind::kHan)
      return after_.code == U'才' || after_.code == U'对' || after_.code == U'正';
    if (!is_copula(after_)) return false;
    TokenReader ahead = tokens_;
    TextToken word;
    while (ahead.next(word)) {
      if (among(kAboutRight, word) || word.is("better") || word.is("best"))
        return !ahead.next(word) || ends_clause(word) || among(kAboutLabel, word);
      if (word.is("a") || (!among(kFilling, word) && !among(kAboutLabel, word))) return false;
    }
    return false;
  }

  // (B) 5, C 7
  bool counted() const noexcept {
    return (previous_.is_symbol(',') || previous_.is_symbol(';')) && token_.space_before &&
           after_.kind == TokenKind::kNumber && after_.space_before;
  }

  const Choice& choice_;
  TokenReader tokens_;
  TextToken previous_;
  TextToken token_;
  TextToken after_;
  int own_ = 0;  // the index of the label itself
};

// None of the above stands below two others.
bool speaks_of_too_few(std::string_view rest, const Choice& choice) noexcept {
  TokenReader tokens(rest);
  TextToken first;
  TextToken word;
  if (choice.letters >= 1u << 2 || !tokens.next(first)) return false;
  if (!first.is("all") && !first.is("none")) return false;
  while (tokens.next(word)) {
    if (word.is("above")) return true;
  }
  return false;
}

}  // namespace

bool is_taken_back(const Choice& choice) noexcept {
  return takes_back(choice.rest) || OtherLabels(choice.rest, choice).found() ||
         speaks_of_too_few(choice.rest, choice);
}

}  // namespace pyverify::answer
