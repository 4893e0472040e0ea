// Explicit steps of the reasoning that say something of their own.
#include <algorithm>

#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "response/hash_set.hpp"
#include "response/notation.hpp"
#include "response/step_marks.hpp"
#include "support/end_tokens.hpp"

namespace pyverify::response {
namespace {

using support::is_ascii_digit;
using support::is_ascii_letter;

// Words and Chinese characters that a step has at least, unless it has a formula.
constexpr std::uint64_t kLeastWords = 2;

// What stands between two marks.
struct Content {
  std::uint64_t words = 0;
  std::uint64_t hash = kHashStart;
  bool formula = false;

  void add(char32_t value) noexcept { hash = hash_on(hash, to_lower(value)); }
};

class Steps {
 public:
  explicit Steps(std::string_view text, HashSet& seen) noexcept
      : text_(text), notation_(text), seen_(seen) {
    seen_.clear();
  }

  std::uint64_t count() noexcept {
    while (at_ < text_.size()) {
      if (start_ != Start::kNothing) {
        const std::size_t after = skip_step_mark(text_, at_, start_);
        if (after != at_) {
          close();
          open_ = true;
          at_ = after;
          continue;
        }
      }
      take();
    }
    close();
    return seen_.size();
  }

 private:
  void close() noexcept {
    const bool said = content_.words >= kLeastWords || content_.formula;
    if (open_ && said && seen_.size() < kMostSteps) seen_.insert(mix(content_.hash));
    content_ = {};
    operand_ = operator_ = false;
  }

  void begin(Start start) noexcept { start_ = std::max(start_, start); }

  // One character, word or region; says whether a mark may stand behind it.
  void take() noexcept {
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) >= 0x80) return take_wide();
    if (is_ascii_letter(c)) return take_word();
    if (Notation::opens(c)) return take_region();
    if (c == '\n') {
      start_ = Start::kLine;
    } else if (is_ascii_digit(c)) {
      take_operand(static_cast<unsigned char>(c));
    } else if (c == '.' || c == '!' || c == '?' || c == ':' || c == ';') {
      const bool ends = at_ + 1 >= text_.size() || support::is_ascii_space(text_[at_ + 1]) ||
                        text_[at_ + 1] == '*';
      if (ends) begin(Start::kSentence);
    } else if (is_operator(c)) {
      take_operator(static_cast<unsigned char>(c));
    } else if (c == '|') {
      start_ = Start::kNothing;  // a row of a table is no list
    }
    ++at_;
  }

  void take_word() noexcept {
    ++content_.words;
    take_operand(static_cast<unsigned char>(text_[at_++]));
    while (at_ < text_.size() && is_ascii_letter(text_[at_]))
      content_.add(static_cast<unsigned char>(text_[at_++]));
  }

  void take_wide() noexcept {
    const support::CodePoint point = support::decode_utf8(text_, at_);
    at_ += point.size;
    const auto script = script_of(point.value);
    if (is_han_or_kana(script) || script == Script::kThai) {
      ++content_.words;
      take_operand(point.value);
    } else if (script || is_full_width_digit(point.value)) {
      // A word of another alphabet, at its first letter.
      if (script && script_of(support::decode_utf8_before(text_, at_ - point.size).value) != script)
        ++content_.words;
      take_operand(point.value);
    } else if (is_wide_stop(point.value)) {
      begin(Start::kSentence);
    } else if (point.value == 0xFF0C) {
      begin(Start::kClause);
    } else if (is_wide_operator(point.value)) {
      take_operator(point.value);
    }
  }

  // Maths and code are passed over as a whole: no marks in them.
  void take_region() noexcept {
    const Notation::Region region = notation_.read(at_);
    const bool command =
        region.kind == Notation::Kind::kCommand && is_ascii_letter(text_[region.end - 1]);
    const bool maths = region.kind == Notation::Kind::kMaths;
    const bool counts = maths || command || region.kind == Notation::Kind::kCode;
    // A value alone in its marks, $5$, is no formula.
    const std::size_t begin = at_ + (text_[at_] == '$' ? 1 : 2);
    for (; counts && at_ < region.end; ++at_) {
      const char c = text_[at_];
      if (!support::is_ascii_space(c)) content_.add(static_cast<unsigned char>(c));
      const bool inside = at_ >= begin && at_ + 2 < region.end;
      if (!maths || (inside && (is_operator(c) || c == '\\'))) content_.formula = true;
    }
    if (counts) {
      start_ = Start::kNothing;
      operator_ = false;
      operand_ = true;
    }
    at_ = region.end;
  }

  void take_operand(char32_t value) noexcept {
    content_.add(value);
    content_.formula = content_.formula || operator_;
    start_ = Start::kNothing;
    operand_ = true;
    operator_ = false;
  }

  void take_operator(char32_t value) noexcept {
    // Bullets, quotes and emphasis in front of a mark are none.
    if (start_ >= Start::kSentence) return;
    content_.add(value);
    operator_ = operand_;
  }

  static bool is_operator(char c) noexcept {
    return c == '=' || c == '<' || c == '>' || c == '+' || c == '/' || c == '^' || c == '*' ||
           c == '-';
  }
  static bool is_wide_operator(char32_t value) noexcept {
    return value == 0xD7 || value == 0xF7 || value == 0xB1 || value == 0xFF1D ||
           (value >= 0x2190 && value <= 0x22FF);
  }
  static bool is_wide_stop(char32_t value) noexcept {
    return value == 0x3002 || value == 0xFF01 || value == 0xFF1F || value == 0xFF1B ||
           value == 0xFF1A || value == 0xFF0E;
  }

  std::string_view text_;
  Notation notation_;
  HashSet& seen_;
  std::size_t at_ = 0;
  Start start_ = Start::kLine;  // since then, nothing but marks
  bool open_ = false;           // a mark was met
  bool operand_ = false;
  bool operator_ = false;  // an operator behind an operand waits for another one
  Content content_;
};

}  // namespace

std::uint64_t count_steps(std::string_view response) noexcept {
  thread_local HashSet seen;
  return Steps(support::without_end_tokens(response), seen).count();
}

}  // namespace pyverify::response
