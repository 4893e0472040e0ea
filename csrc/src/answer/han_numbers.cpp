// Numbers written in Chinese characters.
#include "answer/number_words.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

using number::Rational;

constexpr int kNoDigit = -1;
constexpr std::int64_t kLargest = 1000000000000000000;

int han_digit(char32_t c) noexcept {
  switch (c) {
    case U'零':
    case U'〇':
      return 0;
    case U'一':
    case U'壹':
      return 1;
    case U'二':
    case U'两':
    case U'贰':
      return 2;
    case U'三':
    case U'叁':
      return 3;
    case U'四':
    case U'肆':
      return 4;
    case U'五':
    case U'伍':
      return 5;
    case U'六':
    case U'陆':
      return 6;
    case U'七':
    case U'柒':
      return 7;
    case U'八':
    case U'捌':
      return 8;
    case U'九':
    case U'玖':
      return 9;
    default:
      return kNoDigit;
  }
}

std::int64_t han_power(char32_t c) noexcept {
  switch (c) {
    case U'十':
    case U'拾':
      return 10;
    case U'百':
    case U'佰':
      return 100;
    case U'千':
    case U'仟':
      return 1000;
    case U'万':
      return 10000;
    case U'亿':
      return 100000000;
    default:
      return 0;
  }
}

bool skip(std::string_view text, std::size_t& pos, std::string_view word) noexcept {
  if (!text.substr(pos).starts_with(word)) return false;
  pos += word.size();
  return true;
}

// 二〇二四: digits one after the other.
std::size_t read_digits(std::string_view text, std::int64_t& value, int& count) noexcept {
  std::size_t pos = 0;
  value = 0;
  count = 0;
  while (pos < text.size() && count < 18) {
    const support::CodePoint point = support::decode_utf8(text, pos);
    const int digit = han_digit(point.value);
    if (digit == kNoDigit) break;
    value = value * 10 + digit;
    ++count;
    pos += point.size;
  }
  return pos;
}

}  // namespace

std::size_t read_han_integer(std::string_view text, std::int64_t& value) noexcept {
  int count = 0;
  std::size_t pos = read_digits(text, value, count);
  if (count > 1 && (pos >= text.size() || han_power(support::decode_utf8(text, pos).value) == 0))
    return pos;

  std::int64_t total = 0;       // closed by 亿 or 万
  std::int64_t section = 0;     // below 10000
  std::int64_t last_power = 0;  // of this section; 0: none yet
  std::int64_t last_big = 0;
  int digit = kNoDigit;
  bool after_zero = false;
  std::size_t used = 0;
  pos = 0;
  while (pos < text.size()) {
    const support::CodePoint point = support::decode_utf8(text, pos);
    const int next_digit = han_digit(point.value);
    const std::int64_t power = han_power(point.value);
    if (next_digit != kNoDigit) {
      if (digit > 0 || (digit == 0 && next_digit == 0)) break;
      if (next_digit == 0) after_zero = true;
      digit = next_digit;
    } else if (power >= 10 && power <= 1000) {
      if (last_power != 0 && power >= last_power) break;
      if (digit <= 0 && (power != 10 || section != 0)) break;  // 十二 stands for 一十二
      section += (digit > 0 ? digit : 1) * power;
      last_power = power;
      digit = kNoDigit;
      after_zero = false;
    } else if (power != 0) {
      const std::int64_t below = section + (digit > 0 ? digit : 0);
      const std::int64_t scaled = power > last_big && total != 0 ? total + below : below;
      if (scaled == 0 || scaled > kLargest / power || (last_big != 0 && power == last_big)) break;
      total = power > last_big ? scaled * power : total + scaled * power;
      if (total > kLargest) break;
      last_big = power;
      section = 0;
      last_power = 0;
      digit = kNoDigit;
      after_zero = false;
    } else {
      break;
    }
    pos += point.size;
    used = pos;
  }
  if (used == 0) return 0;
  if (digit > 0) {
    // 三百五 is 350, 三百零五 is 305.
    const std::int64_t power = last_power != 0 ? last_power : last_big;
    section += digit * (!after_zero && power >= 100 ? power / 10 : 1);
  }
  value = total + section;
  return used;
}

std::size_t read_han_number(std::string_view text, Rational& value, bool& percent) noexcept {
  std::size_t pos = 0;
  percent = false;
  const bool negative = skip(text, pos, "负");
  if (!skip(text, pos, "第") && text.substr(pos).starts_with("半")) {
    skip(text, pos, "半");
    value = number::make(negative ? -1 : 1, 2);
    return pos;
  }
  if (skip(text, pos, "一半")) {
    value = number::make(1, 2);
    return pos;
  }
  percent = skip(text, pos, "百分之");
  std::int64_t whole = 0;
  std::size_t used = read_han_integer(text.substr(pos), whole);
  if (used == 0) return 0;
  pos += used;
  Rational result = number::integer(whole);
  std::size_t behind = pos;
  if (skip(text, behind, "分之")) {  // 三分之二: the denominator first
    std::int64_t above = 0;
    const std::size_t above_used = read_han_integer(text.substr(behind), above);
    if (above_used != 0 && whole > 0) {
      result = number::make(above, whole);
      pos = behind + above_used;
    }
  } else if (skip(text, behind, "点")) {  // 一点五
    std::int64_t fraction = 0;
    int digits = 0;
    const std::size_t fraction_used = read_digits(text.substr(behind), fraction, digits);
    if (fraction_used != 0) {
      result =
          number::add(result, number::div(number::integer(fraction), number::pow({10, 1}, digits)));
      pos = behind + fraction_used;
    }
  }
  if (percent) result = number::div(result, {100, 1});
  if (negative) result = number::neg(result);
  if (!result.valid()) return 0;
  value = result;
  return pos;
}

}  // namespace pyverify::answer
