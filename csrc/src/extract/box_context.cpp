// What touches a box in its formula or its sentence is part of the answer.
#include <algorithm>
#include <array>

#include "extract/boxes.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/simd_scan.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::is_ascii_space;

constexpr std::size_t kReach = 160;

// Commands differ by case.
template <std::size_t N>
bool is_command_of(std::string_view name, const std::array<std::string_view, N>& names) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Where the command that ends at `at` begins, its backslash included; `at` without one.
std::size_t command_before(const Scan& scan, std::size_t at) noexcept {
  std::size_t start = at;
  while (start > scan.begin && is_ascii_letter(scan.text[start - 1])) --start;
  return start != at && start > scan.begin && scan.text[start - 1] == '\\' ? start - 1 : at;
}

// Before the group in braces that ends at `at`; `at` without one nearby.
std::size_t before_group(const Scan& scan, std::size_t at) noexcept {
  const std::size_t first = at - std::min(at - scan.begin, kReach);
  if (at == scan.begin || scan.text[at - 1] != '}') return at;
  int groups = 0;
  for (std::size_t open = at; open > first; --open) {
    const char c = scan.text[open - 1];
    groups += c == '}' ? 1 : c == '{' ? -1 : 0;
    if (groups == 0) return open - 1;
  }
  return at;
}

// "x \not= \boxed{5}", "x != \boxed{5}"; such a relation has another value than the box.
bool is_denied_relation(const Scan& scan, std::size_t at) noexcept {
  const bool equals = scan.ends_with(at, "=");
  const std::size_t relation = equals ? at - 1 : command_before(scan, at);
  if (relation == at) return false;
  return scan.ends_with(skip_blanks_before(scan.text, scan.begin, relation), "\\not") ||
         (equals && scan.ends_with(relation, " !"));  // x! = 6 is a factorial
}

// Before the blanks, space commands and style commands that end at `at`.
std::size_t skip_style_before(const Scan& scan, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 9> kStyles = {
      "\\displaystyle", "\\textstyle", "\\large", "\\Large", "\\bf",
      "\\quad",         "\\left",      "\\bm",    "\\color"};
  while (at > scan.begin) {
    const char c = scan.text[at - 1];
    const bool spacing = at >= scan.begin + 2 && scan.text[at - 2] == '\\' &&
                         (c == ',' || c == ';' || c == '!' || c == ':' || c == ' ');
    if (spacing) {
      at -= 2;
    } else if (c == ' ' || c == '\t') {
      --at;
    } else {
      const std::size_t command = command_before(scan, at);
      if (command == at || !is_command_of(scan.text.substr(command, at - command), kStyles))
        return at;
      at = command;
    }
  }
  return at;
}

// Does a factor end at `at` that touches the box: n\boxed{7}, \frac{1}{2}\boxed{7}, |\boxed{7}|?
bool is_factor(const Scan& scan, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 6> kCommands = {"\\frac", "\\dfrac", "\\tfrac",
                                                                "\\sqrt", "\\binom", "\\cfrac"};
  const char c = scan.text[at - 1];
  const char before = at >= scan.begin + 2 ? scan.text[at - 2] : ' ';
  if (support::is_ascii_lower(c)) return !is_ascii_letter(before) && before != '\\';
  if (c == '|') return before == '$' || before == '=';
  if (c != '}') return false;
  const std::size_t name = before_group(scan, before_group(scan, at));
  const std::size_t command = command_before(scan, name);
  return command != name && is_command_of(scan.text.substr(command, name - command), kCommands);
}

