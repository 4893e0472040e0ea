// Classes of texts that policy treats as one, and the comparison of two texts.
#include <algorithm>
#include <array>
#include <iterator>

#include "answer/content.hpp"
#include "answer/token_classes.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

struct Phrase {
  std::string_view text;
  TextClass meaning;
};

constexpr Phrase kPhrases[] = {
    {"undefined", TextClass::kUndefined},
    {"not defined", TextClass::kUndefined},
    {"does not exist", TextClass::kUndefined},
    {"do not exist", TextClass::kUndefined},
    {"doesn't exist", TextClass::kUndefined},
    {"DNE", TextClass::kUndefined},
    {"不存在", TextClass::kUndefined},
    {"无意义", TextClass::kUndefined},
    {"无定义", TextClass::kUndefined},
    {"没有意义", TextClass::kUndefined},
    {"no solution", TextClass::kNoSolution},
    {"no real solution", TextClass::kNoSolution},
    {"no solution exists", TextClass::kNoSolution},
    {"no real solution exists", TextClass::kNoSolution},
    {"none", TextClass::kNoSolution},
    {"empty set", TextClass::kNoSolution},
    {"null set", TextClass::kNoSolution},
    {"∅", TextClass::kNoSolution},
    {"无解", TextClass::kNoSolution},
    {"无实数解", TextClass::kNoSolution},
    {"无实解", TextClass::kNoSolution},
    {"没有解", TextClass::kNoSolution},
    {"没有实数解", TextClass::kNoSolution},
    {"空集", TextClass::kNoSolution},
    {"real number", TextClass::kAllReals},
    {"any real number", TextClass::kAllReals},
    {"set of real numbers", TextClass::kAllReals},
    {"set of reals", TextClass::kAllReals},
    {"all real numbers x", TextClass::kAllReals},
    {"all real x", TextClass::kAllReals},
    {"all real values", TextClass::kAllReals},
    {"all real values of x", TextClass::kAllReals},
    {"全体实数", TextClass::kAllReals},
    {"所有实数", TextClass::kAllReals},
    {"任意实数", TextClass::kAllReals},
    {"一切实数", TextClass::kAllReals},
    {"实数集", TextClass::kAllReals},
    {"infinity", TextClass::kInfinity},
    {"positive infinity", TextClass::kInfinity},
    {"plus infinity", TextClass::kInfinity},
    {"+infinity", TextClass::kInfinity},
    {"∞", TextClass::kInfinity},
    {"+∞", TextClass::kInfinity},
    {"无穷大", TextClass::kInfinity},
    {"正无穷", TextClass::kInfinity},
    {"正无穷大", TextClass::kInfinity},
    {"negative infinity", TextClass::kNegativeInfinity},
    {"minus infinity", TextClass::kNegativeInfinity},
    {"-infinity", TextClass::kNegativeInfinity},
    {"-∞", TextClass::kNegativeInfinity},
    {"负无穷", TextClass::kNegativeInfinity},
    {"负无穷大", TextClass::kNegativeInfinity},
    {"positive integer", TextClass::kPositiveIntegers},
    {"any positive integer", TextClass::kPositiveIntegers},
    {"set of positive integers", TextClass::kPositiveIntegers},
    {"正整数", TextClass::kPositiveIntegers},
    {"全体正整数", TextClass::kPositiveIntegers},
    {"所有正整数", TextClass::kPositiveIntegers},
    {"正整数集", TextClass::kPositiveIntegers},
    {"positive real number", TextClass::kPositiveReals},
    {"any positive real number", TextClass::kPositiveReals},
    {"set of positive real numbers", TextClass::kPositiveReals},
    {"positive reals", TextClass::kPositiveReals},
    {"正实数", TextClass::kPositiveReals},
    {"全体正实数", TextClass::kPositiveReals},
    {"所有正实数", TextClass::kPositiveReals},
    {"negative real number", TextClass::kNegativeReals},
    {"set of negative real numbers", TextClass::kNegativeReals},
    {"negative reals", TextClass::kNegativeReals},
    {"负实数", TextClass::kNegativeReals},
    {"全体负实数", TextClass::kNegativeReals},
    {"integer", TextClass::kIntegers},
    {"any integer", TextClass::kIntegers},
    {"set of integers", TextClass::kIntegers},
    {"整数", TextClass::kIntegers},
    {"全体整数", TextClass::kIntegers},
    {"所有整数", TextClass::kIntegers},
    {"整数集", TextClass::kIntegers},
    {"any number", TextClass::kAnyNumber},
    {"all numbers", TextClass::kAnyNumber},
    {"any value", TextClass::kAnyNumber},
    {"anything", TextClass::kAnyNumber},
    {"任意数", TextClass::kAnyNumber},
    {"任何数", TextClass::kAnyNumber},
    {"任意值", TextClass::kAnyNumber},
};

using PhraseHashes = std::array<std::uint64_t, std::size(kPhrases)>;

const PhraseHashes& phrase_hashes() noexcept {
  static const PhraseHashes hashes = [] {
    PhraseHashes result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = content_hash(kPhrases[i].text);
    return result;
  }();
  return hashes;
}

