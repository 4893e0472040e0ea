#include "extract/sentence.hpp"

#include <algorithm>
#include <array>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::is_ascii_space;
using support::is_ascii_upper;

namespace {

constexpr std::size_t kLongest = 4096;

class Reader {
 public:
  Reader(std::string_view text, std::size_t begin, std::size_t end) noexcept
      : text_(text),
        begin_(begin),
        end_(std::min(end, begin + kLongest)),
        at_(begin),
        whole_(end_ == end) {}

  Sentence read() noexcept {
    while (at_ < end_ && step()) {
    }
    Sentence sentence;
    sentence.span = {begin_, at_};
    sentence.rest = at_;
    sentence.question = question_;
    sentence.cut_short = at_ >= end_ && !whole_;
    return sentence;
  }

 private:
  char peek(std::size_t ahead) const noexcept {
    return at_ + ahead < end_ ? text_[at_ + ahead] : '\0';
  }
  char before(std::size_t back) const noexcept {
    return at_ >= begin_ + back ? text_[at_ - back] : '\0';
  }
  bool top_level() const noexcept { return braces_ == 0 && brackets_ == 0; }

  // Goes past what stands here; false at the end of the answer.
  bool step() noexcept {
    const char c = text_[at_];
    switch (c) {
      case '\\':
        return backslash();
      case '$':
        return dollar();
      case '{':
        ++braces_;
        break;
      case '}':
        if (braces_ == 0) return false;
        --braces_;
        break;
      case '(':
      case '[':
        ++brackets_;
        break;
      case ')':
        if (brackets_ == 0) return false;
        --brackets_;
        break;
      case ']':
        if (brackets_ > 0) --brackets_;
        break;
      case '\n':
        if (braces_ == 0) return false;
        break;
      case '.':
        if (top_level() && full_stop()) {
          if (is_ascii_letter(before(1)) && before(2) == '.') ++at_;  // 3 p.m. keeps its own
          return false;
        }
        break;
      case '?':
        if (top_level()) {
          question_ = true;
          return false;
        }
        break;
      case '!':
        // After a number or a symbol it is a factorial.
        if (top_level() && is_ascii_letter(before(1)) && is_ascii_letter(before(2))) return false;
        break;
      case '#':
        if (peek(1) == '#') return false;
        break;
      case '<':
        if (markup()) return false;
        break;
      default:
        if (is_ascii_letter(c)) return word();
        if (static_cast<unsigned char>(c) >= 0x80) return wide();
    }
    ++at_;
    return true;
  }

  bool backslash() noexcept {
    const char next = peek(1);
    if (next == ')' || next == ']') return false;  // closes maths that was opened before the cue
    if (next != '(' && next != '[') {
      at_ = std::min(skip_command(text_, at_, end_), end_);
      return true;
    }
    const char closing = next == '(' ? ')' : ']';
    for (std::size_t i = at_ + 2; i + 1 < end_; ++i) {
      if (text_[i] != '\\') continue;
      if (text_[i + 1] == closing) {
        at_ = i + 2;
        return !full_stop_inside(i);
      }
      ++i;
    }
    return false;
  }

  bool dollar() noexcept {
    if (peek(1) == '$') {
      const std::size_t close = text_.substr(0, end_).find("$$", at_ + 2);
      if (close == std::string_view::npos) return false;
      at_ = close + 2;
      return true;
    }
    // A closing sign stands on the same line, behind no blank and before no digit; else this one is
    // a currency.
    for (std::size_t i = at_ + 1; i < end_ && text_[i] != '\n'; ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '$') {
        const bool currency =
            is_ascii_digit(peek(1)) &&
            (is_ascii_space(text_[i - 1]) || (i + 1 < end_ && is_ascii_digit(text_[i + 1])));
        if (currency) break;
        at_ = i + 1;
        return !full_stop_inside(i);
      }
    }
    if (!is_ascii_digit(peek(1)) && at_ != begin_)
      return false;  // closes maths that was opened before the cue
    ++at_;
    return true;
  }

  // $x = 5.$ Next sentence: the full stop before the closing delimiter at `close` ends the
  // sentence.
  bool full_stop_inside(std::size_t close) const noexcept {
    if (!top_level() || close <= begin_ || text_[close - 1] != '.') return false;
    if (at_ >= end_ || text_[at_] == '\n') return true;
    const std::size_t next = skip_blanks(text_, at_, end_, false);
    return next > at_ && next < end_ && is_ascii_upper(text_[next]);
  }

  // Mr. and the like, before the full stop at the current place.
  bool title() const noexcept {
    static constexpr std::array<std::string_view, 7> kTitles = {"mr", "mrs", "ms",    "dr",
                                                                "st", "vs",  "approx"};
    std::size_t word = at_;
    while (word > begin_ && is_ascii_letter(text_[word - 1])) --word;
    const std::string_view name = text_.substr(word, at_ - word);
    return std::any_of(kTitles.begin(), kTitles.end(),
                       [&](std::string_view t) { return same_word(name, t); });
  }

