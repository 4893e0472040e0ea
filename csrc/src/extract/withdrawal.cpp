// "The answer is 25. No wait, that's wrong.", "\boxed{25} is not the answer", "Correction: it is
// 26": what follows an answer takes it back.
#include <algorithm>
#include <array>

#include "extract/clause_words.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

constexpr std::size_t kNear = 160;

constexpr std::array<Word, 4> kFaults = {"wrong", "incorrect", "mistake", "error"};

// The words of what follows an answer, one after the other.
class Words {
 public:
  explicit Words(std::string_view text) noexcept : text_(text) { next(); }

  Word word() const noexcept { return word_; }
  // All that has not been skipped, figures in front of the word included.
  std::string_view rest() const noexcept { return text_.substr(rest_); }
  char mark() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  void next() noexcept {
    rest_ = at_;
    word_ = next_word(text_, at_);
  }
  template <std::size_t N>
  bool skip(const std::array<Word, N>& words) noexcept {
    if (!is_one_of(word_, words)) return false;
    next();
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t rest_ = 0;
  Word word_;
};

// "No wait", "Correction:": the speaker turns. "No" without a comma may be anything.
bool skip_turns(Words& words) noexcept {
  static constexpr std::array<Word, 10> kTurns = {
      "wait", "correction", "sorry", "oops", "hmm", "actually", "oh", "no", "scratch", "rather"};
  bool turned = false;
  while (is_one_of(words.word(), kTurns)) {
    const bool plain_no = same_word(words.word(), "no") && words.mark() != ',' &&
                          words.mark() != '!' && words.mark() != ';';
    const bool scratch = same_word(words.word(), "scratch");
    words.next();
    if (scratch) words.skip(std::array<Word, 2>{"that", "this"});
    if (plain_no && !is_one_of(words.word(), kTurns)) return turned;
    turned = true;
  }
  return turned;
}

// "that", "this answer", "it's": what the sentence speaks of is the answer just given. `copula`:
// the verb is in it.
bool skip_subject(Words& words, bool& copula) noexcept {
  static constexpr std::array<Word, 3> kContractions = {"that's", "it's", "this's"};
  static constexpr std::array<Word, 4> kPronouns = {"that", "this", "it", "which"};
  static constexpr std::array<Word, 4> kArticles = {"the", "my", "our", "above"};
  static constexpr std::array<Word, 6> kNouns = {"answer",   "result", "value",
                                                 "solution", "number", "above"};
  copula = words.skip(kContractions);
  if (copula) return true;
  Words article = words;
  if (article.skip(kArticles)) {
    article.skip(std::array<Word, 4>{"above", "final", "previous", "correct"});
    if (!article.skip(kNouns)) return false;
    words = article;
    return true;
  }
  if (!words.skip(kPronouns)) return false;
  words.skip(kNouns);
  return true;
}

// "is", "can't be"; `negated`: with "not".
bool skip_copula(Words& words, bool& negated) noexcept {
  static constexpr std::array<Word, 6> kVerbs = {"is", "was", "are", "were", "seems", "looks"};
  static constexpr std::array<Word, 4> kNegated = {"isn't", "wasn't", "aren't", "weren't"};
  static constexpr std::array<Word, 4> kModals = {"must", "may", "might", "will"};
  static constexpr std::array<Word, 4> kDenied = {"cannot", "can't", "couldn't", "won't"};
  negated = false;
  if (words.skip(kVerbs)) return true;
  if (words.skip(kNegated)) return negated = true;
  Words modal = words;
  const bool denied = modal.skip(kDenied);
  if (!denied && !modal.skip(kModals)) return false;
  if (!modal.skip(std::array<Word, 1>{"be"})) return false;
  negated = denied;
  words = modal;
  return true;
}

// Does a predicate that denies stand here: "clearly wrong", "not the right answer"?
bool is_denial(Words& words, bool negated, bool judged) noexcept {
  static constexpr std::array<Word, 18> kAdverbs = {
      "clearly", "obviously",  "actually", "definitely", "just",   "also",
      "still",   "completely", "totally",  "certainly",  "a",      "an",
      "the",     "my",         "simply",   "quite",      "really", "therefore"};
  static constexpr std::array<Word, 6> kWrong = {"wrong",   "incorrect", "false",
                                                 "mistake", "mistaken",  "error"};
  // "It is wrong to assume that" speaks of something else.
  static constexpr std::array<Word, 5> kElsewhere = {"to", "that", "for", "if", "in"};
  static constexpr std::array<Word, 4> kTrue = {"correct", "right", "true", "answer"};
  while (words.skip(kAdverbs)) {
  }
  if (words.skip(std::array<Word, 1>{"not"})) negated = true;
  while (words.skip(kAdverbs)) {
  }
  if (!negated) {
    const bool statement = judged && !same_word(words.word(), "mistake");
    return !statement && words.skip(kWrong) && !is_one_of(words.word(), kElsewhere);
  }
  const bool whole = same_word(words.word(), "answer") || same_word(words.word(), "correct") ||
                     same_word(words.word(), "right");
  return words.skip(kTrue) && !is_one_of(words.word(), kElsewhere) && (whole || !judged);
}

// Does `rest` begin with a sentence that is nothing but a value, another than `answer`?
bool is_another_value(std::string_view rest, std::string_view answer) noexcept {
  constexpr std::size_t kLongest = 64;
  std::size_t end = 0;
  while (
      end < rest.size() && rest[end] != '\n' &&
      !(rest[end] == '.' && (end + 1 >= rest.size() || !support::is_ascii_digit(rest[end + 1])))) {
    ++end;
  }
  std::size_t begin = 0;
  while (begin < end && (rest[begin] == ',' || rest[begin] == ':' || rest[begin] == ' ')) ++begin;
  const Span value = strip_prose(rest, {begin, end});
  if (value.empty() || value.end - value.begin > kLongest) return false;
  const std::string_view view = rest.substr(value.begin, value.end - value.begin);
  return reads_as_value(view) && shape_of(view).words <= 1 && !view.ends_with(answer);
}

// "No, C.", "Correction: it is 5", "It should be 5", "Wait, that's wrong".
bool takes_back(std::string_view text, bool fresh, std::string_view answer) noexcept {
  // Statements are judged as well as answers: "\boxed{C} is false", "False. This is wrong because".
  static constexpr std::array<Word, 4> kVerdicts = {"yes", "no", "true", "false"};
  std::size_t at = 0;
  Word first = next_word(answer, at);
  if (first.starts_with("text")) first = next_word(answer, at);
  const bool verdict = is_one_of(first, kVerdicts);
  const bool choice = reads_as_choice(answer);
  Words words(text);
  const bool turned = skip_turns(words);
  bool copula = false;
  const bool subject = skip_subject(words, copula);
  // A sentence of its own that has no subject: "Wrong."
  if (!subject && fresh && !turned) {
    static constexpr std::array<Word, 3> kWrong = {"wrong", "incorrect", "nope"};
    return is_one_of(words.word(), kWrong) &&
           (words.mark() == '.' || words.mark() == '!' || words.mark() == ',');
  }
  Words should = words;
  if (subject && should.skip(std::array<Word, 1>{"should"}) &&
      should.skip(std::array<Word, 1>{"be"})) {
    return is_another_value(should.rest(), answer);
  }
  bool negated = false;
  if (!copula) copula = skip_copula(words, negated);
  if (turned && !negated && (copula || !subject) && is_another_value(words.rest(), answer))
    return true;
  return copula && is_denial(words, negated, (verdict || (choice && !fresh)) && !turned);
}

// "No wait, I made a mistake": a turn, and a fault in the same sentence.
bool finds_fault(std::string_view next) noexcept {
  static constexpr std::array<Word, 10> kTurns = {"no",       "wait", "however", "but",   "hmm",
                                                  "actually", "oh",   "oops",    "sorry", "hold"};
  // A fault that others make.
  static constexpr std::array<Word, 5> kOthers = {"common", "some", "many", "if", "any"};
  // The sentence, and the one behind a mere "Wait."
  std::size_t at = 0;
  if (!is_one_of(next_word(next, at), kTurns)) return false;
  next = next.substr(0, next.find_first_of(".\n", std::min<std::size_t>(next.size(), 8)));
  bool fault = false;
  Word before;
  while (at < next.size()) {
    const Word word = next_word(next, at);
    if (is_one_of(word, kOthers)) return false;
    const bool denied = same_word(before, "not") || same_word(before, "isn't");
    fault = fault || (is_one_of(word, kFaults) && !denied && !same_word(before, "no")) ||
            (denied && (same_word(word, "right") || same_word(word, "correct")));
    before = word;
  }
  return fault;
}

// "I don't know the answer", "I am not sure": who says so gave no answer.
bool gives_up(std::string_view text) noexcept {
  static constexpr std::array<Word, 3> kAdverbs = {"really", "actually", "honestly"};
  Words words(text);
  if (words.word() != "I" && words.word() != "I'm") return false;
  const bool am = words.word() == "I'm";
  words.next();
  words.skip(kAdverbs);
  if (am || words.skip(std::array<Word, 2>{"am", "was"})) {
    const bool negated = words.skip(std::array<Word, 1>{"not"});
    while (words.skip(kAdverbs) || words.skip(std::array<Word, 1>{"entirely"})) {
    }
    if (same_word(words.word(), "unable") || same_word(words.word(), "guessing")) return true;
    return same_word(words.word(), negated ? "sure" : "unsure") ||
           (negated && (same_word(words.word(), "certain") || same_word(words.word(), "able")));
  }
  const bool cannot = words.skip(std::array<Word, 4>{"cannot", "can't", "couldn't", "don't"});
  if (!cannot) {
    if (!words.skip(std::array<Word, 3>{"do", "can", "could"})) return false;
    if (!words.skip(std::array<Word, 1>{"not"})) return false;
  }
  words.skip(kAdverbs);
  return is_one_of(words.word(),
                   std::array<Word, 5>{"know", "answer", "solve", "determine", "tell"});
}

// 错误，应为5; 不对; 这是错的
bool takes_back_in_chinese(std::string_view text, bool choice) noexcept {
  static constexpr std::array<Word, 7> kSubjects = {"这个答案", "该答案", "此答案", "上述答案",
                                                    "这",       "此",     "答案"};
  static constexpr std::array<Word, 6> kTurns = {"不，", "不对", "更正", "纠正", "错了", "抱歉"};
  static constexpr std::array<Word, 4> kFaults = {"错误", "错的", "不正确", "有误"};
  static constexpr std::array<Word, 3> kShould = {"应为", "应该是", "应该为"};
  static constexpr std::array<Word, 6> kEnds = {"，", "。", "！", "的", "；", ","};
  const auto skip = [&](const auto& words) {
    const auto* word =
        std::find_if(words.begin(), words.end(), [&](Word w) { return text.starts_with(w); });
    if (word == words.end()) return false;
    text.remove_prefix(word->size());
    return true;
  };
  if (skip(kTurns) || skip(kShould)) return true;
  const bool subject = skip(kSubjects);
  const bool copula = text.starts_with("是");
  if (copula) text.remove_prefix(3);
  // B 是错误的 judges a statement.
  if (choice && copula && !subject) return false;
  if (!skip(kFaults) && !(subject && skip(kTurns))) return false;
  return text.empty() || text.front() == '\n' || text.front() == '.' || skip(kEnds);
}

}  // namespace

bool is_withdrawn(const Scan& scan, const Finding& finding) noexcept {
  const std::size_t end = finding.end;
  if (end == 0 || end >= scan.end) return false;
  std::string_view next = scan.text.substr(end, std::min(kNear, scan.end - end));
  std::size_t at = 0;
  bool fresh = false;
  while (at < next.size() && !support::is_ascii_letter(next[at]) && next[at] != '#') {
    const char c = next[at];
    fresh = fresh || c == '.' || c == '\n' || c == '!';
    // What a Chinese sentence begins with; its punctuation is at most U+3002 or at least U+FF00.
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xE4 && byte <= 0xE9) {
      return takes_back_in_chinese(next.substr(at), reads_as_choice(scan.view(finding.answer)));
    }
    ++at;
  }
  next.remove_prefix(at);
  if (next.empty() || next.front() == '#') return false;
  fresh = fresh || support::is_ascii_upper(next.front());
  return takes_back(next, fresh, scan.view(finding.answer)) || finds_fault(next) || gives_up(next);
}

}  // namespace pyverify::extraction
