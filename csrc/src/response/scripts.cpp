// How much prose of a text is in which script.
#include <algorithm>
#include <array>

#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "response/notation.hpp"
#include "response/words.hpp"
#include "support/end_tokens.hpp"

namespace pyverify::response {
namespace {

using support::is_ascii_letter;

// Prose among notation: words in a row, so many at least.
constexpr std::size_t kShortest = 12;       // a formula with less has no such row
constexpr std::uint64_t kWordsOfText = 4;   // inside of a formula
constexpr std::uint64_t kCapitalWords = 3;  // in capitals, which are names otherwise
constexpr std::size_t kLettersOfCapitals = 3;

bool is_counted_by_character(Script script) noexcept {
  return is_han_or_kana(script) || script == Script::kThai;
}

// Words in a row that count once there are enough of them.
class WordRow {
 public:
  explicit WordRow(std::uint64_t least) noexcept : least_(least) {}

  void reset() noexcept { words_ = counted_ = 0; }
  // One more word that is worth `count`; returns what counts now.
  std::uint64_t add(std::uint64_t count) noexcept {
    if (++words_ > least_) return count;
    counted_ += count;
    return words_ == least_ ? counted_ : 0;
  }

 private:
  std::uint64_t least_;
  std::uint64_t words_ = 0;
  std::uint64_t counted_ = 0;
};

class ScriptCounter {
 public:
  explicit ScriptCounter(std::string_view text) noexcept : text_(text), notation_(text) {}

  ScriptCounts count() noexcept {
    for (std::size_t at = 0; at < text_.size();) {
      const char c = text_[at];
      if (is_ascii_letter(c)) {
        at = take_word(at, Script::kLatin);
      } else if (static_cast<unsigned char>(c) >= 0x80) {
        at = take_wide(at);
      } else if (Notation::opens(c)) {
        at = take_region(at);
      } else {
        if (c != ' ' && c != '-' && c != '\'' && c != '"') capitals_.reset();
        ++at;
      }
    }
    return counts_;
  }

 private:
  std::uint64_t& count_of(Script script) noexcept {
    return counts_[static_cast<std::size_t>(script)];
  }

  std::size_t take_wide(std::size_t at) noexcept {
    const support::CodePoint point = support::decode_utf8(text_, at);
    if (is_common_han(point.value)) {
      ++count_of(Script::kHan);
      capitals_.reset();
      return at + point.size;
    }
    const auto script = script_of_letter(point.value);
    if (script && !is_counted_by_character(*script)) return take_word(at, *script);
    if (script) ++count_of(*script);
    if (script || !support::is_space(point.value)) capitals_.reset();
    return at + point.size;
  }

  std::size_t take_word(std::size_t at, Script script) noexcept {
    const Word word = read_word(text_, at, script);
    const std::size_t end = skip_address(text_, at, word.end);
    if (end != word.end) return end;
    if (is_prose(text_.substr(at, word.end - at), word, script)) {
      ++count_of(script);
    } else if (script == Script::kLatin && !word.small) {
      // OF and A are words of a row, but make none.
      if (word.letters >= kLettersOfCapitals) count_of(script) += capitals_.add(1);
      return end;
    }
    capitals_.reset();
    return end;
  }

  std::size_t take_region(std::size_t at) noexcept {
    const Notation::Region region = notation_.read(at);
    const bool maths =
        region.kind == Notation::Kind::kMaths || region.kind == Notation::Kind::kCommand;
    if (region.end - at > 1) count_inside(at, region.end, maths && region.end - at > kShortest);
    capitals_.reset();
    return region.end;
  }

  // Notation is in the Latin and the Greek alphabet; all others are prose there, too. In maths that
  // is also a row of words.
  void count_inside(std::size_t at, std::size_t end, bool maths) noexcept {
    const std::string_view text = text_.substr(0, end);
    WordRow row(kWordsOfText);
    while (at < end) {
      const char c = text[at];
      if (static_cast<unsigned char>(c) >= 0x80) {
        at = take_wide_inside(text, at, row);
      } else if (!maths) {
        ++at;
      } else if (is_ascii_letter(c)) {
        at = take_word_inside(text, at, row);
      } else if (c == '\\') {
        at = skip_command_inside(text, at, row);
      } else {
        if (!is_between_words(c)) row.reset();
        ++at;
      }
    }
  }

  std::size_t take_wide_inside(std::string_view text, std::size_t at, WordRow& row) noexcept {
    const support::CodePoint point = support::decode_utf8(text, at);
    const auto script = script_of_letter(point.value);
    if (script == Script::kLatin) return take_word_inside(text, at, row);
    if (!script) {
      if (!support::is_space(point.value)) row.reset();
      return at + point.size;
    }
    row.reset();
    if (script == Script::kGreek) return at + point.size;
    ++count_of(*script);
    return is_counted_by_character(*script) ? at + point.size : read_word(text, at, *script).end;
  }

  std::size_t take_word_inside(std::string_view text, std::size_t at, WordRow& row) noexcept {
    const Word word = read_word(text, at, Script::kLatin);
    const std::string_view letters = text.substr(at, word.end - at);
    // Other single letters are names of values.
    if (word.letters >= 2 || letters == "a" || letters == "I") {
      const bool prose = is_prose(letters, word, Script::kLatin);
      count_of(Script::kLatin) += row.add(prose ? 1 : 0);
    } else {
      row.reset();
    }
    return word.end;
  }

  // \text, \mathrm and spaces stand between words of one row.
  static std::size_t skip_command_inside(std::string_view text, std::size_t at,
                                         WordRow& row) noexcept {
    static constexpr std::array<std::string_view, 12> kBetween = {
        "text", "textbf", "textit", "textrm", "textnormal", "mathrm",
        "mbox", "hbox",   "mathbf", "mathit", "quad",       "qquad"};
    std::size_t end = at + 1;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    const std::string_view name = text.substr(at + 1, end - at - 1);
    if (name.empty()) {
      const char sign = end < text.size() ? text[end] : '\\';
      if (sign != ' ' && sign != ',' && sign != ';' && sign != ':') row.reset();
      // Never into the middle of a character.
      return end + (end < text.size() && static_cast<unsigned char>(sign) < 0x80 ? 1 : 0);
    }
    if (std::find(kBetween.begin(), kBetween.end(), name) == kBetween.end()) row.reset();
    return end;
  }

  static constexpr bool is_between_words(char c) noexcept {
    return support::is_ascii_space(c) || c == '{' || c == '}' || c == '~' || c == ',' || c == '.' ||
           c == '\'';
  }

  std::string_view text_;
  Notation notation_;
  ScriptCounts counts_{};
  WordRow capitals_{kCapitalWords};
};

}  // namespace

ScriptCounts count_scripts(std::string_view response) noexcept {
  return ScriptCounter(support::without_end_tokens(response)).count();
}

std::string_view name(Script script) noexcept {
  static constexpr std::array<std::string_view, kScripts> kNames = {
      "latin",  "han",    "kana",       "hangul", "cyrillic", "greek",
      "arabic", "hebrew", "devanagari", "thai",   "other"};
  return kNames[static_cast<std::size_t>(script)];
}

}  // namespace pyverify::response
