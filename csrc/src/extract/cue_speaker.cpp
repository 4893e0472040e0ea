// Who says that this is the answer?
#include <algorithm>
#include <array>

#include "extract/cues.hpp"
#include "extract/reading.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_letter;

namespace {

// Before "answer": this is not the answer, or nobody says that it is.
constexpr std::array<std::string_view, 41> kForeign = {
    "verification", "confidence",   "length", "doubt",    "friend",    "wrong",     "incorrect",
    "previous",     "earlier",      "other",  "another",  "initial",   "original",  "no",
    "any",          "every",        "each",   "partial",  "tentative", "possible",  "alternative",
    "student",      "student's",    "check",  "checking", "verify",    "verifying", "whether",
    "if",           "suppose",      "assume", "assuming", "unless",    "guess",     "not",
    "expected",     "intermediate", "thinks", "believes", "says",      "claims"};
// Words that may stand between one of those and "answer".
constexpr std::array<std::string_view, 11> kDeterminers = {
    "the", "our", "my", "your", "an", "this", "final", "that", "that's", "correct", "a"};

// Somebody else's answer: some may think that it is, people often say.
constexpr std::array<std::string_view, 6> kOpinions = {"think", "believe",  "say",
                                                       "claim", "conclude", "imagine"};
constexpr std::array<std::string_view, 9> kOthers = {
    "might", "may", "could", "some", "many", "people", "students", "often", "tempted"};

// The friend's answer; not the problem's, and not "that's the answer".
bool is_somebodys(std::string_view word) noexcept {
  static constexpr std::array<std::string_view, 8> kNobody = {
      "that's", "it's", "here's", "what's", "let's", "problem's", "question's", "there's"};
  return word.size() > 3 && word.ends_with("'s") && !is_one_of(word, kNobody);
}

// "It would be wrong to say that", "I doubt that"; "if we had counted both, then".
bool is_disowned(const Scan& scan, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 9> kFaults = {
      "wrong",   "incorrect", "mistake",     "mistakes",   "mistaken",
      "tempted", "tempting",  "erroneously", "incorrectly"};
  static constexpr std::array<std::string_view, 4> kConclusions = {"so", "thus", "hence",
                                                                   "therefore"};
  constexpr std::size_t kSentence = 120;
  const std::size_t first = at - std::min(at - scan.begin, kSentence);
  bool clause = true;
  bool had = false;
  while (at > first) {
    const char c = scan.text[at - 1];
    if (c == '.' || c == '\n' || c == '!' || c == '?' || c == ';' || c == ':') return false;
    if (c == ',') clause = false;
    if (!is_ascii_letter(c)) {
      --at;
      continue;
    }
    const std::size_t stop = at;
    while (at > first && (is_ascii_letter(scan.text[at - 1]) || scan.text[at - 1] == '\'')) --at;
    const std::string_view word = scan.text.substr(at, stop - at);
    if (is_one_of(word, kConclusions)) clause = false;
    if (clause && is_one_of(word, kFaults)) return true;
    had = had || same_word(word, "had");
    if (had && same_word(word, "if")) return true;
  }
  return false;
}

}  // namespace

Speaker who_says(const Scan& scan, std::size_t word) noexcept {
  std::size_t before = word;
  for (int i = 0; i < 4; ++i) {
    const std::string_view earlier = word_before(scan, before);
    if (earlier.empty()) break;
    if (is_one_of(earlier, kForeign) || is_somebodys(earlier)) return Speaker::kOther;
    // Confidence in the answer, length of the answer.
    if (same_word(earlier, "of") || same_word(earlier, "in") || same_word(earlier, "about"))
      return Speaker::kOther;
    if (same_word(earlier, "or")) return Speaker::kAlternative;
    if (is_one_of(earlier, kOpinions)) {
      const std::string_view who = word_before(scan, before);
      if (is_one_of(who, kOthers)) return Speaker::kOther;
      break;
    }
    if (!is_one_of(earlier, kDeterminers)) break;
  }
  return is_disowned(scan, word) ? Speaker::kOther : Speaker::kModel;
}

}  // namespace pyverify::extraction
