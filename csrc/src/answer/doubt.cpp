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
constexpr std::string_view kTakingBack[] = {"false", "impossible", "incorrect",
                                            "isnt",  "not",        "wrong"};
constexpr DoubtPhrase kBoundPhrases[] = {
    {"at", "least"},  {"at", "most"},    {"or", "more"},    {"or", "less"},
    {"or", "fewer"},  {"or", "greater"}, {"or", "above"},   {"or", "below"},
    {"more", "than"}, {"less", "than"},  {"fewer", "than"}, {"greater", "than"},
    {"or", "higher"}, {"or", "lower"},   {"or", "another"}, {"or", "so"},
};
constexpr std::string_view kHanBounds[] = {"左右", "上下", "以上",   "以下", "至少", "至多",
                                           "大于", "小于", "不超过", "不是", "错误"};

static_assert(std::is_sorted(std::begin(kTakingBack), std::end(kTakingBack)));

constexpr std::string_view kHanDoubt[] = {"可能", "或许", "也许",   "大概是", "不确定", "不知道",
                                          "猜测", "我猜", "说不定", "好像",   "吗"};

static_assert(std::is_sorted(std::begin(kDoubtWords), std::end(kDoubtWords)));

// The bytes of a doubt that ends with this token, or in Chinese begins with it; 0, 0 when it is
// none.
struct Doubt {
  std::size_t begin = 0;
  std::size_t end = 0;
};
Doubt doubt_at(std::string_view text, const TextToken& token, const TextToken& previous) {
  if (token.is_symbol('?')) return {token.begin, token.end};
  if (token.kind == TokenKind::kWord && token.size > 1) {
    if (std::binary_search(std::begin(kDoubtWords), std::end(kDoubtWords), token.word())) {
      return {token.begin, token.end};
    }
    for (const DoubtPhrase& phrase : kDoubtPhrases) {
      if (token.word() == phrase.second && previous.is(phrase.first))
        return {previous.begin, token.end};
    }
  }
  if (token.kind == TokenKind::kHan) {
    const std::string_view rest = text.substr(token.begin);
    for (const std::string_view phrase : kHanDoubt) {
      // 不可能 is certain.
      if (rest.starts_with(phrase) && previous.code != U'不')
        return {token.begin, token.begin + phrase.size()};
    }
  }
  return {};
}

// Past the characters of `set` and blanks.
std::size_t skip_forward(std::string_view text, std::size_t at, std::string_view set) {
  while (at < text.size() && (text[at] == ' ' || set.find(text[at]) != std::string_view::npos))
    ++at;
  return at;
}
std::size_t skip_backward(std::string_view text, std::size_t at, std::string_view set) {
  while (at > 0 && (text[at - 1] == ' ' || set.find(text[at - 1]) != std::string_view::npos)) --at;
  return at;
}

}  // namespace

bool says_doubt(std::string_view text) {
  TokenReader tokens(text);
  TextToken token;
  TextToken previous;
  while (tokens.next(token)) {
    if (doubt_at(text, token, previous).end != 0) return true;
    previous = token;
  }
  return false;
}

std::string_view without_doubt(std::string_view text) {
  TokenReader tokens(text);
  TextToken token;
  TextToken previous;
  std::size_t begin = skip_forward(text, 0, "");  // past the doubts in front
  std::size_t tail = text.size();                 // where the doubts behind begin
  std::size_t tail_end = text.size();             // and where they end
  while (tokens.next(token)) {
    const Doubt doubt = doubt_at(text, token, previous);
    previous = token;
    if (doubt.end == 0) continue;
    if (doubt.begin <= begin) {
      begin = skip_forward(text, doubt.end, ",:");
      continue;
    }
    if (tail == text.size() || skip_forward(text, tail_end, ",") < doubt.begin) {
      tail = doubt.begin;
    }
    tail_end = doubt.end;
  }
  // 4 (not sure). ends with its doubt, "maybe 4 it is" doesn't
  const bool trailing = skip_forward(text, tail_end, ").!") == text.size();
  const std::size_t end =
      trailing && tail < text.size() ? skip_backward(text, tail, "(,;") : text.size();
  return begin < end ? text.substr(begin, end - begin) : text;
}

bool says_bound(std::string_view text) {
  TokenReader tokens(text);
  TextToken token;
  TextToken previous;
  while (tokens.next(token)) {
    if (token.kind == TokenKind::kWord && token.size > 1) {
      if (std::binary_search(std::begin(kTakingBack), std::end(kTakingBack), token.word()))
        return true;
      for (const DoubtPhrase& phrase : kBoundPhrases) {
        if (token.word() == phrase.second && previous.is(phrase.first)) return true;
      }
    }
    if (token.kind == TokenKind::kHan) {
      const std::string_view rest = text.substr(token.begin);
      if (std::any_of(std::begin(kHanBounds), std::end(kHanBounds),
                      [&](std::string_view word) { return rest.starts_with(word); })) {
        return true;
      }
    }
    previous = token;
  }
  return false;
}

}  // namespace pyverify::answer
