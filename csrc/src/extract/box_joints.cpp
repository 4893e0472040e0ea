// What stands between two boxes of one list.
#include <algorithm>
#include <array>

#include "extract/boxes.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_letter;
using support::is_ascii_space;

namespace {

// Past a word that joins answers at `at`; `at` itself when there is none.
std::size_t skip_joint(std::string_view glue, std::size_t at) noexcept {
  for (const std::string_view joint : {",", ";", "，", "；", "、", "与", "和", "或者", "或", "以及",
                                       "及", "/", "&", "|", "—", "–", "vs."}) {
    if (glue.substr(at, joint.size()) == joint) return at + joint.size();
  }
  for (const std::string_view joint :
       {"and", "or", "alternatively", "as well as", "together with", "possibly", "maybe", "perhaps",
        "else", "also", "otherwise", "vs"}) {
    if (word_at(glue, at, glue.size(), joint)) return at + joint.size();
  }
  return at;
}

// x =, x_2 =, y_{1}=, \theta = before a box: the name of what is in it.
std::size_t skip_label(std::string_view glue, std::size_t at) noexcept {
  std::size_t i = at;
  if (i < glue.size() && glue[i] == '\\') {
    i = skip_command(glue, i, glue.size());
    if (i - at < 3) return at;
  } else if (i < glue.size() && is_ascii_letter(glue[i])) {
    ++i;
  } else {
    return at;
  }
  if (i < glue.size() && glue[i] == '_') {
    ++i;
    if (i < glue.size() && glue[i] == '{') {
      const std::size_t close = skip_group(glue, i, glue.size());
      if (close == kNoSpanEnd) return at;
      i = close;
    } else {
      ++i;
    }
  }
  i = skip_blanks(glue, std::min(i, glue.size()), glue.size(), false);
  return i < glue.size() && glue[i] == '=' ? i + 1 : at;
}

// "if n is even, or": a word of choice at the end, on one line.
bool is_alternative(std::string_view glue) noexcept {
  if (glue.find('\n') != std::string_view::npos) return false;
  for (std::size_t at = 0; at < glue.size();) {
    const std::string_view word = next_word(glue, at);
    if (word.empty()) return false;
    for (const std::string_view choice :
         {"or", "otherwise", "alternatively", "possibly", "maybe"}) {
      if (!same_word(word, choice)) continue;
      std::size_t after = at;
      const std::string_view next = next_word(glue, after);
      if (next.empty() || same_word(next, "possibly") || same_word(next, "maybe")) return true;
    }
    // "but it could also be", in the same sentence
    const bool doubt = same_word(word, "could") || same_word(word, "might");
    if (doubt && glue.find('.') == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

bool joins_cases(std::string_view glue, std::string_view behind) noexcept {
  static constexpr std::array<std::string_view, 7> kConditions = {
      "if", "when", "whenever", "for", "unless", "otherwise", "where"};
  static constexpr std::array<std::string_view, 5> kJoints = {"and", "but", "while", "or",
                                                              "whereas"};
  const auto is_condition = [&](std::string_view word) {
    return std::any_of(kConditions.begin(), kConditions.end(),
                       [&](std::string_view w) { return same_word(word, w); });
  };
  std::size_t at = 0;
  if (!is_condition(next_word(glue, at)) || glue.find(". ") != std::string_view::npos) return false;
  at = 0;
  if (!is_condition(next_word(behind, at))) return false;
  std::string_view last;
  std::size_t end = 0;
  for (at = 0; at < glue.size();) {
    const std::string_view word = next_word(glue, at);
    if (word.empty()) break;
    last = word;
    end = at;
  }
  const bool joint = std::any_of(kJoints.begin(), kJoints.end(),
                                 [&](std::string_view w) { return same_word(last, w); });
  return joint || glue.find_first_of(",;", end) != std::string_view::npos;
}

bool joins_boxes(std::string_view glue) noexcept {
  // Alternatives, whatever the condition between them.
  if (is_alternative(glue)) return true;
  bool joined = false;
  int lines = 0;
  for (std::size_t i = 0; i < glue.size();) {
    const char c = glue[i];
    if (c == '\n') {
      if (++lines > 4) return false;
      ++i;
    } else if (is_ascii_space(c) || c == '$' || c == '*' || c == '~' || c == '{' || c == '}') {
      ++i;
    } else if (const std::size_t joint = skip_joint(glue, i); joint != i) {
      joined = true;
      i = joint;
    } else if (const std::size_t label = skip_label(glue, i); label != i) {
      i = label;
    } else if (c == '(' && skip_joint(glue, i + 1) != i + 1) {
      ++i;
    } else if (c == '\\') {
      const std::size_t after = skip_command(glue, i, glue.size());
      const std::string_view name = glue.substr(i + 1, after - i - 1);
      const bool plain = name == "(" || name == ")" || name == "[" || name == "]" ||
                         name == "quad" || name == "qquad" || name == "," || name == ";" ||
                         name == " " || name == "\\" || name == "text" || name == "mathrm" ||
                         name == "textbf";
      if (name == "quad" || name == "qquad" || name == "lor" || name == "vee" || name == "land" ||
          name == "wedge")
        joined = true;
      else if (!plain)
        return false;
      i = after;
    } else {
      const support::CodePoint point = support::decode_utf8(glue, i);
      if (!support::is_space(point.value)) return false;
      i += point.size;
    }
  }
  return joined;
}

}  // namespace pyverify::extraction
