// "The total cost is", "There are", "exactly", "a profit of": words that only introduce a number.
// White lists: whatever is unknown may change the number, as "twice" and "divisible by" do.
#include <array>
#include <cstddef>

#include "extract/clause_words.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/statement.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;
using support::is_ascii_space;

// Between the verb and the number, or with no verb at all: these say nothing about it.
constexpr std::array<Word, 49> kSilent = {
    "a",         "an",       "the",       "that",     "this",    "exactly", "precisely",
    "simply",    "just",     "only",      "indeed",   "also",    "now",     "still",
    "then",      "thus",     "therefore", "hence",    "so",      "clearly", "finally",
    "final",     "exact",    "correct",   "required", "desired", "total",   "combined",
    "remaining", "value",    "number",    "integer",  "point",   "pair",    "ordered",
    "set",       "interval", "fraction",  "vector",   "tuple",   "triple",  "function",
    "equation",  "quantity", "ratio",     "matrix",   "there",   "average", "text"};

// "a profit of", "an area of"
constexpr std::array<Word, 30> kMeasures = {
    "total",    "value",  "amount", "area",        "volume",  "length",   "width",    "height",
    "depth",    "radius", "weight", "mass",        "speed",   "rate",     "velocity", "distance",
    "cost",     "price",  "profit", "loss",        "average", "mean",     "sum",      "balance",
    "duration", "time",   "age",    "probability", "charge",  "perimeter"};

// Verbs whose object is what a sentence states: the usual ones, in every form of theirs.
constexpr std::array<Word, 58> kVerbs = {
    "is",    "are",   "was",    "were",    "becomes", "equals", "equal", "remains", "has",
    "have",  "had",   "need",   "needs",   "needed",  "get",    "gets",  "got",     "make",
    "makes", "made",  "take",   "takes",   "took",    "cost",   "costs", "pay",     "pays",
    "paid",  "earn",  "earns",  "earned",  "spend",   "spends", "spent", "sell",    "sells",
    "sold",  "buy",   "buys",   "bought",  "find",    "finds",  "found", "give",    "gives",
    "gave",  "use",   "uses",   "used",    "total",   "totals", "read",  "reads",   "save",
    "saves", "saved", "weighs", "contains"};
// "last for 5 days", "started with 5"
constexpr std::array<Word, 2> kBehindVerbs = {"for", "with"};

bool is_verb(Word word) noexcept { return is_one_of(word, kVerbs); }

// In front of the verb: what is stated is not the quantity itself.
constexpr std::array<Word, 24> kTurned = {
    "twice",   "thrice",  "squared", "cubed",    "doubled", "tripled", "halved",    "whose",
    "such",    "unless",  "minus",   "plus",     "none",    "nobody",  "but",       "besides",
    "nothing", "without", "instead", "excluded", "avoid",   "may",     "divisible", "fails"};
// Likewise with "of" or "root" behind it, or with "its" in front.
constexpr std::array<Word, 17> kOperations = {
    "square",     "cube",   "root",       "half",    "third",    "quarter",
    "double",     "triple", "reciprocal", "inverse", "negative", "opposite",
    "complement", "power",  "logarithm",  "percent", "multiple"};

// A phrase that a comma ends may stand in front when it begins with one of these.
constexpr std::array<Word, 17> kLeads = {"together", "altogether", "overall", "originally", "in",
                                         "after",    "for",        "over",    "during",     "on",
                                         "at",       "by",         "so",      "thus",       "hence",
                                         "then",     "therefore"};

constexpr std::size_t kMostWords = 64;

struct Words {
  std::array<Word, kMostWords> word;
  std::size_t count = 0;
  const char* stop = nullptr;  // of the text that they stand in

  // "of 25": figures behind the word.
  bool has_figures_behind(std::size_t index) const noexcept {
    const char* at = word[index].data() + word[index].size();
    while (at < stop && (*at == ' ' || *at == '$' || *at == '(' || *at == '\\')) ++at;
    return at < stop && support::is_ascii_digit(*at);
  }
  Word back(std::size_t end, std::size_t nth) const noexcept {
    return end >= nth ? word[end - nth] : Word{};
  }
};

