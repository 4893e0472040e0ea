#include "answer/number_words.hpp"

#include "answer/hash.hpp"
#include "answer/number_word_table.hpp"
#include "answer/tokens.hpp"
#include "answer/words.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

using number::Rational;

}  // namespace

bool EnglishNumber::feed(std::string_view word, bool joined) noexcept {
  if (last_ == Last::kDone) return false;
  const NumberWord* row = find_number_word(word);
  if (row == nullptr) return false;
  switch (row->kind) {
    case NumberKind::kZero:
      if (last_ != Last::kStart) return false;
      last_ = Last::kZero;
      return true;
    case NumberKind::kSmall:
      return feed_small(row->value);
    case NumberKind::kHundred:
      return feed_hundred();
    case NumberKind::kScale:
      return feed_scale(row->value);
    case NumberKind::kDozen:
      return feed_dozen();
    case NumberKind::kHalf:
      return feed_half(false);
    case NumberKind::kHalves:
      return feed_half(true);
    case NumberKind::kOrdinal:
      return feed_ordinal(row->value, joined);
    case NumberKind::kDenominators:
      return feed_denominator(row->value);
    case NumberKind::kQuarter:
      return feed_denominator(4);
    case NumberKind::kAnd:
      return feed_and();
    case NumberKind::kArticle:
      return feed_article();
    case NumberKind::kMinus:
      if (last_ != Last::kStart) return false;
      negative_ = true;
      last_ = Last::kMinus;
      return true;
  }
  return false;
}

bool EnglishNumber::complete() const noexcept {
  switch (last_) {
    case Last::kZero:
    case Last::kUnit:
    case Last::kTeen:
    case Last::kTens:
    case Last::kHundred:
    case Last::kScale:
    case Last::kHalf:
    case Last::kDone:
      return true;
    default:
      return false;
  }
}

Rational EnglishNumber::value() const noexcept {
  Rational value =
      number::add(number::integer(total_ + group_), number::make(numerator_, denominator_));
  return negative_ ? number::neg(value) : value;
}

bool EnglishNumber::takes_number() const noexcept {
  switch (last_) {
    case Last::kStart:
    case Last::kMinus:
    case Last::kHundred:
    case Last::kScale:
      return true;
    case Last::kAnd:
      return before_and_ == Last::kHundred || before_and_ == Last::kScale;
    default:
      return false;
  }
}

bool EnglishNumber::simple() const noexcept {
  return total_ == 0 && !hundred_ && !has_and_ && group_ > 0 &&
         (last_ == Last::kUnit || last_ == Last::kTeen || last_ == Last::kTens);
}

bool EnglishNumber::feed_and() noexcept {
  switch (last_) {
    case Last::kUnit:
    case Last::kTeen:
    case Last::kTens:
    case Last::kHundred:
    case Last::kScale:
      break;
    default:
      return false;
  }
  if (has_and_ && last_ != Last::kScale && before_and_ != Last::kHundred) return false;
  before_and_ = last_;
  has_and_ = true;
  last_ = Last::kAnd;
  return true;
}

bool EnglishNumber::feed_article() noexcept {
  if (last_ == Last::kStart || last_ == Last::kMinus) {
    last_ = Last::kArticle;
  } else if (last_ == Last::kAnd) {
    last_ = Last::kAndArticle;
  } else if (last_ == Last::kHalf) {
    last_ = Last::kHalfArticle;
  } else {
    return false;
  }
  return true;
}

bool EnglishNumber::feed_small(std::int64_t value) noexcept {
  const bool unit = value < 10;
  if (last_ == Last::kAnd && !takes_number()) {  // three and two thirds
    if (!unit) return false;
    numerator_ = value;
    last_ = Last::kNumerator;
    return true;
  }
  if (!takes_number() && !(unit && last_ == Last::kTens)) return false;
  group_ += value;
  last_ = unit ? Last::kUnit : value < 20 ? Last::kTeen : Last::kTens;
  return true;
}

