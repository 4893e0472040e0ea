// Calendar dates (GRADING 23).
#include <iterator>

#include "answer/hash.hpp"
#include "answer/number_words.hpp"
#include "answer/tokens.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

constexpr std::string_view kMonths[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};

// 1 to 12 for a month's name or its usual abbreviation, else 0.
int month_of(const TextToken& token) noexcept {
  if (token.kind != TokenKind::kWord || token.size < 3) return 0;
  if (token.is("sept")) return 9;
  for (std::size_t i = 0; i < std::size(kMonths); ++i) {
    if (token.is(kMonths[i]) || token.is(kMonths[i].substr(0, 3))) return static_cast<int>(i + 1);
  }
  return 0;
}

struct Number {
  int value = -1;
  std::size_t digits = 0;
};

Number number_of(const TextToken& token) noexcept {
  const std::string_view digits = token.word();
  if (token.kind != TokenKind::kNumber || digits.empty() || digits.size() > 4) return {};
  int value = 0;
  for (const char c : digits) {
    if (!is_ascii_digit(static_cast<unsigned char>(c))) return {};
    value = value * 10 + (c - '0');
  }
  return {value, digits.size()};
}

bool is_leap(int year) noexcept { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

bool exists(const Date& date) noexcept {
  static constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > kDays[date.month - 1])
    return false;
  return date.month != 2 || date.day < 29 || date.year == 0 || is_leap(date.year);
}

class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text), tokens_(text) { advance(); }
  const TextToken& token() const noexcept { return token_; }
  void advance() noexcept { tokens_.next(token_); }
  bool at_end() const noexcept { return token_.kind == TokenKind::kEnd; }
  bool skip(std::string_view word) noexcept {
    if (!token_.is(word)) return false;
    advance();
    return true;
  }
  bool skip_symbol(char32_t code) noexcept {
    if (!token_.is_symbol(code)) return false;
    advance();
    return true;
  }
  // 5, 5th, fifth, twenty-first.
  bool day(int& value) noexcept {
    const Number digits = number_of(token_);
    if (digits.value >= 0) {
      if (digits.digits > 2) return false;
      value = digits.value;
      advance();
      if (!token_.space_before &&
          (token_.is("st") || token_.is("nd") || token_.is("rd") || token_.is("th")))
        advance();
      return true;
    }
    EnglishNumber number;
    if (token_.kind != TokenKind::kWord || !number.feed(token_.word(), false)) return false;
    advance();
    while (token_.kind == TokenKind::kWord && number.feed(token_.word(), token_.hyphen_before))
      advance();
    if (!number.complete() || !number.value().is_integer() || number.value().num > 31) return false;
    value = static_cast<int>(number.value().num);
    return true;
  }
  bool year(int& value) noexcept {
    const Number digits = number_of(token_);
    if (digits.digits != 4 || digits.value == 0) return false;
    value = digits.value;
    advance();
    return true;
  }
  bool month(int& value) noexcept {
    value = month_of(token_);
    if (value == 0) return false;
    advance();
    skip_symbol('.');
    return true;
  }
  bool han(char32_t code) noexcept {
    if (token_.kind != TokenKind::kHan || token_.code != code) return false;
    advance();
    return true;
  }
  // Arabic or Chinese digits.
  bool han_number(int& value) noexcept {
    const Number digits = number_of(token_);
    if (digits.value >= 0) {
      value = digits.value;
      advance();
      return true;
    }
    std::int64_t read = 0;
    const std::size_t used =
        token_.kind == TokenKind::kHan ? read_han_integer(text_.substr(token_.begin), read) : 0;
    if (used == 0 || read > 9999) return false;
    const std::size_t end = token_.begin + used;
    while (!at_end() && token_.begin < end) advance();
    value = static_cast<int>(read);
    return true;
  }
  bool finished() noexcept {
    while (skip_symbol('.')) {
    }
    return at_end();
  }

 private:
  std::string_view text_;
  TokenReader tokens_;
  TextToken token_;
};

// March 5, 2021; March the 5th; March 5.
bool month_first(Reader reader, Date& date) noexcept {
  if (!reader.month(date.month)) return false;
  reader.skip("the");
  if (!reader.day(date.day)) return false;
  reader.skip_symbol(',');
  if (!reader.at_end() && !reader.token().is_symbol('.') && !reader.year(date.year)) return false;
  return reader.finished();
}

// 5 March 2021; the 5th of March, 2021.
bool day_first(Reader reader, Date& date) noexcept {
  reader.skip("the");
  if (!reader.day(date.day)) return false;
  reader.skip("of");
  if (!reader.month(date.month)) return false;
  reader.skip_symbol(',');
  if (!reader.at_end() && !reader.year(date.year)) return false;
  return reader.finished();
}

// 2021-03-05, 2021/3/5, 2021 March 5; 25/12/2021 where only one of day and month fits.
bool figures(Reader reader, Date& date) noexcept {
  const Number first = number_of(reader.token());
  if (first.value < 0) return false;
  reader.advance();
  if (first.digits == 4) {
    reader.skip_symbol(',');
    if (month_of(reader.token()) != 0) {
      date.year = first.value;
      return reader.month(date.month) && reader.day(date.day) && reader.finished();
    }
  }
  const char32_t separator = reader.token().code;
  if (!reader.skip_symbol('-') && !reader.skip_symbol('/')) return false;
  const Number second = number_of(reader.token());
  reader.advance();
  if (second.value < 0 || second.digits > 2 || !reader.skip_symbol(separator)) return false;
  const Number third = number_of(reader.token());
  reader.advance();
  if (third.value < 0 || !reader.finished()) return false;
  if (first.digits == 4 && third.digits <= 2) {
    // 4282/12/6 is a quotient
    constexpr int kFirst = 1583;
    constexpr int kLast = 2099;
    if (separator == '/' && (first.value < kFirst || first.value > kLast)) return false;
    date = {first.value, second.value, third.value};
    return true;
  }
  if (first.digits > 2 || third.digits != 4) return false;
  const bool first_is_day = first.value > 12 && second.value <= 12;
  const bool second_is_day = second.value > 12 && first.value <= 12;
  if (!first_is_day && !second_is_day && first.value != second.value) return false;
  date = first_is_day ? Date{third.value, second.value, first.value}
                      : Date{third.value, first.value, second.value};
  return true;
}

// 2021年3月5日, 3月5号.
bool chinese(Reader reader, Date& date) noexcept {
  int number = 0;
  if (!reader.han_number(number)) return false;
  if (reader.han(U'年')) {
    date.year = number;
    if (number == 0 || !reader.han_number(number)) return false;
  }
  date.month = number;
  if (!reader.han(U'月') || !reader.han_number(date.day)) return false;
  if (!reader.han(U'日') && !reader.han(U'号')) return false;
  return reader.finished();
}

}  // namespace

bool parse_date(std::string_view text, Date& date) {
  constexpr std::size_t kLongest = 200;
  date = {};
  if (text.size() > kLongest) return false;
  Reader reader(text);
  reader.skip("on");
  for (const auto form : {month_first, day_first, figures, chinese}) {
    Date read;
    if (form(reader, read) && exists(read)) {
      date = read;
      return true;
    }
  }
  return false;
}

bool same_date(const Date& gold, const Date& answer) {
  return gold.year == answer.year && gold.month == answer.month && gold.day == answer.day;
}

}  // namespace pyverify::answer