// May words[0, count) be spoken of? `timed`: at a time even, "when they left".
bool is_subject(const Words& words, std::size_t count, bool timed = false) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const Word word = words.word[i];
    if (!timed && (same_word(word, "when") || same_word(word, "where"))) return false;
    const bool month = same_word(word, "may") && word[0] == 'M';
    if (is_one_of(word, kTurned) && !month) return false;
    const Word next = i + 1 < count ? words.word[i + 1] : Word{};
    const Word before = i > 0 ? words.word[i - 1] : Word{};
    // "the number of times"; not "3 times the number"
    if (same_word(word, "times") && !same_word(before, "of") && !same_word(before, "many"))
      return false;
    if (!is_one_of(word, kOperations)) continue;
    if (same_word(before, "its") || same_word(before, "their")) return false;
    // "the square root of 25" is told; of a thing it is another value.
    if (same_word(next, "of") && !words.has_figures_behind(i + 1)) return false;
  }
  return true;
}

bool is_copula(Word word) noexcept {
  static constexpr std::array<Word, 8> kCopulas = {"is",      "are",    "was",   "were",
                                                   "becomes", "equals", "equal", "remains"};
  return is_one_of(word, kCopulas);
}

// "takes Tom 5 hours", "gave her 5"
bool is_whom(Word word) noexcept {
  static constexpr std::array<Word, 6> kPronouns = {"him", "her", "them", "us", "me", "you"};
  if (is_one_of(word, kTurned) || is_one_of(word, kOperations)) return false;
  return is_one_of(word, kPronouns) ||
         (word.size() > 1 && word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'a' && word[1] <= 'z');
}

// Omar, she: of whom a sentence tells.
bool is_person(Word word) noexcept {
  static constexpr std::array<Word, 6> kPronouns = {"he", "she", "they", "we", "you", "i"};
  return is_one_of(word, kPronouns) || is_whom(word);
}

// What somebody may do to a number of things: any verb that is neither doubt nor comparison.
bool is_deed(Word word) noexcept {
  static constexpr std::array<Word, 53> kNoDeeds = {
      "about",   "above",      "almost",     "around",   "avoids",    "barely",     "below",
      "beyond",  "cannot",     "denied",     "denies",   "disproved", "divided",    "divides",
      "doubles", "doubted",    "doubts",     "exceeded", "exceeds",   "excludes",   "expected",
      "expects", "guessed",    "guesses",    "halves",   "hardly",    "hoped",      "hopes",
      "lacked",  "lacks",      "less",       "meant",    "misread",   "missed",     "misses",
      "more",    "multiplied", "multiplies", "nearly",   "never",     "not",        "or",
      "over",    "past",       "rejected",   "rejects",  "roughly",   "subtracted", "than",
      "thinks",  "thought",    "triples",    "under"};
  const bool lower = word.size() > 1 && word[0] >= 'a' && word[0] <= 'z';
  return lower && !is_one_of(word, kNoDeeds) && !is_one_of(word, kTurned) &&
         !is_one_of(word, kOperations) && !is_preposition(word) && !word.ends_with("ly");
}

// Do the words up to words[end) lead to the number that stands behind them?
bool leads_to_number(const Words& words, std::size_t end) noexcept {
  while (end > 0) {
    const Word word = words.back(end, 1);
    const Word before = words.back(end, 2);
    if (same_word(word, "of")) {
      // a total of
      if (!is_one_of(before, kMeasures)) return false;
      std::size_t at = end - 2;
      while (at > 0 && (is_one_of(words.word[at - 1], kMeasures) ||
                        same_word(words.word[at - 1], "combined"))) {
        --at;
      }
      if (at == 0 || !(same_word(words.word[at - 1], "a") || same_word(words.word[at - 1], "an")))
        return false;
      end = at - 1;
      // "for a total of", "at a speed of"
      const Word link = words.back(end, 1);
      if (same_word(link, "for") || same_word(link, "at") || same_word(link, "with"))
        return is_subject(words, end - 1);
      // whatever was done, a total is what comes of it: "ran a total of 9"
      if (same_word(before, "total")) return is_subject(words, end);
    } else if (same_word(word, "to")) {
      if (!same_word(before, "equal") && !same_word(before, "equivalent")) {
        static constexpr std::array<Word, 6> kComes = {"comes",   "come",   "came",
                                                       "amounts", "amount", "amounted"};
        return is_one_of(before, kComes) && is_subject(words, end - 2);
      }
      end -= 2;
    } else if (same_word(word, "by")) {
      if (!same_word(before, "given")) return false;
      end -= 2;
    } else if (same_word(word, "be")) {
      static constexpr std::array<Word, 5> kModals = {"will", "would", "must", "should", "shall"};
      static constexpr std::array<Word, 8> kFound = {
          "found", "known", "calculated", "computed", "determined", "has", "have", "shown"};
      if (is_one_of(before, kModals)) return is_subject(words, end - 2);
      return same_word(before, "to") && is_one_of(words.back(end, 3), kFound) &&
             is_subject(words, end - 3);
    } else if (is_verb(word)) {
      return is_subject(words, end - 1);
    } else if (is_one_of(word, kBehindVerbs) && is_verb(before)) {
      end -= 1;
    } else if (same_word(word, "that") && end > 1) {
      // We conclude that
      static constexpr std::array<Word, 7> kSays = {"know",   "see",  "find", "conclude",
                                                    "deduce", "have", "get"};
      return is_one_of(before, kSays) && same_word(words.back(end, 3), "we") &&
             is_subject(words, end - 2);
    } else if (is_whom(word) && is_verb(before) && !is_copula(before)) {
      end -= 1;
    } else if (is_one_of(word, kSilent)) {
      --end;
    } else if (end > 1 && is_person(before) && is_deed(word)) {
      return is_subject(words, end - 2);
    } else {
      return false;
    }
  }
  return true;
}