// Does an operator or a relation other than equality end at `at`, a sign, or one between operands?
bool binds_before(const Scan& scan, std::size_t at, bool attached) noexcept {
  static constexpr std::array<std::string_view, 38> kCommands = {
      "\\times", "\\cdot",   "\\div",   "\\pm",       "\\mp",       "\\ne",    "\\neq",
      "\\ge",    "\\geq",    "\\le",    "\\leq",      "\\lt",       "\\gt",    "\\not",
      "\\sqrt",  "\\ln",     "\\log",   "\\geqslant", "\\leqslant", "\\sin",   "\\cos",
      "\\tan",   "\\exp",    "\\ngeq",  "\\nleq",     "\\notin",    "\\nless", "\\ngtr",
      "\\nmid",  "\\cup",    "\\cap",   "\\setminus", "\\lfloor",   "\\lceil", "\\lvert",
      "\\bmod",  "\\arcsin", "\\arctan"};
  const std::size_t command = command_before(scan, at);
  if (command != at) return is_command_of(scan.text.substr(command, at - command), kCommands);
  if (at == scan.begin) return false;
  const char c = scan.text[at - 1];
  if (c == '^' || c == '_') return true;
  if (static_cast<unsigned char>(c) >= 0x80) {
    static constexpr std::array<std::string_view, 7> kSigns = {"≠", "≥", "≤", "×", "÷", "√", "±"};
    for (const std::string_view sign : kSigns) {
      if (scan.ends_with(at, sign)) return true;
    }
  }
  if (attached && (is_ascii_digit(c) || is_factor(scan, at))) return true;  // 2\boxed{7}
  if (c == '<' || c == '>') {
    // "->", "=>" and the end of a tag are none.
    const char before = at >= scan.begin + 2 ? scan.text[at - 2] : '\0';
    return before != '-' && before != '=' && before != '/' && !is_ascii_letter(before) &&
           before != '>' && before != c && before != '"';
  }
  const bool minus = c == '-' || scan.ends_with(at, "−");
  if (!minus && c != '+' && c != '/') return false;
  const std::size_t sign = at - (c == '-' || c == '+' || c == '/' ? 1 : 3);
  const std::size_t left = skip_blanks_before(scan.text, scan.begin, sign);
  const char before = left > scan.begin ? scan.text[left - 1] : '\n';
  // A bullet, a dash in prose, a rule.
  if (before == '\n' || before == '-' || before == '*')
    return attached && before != '-' && c == '-' && left != sign;
  std::size_t word = left;
  while (word > scan.begin && is_ascii_letter(scan.text[word - 1])) --word;
  if (left - word > 1 && (word == scan.begin || scan.text[word - 1] != '\\'))
    return attached && left != sign && c == '-';
  if (before == '.' || before == ':' || before == ',') return attached && c == '-';
  return true;
}

// "1 - \boxed{5}": an operand stands in front of the operator that ends at `at`. Such a box frames
// the wrong part of a formula.
bool is_second_operand(const Scan& scan, std::size_t at) noexcept {
  const char c = scan.text[at - 1];
  if (c != '-' && c != '+' && c != '/') return false;
  const std::size_t left = skip_blanks_before(scan.text, scan.begin, at - 1);
  if (left == scan.begin) return false;
  const char before = scan.text[left - 1];
  return is_ascii_digit(before) || is_ascii_letter(before) || before == ')' || before == '}' ||
         before == ']';
}

enum class Argument : std::uint8_t {
  kNone,
  kPart,    // of a value: \frac{1}{...}, \sqrt{...}, x^{...}
  kStruck,  // \cancel{...}
};

// What is the box an argument of?
Argument argument_around(const Scan& scan, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 11> kParts = {
      "\\frac",     "\\dfrac", "\\tfrac", "\\sqrt",   "\\binom", "\\dbinom",
      "\\overline", "\\log",   "\\cfrac", "\\tbinom", "\\bar"};
  static constexpr std::array<std::string_view, 8> kStruck = {
      "\\cancel", "\\bcancel", "\\xcancel", "\\sout", "\\st", "\\not", "\\phantom", "\\hphantom"};
  const std::size_t first = at - std::min(at - scan.begin, kReach);
  int depth = 0;
  for (std::size_t i = at; i > first; --i) {
    const char c = scan.text[i - 1];
    if (c == '\n' || c == '$') return Argument::kNone;
    if (c == '}') ++depth;
    if (c != '{' || depth-- > 0) continue;
    depth = 0;
    std::size_t name = before_group(scan, i - 1);  // past a first argument
    // \sqrt[3]{...}
    if (name > first && scan.text[name - 1] == ']') {
      const std::size_t open = scan.text.substr(first, name - first).rfind('[');
      if (open != std::string_view::npos) name = first + open;
    }
    if (name > first && (scan.text[name - 1] == '^' || scan.text[name - 1] == '_'))
      return Argument::kPart;
    const std::size_t command = command_before(scan, name);
    const std::string_view view = scan.text.substr(command, name - command);
    if (is_command_of(view, kParts)) return Argument::kPart;
    if (is_command_of(view, kStruck)) return Argument::kStruck;
  }
  return Argument::kNone;
}

