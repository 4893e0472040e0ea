// Number literals as people and models write them (GRADING 4, 7).
#include "latex/lexer.hpp"

namespace pyverify::latex {
namespace {

// A full-width digit is three bytes EF BC 90..99.
bool digit_at(std::string_view s, std::size_t i, std::size_t& step) noexcept {
  if (i >= s.size()) return false;
  if (is_digit(s[i])) {
    step = 1;
    return true;
  }
  if (i + 2 < s.size() && static_cast<unsigned char>(s[i]) == 0xEF &&
      static_cast<unsigned char>(s[i + 1]) == 0xBC) {
    const auto last = static_cast<unsigned char>(s[i + 2]);
    if (last >= 0x90 && last <= 0x99) {
      step = 3;
      return true;
    }
  }
  return false;
}

std::size_t digits_end(std::string_view s, std::size_t i, std::size_t& count) noexcept {
  count = 0;
  std::size_t step = 0;
  while (digit_at(s, i, step)) {
    i += step;
    ++count;
  }
  return i;
}

// Exactly three digits at i, not followed by another one.
bool three_digits(std::string_view s, std::size_t i) noexcept {
  std::size_t count = 0;
  digits_end(s, i, count);
  return count == 3;
}

// 9 189/200: the three digits at i begin the proper fraction of a mixed number.
bool proper_fraction(std::string_view s, std::size_t i) noexcept {
  if (s[i] == '0' || i + 3 >= s.size() || s[i + 3] != '/') return false;
  std::size_t count = 0;
  digits_end(s, i + 4, count);
  return count > 3 || (count == 3 && s.substr(i + 4, 3) > s.substr(i, 3));
}

// Length of a thousands separator at i, 0 when there is none. `explicit_sep`: one that can't be
// anything else.
std::size_t separator(std::string_view s, std::size_t i, bool in_brackets) noexcept {
  // Nearly every number ends before some other byte.
  if (i >= s.size() || std::string_view("{,\\~ '\xE2\xC2").find(s[i]) == std::string_view::npos)
    return 0;
  const auto rest = s.substr(i);
  for (const std::string_view sure :
       {"{,}", ",\\!\\!", ",\\! ", ",\\!", "\\,", "\\!", "{\\,}", "\\ ", "\\;", "~", "\xE2\x80\x89",
        "\xE2\x80\xAF", "\xC2\xA0"}) {
    if (rest.substr(0, sure.size()) == sure && three_digits(s, i + sure.size())) return sure.size();
  }
  if (!in_brackets && (s[i] == ',' || s[i] == ' ' || s[i] == '\'') && three_digits(s, i + 1)) {
    return s[i] == ' ' && proper_fraction(s, i + 1) ? 0 : 1;
  }
  return 0;
}

// 27,54,108,135: where one group of a run can't be thousands, every comma separates.
bool among_list_commas(std::string_view s, std::size_t begin, std::size_t end) noexcept {
  if (s[end] != ',' || (end + 1 < s.size() && !is_digit(s[end + 1]))) return false;
  if (begin >= 2 && s[begin - 1] == ',' && is_digit(s[begin - 2])) return true;
  while (end < s.size() && s[end] == ',' && three_digits(s, end + 1)) end += 4;
  return end + 1 < s.size() && s[end] == ',' && is_digit(s[end + 1]);
}

// \overline{3}, \bar{3}, \dot3, \dot{1}4285\dot{7}: the end of the repeating tail at i, or i.
std::size_t repeating_tail(std::string_view s, std::size_t i) noexcept {
  const auto after = [&](std::string_view name, std::size_t from) {
    return s.substr(from, name.size()) == name ? from + name.size() : std::size_t{0};
  };
  std::size_t body = 0;
  for (const std::string_view name : {"\\overline", "\\bar"}) {
    if ((body = after(name, i)) != 0) break;
  }
  if (body != 0) {
    if (body < s.size() && s[body] == '{') {
      std::size_t count = 0;
      const std::size_t end = digits_end(s, body + 1, count);
      return count != 0 && end < s.size() && s[end] == '}' ? end + 1 : i;
    }
    return body < s.size() && is_digit(s[body]) ? body + 1 : i;
  }
  const auto dotted = [&](std::size_t from) -> std::size_t {
    std::size_t p = after("\\dot", from);
    if (p == 0) return from;
    if (p < s.size() && s[p] == ' ') ++p;
    if (p + 2 < s.size() && s[p] == '{' && is_digit(s[p + 1]) && s[p + 2] == '}') return p + 3;
    return p < s.size() && is_digit(s[p]) ? p + 1 : from;
  };
  const std::size_t first = dotted(i);
  if (first == i) return i;
  std::size_t count = 0;
  const std::size_t middle = digits_end(s, first, count);
  const std::size_t second = dotted(middle);
  if (second != middle) return second;
  return count == 0 ? first : i;  // one dot followed by bare digits is no notation of ours
}

std::size_t exponent_end(std::string_view s, std::size_t i) noexcept {
  if (i >= s.size() || (s[i] != 'e' && s[i] != 'E')) return i;
  std::size_t p = i + 1;
  if (p < s.size() && (s[p] == '+' || s[p] == '-')) ++p;
  const std::size_t digits = p;
  while (p < s.size() && is_digit(s[p])) ++p;
  if (p == digits || (p < s.size() && (is_letter(s[p]) || s[p] == '{'))) return i;
  return p;
}

}  // namespace

std::size_t scan_number(std::string_view s, std::size_t position, bool in_brackets,
                        std::uint16_t& form) noexcept {
  form = kPlainNumber;
  std::size_t count = 0;
  if (s.substr(position, 2) == "0x" || s.substr(position, 2) == "0X") {
    std::size_t p = position + 2;
    while (p < s.size() && (is_digit(s[p]) || ((s[p] | 32) >= 'a' && (s[p] | 32) <= 'f'))) ++p;
    if (p > position + 2 && !(p < s.size() && is_letter(s[p]))) {
      form = kHex;
      return p;
    }
  }
  if (s.substr(position, 2) == "0b" || s.substr(position, 2) == "0o") {
    const char most = s[position + 1] == 'b' ? '1' : '7';
    std::size_t p = position + 2;
    while (p < s.size() && s[p] >= '0' && s[p] <= most) ++p;
    if (p > position + 2 && !(p < s.size() && (is_letter(s[p]) || is_digit(s[p])))) {
      form = kHex;
      return p;
    }
  }
  std::size_t i = digits_end(s, position, count);
  const std::size_t lead = count;
  if (lead >= 1 && lead <= 3 && s[position] != '0') {
    // The first separator decides: the others must be of its kind, so that "1,000 200" is two
    // numbers.
    if (const std::size_t length = separator(s, i, in_brackets);
        length != 0 && !among_list_commas(s, position, i)) {
      const auto kind = s.substr(i, length);
      std::size_t next = i;
      while (s.substr(next, length) == kind && three_digits(s, next + length)) {
        next = digits_end(s, next + length, count);
        form |= kGrouped;
      }
      i = next;
    }
  }
  if (i < s.size() && s[i] == '.' && (form & kGrouped || lead > 0 || i == position)) {
    const std::size_t fraction = digits_end(s, i + 1, count);
    const std::size_t tail = repeating_tail(s, fraction);
    if (tail != fraction) {
      form |= kPoint | kRepeating;
      return tail;
    }
    if (count > 0) {
      form |= kPoint;
      i = fraction;
      // digits after the point may be grouped too: 3.141\,592
      while (i + 2 < s.size() && s[i] == '\\' && (s[i + 1] == ',' || s[i + 1] == '!') &&
             count >= 3 && is_digit(s[i + 2])) {
        i = digits_end(s, i + 2, count);
        form |= kGrouped;
      }
    }
  }
  if (i == position) return position;
  // "3./4" as programs print it
  if (i + 1 < s.size() && s[i] == '.' && s[i + 1] == '/' && (form & kPoint) == 0) return i + 1;
  if (const std::size_t end = exponent_end(s, i); end != i) {
    form |= kExponent;
    return end;
  }
  return i;
}

}  // namespace pyverify::latex
