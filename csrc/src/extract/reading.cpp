#include "extract/reading.hpp"

#include <algorithm>
#include <array>

#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::is_ascii_lower;
using support::is_ascii_space;
using support::is_ascii_upper;

namespace {

constexpr std::array<std::string_view, 24> kFunctions = {
    "sin", "cos",  "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "log", "ln",  "lg",
    "exp", "sqrt", "pi",  "max", "min", "gcd", "lcm",    "mod",    "infty",  "inf", "det", "deg"};

// Words that name the empty slot of a template.
constexpr std::array<std::string_view, 8> kSlots = {"answer", "answers", "result", "solution",
                                                    "number", "value",   "letter", "choice"};
constexpr std::array<std::string_view, 22> kTemplateWords = {
    "your",   "the", "a",         "an",     "final", "my",        "correct", "here",
    "insert", "put", "place",     "fill",   "enter", "only",      "goes",    "in",
    "write",  "of",  "numerical", "option", "and",   "expression"};

constexpr std::array<std::string_view, 10> kDoubts = {
    "maybe",      "perhaps", "possibly", "probably", "might",
    "presumably", "unsure",  "guess",    "likely",   "unclear"};

template <std::size_t N>
bool is_one_of_exactly(std::string_view name,
                       const std::array<std::string_view, N>& names) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_text_command(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 12> kNames = {
      "text", "textbf", "textit", "textrm", "mathrm", "mathbf",
      "mbox", "hbox",   "mathit", "textsf", "texttt", "operatorname"};
  return is_one_of_exactly(name, kNames);
}

bool is_space_command(std::string_view name) noexcept {
  return name == "quad" || name == "qquad" || name == "," || name == ";" || name == "!" ||
         name == ":" || name == " ";
}

bool is_dots_command(std::string_view name) noexcept {
  return name == "ldots" || name == "cdots" || name == "dots" || name == "square" ||
         name == "Box" || name == "_" || name == "phantom" || name == "hspace" ||
         name == "underline";
}

// Commands that show nothing by themselves: what they frame or style is what counts.
bool is_bare_command(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 29> kNames = {
      "boxed",      "fbox",      "framebox",   "displaystyle", "textstyle",    "scriptstyle",
      "enspace",    "thinspace", "medspace",   "thickspace",   "negthinspace", "mathstrut",
      "strut",      "smash",     "ensuremath", "boldsymbol",   "bm",           "emph",
      "textnormal", "mathsf",    "mathtt",     "nonumber",     "notag",        "limits",
      "big",        "Big",       "therefore",  "because",      "relax"};
  return name.empty() || name == "\\" || is_text_command(name) || is_space_command(name) ||
         is_one_of_exactly(name, kNames);
}

// Commands whose argument is not shown: a colour, a length, what only leaves room for itself.
bool hides_argument(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 9> kNames = {
      "phantom", "hphantom", "vphantom", "hspace", "vspace", "label", "tag", "color", "textcolor"};
  return is_one_of_exactly(name, kNames);
}

// What separates or quotes answers and is none.
constexpr bool is_separator(char c) noexcept { return c == ',' || c == ';' || c == '`'; }
constexpr bool is_wide_separator(char32_t value) noexcept {
  return value == U'，' || value == U'。' || value == U'；';
}

// Past the argument of a command that hides it, to the end when it never closes: `at` follows its
// name.
std::size_t skip_hidden(std::string_view text, std::size_t at) noexcept {
  if (at < text.size() && text[at] == '*') ++at;
  if (at >= text.size() || text[at] != '{') return at;
  const std::size_t end = skip_group(text, at, text.size());
  return end == kNoSpanEnd ? text.size() : end;
}

}  // namespace

std::string_view next_word(std::string_view text, std::size_t& at) noexcept {
  while (at < text.size() && !is_ascii_letter(text[at])) ++at;
  const std::size_t begin = at;
  while (at < text.size() && (is_ascii_letter(text[at]) || (text[at] == '\'' && at > begin))) ++at;
  return text.substr(begin, at - begin);
}

Shape shape_of(std::string_view text) noexcept {
  Shape shape;
  bool first = true;
  std::uint32_t han = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (is_ascii_digit(c)) {
      ++shape.numbers;
      while (i < text.size() && (is_ascii_digit(text[i]) || text[i] == '.' || text[i] == ',')) ++i;
    } else if (c == '\\') {
      const std::size_t after = skip_command(text, i, text.size());
      const std::string_view name = text.substr(i + 1, after - i - 1);
      i = after;
      if (is_text_command(name)) {
        if (first) shape.starts_with_word = true;
        if (i < text.size() && text[i] == '{') {
          const std::size_t end = skip_group(text, i, text.size());
          if (end != kNoSpanEnd) i = end;
        }
      } else if (!is_space_command(name)) {
        ++shape.maths;
      } else {
        continue;
      }
    } else if (is_ascii_letter(c)) {
      const std::size_t begin = i;
      while (i < text.size() && (is_ascii_letter(text[i]) || text[i] == '\'')) ++i;
      const std::string_view word = text.substr(begin, i - begin);
      if (word.size() == 1 || is_one_of(word, kFunctions)) {
        // "a total of"
        if (same_word(word, "a")) {
          if (i < text.size() && is_ascii_space(text[i])) continue;
        } else {
          ++shape.maths;
        }
      } else {
        if (first) shape.starts_with_word = true;
        ++shape.words;
        if (same_word(word, "or") || same_word(word, "and")) shape.joined = true;
      }
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      const support::CodePoint point = support::decode_utf8(text, i);
      if (support::is_han(point.value)) {
        if (first) shape.starts_with_word = true;
        if (point.value == U'或' || point.value == U'和') shape.joined = true;
        ++han;
      } else if (support::is_space(point.value)) {
        i += point.size;
        continue;
      } else if (point.value < 0x3000) {
        ++shape.maths;  // √, π, −, °; not 。 and its like
      }
      i += point.size;
    } else {
      if (c == '+' || c == '-' || c == '=' || c == '^' || c == '<' || c == '>' || c == '/')
        ++shape.maths;
      ++i;
      if (is_ascii_space(c) || c == '$' || c == '*' || c == '{' || c == '(') continue;
    }
    first = false;
  }
  shape.words += (han + 1) / 2;
  return shape;
}

