// Yes, no, true and false: the first word decides, unless what follows takes it back (GRADING 22).
#include <algorithm>
#include <iterator>

#include "answer/token_classes.hpp"
#include "answer/tokens.hpp"
#include "answer/words.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

// Past "it is", "this is", "the statement is": what is said of is the question's.
void skip_subject(TokenReader& tokens, TextToken& token) noexcept {
  TokenReader ahead = tokens;
  TextToken word = token;
  if (word.is("the") || word.is("this")) {
    TextToken noun;
    if (!ahead.next(noun)) return;
    const bool subject = noun.is("answer") || noun.is("assertion") || noun.is("claim") ||
                         noun.is("conclusion") || noun.is("proposition") || noun.is("statement");
    if (subject)
      word = noun;
    else if (word.is("this"))
      ahead = tokens;
    else
      return;
  } else if (!word.is("it") && !word.is("that")) {
    return;
  }
  if (ahead.next(word) && word.is("is") && ahead.next(word)) {
    tokens = ahead;
    token = word;
  }
}

TextClass verdict_word(const TextToken& token) noexcept {
  if (token.is("yes")) return TextClass::kYes;
  if (token.is("no")) return TextClass::kNo;
  if (token.is("true")) return TextClass::kTrue;
  if (token.is("false")) return TextClass::kFalse;
  return TextClass::kOther;
}

struct HanVerdict {
  std::string_view text;
  TextClass meaning;
};
constexpr HanVerdict kHanVerdicts[] = {
    {"是的", TextClass::kYes},     {"是", TextClass::kYes},    {"不是", TextClass::kNo},
    {"否", TextClass::kNo},        {"正确", TextClass::kTrue}, {"对", TextClass::kTrue},
    {"真", TextClass::kTrue},      {"√", TextClass::kTrue},    {"错误", TextClass::kFalse},
    {"不正确", TextClass::kFalse}, {"错", TextClass::kFalse},  {"假", TextClass::kFalse},
    {"×", TextClass::kFalse},      {"不", TextClass::kNo},
};

// The verdict in Chinese that a text begins with, and its size; false when there is none.
bool begins_with_verdict(std::string_view text, HanVerdict& verdict) noexcept {
  for (const HanVerdict& row : kHanVerdicts) {
    if (!text.starts_with(row.text)) continue;
    verdict = row;
    return true;
  }
  return false;
}

// The Chinese forms stand alone or before punctuation.
TextClass han_verdict(std::string_view text) noexcept {
  HanVerdict verdict;
  if (!begins_with_verdict(text, verdict)) return TextClass::kOther;
  const std::string_view rest = text.substr(verdict.text.size());
  const bool ends = rest.empty() || rest.starts_with("，") || rest.starts_with("。") ||
                    rest.starts_with(",") || rest.starts_with(".") || rest.starts_with("；") ||
                    rest.starts_with("}");
  return ends ? verdict.meaning : TextClass::kOther;
}

bool affirms(TextClass verdict) noexcept {
  return verdict == TextClass::kYes || verdict == TextClass::kTrue;
}

// Sorted.
constexpr std::string_view kQualifying[] = {
    "but",     "depending", "depends",  "except",    "however", "if",    "maybe", "only",    "or",
    "perhaps", "possibly",  "provided", "sometimes", "unless",  "until", "when",  "whenever"};
constexpr std::string_view kTurning[] = {"correction", "oops", "scratch", "sorry", "wait"};
constexpr std::string_view kDenying[] = {"incorrect", "nah", "nope", "untrue", "wrong"};
// Only part of a verdict, where a clause begins with one: "Yes, partly", but "almost everywhere".
constexpr std::string_view kLimiting[] = {"almost", "barely", "half",   "hardly",
                                          "mostly", "nearly", "often",  "partially",
                                          "partly", "rarely", "seldom", "usually"};
