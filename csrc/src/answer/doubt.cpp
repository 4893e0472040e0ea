// Doubt said in words inside an answer (GRADING 24).
#include <algorithm>
#include <iterator>

#include "answer/tokens.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

// Sorted.
constexpr std::string_view kDoubtWords[] = {
    "apparently", "doubtful", "guess",   "guessed",   "guessing", "hmm",
    "idk",        "maybe",    "might",   "perhaps",   "possibly", "presumably",
    "probably",   "seems",    "suppose", "uncertain", "unsure",
};

struct DoubtPhrase {
  std::string_view first;
  std::string_view second;
};
constexpr DoubtPhrase kDoubtPhrases[] = {
    {"not", "sure"}, {"not", "certain"}, {"not", "know"},   {"dont", "know"},
    {"no", "idea"},  {"i", "think"},     {"i", "believe"},  {"i", "assume"},
    {"could", "be"}, {"may", "be"},      {"you", "like"},   {"most", "likely"},
    {"my", "hunch"}, {"at", "random"},   {"wild", "guess"}, {"if", "correct"},
};

// Words that make a bound of a number, or take it back: at least 12, 12 or more, 12 is wrong.
constexpr std::string_view kTakingBack[] = {"false", "impossible", "incorrect", "isnt", "not", "wrong"};
constexpr DoubtPhrase kBoundPhrases[] = {
    {"at", "least"},  {"at", "most"},      {"or", "more"},    {"or", "less"}, {"or", "fewer"}, {"or", "greater"},
    {"or", "above"},  {"or", "below"},     {"more", "than"},  {"less", "than"}, {"fewer", "than"}, {"greater", "than"},
    {"or", "higher"}, {"or", "lower"},     {"or", "another"}, {"or", "so"},
};
constexpr std::string_view kHanBounds[] = {"以上", "以下", "至少", "至多", "大于", "小于", "不超过", "不是", "错误"};

static_assert(std::is_sorted(std::begin(kTakingBack), std::end(kTakingBack)));

constexpr std::string_view kHanDoubt[] = {"可能",   "或许", "也许", "大概是", "不确定",
                                          "不知道", "猜测", "我猜", "说不定", "好像"};

static_assert(std::is_sorted(std::begin(kDoubtWords), std::end(kDoubtWords)));

}  // namespace

bool says_doubt(std::string_view text) {
  TokenReader tokens(text);
  TextToken token;
  TextToken previous;
  while (tokens.next(token)) {
    if (token.is_symbol('?')) return true;
    if (token.kind == TokenKind::kWord && token.size > 1) {
      if (std::binary_search(std::begin(kDoubtWords), std::end(kDoubtWords), token.word()))
        return true;
      for (const DoubtPhrase& phrase : kDoubtPhrases) {
        if (token.word() == phrase.second && previous.is(phrase.first)) return true;
      }
    }
    if (token.kind == TokenKind::kHan) {
      const std::string_view rest = text.substr(token.begin);
      for (const std::string_view phrase : kHanDoubt) {
        // 不可能 is certain.
        if (rest.starts_with(phrase) && previous.code != U'不') return true;
      }
    }
    previous = token;
  }
  return false;
}

bool says_bound(std::string_view text) {
  TokenReader tokens(text);
  TextToken token;
  TextToken previous;
  while (tokens.next(token)) {
    if (token.kind == TokenKind::kWord && token.size > 1) {
      if (std::binary_search(std::begin(kTakingBack), std::end(kTakingBack), token.word())) return true;
      for (const DoubtPhrase& phrase : kBoundPhrases) {
        if (token.word() == phrase.second && previous.is(phrase.first)) return true;
      }
    }
    if (token.kind == TokenKind::kHan) {
      const std::string_view rest = text.substr(token.begin);
      if (std::any_of(std::begin(kHanBounds), std::end(kHanBounds), [&](std::string_view word) { return rest.starts_with(word); })) {
        return true;
      }
    }
    previous = token;
  }
  return false;
}

}  // namespace pyverify::answer
