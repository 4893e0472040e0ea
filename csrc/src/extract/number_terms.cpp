// What a number in prose is only a part of: a term, or a phrase that changes it.
#include <algorithm>
#include <array>

#include "extract/clause_words.hpp"
#include "extract/numbers.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/statement.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::is_ascii_space;

namespace {

constexpr int kMostOperands = 16;
constexpr std::size_t kLongestOperand = 64;

constexpr std::array<std::string_view, 14> kSigns = {"+", "-", "*", "/", "^", "−", "×",
                                                     "·", "÷", "<", ">", "≥", "≤", "≠"};
constexpr std::array<std::string_view, 13> kCommands = {
    "\\times", "\\cdot", "\\div", "\\pm", "\\le", "\\leq", "\\ge",
    "\\geq",   "\\ne",   "\\neq", "\\lt", "\\gt", "\\ast"};
constexpr std::array<std::string_view, 10> kFunctions = {"log", "ln",  "lg",  "sqrt", "sin",
                                                         "cos", "tan", "exp", "cot",  "mod"};

// Where the operator that ends at `at` begins; `at` without one.
std::size_t operator_before(std::string_view text, std::size_t begin, std::size_t at) noexcept {
  const std::string_view left = text.substr(begin, at - begin);
  for (const std::string_view command : kCommands) {
    if (left.ends_with(command)) return at - command.size();
  }
  for (const std::string_view sign : {">=", "<=", " !=", "**"}) {
    if (left.ends_with(sign)) return at - sign.size();
  }
  if (left.ends_with(">>") || left.ends_with("->")) return at;
  for (const std::string_view sign : kSigns) {
    if (left.ends_with(sign)) return at - sign.size();
  }
  // 6 x 7
  const bool cross = left.size() > 2 && (left.back() == 'x' || left.back() == 'X') &&
                     left[left.size() - 2] == ' ' && is_ascii_digit(left[left.size() - 3]);
  return cross ? at - 1 : at;
}

bool is_operand_byte(char c) noexcept {
  return !is_ascii_space(c) && c != '=' && c != ':' && c != ';' && c != ',' && c != '*' &&
         c != '+' && c != '"' && c != '<' && c != '>' && c != '?' && c != '`' && c != '|';
}

// Where the operand that ends at `at` begins; `at` for a word or nothing.
std::size_t operand_before(std::string_view text, std::size_t begin, std::size_t at) noexcept {
  std::size_t start = at;
  while (start > begin && at - start < kLongestOperand && is_operand_byte(text[start - 1])) --start;
  const std::string_view operand = text.substr(start, at - start);
  const bool word = operand.size() > 1 && std::all_of(operand.begin(), operand.end(), [](char c) {
                      return is_ascii_letter(c) || c == '\'' || c == '.';
                    });
  if (word) {
    // 5 miles + 3 miles
    const std::size_t number = skip_blanks_before(text, begin, start);
    if (number == start || number == begin || !is_ascii_digit(text[number - 1])) return at;
    return operand_before(text, begin, number);
  }
  if (operand.empty()) return at;
  const char last = operand.back();
  const bool value = is_ascii_digit(last) || is_ascii_letter(last) || last == ')' || last == ']' ||
                     last == '}' || last == '%' || last == '!' || last == '$' ||
                     static_cast<unsigned char>(last) >= 0x80;
  return value ? start : at;
}

std::size_t extend_left(std::string_view text, std::size_t begin, std::size_t at) noexcept {
  for (int i = 0; i < kMostOperands && at > begin; ++i) {
    const std::size_t gap = skip_blanks_before(text, begin, at);
    const std::size_t sign = operator_before(text, begin, gap);
    if (sign != gap) {
      const std::size_t end = skip_blanks_before(text, begin, sign);
      const std::size_t operand = operand_before(text, begin, end);
      // "is > 5"; a sign alone is a dash or a bullet.
      const bool relation = text[sign] == '<' || text[sign] == '>' || text[sign] == '!' ||
                            text.substr(sign, 2) == "\xE2\x89";
      if (operand == end) return relation ? sign : at;
      at = operand;
      continue;
    }
    if (text[gap - (gap > begin ? 1 : 0)] == '|' && gap == at) return at - 1;
    // log_3 15; not the end of a word
    const std::size_t word = gap > begin ? operand_before(text, begin, gap) : gap;
    std::size_t name = gap;
    while (name > begin && gap - name < kLongestOperand && !is_ascii_space(text[name - 1])) --name;
    std::size_t stop = name < gap && text[name] == '\\' ? name + 1 : name;
    const std::size_t letters = stop;
    while (stop < gap && is_ascii_letter(text[stop])) ++stop;
    const bool function = is_one_of(text.substr(letters, stop - letters), kFunctions) &&
                          (stop == gap || text[stop] == '_');
    if (!function) return at;
    at = std::min(word, name);
  }
  return at;
}

// Past the operator at `at`; `at` without one.
std::size_t operator_after(std::string_view text, std::size_t at, std::size_t end) noexcept {
  const std::string_view right = text.substr(at, end - at);
  for (const std::string_view command : kCommands) {
    if (right.starts_with(command)) return at + command.size();
  }
  for (const std::string_view sign : kSigns) {
    if (right.starts_with(sign)) return at + sign.size();
  }
  return right.starts_with("x ") ? at + 1 : at;
}

std::size_t extend_right(std::string_view text, Span number, std::size_t end) noexcept {
  std::size_t at = number.end;
  for (int i = 0; i < kMostOperands && at < end; ++i) {
    // A long number with a ! is an exclamation.
    if (text[at] == '|' || (text[at] == '!' && at - number.begin <= 3)) return at + 1;
    const std::size_t sign = skip_blanks(text, at, end, false);
    if (sign >= end) return at;
    const std::size_t after = operator_after(text, sign, end);
    const bool equals = text[sign] == '=';
    const std::size_t next = skip_blanks(text, std::max(after, sign + 1), end, false);
    const bool last = next >= end || text[next] == '\n';
    // "35 - 15 =", "35 - 15 *": cut off. "42**" is Markdown.
    if (equals) return last ? sign + 1 : at;
    if (after == sign || (text[sign] == '*' && sign == at && last)) return at;
    if (last) return sign == at && text[sign] != '/' ? at : after;
    const bool operand =
        is_ascii_digit(text[next]) || text[next] == '(' ||
        (text[next] == '$' && next + 1 < end && is_ascii_digit(text[next + 1])) ||
        (is_ascii_letter(text[next]) && (next + 1 >= end || !is_ascii_letter(text[next + 1])) &&
         !same_word(text.substr(next, 1), "a"));
    // "85 + the rest"
    if (!operand) return text[sign] == '+' && sign != at ? after : at;
    at = next + 1;
    while (at < end && is_operand_byte(text[at]) && text[at] != '-' && text[at] != '!' &&
           !(text[at] == '.' && (at + 1 >= end || !is_ascii_digit(text[at + 1])))) {
      ++at;
    }
  }
  return at;
}

// These change a number that they stand in front of.
constexpr std::array<Word, 60> kModifiers = {
    "not",      "never",     "cannot",     "negative",     "minus",     "plus",      "twice",
    "thrice",   "double",    "triple",     "half",         "third",     "quarter",   "times",
    "least",    "most",      "than",       "over",         "under",     "between",   "exceed",
    "exceeds",  "below",     "above",      "up",           "but",       "except",    "without",
    "unlikely", "hardly",    "far",        "close",        "divisible", "multiple",  "multiples",
    "divisor",  "divisors",  "factor",     "factors",      "power",     "base",      "congruent",
    "modulo",   "different", "unequal",    "root",         "square",    "cube",      "reciprocal",
    "inverse",  "opposite",  "complement", "proportional", "excluding", "factorial", "logarithm",
    "nor",      "neither",   "unless",     "mod"};
// These deny what follows, a verb too.
constexpr std::array<Word, 9> kDenials = {"not",    "never", "cannot", "unlikely", "hardly",
                                          "nobody", "none",  "no",     "neither"};
// Nothing in front of these belongs to the number.
constexpr std::array<Word, 12> kBreaks = {"and",       "so",   "thus",    "hence",
                                          "therefore", "then", "because", "since",
                                          "while",     "if",   "that",    "which"};

constexpr std::array<std::string_view, 16> kChineseModifiers = {
    "不是", "不为", "不等于", "不",   "至少", "至多", "大于", "小于",
    "超过", "不足", "负",     "除以", "根号", "第",   "约",   "到"};
constexpr std::array<std::string_view, 4> kChineseTails = {"的", "以上", "以下", "次方"};

}  // namespace