constexpr std::string_view kBehindIn[] = {"certain", "most", "part", "some"};
constexpr std::string_view kBehindNot[] = {"always", "correct", "entirely",    "exactly",
                                           "fully",  "in",      "necessarily", "quite",
                                           "really", "so",      "true"};
// Deny where they are a clause.
constexpr std::string_view kAlone[] = {"disproved", "f",       "kidding",  "mistake", "mistaken",
                                       "n",         "refuted", "rejected", "x"};
constexpr std::string_view kAffirming[] = {"yeah", "yep"};
// "Yes is the right answer" says so of the word; any other predicate is none of these.
constexpr std::string_view kOfTheWord[] = {"answer", "correct", "final", "my", "right", "the"};
static_assert(std::is_sorted(std::begin(kQualifying), std::end(kQualifying)));
static_assert(std::is_sorted(std::begin(kTurning), std::end(kTurning)));
static_assert(std::is_sorted(std::begin(kDenying), std::end(kDenying)));
static_assert(std::is_sorted(std::begin(kLimiting), std::end(kLimiting)));
static_assert(std::is_sorted(std::begin(kBehindIn), std::end(kBehindIn)));
static_assert(std::is_sorted(std::begin(kBehindNot), std::end(kBehindNot)));
static_assert(std::is_sorted(std::begin(kAlone), std::end(kAlone)));
static_assert(std::is_sorted(std::begin(kAffirming), std::end(kAffirming)));
static_assert(std::is_sorted(std::begin(kOfTheWord), std::end(kOfTheWord)));

constexpr std::string_view kHanQualifying[] = {"不一定", "不全",   "不完全", "不过", "仅",
                                               "但",     "取决于", "只在",   "只有", "如果",
                                               "或",     "有时",   "未必",   "若",   "除非"};
constexpr std::string_view kHanDenying[] = {"不对", "不正确", "错误"};

template <std::size_t N>
bool among(const std::string_view (&words)[N], const TextToken& token) noexcept {
  return token.kind == TokenKind::kWord &&
         std::binary_search(std::begin(words), std::end(words), token.word());
}

template <std::size_t N>
bool begins_with(const std::string_view (&words)[N], std::string_view text) noexcept {
  return std::any_of(std::begin(words), std::end(words),
                     [text](std::string_view word) { return text.starts_with(word); });
}

// Words behind a yes or no that tie it to a condition.
bool qualifies(const TextToken& token) noexcept {
  return token.is_symbol('?') || among(kQualifying, token);
}

// Words behind a verdict that take it back.
class Withdrawal {
 public:
  Withdrawal(std::string_view text, TextClass verdict) noexcept
      : text_(text), affirmed_(affirms(verdict)) {}

  bool at(const TextToken& token, const TextToken& after) noexcept {
    const bool found = token.kind == TokenKind::kWord ? word(token, after) : other(token);
    const bool applied = token.is_symbol('(') && ends_operand(before_);  // p(x)
    clause_begins_ = token.kind == TokenKind::kSymbol && !applied &&
                     (is_punctuation(token.code) || token.code == '(' || token.code == ')' ||
                      token.code == '/' || token.code == '-');
    of_the_word_ = of_the_word_ && !clause_begins_;
    sentence_begins_ = token.is_symbol('.') || token.is_symbol('!') || token.code == 0x2026;
    first_ = false;
    before_ = token;
    return found;
  }

 private:
  bool word(const TextToken& token, const TextToken& after) noexcept {
    if (first_) {
      if (token.is("isnt") || token.is("wasnt")) return true;
      of_the_word_ = is_copula(token);
    } else if (of_the_word_) {
      of_the_word_ = !token.is("because") && !token.is("since");
      if (of_the_word_ && !among(kOfTheWord, token)) return true;
    }
    if (among(kTurning, token) || (token.is("actually") && sentence_begins_)) return true;
    const bool last = after.kind == TokenKind::kEnd || after.kind == TokenKind::kSymbol;
    if (clause_begins_ && (among(kLimiting, token) || (token.is("in") && among(kBehindIn, after))))
      return true;
    if (!affirmed_) return among(kAffirming, token) || (last && affirms_subject(token));
    if (clause_begins_ && token.is("not") && among(kBehindNot, after)) return true;
    // "Yes, never." but "Yes, it never ends"
    return among(kDenying, token) || (last && is_negation(token)) ||
           (last && clause_begins_ && among(kAlone, token));
  }

