#include "extract/clause.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "extract/clause_words.hpp"
#include "extract/numbers.hpp"
#include "extract/reading.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;
using support::is_ascii_space;

constexpr std::size_t kMostNumbers = 16;

class Clause {
 public:
  Clause(std::string_view text, Span sentence) noexcept
      : text_(text), begin_(sentence.begin), end_(sentence.end), stop_(sentence.end) {}

  StatedNumber read() noexcept {
    if (!collect()) return {last_number_in(text_, begin_, end_), false};
    if (count_ < 2) return {count_ == 0 ? Span{} : numbers_[0], count_ == 1};
    drop_remarks();
    find_clause();
    return choose();
  }

 private:
  struct Words {
    static constexpr std::size_t kMost = 12;
    std::array<Word, kMost> last;  // the last ones, from the end: last[0] stands at the end
    std::size_t size = 0;
    bool empty() const noexcept { return size == 0; }
  };

  // The words of [begin, end), the last first.
  Words words_before(std::size_t begin, std::size_t end) const noexcept {
    Words words;
    std::size_t at = end;
    while (at > begin && words.size < Words::kMost) {
      while (at > begin && !is_ascii_letter(text_[at - 1])) --at;
      std::size_t first = at;
      while (first > begin && (is_ascii_letter(text_[first - 1]) || text_[first - 1] == '\''))
        --first;
      if (first == at) break;
      words.last[words.size++] = text_.substr(first, at - first);
      at = first;
    }
    return words;
  }

  Word word_after(std::size_t at) const noexcept { return next_word(text_.substr(0, end_), at); }

  // The numbers in order; false when there are too many to tell anything.
  bool collect() noexcept {
    // Words are numbers only where nothing is written in digits.
    const bool digits = !last_number_in(text_, begin_, end_).empty();
    std::size_t end = end_;
    while (true) {
      const Span number =
          digits ? last_number_in(text_, begin_, end) : last_number_word_in(text_, begin_, end);
      if (number.empty() || number.begin >= end) break;
      if (count_ == kMostNumbers) return false;
      numbers_[count_++] = number;
      end = number.begin;
    }
    std::reverse(numbers_.begin(), numbers_.begin() + static_cast<std::ptrdiff_t>(count_));
    return true;
  }

  // Numbers in brackets behind a number, with more in the brackets: "20 cookies (15 of them big)".
  void drop_remarks() noexcept {
    std::size_t open = 0;
    bool remark = false;
    int depth = 0;
    for (std::size_t at = numbers_[0].end; at < end_; ++at) {
      if (text_[at] == '(') {
        if (depth++ == 0) {
          open = at;
          remark = is_ascii_space(text_[at - 1]);
        }
      } else if (text_[at] == ')' && depth > 0 && --depth == 0 && remark) {
        remark = text_.substr(open, at - open).find(' ') != std::string_view::npos;
        for (std::size_t i = 1; remark && i < count_; ++i)
          dropped_[i] = dropped_[i] || (numbers_[i].begin > open && numbers_[i].end <= at);
      }
    }
  }