bool EnglishNumber::feed_hundred() noexcept {
  if (last_ == Last::kStart || last_ == Last::kMinus || last_ == Last::kArticle) {
    group_ = 1;
  } else if (hundred_ || group_ == 0 || group_ >= 100 || last_ == Last::kHundred ||
             last_ == Last::kScale || has_and_) {
    return false;
  }
  group_ *= 100;
  hundred_ = true;
  last_ = Last::kHundred;
  return true;
}

bool EnglishNumber::feed_scale(std::int64_t factor) noexcept {
  if (last_ == Last::kHalf || last_ == Last::kHalfArticle) {
    numerator_ = 0;
    denominator_ = 1;
    total_ = factor / 2;
    last_ = Last::kDone;
    return true;
  }
  if (last_scale_ != 0 && factor >= last_scale_) return false;
  if (last_ == Last::kStart || last_ == Last::kMinus || last_ == Last::kArticle) {
    group_ = 1;
  } else if (group_ == 0 || last_ == Last::kAnd || last_ == Last::kAndArticle ||
             last_ == Last::kNumerator) {
    return false;
  }
  if (group_ > 9999) return false;
  total_ += group_ * factor;  // at most 10^4 * 10^12, and falling
  group_ = 0;
  hundred_ = false;
  has_and_ = false;
  last_scale_ = factor;
  last_ = Last::kScale;
  return true;
}

bool EnglishNumber::feed_dozen() noexcept {
  switch (last_) {
    case Last::kStart:
    case Last::kMinus:
    case Last::kArticle:
      total_ = 12;
      break;
    case Last::kUnit:
    case Last::kTeen:
    case Last::kTens:
    case Last::kHundred:
      if (total_ != 0) return false;
      total_ = group_ * 12;
      group_ = 0;
      break;
    case Last::kHalf:
    case Last::kHalfArticle:
      numerator_ = 0;
      denominator_ = 1;
      total_ = 6;
      break;
    default:
      return false;
  }
  last_ = Last::kDone;
  return true;
}

bool EnglishNumber::feed_half(bool plural) noexcept {
  if (!plural && (last_ == Last::kStart || last_ == Last::kMinus)) {
    numerator_ = 1;
    denominator_ = 2;
    last_ = Last::kHalf;
    return true;
  }
  return feed_denominator(2);
}

// One third, two thirds, a quarter, three and a half.
bool EnglishNumber::feed_denominator(std::int64_t value) noexcept {
  if (last_ == Last::kArticle || last_ == Last::kAndArticle) {
    numerator_ = 1;
  } else if (simple()) {
    numerator_ = group_;
    group_ = 0;
  } else if (last_ != Last::kNumerator) {
    return false;
  }
  denominator_ = value;
  last_ = Last::kDone;
  return true;
}

bool EnglishNumber::feed_ordinal(std::int64_t value, bool joined) noexcept {
  // "twenty second" is a time, "twenty-second" an ordinal; "one second" is a time.
  if (value == 2 && last_ == Last::kTens && !joined) return false;
  if (value < 100) {
    if (takes_number() || (value < 10 && last_ == Last::kTens)) {
      group_ += value;
      last_ = Last::kDone;
      return true;
    }
    return value > 2 && feed_denominator(value);
  }
  if (last_ == Last::kStart) {
    total_ = value;
    last_ = Last::kDone;
    return true;
  }
  if (simple() && group_ == 1) return feed_denominator(value);  // one hundredth
  if (last_ == Last::kArticle || last_ == Last::kAndArticle || last_ == Last::kNumerator)
    return feed_denominator(value);
  if (group_ == 0 || group_ >= 1000 || (value == 100 && hundred_)) return false;
  if (last_ == Last::kAnd || (last_scale_ != 0 && value >= last_scale_)) return false;
  total_ += group_ * value;
  group_ = 0;
  last_ = Last::kDone;
  return true;
}