bool reads_as_choice(std::string_view text) noexcept {
  // Most answers hold no such letter at all.
  if (std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'J'; }))
    return false;
  const Span all = strip_prose(text, {0, text.size()});
  std::string_view core = text.substr(all.begin, all.empty() ? 0 : all.end - all.begin);
  for (const std::string_view noun : {"option ", "choice "}) {
    if (core.size() > noun.size() && same_word(core.substr(0, noun.size()), noun))
      core.remove_prefix(noun.size());
  }
  if (core.size() >= 3 && core.front() == '(' && core.back() == ')')
    core = core.substr(1, core.size() - 2);
  if (core.size() == 2 && (core.back() == ')' || core.back() == '.')) core.remove_suffix(1);
  return core.size() == 1 && core[0] >= 'A' && core[0] <= 'J';
}

bool reads_as_value(std::string_view text) noexcept {
  if (reads_as_choice(text)) return true;
  const Shape shape = shape_of(text);
  if (shape.starts_with_word) {
    // Choices as text, \text{B} and \textbf{(C) }12, are values all the same.
    return text.find('\\') != std::string_view::npos && shape.words == 0;
  }
  if (shape.numbers + shape.maths == 0) return false;
  // Words after the value: a unit, in lower case; capitals and more words make a heading or a
  // sentence.
  if (shape.words > 2) return false;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view word = next_word(text, at);
    if (word.size() >= 2 && is_ascii_upper(word.front()) && shape.words > 0 &&
        !std::all_of(word.begin(), word.end(), is_ascii_upper)) {
      return false;
    }
  }
  return true;
}

bool is_blank(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\\') {
      const std::size_t after = skip_command(text, i, text.size());
      const std::string_view name = text.substr(i + 1, after - i - 1);
      const bool hides = hides_argument(name);
      if (!hides && !is_bare_command(name)) return false;
      i = hides ? skip_hidden(text, after) : after;
    } else if (c == '{' || c == '}' || c == '$' || c == '~' || is_separator(c)) {
      ++i;
    } else if (c == '*' && text.substr(i, 2) == "**") {
      i += 2;  // one asterisk may be an answer
    } else {
      const support::CodePoint point = support::decode_utf8(text, i);
      if (!support::is_space(point.value) && !is_wide_separator(point.value)) return false;
      i += point.size;
    }
  }
  return true;
}

bool is_placeholder(std::string_view text) noexcept {
  constexpr std::size_t kLongest = 96;
  if (text.size() > kLongest) return false;
  bool slot = false;   // a word such as "answer"
  bool yours = false;  // a word such as "your"
  bool sign = false;   // ?, ..., ___
  bool words = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\\') {
      const std::size_t after = skip_command(text, i, text.size());
      const std::string_view name = text.substr(i + 1, after - i - 1);
      const bool hides = hides_argument(name);
      if (is_dots_command(name)) {
        sign = true;
      } else if (!hides && !is_bare_command(name)) {
        return false;
      }
      i = hides ? skip_hidden(text, after) : after;
    } else if (is_ascii_letter(c)) {
      const std::string_view word = next_word(text, i);
      words = true;
      if (is_one_of(word, kSlots)) {
        slot = true;
      } else if (is_one_of(word, kTemplateWords)) {
        yours = yours || same_word(word, "your") || same_word(word, "insert") ||
                same_word(word, "here");
      } else {
        return false;
      }
    } else if (c == '?' || c == '.' || c == '_' || c == '-') {
      sign = true;
      ++i;
    } else if (c == '{' || c == '}' || c == '$' || c == '[' || c == ']' || c == '<' || c == '>' ||
               c == '(' || c == ')' || c == '*' || c == ':' || c == '!' || c == '~' ||
               is_separator(c) || is_ascii_space(c)) {
      ++i;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      const support::CodePoint point = support::decode_utf8(text, i);
      static constexpr std::u32string_view kEmptySigns = U"？…□■＿—–⋯▢";
      static constexpr std::u32string_view kChineseSlot = U"答案最终填写你的此处这里结果在您";
      if (kChineseSlot.find(point.value) != std::u32string_view::npos) {
        slot = true;
      } else if (kEmptySigns.find(point.value) != std::u32string_view::npos) {
        sign = true;
      } else if (!support::is_space(point.value) && !is_wide_separator(point.value)) {
        return false;
      }
      i += point.size;
    } else {
      return false;
    }
  }
  return slot || yours || (sign && !words);  // "A." is a choice
}

bool has_doubt(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view word = next_word(text, at);
    if (word.empty()) break;
    if (is_one_of(word, kDoubts)) return true;
    if (same_word(word, "not") || same_word(word, "isn't")) {
      std::size_t next = at;
      const std::string_view following = next_word(text, next);
      if (same_word(following, "sure") || same_word(following, "certain")) return true;
    }
  }
  for (const std::string_view doubt : {"可能", "或许", "也许", "大概", "不确定", "不是", "？"}) {
    if (text.find(doubt) != std::string_view::npos) return true;
  }
  return !text.empty() && text.back() == '?';
}

}  // namespace pyverify::extraction