Span whole_term(std::string_view text, std::size_t begin, std::size_t end, Span number) noexcept {
  const std::size_t left = extend_left(text, begin, number.begin);
  const std::size_t right = extend_right(text, number, end);
  return {left, right};
}

Span with_modifier(std::string_view text, std::size_t begin, Span number) noexcept {
  // Behind it: 5 squared, 5 or so.
  constexpr int kMostWords = 5;
  constexpr std::size_t kFarthest = 80;
  std::size_t tail = number.end;
  const Word after = next_word(text.substr(0, std::min(text.size(), tail + 24)), tail);
  Word next = next_word(text.substr(0, std::min(text.size(), tail + 24)), tail);
  static constexpr std::array<Word, 3> kTails = {"squared", "cubed", "factorial"};
  static constexpr std::array<Word, 5> kMore = {"so", "more", "less", "fewer", "greater"};
  // 5 to 3
  constexpr Word kTo = " to ";
  if (text.substr(number.end).starts_with(kTo) && number.end + 4 < text.size() &&
      is_ascii_digit(text[number.end + 4])) {
    number.end += 5;
    return number;
  }
  if (is_one_of(after, kTails)) number.end += after.size() + 1;
  const bool ordinal = number.end - number.begin > 2 && is_ascii_letter(text[number.end - 1]) &&
                       is_ascii_digit(text[number.end - 3]);
  if (ordinal) number.end += after.empty() ? 0 : after.size() + 1;
  if (same_word(after, "or") && is_one_of(next, kMore)) number.end = tail;
  for (const std::string_view turn : kChineseTails) {
    if (text.substr(number.end, turn.size()) == turn) number.end += turn.size();
  }
  const std::string_view left = text.substr(begin, number.begin - begin);
  for (const std::string_view modifier : kChineseModifiers) {
    if (!left.ends_with(modifier)) continue;
    std::size_t start = number.begin - modifier.size();
    if (modifier == "到") start = operand_before(text, begin, start);
    return {start, number.end};
  }
  std::size_t at = number.begin;
  const std::size_t first = at - std::min(at - begin, kFarthest);
  Word behind;        // the word behind the current one
  bool verb = false;  // between it and the number
  for (int i = 0; i < kMostWords; ++i) {
    while (at > first && (text[at - 1] == ' ' || text[at - 1] == '$' || text[at - 1] == '*')) --at;
    const std::size_t stop = at;
    while (at > first && (is_ascii_letter(text[at - 1]) || text[at - 1] == '\'')) --at;
    const Word word = text.substr(at, stop - at);
    if (i == 0 && same_word(word, "and")) {
      // between 5 and 7
      const std::size_t end = skip_blanks_before(text, first, at);
      std::size_t other = operand_before(text, first, end);
      other = skip_blanks_before(text, first, other);
      constexpr std::string_view kBetween = "between";
      if (text.substr(first, other - first).ends_with(kBetween))
        return {other - kBetween.size(), number.end};
    }
    if (word.empty() || is_one_of(word, kBreaks)) break;
    const bool denial = is_one_of(word, kDenials) || word.ends_with("n't");
    if (denial && !(same_word(word, "no") && behind.empty())) return {at, number.end};
    const bool up = same_word(word, "up") && !same_word(behind, "to");
    const bool but = same_word(word, "but") && at > first && text[at - 1] == ',';
    if (but || up) break;
    const bool counted =
        same_word(word, "maximum") || same_word(word, "minimum") || same_word(word, "any");
    if (!verb && (is_one_of(word, kModifiers) || (counted && same_word(behind, "of")))) {
      // "adds up to 5" states
      std::size_t earlier = skip_blanks_before(text, first, at);
      const std::size_t last = earlier;
      while (earlier > first && is_ascii_letter(text[earlier - 1])) --earlier;
      const Word before = text.substr(earlier, last - earlier);
      if (same_word(word, "up") && before.size() >= 3 && same_word(before.substr(0, 3), "add"))
        break;
      return {at, number.end};
    }
    if (!verb && (ends_phrase(word) || states(word))) {
      verb = true;
      if (!is_plain_subject(text.substr(first, at - first))) return {first, number.end};
    }
    behind = word;
  }
  return number;
}

}  // namespace pyverify::extraction
