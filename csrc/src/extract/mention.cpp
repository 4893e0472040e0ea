// "For example \boxed{4}", "I doubt that \boxed{4}", "It is not true that the answer is 4": who
// writes so gives no answer.
#include <algorithm>
#include <array>

#include "extract/clause_words.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/simd_scan.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;

constexpr std::size_t kSentence = 160;

// A pair of each word that makes a mention: example, instance, e.g., such, format, that. Most
// sentences hold none, and are not read.
struct AnyMention {
  template <class Lane>
  static Lane gate(Lane) noexcept {
    return Lane::all();
  }
  template <class Lane>
  static Lane match(Lane first, Lane second) noexcept {
    const Lane a = first.folded();
    const Lane b = second.folded();
    const auto pair = [&](unsigned char x, unsigned char y) {
      return a.is(x | 0x20) & b.is(y | 0x20);
    };
    return ((pair('x', 'a') | pair('s', 't')) | (pair('g', '.') | pair('u', 'c'))) |
           (pair('r', 'm') | pair('h', 'a'));
  }
};

// Where the sentence begins that `at` stands in. A full stop before a digit or behind a lone letter
// ends none.
std::size_t sentence_before(const Scan& scan, std::size_t at) noexcept {
  const std::size_t first = at - std::min(at - scan.begin, kSentence);
  // The candidate may have a line of its own.
  while (at > first && (support::is_ascii_space(scan.text[at - 1]) || scan.text[at - 1] == '$' ||
                        scan.text[at - 1] == '*' || scan.text[at - 1] == '`')) {
    --at;
  }
  for (; at > first; --at) {
    const char c = scan.text[at - 1];
    if (c == '\n' || c == '!' || c == '?' || c == ';') return at;
    if (c != '.' || at >= scan.end) continue;
    const bool abbreviation = at >= first + 3 && is_ascii_letter(scan.text[at - 2]) &&
                              !is_ascii_letter(scan.text[at - 3]);
    const char next = scan.text[at];
    if (!abbreviation && (support::is_ascii_space(next) || next == '$')) return at;
  }
  return at;
}

// The words of a sentence, the last first.
class WordsBack {
 public:
  WordsBack(std::string_view text, std::size_t begin, std::size_t end) noexcept
      : text_(text), begin_(begin), at_(end) {
    next();
  }
  Word word() const noexcept { return word_; }
  std::size_t at() const noexcept { return at_; }
  void next() noexcept {
    while (at_ > begin_ && !is_ascii_letter(text_[at_ - 1])) --at_;
    const std::size_t end = at_;
    while (at_ > begin_ && (is_ascii_letter(text_[at_ - 1]) || text_[at_ - 1] == '\'')) --at_;
    word_ = text_.substr(at_, end - at_);
  }
  // Are these the words here and before, the last first?
  template <std::size_t N>
  bool are(const std::array<Word, N>& words) const noexcept {
    WordsBack copy = *this;
    for (const Word word : words) {
      if (!same_word(copy.word(), word)) return false;
      copy.next();
    }
    return true;
  }

 private:
  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  Word word_;
};

// "It is not true that", "I doubt that", "I don't think that": `words` stands before "that".
bool denies_clause(WordsBack words) noexcept {
  static constexpr std::array<Word, 4> kDenials = {"doubt", "deny", "unlikely", "untrue"};
  static constexpr std::array<Word, 3> kTrue = {"true", "case", "correct"};
  static constexpr std::array<Word, 2> kFalse = {"false", "impossible"};
  static constexpr std::array<Word, 6> kThoughts = {"think", "believe", "say",
                                                    "mean",  "claim",   "sure"};
  static constexpr std::array<Word, 4> kBetween = {"the", "really", "do", "am"};
  if (is_one_of(words.word(), kDenials)) return true;
  if (is_one_of(words.word(), kFalse)) {
    words.next();
    return same_word(words.word(), "is");
  }
  if (!is_one_of(words.word(), kTrue) && !is_one_of(words.word(), kThoughts)) return false;
  words.next();
  while (is_one_of(words.word(), kBetween)) words.next();
  return same_word(words.word(), "not") || words.word().ends_with("n't") ||
         same_word(words.word(), "wrong") || same_word(words.word(), "never") ||
         same_word(words.word(), "cannot");
}

}  // namespace

Mention mention_before(const Scan& scan, std::size_t start) noexcept {
  const std::size_t near = start - std::min(start - scan.begin, kSentence);
  if (support::find_last_pair<AnyMention>(scan.text, near, start) == support::kNotFound)
    return Mention::kNone;
  WordsBack words(scan.text, sentence_before(scan, start), start);
  bool clause = true;  // no comma between here and the candidate
  std::size_t end = start;
  for (bool first = true; !words.word().empty(); first = false) {
    const std::size_t behind = words.at() + words.word().size();
    clause = clause && scan.text.substr(behind, end - behind).find(',') == std::string_view::npos;
    if (is_conclusion(words.word())) return Mention::kNone;
    static constexpr std::array<Word, 2> kFor = {"example", "for"};
    static constexpr std::array<Word, 2> kInstance = {"instance", "for"};
    static constexpr std::array<Word, 2> kSuch = {"as", "such"};
    static constexpr std::array<Word, 2> kFormat = {"is", "format"};
    if (words.are(kFor) || words.are(kInstance)) return Mention::kExample;
    if (first && (words.are(kSuch) || words.are(kFormat) || same_word(words.word(), "format")))
      return Mention::kExample;
    if (same_word(words.word(), "e") && scan.starts_with(behind, ".g")) return Mention::kExample;
    const bool that = same_word(words.word(), "that");
    end = words.at();
    words.next();
    if (that && clause && denies_clause(words)) return Mention::kDenied;
  }
  return Mention::kNone;
}

}  // namespace pyverify::extraction