  bool number_in(std::size_t begin, std::size_t end) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      if (!dropped_[i] && numbers_[i].begin >= begin && numbers_[i].begin < end) return true;
    }
    return false;
  }

  // The number at or directly behind `at`.
  bool number_at(std::size_t at, Span& number) const noexcept {
    while (at < end_ && (is_ascii_space(text_[at]) || text_[at] == '$')) ++at;
    for (std::size_t i = 0; i < count_; ++i) {
      if (numbers_[i].begin > at || numbers_[i].end <= at) continue;
      number = numbers_[i];
      return true;
    }
    return false;
  }

  bool comma_before(std::size_t at) const noexcept {
    while (at > begin_ && is_ascii_space(text_[at - 1])) --at;
    return at > begin_ && text_[at - 1] == ',';
  }

  // A clause or phrase put first ends with a comma.
  void skip_lead() noexcept {
    for (int i = 0; i < 3; ++i) {
      std::size_t at = begin_;
      Word first = next_word(text_.substr(0, end_), at);
      while (is_conclusion(first) || same_word(first, "and")) {
        first = next_word(text_.substr(0, end_), at);
      }
      const bool subject =
          same_word(first, "each") || same_word(first, "every") || same_word(first, "that");
      const bool phrase = !subject && !number_in(begin_, at);  // no "2 of them"
      lead_ = phrase && (is_preposition(first) || opens_clause(first) || same_word(first, "of") ||
                         same_word(first, "as") || is_participle(first));
      if (!lead_) return;
      std::size_t comma = text_.substr(0, end_).find(", ", at);
      while (comma != std::string_view::npos && !number_in(begin_, comma))
        comma = text_.substr(0, end_).find(", ", comma + 1);
      if (comma == std::string_view::npos || !number_in(comma, end_)) return;
      // "In total the 4 teams have 28 players, 7 each": the comma is not the phrase's own.
      for (std::size_t i = at; !opens_clause(first) && i < comma;) {
        const Word word = next_word(text_.substr(0, comma), i);
        if (ends_phrase(word) && !same_word(word, "and") && !same_word(word, "or")) return;
      }
      begin_ = comma + 1;
    }
  }

  // Narrows to the last main clause: past "so" and the like, up to what is told about it.
  void find_clause() noexcept {
    skip_lead();
    if (skip_subject()) return;
    std::size_t limit = end_;
    std::size_t number = 0;
    for (std::size_t at = begin_; at < end_;) {
      Word word = next_word(text_.substr(0, end_), at);
      if (word.empty()) break;
      const std::size_t start = at - word.size();
      while (number < count_ && numbers_[number].end <= start) ++number;
      if (number < count_ && numbers_[number].begin <= start) continue;  // its unit
      if (!number_in(begin_, start) || !number_in(at, end_)) continue;
      if (concludes(word, start, at)) {
        begin_ = at;
        limit = end_;
        skip_lead();
        at = std::max(at, begin_);
      } else if (limit == end_ && subordinates(word, start, at)) {
        limit = start;
      }
    }
    end_ = limit;
  }

  // "The number of ways to choose 4 of 12 books is 495": numbers of the subject say what is spoken
  // of. True when the clause ends in a copula and a number.
  bool skip_subject() noexcept {
    std::size_t first = begin_;
    Word word = next_word(text_.substr(0, end_), first);
    while (is_conclusion(word) || same_word(word, "and"))
      word = next_word(text_.substr(0, end_), first);
    if (!is_determiner(word) && !is_article(word)) return false;
    std::size_t number = 0;
    while (number < count_ && numbers_[number].begin < begin_) ++number;
    for (; first < end_;) {
      word = next_word(text_.substr(0, end_), first);
      if (number >= count_ || first > numbers_[number].begin || word.empty()) break;
      if (ends_phrase(word)) return false;
    }
    std::size_t last = count_;
    while (last > number && dropped_[last - 1]) --last;
    if (last < number + 2) return false;
    const Words words = words_before(numbers_[last - 2].end, numbers_[last - 1].begin);
    static constexpr std::array<Word, 6> kCopulas = {"is", "are", "was", "were", "equals", "be"};
    static constexpr std::array<Word, 6> kReasons = {"because", "since",  "as",
                                                     "after",   "before", "while"};
    if (words.empty() || !is_one_of(words.last[0], kCopulas)) return false;
    for (std::size_t at = numbers_[number].end; at < numbers_[last - 1].begin;) {
      word = next_word(text_.substr(0, numbers_[last - 1].begin), at);
      if (is_one_of(word, kReasons)) return false;
    }
    begin_ = numbers_[last - 1].begin;
    end_ = numbers_[last - 1].end;
    lead_ = false;
    return true;
  }

  bool concludes(Word word, std::size_t start, std::size_t after) const noexcept {
    const Word next = word_after(after);
    if (is_conclusion(word)) {
      static constexpr std::array<Word, 5> kDegrees = {"far", "many", "much", "that", "long"};
      return !same_word(word, "so") || !is_one_of(next, kDegrees);
    }
    if (is_outcome(word)) return comma_before(start);
    if (same_word(word, "total")) {
      const Words before = words_before(begin_, start);
      return before.size >= 2 && same_word(before.last[0], "a") &&
             (same_word(before.last[1], "for") || comma_before(start - 2));
    }
    // "6 * 7, which is 42" goes on; "30, which is 5 more than 25" doesn't.
    Span number;
    static constexpr std::array<Word, 9> kResults = {
        "is", "equals", "makes", "gives", "leaves", "totals", "means", "yields", "was"};
    if (!is_one_of(word, kResults)) return false;
    const Words before = words_before(begin_, start);
    return !before.empty() && same_word(before.last[0], "which") && number_at(after, number) &&
           !is_relative(word_after(number.end)) && !same_word(word_after(number.end), "times");
  }

  bool subordinates(Word word, std::size_t start, std::size_t after) const noexcept {
    // A number of the phrase put first is none that the clause could be about.
    if (lead_ && !number_in(first_of_clause(), start)) return false;
    if (opens_clause(word)) return true;
    if (same_word(word, "as")) return comma_before(start);
    if (same_word(word, "by")) return is_participle(word_after(after));
    if (!is_participle(word) || is_outcome(word) || same_word(word, "remaining")) return false;
    // "spends 70 dollars filling all 5 baskets"
    Span object;
    return comma_before(start) || is_determiner(word_after(after)) || number_at(after, object);
  }

  // Behind the number of the phrase that stands first.
  std::size_t first_of_clause() const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      if (numbers_[i].begin >= begin_) return numbers_[i].end;
    }
    return end_;
  }

  bool is_circumstance(std::size_t index, bool before_is) const noexcept {
    const Span number = numbers_[index];
    const std::size_t from = std::max(begin_, numbers_[index - 1].end);
    const Words words = words_before(from, number.begin);
    if (comma_before(number.begin) && is_comparison(text_.substr(0, stop_), number.end))
      return true;
    // 60 and 100, 3 to 5: like the one before.
    if (words.empty()) return before_is;
    for (std::size_t i = 0; i < words.size; ++i) {
      if (same_word(words.last[i], "and") || same_word(words.last[i], "or")) {
        if (before_is || words.size == 1) return before_is;
        break;
      }
      if (ends_phrase(words.last[i])) break;
    }
    const Word next = word_after(number.end);
    if (same_word(next, "ways")) return false;
    return is_distance(text_.substr(0, stop_), number.end) || in_purpose(words) ||
           in_phrase(words, number);
  }

  // "to make 6 omelettes"
  bool in_purpose(const Words& words) const noexcept {
    for (std::size_t i = 0; i < words.size; ++i) {
      if (same_word(words.last[i], "to") && i > 0)
        return !is_determiner(words.last[i - 1]) &&
               (i + 1 == words.size || !takes_infinitive(words.last[i + 1]));
      const bool infinitive = i + 1 < words.size && same_word(words.last[i + 1], "to");
      if (ends_phrase(words.last[i]) && !infinitive) return false;
    }
    return false;
  }

  // "in the next 5 days", "rows of 5"
  bool in_phrase(const Words& words, Span number) const noexcept {
    constexpr std::size_t kReach = 4;
    const bool money = text_[number.begin] == '$';
    for (std::size_t i = 0; i < std::min(words.size, kReach); ++i) {
      const Word word = words.last[i];
      if (same_word(word, "of")) return !states_measure(words, i);
      if (same_word(word, "to")) {
        // from 40 to 52
        if (i != 0 || !number_in(begin_, number.begin)) return false;
        const Words all = words_before(begin_, number.begin);
        for (std::size_t k = 0; k < all.size; ++k) {
          if (is_change(all.last[k]) || same_word(all.last[k], "up")) return false;
        }
        return words.size == 1;
      }
      if (is_preposition(word)) return !(i == 0 && money && same_word(word, "for") && trades());
      if (ends_phrase(word)) return false;
    }
    return false;
  }

  // Sold or bought for 5 dollars: the price is what is stated.
  bool trades() const noexcept {
    static constexpr std::array<Word, 16> kWords = {
        "sell", "sells", "sold", "buy", "buys", "bought", "pay",    "pays",
        "paid", "get",   "gets", "got", "rent", "rents",  "charge", "purchase"};
    for (std::size_t at = begin_; at < end_;) {
      const Word word = next_word(text_.substr(0, end_), at);
      if (is_one_of(word, kWords)) return true;
    }
    return false;
  }

  // "a total of 5", "makes a profit of 5"; not "the 12 of his 40", "5 rows of 8", "with a digit of
  // 3"
  static bool states_measure(const Words& words, std::size_t of) noexcept {
    if (of > 0 && is_determiner(words.last[of - 1])) return false;
    if (of + 1 >= words.size) return false;
    if (is_total(words.last[of + 1])) return true;
    for (std::size_t i = of + 2; i < std::min(words.size, of + 4); ++i) {
      if (!is_article(words.last[i])) continue;
      return i + 1 >= words.size ||
             !(is_preposition(words.last[i + 1]) || same_word(words.last[i + 1], "to"));
    }
    return false;
  }

  StatedNumber choose() const noexcept {
    Span first;
    Span kept;
    std::size_t seen = 0;
    std::size_t stated = 0;
    bool circumstance = false;
    for (std::size_t i = 0; i < count_; ++i) {
      if (dropped_[i] || numbers_[i].begin < begin_ || numbers_[i].begin >= end_) continue;
      const bool leads = seen == 0;
      circumstance = leads ? leading_phrase(numbers_[i]) : is_circumstance(i, circumstance);
      if (first.empty() && !(leads && lead_)) first = numbers_[i];
      ++seen;
      if (circumstance || is_definite(numbers_[i])) continue;
      if (stated == 0 && leads && names_itself(numbers_[i])) return {numbers_[i], true};
      ++stated;
      kept = numbers_[i];
    }
    if (stated != 0) return {kept, stated == 1};
    if (!first.empty()) return {first, seen == 1};
    // Only circumstances: the last of them.
    for (std::size_t i = count_; i > 0; --i) {
      if (!dropped_[i - 1] && numbers_[i - 1].begin < end_) return {numbers_[i - 1], false};
    }
    return {numbers_[0], false};
  }

  // "the 3 sisters", "her 3 cats", "Ann's 3 cats": told before, not stated here.
  bool is_definite(Span number) const noexcept {
    const Words words = words_before(begin_, number.begin);
    if (words.empty()) return false;
    const Word word = words.last[0];
    static constexpr std::array<Word, 11> kWords = {"the",  "his", "her",   "their", "its", "my",
                                                    "your", "our", "these", "those", "both"};
    const std::size_t end = static_cast<std::size_t>(word.data() - text_.data()) + word.size();
    return end + 1 == number.begin && (is_one_of(word, kWords) || word.ends_with("'s"));
  }

  // "In 5 years Pia will be ..."
  bool leading_phrase(Span number) const noexcept {
    if (!lead_) return false;
    const Words words = words_before(begin_, number.begin);
    for (std::size_t i = 0; i < words.size; ++i) {
      if (ends_phrase(words.last[i])) return false;
    }
    return true;
  }

  // "9 is the square root of 81"
  bool names_itself(Span number) const noexcept {
    if (!words_before(begin_, number.begin).empty()) return false;
    std::size_t at = number.end;
    const std::string_view view = text_.substr(0, end_);
    const Word verb = next_word(view, at);
    return (same_word(verb, "is") || same_word(verb, "are")) && is_article(next_word(view, at));
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t stop_;  // of the sentence; begin_ and end_ narrow to the clause
  std::array<Span, kMostNumbers> numbers_;
  std::array<bool, kMostNumbers> dropped_{};
  std::size_t count_ = 0;
  bool lead_ = false;  // the clause begins with a phrase or another clause
};

}  // namespace

StatedNumber stated_number(std::string_view text, Span sentence) noexcept {
  return Clause(text, sentence).read();
}

}  // namespace pyverify::extraction