// 共有 and the like at the end, and nothing that turns the number anywhere.
bool introduces_in_chinese(std::string_view prefix) noexcept {
  static constexpr std::u32string_view kTurns = U"不非无没负至于超约倍半近方根除若或以距差";
  static constexpr std::u32string_view kEnds = U"有是为共即得剩需要等于：";
  char32_t last = 0;
  char32_t before = 0;
  for (std::size_t i = 0; i < prefix.size();) {
    const support::CodePoint point = support::decode_utf8(prefix, i);
    i += point.size;
    if (!support::is_han(point.value)) continue;
    before = last;
    last = point.value;
    if (last == U'于' && before == U'等') continue;
    if (kTurns.find(last) != std::u32string_view::npos) return false;
  }
  return kEnds.find(last) != std::u32string_view::npos;
}

bool has_han(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const support::CodePoint point = support::decode_utf8(text, i);
    if (support::is_han(point.value)) return true;
    i += point.size;
  }
  return false;
}

}  // namespace

bool is_plain_subject(std::string_view text) noexcept {
  static constexpr std::array<Word, 7> kBreaks = {"and",   "so",        "thus", "that",
                                                  "hence", "therefore", "then"};
  const std::size_t comma = text.find_last_of(",;:");
  if (comma != std::string_view::npos) text.remove_prefix(comma + 1);
  Words words;
  words.stop = text.data() + text.size();
  for (std::size_t at = 0; at < text.size() && words.count < kMostWords;) {
    const Word word = next_word(text, at);
    if (word.empty()) break;
    if (is_one_of(word, kBreaks)) {
      // "such that its double"
      if (words.count == 0 || !same_word(words.back(words.count, 1), "such")) words.count = 0;
      continue;
    }
    words.word[words.count++] = word;
  }
  return is_subject(words, words.count, true);
}

bool states(std::string_view word) noexcept { return is_verb(word); }

bool introduces_number(std::string_view prefix) noexcept {
  if (has_han(prefix)) return introduces_in_chinese(prefix);
  // A phrase put first.
  const std::size_t comma = prefix.rfind(", ");
  if (comma != std::string_view::npos) {
    std::size_t at = 0;
    if (!is_one_of(next_word(prefix, at), kLeads)) return false;
    prefix.remove_prefix(comma + 1);
  }
  // Only delimiters between the last word and the number; a sign of equality is a verb.
  std::size_t end = prefix.size();
  bool equals = false;
  while (end > 0 && !is_ascii_letter(prefix[end - 1])) {
    const char c = prefix[end - 1];
    const bool sign = c == '=' || c == ':';
    if (sign && end >= 2 &&
        (prefix[end - 2] == '<' || prefix[end - 2] == '>' || prefix[end - 2] == '!' ||
         prefix[end - 2] == '~')) {
      return false;
    }
    equals = equals || sign;
    constexpr std::string_view kDelimiters = " \t\r\n$*_`\"([{\\";
    if (!sign && !equals && kDelimiters.find(c) == std::string_view::npos) return false;
    --end;
  }
  Words words;
  words.stop = prefix.data() + prefix.size();
  for (std::size_t at = 0; at < prefix.size();) {
    const Word word = next_word(prefix, at);
    if (word.empty()) break;
    if (words.count == kMostWords) return false;
    words.word[words.count++] = word;
  }
  return equals ? is_subject(words, words.count) : leads_to_number(words, words.count);
}

}  // namespace pyverify::extraction
