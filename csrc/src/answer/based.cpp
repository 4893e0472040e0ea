// Numerals written in a base (GRADING 7).
#include <utility>

#include "answer/reading.hpp"
#include "answer/words.hpp"
#include "expr/build.hpp"

namespace pyverify::answer {
namespace {

bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  return -1;
}

// 1,011: exactly three digits up to the next comma, the point or the end. 2,43_5 is a list.
bool groups_digits(std::string_view digits, std::size_t comma) {
  std::size_t end = comma + 1;
  while (end < digits.size() && digit_value(digits[end]) >= 0) ++end;
  return comma > 0 && end == comma + 4;
}

std::string_view strip(std::string_view s) {
  for (;;) {
    while (!s.empty() && (blank(s.front()) || s.front() == '$')) s.remove_prefix(1);
    while (!s.empty() && (blank(s.back()) || s.back() == '$')) s.remove_suffix(1);
    bool again = false;
    for (const std::string_view name :
         {"\\text{", "\\mathrm{", "\\textbf{", "\\mathbf{", "\\mbox{", "{", "("}) {
      const char close = name.back() == '(' ? ')' : '}';
      if (s.size() > name.size() && s.substr(0, name.size()) == name && s.back() == close &&
          s.find(close) == s.size() - 1) {
        s = s.substr(name.size(), s.size() - name.size() - 1);
        again = true;
        break;
      }
    }
    if (!again) return s;
  }
}

// 1010₂: the base of subscript characters, three bytes each, or 0.
std::uint32_t lowered_base(std::string_view text, std::string_view& digits) {
  std::uint32_t base = 0;
  std::uint32_t place = 1;
  while (text.size() > 3 && place <= 10 && text.substr(text.size() - 3, 2) == "\xE2\x82" &&
         (text.back() & 0x7Fu) <= 9) {
    base += place * (text.back() & 0x7Fu);
    place *= 10;
    text.remove_suffix(3);
  }
  digits = text;
  return base;
}

// 2102_3, 2102 (base 3), 2102（3进制）, 0b110: the digits and what names the base.
bool split(std::string_view text, std::string_view& digits, std::string_view& base) {
  const auto drop = [](std::string_view& s, std::string_view end) {
    while (!s.empty() && blank(s.back())) s.remove_suffix(1);
    if (!s.ends_with(end)) return false;
    s.remove_suffix(end.size());
    return true;
  };
  if (const std::size_t bar = text.rfind('_'); bar != std::string_view::npos) {
    digits = text.substr(0, bar);
    base = text.substr(bar + 1);
    return bar > 0;
  }
  for (const auto& [prefix, value] : {std::pair{"0b", "2"}, {"0o", "8"}, {"0x", "16"}}) {
    if (!text.starts_with(prefix)) continue;
    digits = text.substr(2);
    base = value;
    return digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  }
  constexpr std::string_view kWord = "base ";
  constexpr std::string_view kHan = "进制";
  std::string_view rest = text;
  while (drop(rest, "}") || drop(rest, ")") || drop(rest, "）")) {
  }
  const bool han = drop(rest, kHan);
  std::size_t at = rest.find(kWord);
  if (han) {
    at = rest.size();
    while (at > 0 && rest[at - 1] >= '0' && rest[at - 1] <= '9') --at;
  }
  if (at == std::string_view::npos || at == 0) return false;
  base = rest.substr(han ? at : at + kWord.size());
  digits = rest.substr(0, at);
  while (drop(digits, "\\text{") || drop(digits, "(") || drop(digits, "（") || drop(digits, "in") ||
         drop(digits, ",") || drop(digits, "\\,")) {
  }
  return digits.size() < at;
}

// "2", "two"; 0 for what names no base.
std::uint32_t named_base(std::string_view text) {
  if (!text.empty() && text.size() <= 2 &&
      text.find_first_not_of("0123456789") == std::string_view::npos) {
    std::uint32_t base = 0;
    for (const char c : text) base = base * 10 + static_cast<std::uint32_t>(c - '0');
    return base;
  }
  number::Rational value;
  if (!number_word(text, value) || value.den != 1 || value.num > 36 || value.num < 2) return 0;
  return static_cast<std::uint32_t>(value.num);
}

}  // namespace

bool read_based(std::string_view text, latex::Parsed& out) {
  std::string_view digits;
  std::string_view base_text;
  if (text.size() > 400) return false;
  std::uint32_t base = lowered_base(text, digits);
  if (base == 0 && !split(text, digits, base_text)) return false;
  digits = strip(digits);
  const bool negative = !digits.empty() && digits.front() == '-';
  if (negative) digits = strip(digits.substr(1));
  if (digits.empty() || digit_value(digits.front()) < 0) return false;
  bool any_decimal = false;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    if (digit_value(c) < 0 && c != '.' && (c != ',' || !groups_digits(digits, i))) return false;
    if (c >= 'a' && c <= 'z' && !text.starts_with("0x")) return false;
    any_decimal |= c >= '0' && c <= '9';
  }
  if (base == 0) base = named_base(strip(base_text));
  if (base < 2 || base > 36) return false;
  for (const char c : digits) {  // 4R_2 is no numeral
    if (c >= 'A' && c <= 'Z' && digit_value(c) >= static_cast<int>(base)) return false;
  }
  if (!any_decimal && (base != 16 || digits.size() < 2))
    return false;  // A_1 is a name, FF_{16} a number
  out.clear();
  out.source = text;
  const auto begin = static_cast<std::uint32_t>(digits.data() - text.data());
  out.based.push_back({{begin, begin + static_cast<std::uint32_t>(digits.size())}, base});
  out.tree.root = expr::append(out.tree, expr::Kind::kBased, 0, 0, 0, negative ? 1 : 0);
  return true;
}

number::Rational based_value(std::string_view digits, std::uint32_t base) noexcept {
  number::Rational value = number::integer(0);
  number::Rational scale = number::integer(1);
  const number::Rational step = number::integer(static_cast<std::int64_t>(base));
  bool point = false;
  for (const char c : digits) {
    if (c == ',') continue;
    if (c == '.') {
      if (point) return {};
      point = true;
      continue;
    }
    const int d = digit_value(c);
    if (d < 0 || static_cast<std::uint32_t>(d) >= base) return {};
    value = number::add(number::mul(value, step), number::integer(d));
    if (point) scale = number::mul(scale, step);
  }
  return number::div(value, scale);
}

}  // namespace pyverify::answer