// A factorial, a variable that is no unit, or a sum in brackets; inside maths only, where no
// exclamation or unit without \text is meant.
bool is_symbol_behind(const Scan& scan, std::size_t at) noexcept {
  constexpr std::string_view kVariables = "xyzni";
  constexpr std::size_t kLongest = 32;
  if (at + 1 >= scan.end) return false;
  const std::string_view text = scan.text;
  if (text[at] == '!' || kVariables.find(text[at]) != std::string_view::npos) {
    const std::size_t next = skip_blanks(text, at + 1, scan.end, false);
    return next < scan.end && (text[next] == '$' || text[next] == '^' || text[next] == '+' ||
                               scan.starts_with(next, "\\)") || scan.starts_with(next, "\\]"));
  }
  if (text[at] != '(' || !(is_ascii_letter(text[at + 1]) || is_ascii_digit(text[at + 1])))
    return false;
  const std::size_t close = text.substr(0, std::min(scan.end, at + kLongest)).find(')', at);
  if (close == std::string_view::npos) return false;
  const std::string_view inside = text.substr(at + 1, close - at - 1);
  return inside.find_first_of("+-") != std::string_view::npos && shape_of(inside).words == 0;
}

// Does a factor, more digits, a power or a sum follow at `at`, in the same formula?
bool binds_behind(const Scan& scan, std::size_t at) noexcept {
  const std::string_view text = scan.text;
  if (at >= scan.end) return false;
  if (is_ascii_digit(text[at])) return true;
  // 7x; not the s of a plural
  if (is_ascii_letter(text[at]) && at + 1 < scan.end &&
      (text[at + 1] == '$' || text[at + 1] == '^' || text[at + 1] == '+' || text[at + 1] == '\\')) {
    return true;
  }
  // "7.25" to the end of the maths; in prose the box is a value of its own.
  if (text[at] == '.') {
    std::size_t digits = at + 1;
    while (digits < scan.end && is_ascii_digit(text[digits])) ++digits;
    return digits > at + 1 && digits < scan.end && (text[digits] == '$' || text[digits] == '\\');
  }
  if (text[at] == ',' && at + 1 < scan.end && is_ascii_digit(text[at + 1])) return true;
  if (scan.starts_with(at, "{,}")) return true;
  const std::size_t next = skip_blanks(text, at, scan.end, false);
  if (is_symbol_behind(scan, next)) return true;
  if (next >= scan.end) return false;
  static constexpr std::array<std::string_view, 19> kFactors = {
      "\\sqrt", "\\theta", "\\alpha", "\\sin",   "\\cos",  "\\exp", "\\tfrac",
      "\\pi",   "\\frac",  "\\dfrac", "\\times", "\\cdot", "\\pm",  "\\div",
      "√",      "×",       "÷",       "\\ln",    "\\log"};
  const bool command = text[next] == '\\' || static_cast<unsigned char>(text[next]) >= 0x80;
  for (const std::string_view factor : kFactors) {
    if (!command) break;
    if (!scan.starts_with(next, factor)) continue;
    // "\\pm 0.3" is an uncertainty.
    if (factor == "\\pm") {
      const std::size_t margin = skip_blanks(text, next + factor.size(), scan.end, false);
      if (margin < scan.end && is_ascii_digit(text[margin])) return false;
    }
    return !is_ascii_letter(factor.back()) || next + factor.size() >= scan.end ||
           !is_ascii_letter(text[next + factor.size()]);
  }
  if (text[next] == '^') {
    const std::size_t power = next + (scan.starts_with(next + 1, "{") ? 2 : 1);
    for (const std::string_view unit : {"\\circ", "\\text", "\\prime", "\\mathrm"}) {
      if (scan.starts_with(power, unit)) return false;
    }
    return true;
  }
  if (text[next] != '+' && text[next] != '-' && text[next] != '/') return false;
  if (next != at && next + 1 < scan.end && text[next] == '-' && text[next + 1] == '-') return false;
  // An operand follows; "5 - the number" is a dash.
  std::size_t operand = skip_blanks(text, next + 1, scan.end, false);
  if (operand >= scan.end) return false;
  if (text[operand] == '\\')
    return operand + 1 < scan.end && is_ascii_letter(text[operand + 1]) &&
           !scan.starts_with(operand, "\\text") && !scan.starts_with(operand, "\\math");
  if (is_ascii_digit(text[operand]) || text[operand] == '(') return true;
  const std::size_t name = operand;
  while (operand < scan.end && is_ascii_letter(text[operand])) ++operand;
  return operand - name == 1 && text[next] != '/';
}