  // "No, it is."
  bool affirms_subject(const TextToken& token) const noexcept {
    return (before_.is("it") || before_.is("they")) &&
           (is_copula(token) || token.is("does") || token.is("do") || token.is("can"));
  }

  bool other(const TextToken& token) const noexcept {
    const std::string_view rest = text_.substr(token.begin);
    if (token.kind == TokenKind::kHan && begins_with(kHanQualifying, rest)) return true;
    if (affirmed_ && begins_with(kHanDenying, rest)) return true;
    HanVerdict verdict;
    if (!clause_begins_ || !begins_with_verdict(rest, verdict)) return false;
    const std::string_view behind = rest.substr(verdict.text.size());
    const char32_t next = behind.empty() ? U' ' : support::decode_utf8(behind, 0).value;
    const bool alone = !support::is_han(next) && !is_letter(next) && !(next >= '0' && next <= '9');
    return alone && affirms(verdict.meaning) != affirmed_;
  }

  std::string_view text_;
  TextToken before_;
  bool affirmed_;
  bool first_ = true;
  bool clause_begins_ = true;
  bool sentence_begins_ = false;
  bool of_the_word_ = false;  // what the verdict is said to be
};

// "No it isn't", but "no one", "no solution".
bool begins_clause(const TextToken& token) noexcept {
  for (const std::string_view word :
       {"because", "he", "i", "it", "she", "since", "that", "there", "they", "this", "we"}) {
    if (token.is(word)) return true;
  }
  return false;
}

// Is the verdict that ends before `token` the answer?
bool stands(std::string_view text, TokenReader tokens, TextToken token, TextClass verdict,
            bool as_gold) noexcept {
  Withdrawal withdrawal(text, verdict);
  TextToken after;
  do {
    after = {};
    tokens.next(after);
    if (verdict_word(token) != TextClass::kOther || qualifies(token)) return false;
    if (as_gold ? token.kind == TokenKind::kNumber : withdrawal.at(token, after)) return false;
    token = after;
  } while (token.kind != TokenKind::kEnd);
  return true;
}

}  // namespace

TextClass verdict_class(std::string_view text, bool as_gold) noexcept {
  TokenReader tokens(text);
  TextToken token;
  do {
    if (!tokens.next(token)) return TextClass::kOther;
  } while (token.is_symbol('*') || token.is_symbol('"') || token.is_symbol('_') ||
           token.is_symbol('('));
  if (!as_gold) skip_subject(tokens, token);
  if (token.kind != TokenKind::kWord) {
    const std::string_view rest = text.substr(token.begin);
    const TextClass meaning = han_verdict(rest);
    if (meaning == TextClass::kOther || as_gold) return meaning;
    HanVerdict verdict;
    begins_with_verdict(rest, verdict);
    const std::string_view behind = rest.substr(verdict.text.size());
    TokenReader following(behind);
    if (!following.next(token)) return meaning;
    return stands(behind, following, token, meaning, false) ? meaning : TextClass::kOther;
  }
  const TextClass meaning = verdict_word(token);
  if (meaning == TextClass::kOther) return meaning;
  if (!tokens.next(token)) return meaning;
  if (as_gold && token.kind != TokenKind::kSymbol) return TextClass::kOther;
  if (token.hyphen_before) return TextClass::kOther;  // yes-man
  if (meaning == TextClass::kNo && token.kind == TokenKind::kWord && !begins_clause(token))
    return TextClass::kOther;
  return stands(text, tokens, token, meaning, as_gold) ? meaning : TextClass::kOther;
}

}  // namespace pyverify::answer