TextClass phrase_class(std::string_view text) noexcept {
  constexpr std::size_t kLongestPhrase = 200;  // bytes, wrappers included
  if (text.size() > kLongestPhrase) return TextClass::kOther;
  const std::uint64_t hash = content_hash(text);
  if (hash == 0) return TextClass::kOther;
  const PhraseHashes& hashes = phrase_hashes();
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i] == hash) return kPhrases[i].meaning;
  }
  // "the reals", but not "real": the plural makes it a set.
  static const std::uint64_t real = content_hash("real");
  if (hash == real) {
    TokenReader tokens(text);
    TextToken token;
    while (tokens.next(token)) {
      if (token.is("reals")) return TextClass::kAllReals;
    }
  }
  return TextClass::kOther;
}

// "The limit does not exist", "the equation has no solution": what it is said of is the question's.
TextClass said_of_subject(std::string_view text) noexcept {
  static constexpr std::string_view kSubjects[] = {
      "answer",   "derivative", "equation", "expression", "function", "inequality",
      "integral", "inverse",    "limit",    "number",     "quotient", "series",
      "slope",    "sum",        "system",   "value",
  };
  TokenReader tokens(text);
  TextToken token;
  if (!tokens.next(token) || !(token.is("the") || token.is("this"))) return TextClass::kOther;
  if (!tokens.next(token) || token.kind != TokenKind::kWord) return TextClass::kOther;
  if (!std::binary_search(std::begin(kSubjects), std::end(kSubjects), token.word()))
    return TextClass::kOther;
  if (!tokens.next(token)) return TextClass::kOther;
  if (token.is("has") && !tokens.next(token)) return TextClass::kOther;
  const TextClass meaning = phrase_class(text.substr(token.begin));
  const bool known = meaning == TextClass::kUndefined || meaning == TextClass::kNoSolution;
  return known ? meaning : TextClass::kOther;
}

// The same content in the same order, and some of it.
bool same_content(std::string_view a, std::string_view b) noexcept {
  ContentReader left(a);
  ContentReader right(b);
  std::uint64_t left_word = 0;
  std::uint64_t right_word = 0;
  bool any = false;
  for (;;) {
    const bool more_left = left.next(left_word);
    const bool more_right = right.next(right_word);
    if (more_left != more_right) return false;
    if (!more_left) return any;
    if (left_word != right_word) return false;
    any = true;
  }
}

constexpr int kLongestStatement = 64;  // words: a longer text is a discussion

bool begins_with(ContentReader text, ContentReader content) noexcept {
  std::uint64_t wanted = 0;
  std::uint64_t word = 0;
  for (int i = 0; content.next(wanted); ++i) {
    if (i == kLongestStatement || !text.next(word) || word != wanted) return false;
  }
  return true;
}

bool has_negation(std::string_view text) noexcept {
  TokenReader tokens(text);
  TextToken token;
  while (tokens.next(token)) {
    if (is_negation(token) || token.is("isnt") || token.is("arent") || token.is("false"))
      return true;
  }
  return false;
}

}  // namespace

bool same_case_of_symbols(std::string_view a, std::string_view b) noexcept {
  constexpr std::size_t kLongestSymbol = 4;
  const auto next_word = [](TokenReader& tokens, TextToken& token) {
    do {
      if (!tokens.next(token)) return false;
    } while (token.kind != TokenKind::kWord);
    return true;
  };
  TokenReader left(a);
  TokenReader right(b);
  TextToken mine;
  TextToken theirs;
  while (next_word(left, mine) && next_word(right, theirs)) {
    const std::string_view word = a.substr(mine.begin, mine.end - mine.begin);
    const bool differ = word != b.substr(theirs.begin, theirs.end - theirs.begin);
    if (differ && word.size() <= kLongestSymbol && mine.word() == theirs.word()) return false;
  }
  return true;
}

bool says(std::string_view text, std::string_view content) {
  if (has_negation(text) && !has_negation(content)) return false;
  ContentReader reader(text);
  std::uint64_t word = 0;
  for (int i = 0; i < kLongestStatement; ++i) {
    if (begins_with(reader, ContentReader(content))) return true;
    if (!reader.next(word)) return false;
  }
  return false;
}

TextClass classify_text(std::string_view text) {
  const TextClass phrase = phrase_class(text);
  if (phrase != TextClass::kOther) return phrase;
  const TextClass subject = said_of_subject(text);
  return subject != TextClass::kOther ? subject : verdict_class(text, true);
}

bool same_text(std::string_view gold, std::string_view answer) {
  if (says_doubt(answer) && !says_doubt(gold)) return false;
  const TextClass wanted = classify_text(gold);
  if (wanted >= TextClass::kYes && wanted <= TextClass::kFalse) {
    return phrase_class(answer) == TextClass::kOther && verdict_class(answer, false) == wanted;
  }
  if (wanted != TextClass::kOther)
    return phrase_class(answer) == wanted || said_of_subject(answer) == wanted;
  return same_content(gold, answer);
}

}  // namespace pyverify::answer