  bool full_stop() const noexcept {
    const char next = peek(1);
    if (next == '.' || before(1) == '.') return false;  // an ellipsis
    const bool ends = next == '\0' || is_ascii_space(next) || next == '*' || next == '"' ||
                      next == '<' || next == '#' || static_cast<unsigned char>(next) >= 0x80 ||
                      next == ')' || next == '`' || next == '_' ||
                      (is_ascii_upper(next) && !is_ascii_upper(before(1)));
    if (!ends || title()) return false;
    // B. 42 is a choice with its value.
    const Span label = strip_prose(text_, {begin_, at_});
    if (reads_as_choice(text_.substr(label.begin, label.empty() ? 0 : label.end - label.begin))) {
      const std::size_t value = skip_blanks(text_, at_ + 1, end_, false);
      const char first = value < end_ ? text_[value] : '\0';
      if (is_ascii_digit(first) || first == '$' || first == '\\' || first == '-') return false;
    }
    // 3 p.m. ends the sentence only if a new one, or nothing, follows.
    const bool abbreviation = is_ascii_letter(before(1)) && before(2) == '.';
    if (abbreviation && next == ' ') {
      const std::size_t more = skip_blanks(text_, at_ + 1, end_, false);
      return more >= end_ || text_[more] == '\n' || is_ascii_upper(text_[more]);
    }
    return true;
  }

  // <eoa>, </s>, <|im_end|>, <answer>: no maths has such a shape.
  bool markup() const noexcept {
    const char next = peek(1);
    if (next == '|') return true;
    if (next != '/' && !is_ascii_letter(next)) return false;
    constexpr std::size_t kLongestTag = 24;
    for (std::size_t i = 2; i < kLongestTag; ++i) {
      const char c = peek(i);
      if (c == '>') return next == '/' || i > 2;
      if (!is_ascii_letter(c) && c != '_' && c != '|') return false;
    }
    return false;
  }

  // Words that begin an explanation end the answer; "if" and "when" don't, they change it.
  bool word() noexcept {
    static constexpr std::array<std::string_view, 8> kClauses = {
        "because", "since", "where", "which", "so", "as", "due", "whereas"};
    std::size_t after = at_;
    while (after < end_ && is_ascii_letter(text_[after])) ++after;
    const std::string_view word = text_.substr(at_, after - at_);
    const bool separate =
        at_ > begin_ && (is_ascii_space(before(1)) || before(1) == ',' || before(1) == '(');
    // "13 or so" says that 13 isn't exact.
    const bool or_so = same_word(word, "so") && at_ >= begin_ + 3 && before(3) == 'o' &&
                       before(2) == 'r' && before(1) == ' ';
    if (separate && braces_ == 0 && !or_so &&
        std::any_of(kClauses.begin(), kClauses.end(),
                    [&](std::string_view w) { return same_word(word, w); })) {
      if (before(1) == '(') --at_;
      return false;
    }
    // "12 and we are done"
    std::size_t more = after;
    if (separate && braces_ == 0 && same_word(word, "and") &&
        same_word(next_word(text_.substr(0, end_), more), "we") && more == after + 3) {
      return false;
    }
    if (separate && braces_ == 0 && at_ > begin_ && denies(word, after)) return false;
    at_ = after;
    return true;
  }

  // "11, not 12" and "11 rather than 12" say what the answer is; the rest is said about another.
  bool denies(std::string_view word, std::size_t after) noexcept {
    if (same_word(word, "rather") || same_word(word, "instead")) {
      const std::string_view next = next_word(text_.substr(0, end_), after);
      return same_word(next, "than") || same_word(next, "of");
    }
    if (!same_word(word, "not")) return false;
    std::size_t mark = at_;
    while (mark > begin_ && is_ascii_space(text_[mark - 1])) --mark;
    if (mark == begin_ || (text_[mark - 1] != ',' && text_[mark - 1] != '(')) return false;
    at_ = mark - 1;
    return true;
  }

  bool wide() noexcept {
    const support::CodePoint point = support::decode_utf8(text_.substr(0, end_), at_);
    switch (point.value) {
      case U'。':
      case U'！':
        if (braces_ == 0) return false;
        break;
      case U'？':
        question_ = true;
        return false;
      case U'（':
        ++brackets_;
        break;
      case U'）':
        if (brackets_ == 0) return false;
        --brackets_;
        break;
      case U'，':  // B，不是C and B，而不是C deny another answer
        for (const std::string_view denial : {"，不是", "，而不是", "，而非"}) {
          if (text_.substr(at_, denial.size()) == denial &&
              static_cast<unsigned char>(peek(denial.size())) < 0x80) {
            return false;
          }
        }
        break;
      case U'因':  // 因为: an explanation follows
        if (text_.substr(at_, 6) == "因为" || text_.substr(at_, 6) == "因此") return false;
        break;
      default:
        break;
    }
    at_ += point.size;
    return true;
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t at_;
  bool whole_;
  bool question_ = false;
  std::uint32_t braces_ = 0;
  std::uint32_t brackets_ = 0;
};

}  // namespace

Sentence read_sentence(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  return Reader(text, begin, end).read();
}

}  // namespace pyverify::extraction