bool number_word(std::string_view text, Rational& value) {
  std::size_t begin = 0;
  while (begin < text.size() && support::is_ascii_space(text[begin])) ++begin;
  if (begin < text.size() && static_cast<unsigned char>(text[begin]) >= 0x80) {
    bool percent = false;
    Rational read;
    std::string_view rest = text.substr(begin);
    const std::size_t used = read_han_number(rest, read, percent);
    if (used != 0) {
      rest.remove_prefix(used);
      while (!rest.empty() && support::is_ascii_space(rest.front())) rest.remove_prefix(1);
      if (!rest.empty()) return false;
      value = read;
      return true;
    }
  }
  TokenReader reader(text);
  TextToken token;
  if (!reader.next(token)) return false;
  if (token.kind == TokenKind::kNumber) {  // 12th
    const std::string_view digits = token.word();
    if (digits.empty() || digits.size() > 18 || digits.find('.') != std::string_view::npos)
      return false;
    TextToken suffix;
    TextToken end;
    if (!reader.next(suffix) || suffix.space_before || reader.next(end)) return false;
    const char last = digits.back();
    const bool teen = digits.size() > 1 && digits[digits.size() - 2] == '1';
    const std::string_view wanted = teen          ? "th"
                                    : last == '1' ? "st"
                                    : last == '2' ? "nd"
                                    : last == '3' ? "rd"
                                                  : "th";
    if (!suffix.is(wanted)) return false;
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    value = number::integer(number);
    return true;
  }
  EnglishNumber english;
  do {
    if (token.is_symbol('.') || token.is_symbol('!')) {
      if (reader.next(token)) return false;
      break;
    }
    if (token.kind != TokenKind::kWord || !english.feed(token.word(), token.hyphen_before))
      return false;
  } while (reader.next(token));
  if (!english.complete()) return false;
  const Rational result = english.value();
  if (!result.valid()) return false;
  value = result;
  return true;
}

std::size_t leading_number(std::string_view text, Rational& value) {
  std::size_t begin = 0;
  while (begin < text.size() && support::is_ascii_space(text[begin])) ++begin;
  if (begin < text.size() && static_cast<unsigned char>(text[begin]) >= 0x80) {
    bool percent = false;
    const std::size_t used = read_han_number(text.substr(begin), value, percent);
    return used == 0 ? 0 : begin + used;
  }
  TokenReader reader(text);
  TextToken token;
  EnglishNumber english;
  std::size_t used = 0;
  while (reader.next(token)) {
    if (token.kind != TokenKind::kWord || !english.feed(token.word(), token.hyphen_before)) break;
    if (!english.complete()) continue;
    used = token.end;
    value = english.value();
  }
  return used;
}

bool scale_word(std::string_view word, std::int64_t& factor) {
  struct Scale {
    std::string_view word;
    std::int64_t factor;
  };
  static constexpr Scale kScales[] = {
      {"dozen", 12},
      {"hundred", 100},
      {"thousand", 1000},
      {"million", 1000000},
      {"billion", 1000000000},
      {"trillion", 1000000000000},
      {"百", 100},
      {"千", 1000},
      {"万", 10000},
      {"十万", 100000},
      {"百万", 1000000},
      {"千万", 10000000},
      {"亿", 100000000},
      {"十亿", 1000000000},
      {"万亿", 1000000000000},
  };
  char folded[16];
  const std::size_t size = word.size();
  if (size == 0 || size > sizeof folded) return false;
  for (std::size_t i = 0; i < size; ++i) folded[i] = support::to_ascii_lower(word[i]);
  const std::string_view lower(folded, size);
  for (const Scale& scale : kScales) {
    const bool plural =
        size == scale.word.size() + 1 && lower.back() == 's' && scale.word.front() > 0;
    if (lower == scale.word || (plural && lower.starts_with(scale.word))) {
      factor = scale.factor;
      return true;
    }
  }
  return false;
}

}  // namespace pyverify::answer