bool ends_formula(const Scan& scan, std::size_t at) noexcept {
  const char c = scan.text[at];
  return c == '$' || c == '\n' || c == '&' || c == '=' || c == ';' || scan.starts_with(at, "\\(") ||
         scan.starts_with(at, "\\[") || scan.starts_with(at, "\\)") ||
         scan.starts_with(at, "\\]") || scan.starts_with(at, "\\\\");
}

// The side of the formula that the box stands in.
Span side_around(const Scan& scan, Span box) noexcept {
  std::size_t begin = box.begin;
  const std::size_t first = begin - std::min(begin - scan.begin, kReach);
  while (begin > first) {
    const char c = scan.text[begin - 1];
    const bool bracket = begin >= scan.begin + 2 && scan.text[begin - 2] == '\\' &&
                         (c == '(' || c == '[' || c == '\\');
    if (c == '$' || c == '\n' || c == '&' || c == '=' || c == ';' || c == ':' || bracket) break;
    // Words of prose are none of it.
    if (c == ' ' && begin >= scan.begin + 3 && is_ascii_letter(scan.text[begin - 2]) &&
        is_ascii_letter(scan.text[begin - 3]) && command_before(scan, begin - 1) == begin - 1) {
      break;
    }
    --begin;
  }
  std::size_t end = box.end;
  const std::size_t last = std::min(scan.end, end + kReach);
  while (end < last && !ends_formula(scan, end)) {
    const bool full_stop =
        scan.text[end] == '.' && (end + 1 >= scan.end || !is_ascii_digit(scan.text[end + 1]));
    if (full_stop) break;
    ++end;
  }
  return strip_prose(scan.text, {begin, end});
}

// The content of the box directly around, when it holds more than formatting.
Span outer_content(const Scan& scan, Span box, Span outer) noexcept {
  if (outer.empty() || outer.end < box.end) return {};
  const auto formatting = [&](std::size_t at, std::size_t end) {
    while (at < end) {
      const char c = scan.text[at];
      if (c == '\\') {
        const std::size_t after = skip_command(scan.text, at, end);
        const std::string_view name = scan.text.substr(at + 1, after - at - 1);
        if (is_ascii_letter(name.empty() ? '\0' : name[0]) && !name.starts_with("text") &&
            !name.starts_with("math") && !name.starts_with("bold") && name != "displaystyle" &&
            name != "mbox") {
          return false;
        }
        at = after;
      } else if (is_ascii_space(c) || c == '$' || c == '{' || c == '}' || c == '.' || c == '*') {
        ++at;
      } else {
        return false;
      }
    }
    return true;
  };
  const bool plain = formatting(outer.begin, box.begin) && formatting(box.end, outer.end);
  return plain ? Span{} : strip_maths(scan.text, outer);
}

}  // namespace

Span box_in_context(const Scan& scan, Span box, Span enclosing, Span content) noexcept {
  if (reads_as_choice(scan.view(content))) return content;  // its value may stand beside it
  const Span outer = outer_content(scan, box, enclosing);
  if (!outer.empty()) return outer;
  const Span turned = with_turning_words(scan, box);
  if (turned.begin != box.begin || turned.end != box.end) return turned;
  const Brackets brackets = brackets_around(scan, box);
  if (brackets.several) return brackets.span;
  const Span frame = brackets.span.empty() ? box : brackets.span;
  const std::size_t before = skip_style_before(scan, frame.begin);
  const bool attached = before == frame.begin;
  const Argument argument = argument_around(scan, box.begin);
  const bool bound = binds_before(scan, before, attached);
  const bool operand = bound && before > scan.begin && is_second_operand(scan, before);
  if (operand || argument == Argument::kStruck || is_denied_relation(scan, before))
    return {box.begin, box.begin};
  if (bound || argument == Argument::kPart || binds_behind(scan, frame.end))
    return side_around(scan, frame);
  return content;
}

}  // namespace pyverify::extraction
