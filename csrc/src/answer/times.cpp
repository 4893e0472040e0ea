// Times of day (GRADING 23).
#include "answer/hash.hpp"
#include "answer/number_words.hpp"
#include "answer/tokens.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

constexpr int kNoNumber = -1;

// A number of one or two digits, or in words up to fifty-nine.
int small_number(const TextToken& token) noexcept {
  if (token.kind == TokenKind::kNumber) {
    const std::string_view digits = token.word();
    if (digits.empty() || digits.size() > 2) return kNoNumber;
    int value = 0;
    for (const char c : digits) {
      if (!is_ascii_digit(static_cast<unsigned char>(c))) return kNoNumber;
      value = value * 10 + (c - '0');
    }
    return value;
  }
  if (token.kind != TokenKind::kWord) return kNoNumber;
  EnglishNumber number;
  if (token.is("first") || token.is("second") || token.is("half") ||
      !number.feed(token.word(), false))
    return kNoNumber;
  if (!number.complete() || !number.value().is_integer() || number.value().num > 59)
    return kNoNumber;
  return static_cast<int>(number.value().num);
}

// Reads one token ahead at a time.
class Tokens {
 public:
  explicit Tokens(std::string_view text) noexcept : text_(text), reader_(text) { advance(); }
  void advance() noexcept { reader_.next(token_); }
  const TextToken& token() const noexcept { return token_; }
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
  bool skip_han(char32_t code) noexcept {
    if (token_.kind != TokenKind::kHan || token_.code != code) return false;
    advance();
    return true;
  }
  std::string_view rest() const noexcept { return text_.substr(token_.begin); }

 private:
  std::string_view text_;
  TokenReader reader_;
  TextToken token_;
};

enum class DayPart : std::uint8_t {
  kNone,
  kAm,
  kPm,
  kMorning,
  kAfternoon,
  kEvening,
  kNight,
  kNoon,
  kMidnight,
  kBad
};

// am, p.m., in the morning, at night, noon; kNone when nothing is there.
DayPart read_day_part(Tokens& tokens) noexcept {
  if (tokens.skip("am")) return DayPart::kAm;
  if (tokens.skip("pm")) return DayPart::kPm;
  for (const char letter : {'a', 'p'}) {
    if (!tokens.skip({&letter, 1})) continue;
    tokens.skip_symbol('.');
    if (!tokens.skip("m")) return DayPart::kBad;
    return letter == 'a' ? DayPart::kAm : DayPart::kPm;
  }
  if (tokens.skip("noon") || tokens.skip("midday")) return DayPart::kNoon;
  if (tokens.skip("midnight")) return DayPart::kMidnight;
  if (tokens.skip("at")) return tokens.skip("night") ? DayPart::kNight : DayPart::kBad;
  if (!tokens.skip("in")) return DayPart::kNone;
  if (!tokens.skip("the")) return DayPart::kBad;
  if (tokens.skip("morning")) return DayPart::kMorning;
  if (tokens.skip("afternoon")) return DayPart::kAfternoon;
  return tokens.skip("evening") ? DayPart::kEvening : DayPart::kBad;
}

struct HanPart {
  std::string_view text;
  DayPart part;
};
constexpr HanPart kHanParts[] = {
    {"上午", DayPart::kMorning}, {"早上", DayPart::kMorning},   {"凌晨", DayPart::kMorning},
    {"清晨", DayPart::kMorning}, {"中午", DayPart::kAfternoon}, {"下午", DayPart::kAfternoon},
    {"傍晚", DayPart::kEvening}, {"晚上", DayPart::kNight},
};

DayPart read_han_part(Tokens& tokens) noexcept {
  if (tokens.token().kind != TokenKind::kHan) return DayPart::kNone;
  for (const HanPart& row : kHanParts) {
    if (!tokens.rest().starts_with(row.text)) continue;
    tokens.advance();
    tokens.advance();
    return row.part;
  }
  return DayPart::kNone;
}

// Puts the half of the day to an hour as it is said. False when they don't go together: 15:45 am.
bool settle_half(int hour, int minute, DayPart part, TimeOfDay& time) noexcept {
  switch (part) {
    case DayPart::kNone:
      if (hour >= 13 || hour == 0) time.half = hour >= 13;
      time.minutes = hour * 60 + minute;
      return true;
    case DayPart::kAm:
    case DayPart::kMorning:
      if (hour > 12) return false;
      time.half = 0;
      break;
    case DayPart::kPm:
    case DayPart::kAfternoon:
    case DayPart::kEvening:
      if (hour == 0) return false;
      time.half = 1;
      break;
    case DayPart::kNight:
      if (hour == 0 || hour > 23) return false;
      time.half = hour >= 6 && hour != 12;
      break;
    case DayPart::kNoon:
      if (hour != 12 || minute != 0) return false;
      time.half = 1;
      break;
    case DayPart::kMidnight:
      if ((hour != 12 && hour != 0) || minute != 0) return false;
      time.half = 0;
      break;
    case DayPart::kBad:
      return false;
  }
  time.minutes = (hour % 12) * 60 + minute + (time.half == 1 ? 720 : 0);
  return true;
}

bool finish(Tokens& tokens, int hour, int minute, DayPart part, TimeOfDay& time) noexcept {
  while (tokens.skip_symbol('.')) {
  }
  return tokens.at_end() && settle_half(hour, minute, part, time);
}

// half past three, quarter to four, ten (minutes) past five.
bool read_spoken(Tokens tokens, TimeOfDay& time) noexcept {
  int minutes = 0;
  tokens.skip("a");
  if (tokens.skip("half")) {
    minutes = 30;
  } else if (tokens.skip("quarter")) {
    minutes = 15;
  } else {
    minutes = small_number(tokens.token());
    if (minutes < 1 || minutes > 59) return false;
    tokens.advance();
    if (!tokens.skip("minutes")) tokens.skip("minute");
  }
  const bool past = tokens.skip("past") || tokens.skip("after");
  if (!past && (minutes == 30 || !(tokens.skip("to") || tokens.skip("before")))) return false;
  int hour = 0;
  if (tokens.token().is("noon") || tokens.token().is("midnight")) {
    hour = tokens.token().is("noon") ? 12 : 24;
    tokens.advance();
    const int all = (hour * 60 + (past ? minutes : -minutes)) % 1440;
    time.half = all >= 720;
    time.minutes = all;
    return tokens.at_end();
  }
  hour = small_number(tokens.token());
  if (hour < 1 || hour > 12) return false;
  tokens.advance();
  tokens.skip("oclock");
  const DayPart part = read_day_part(tokens);
  if (!past) hour = hour == 1 ? 12 : hour - 1;
  return finish(tokens, hour, past ? minutes : 60 - minutes, part, time);
}

// 下午3点45分, 3点半, 15时, 三点一刻.
bool read_han_time(Tokens tokens, TimeOfDay& time) noexcept {
  const auto number = [&]() -> int {
    if (tokens.token().kind != TokenKind::kHan) {
      const int value = small_number(tokens.token());
      if (value != kNoNumber) tokens.advance();
      return value;
    }
    std::int64_t value = 0;
    std::size_t used = read_han_integer(tokens.rest(), value);
    if (used == 0 || value > 59) return kNoNumber;
    const std::size_t end = tokens.token().begin + used;
    while (!tokens.at_end() && tokens.token().begin < end) tokens.advance();
    return static_cast<int>(value);
  };
  const DayPart part = read_han_part(tokens);
  const int hour = number();
  int minute = 0;
  if (hour < 0 || hour > 23) return false;
  if (tokens.skip_symbol(':')) {  // 下午3:45
    if (part == DayPart::kNone || tokens.token().word().size() != 2) return false;
    minute = number();
    if (minute < 0 || minute > 59) return false;
    return finish(tokens, hour, minute, part, time);
  }
  if (!tokens.skip_han(U'点') && !tokens.skip_han(U'时')) return false;
  if (tokens.skip_han(U'钟') || tokens.skip_han(U'整')) return finish(tokens, hour, 0, part, time);
  if (tokens.skip_han(U'半')) return finish(tokens, hour, 30, part, time);
  if (tokens.at_end()) return finish(tokens, hour, 0, part, time);
  minute = number();
  if (minute < 0 || minute > 59) return false;
  if (tokens.skip_han(U'刻')) {
    if (minute < 1 || minute > 3) return false;
    minute *= 15;
  } else if (!tokens.skip_han(U'分')) {
    return false;
  }
  return finish(tokens, hour, minute, part, time);
}

// A time of the form 3:45 or 3:45:20; nothing else may be a time with one number.
bool read_clock(Tokens tokens, TimeOfDay& time) noexcept {
  const TextToken first = tokens.token();
  int hour = small_number(first);
  int minute = 0;
  bool clock = false;
  if (first.kind == TokenKind::kNumber && hour == kNoNumber) {  // 3.45 pm
    const std::string_view digits = first.word();
    const std::size_t point = digits.find('.');
    if (point == std::string_view::npos || point == 0 || point > 2 || digits.size() != point + 3)
      return false;
    hour = digits[0] - '0';
    if (point == 2) hour = hour * 10 + (digits[1] - '0');
    minute = (digits[point + 1] - '0') * 10 + (digits[point + 2] - '0');
    tokens.advance();
    const DayPart part = read_day_part(tokens);
    if ((part != DayPart::kAm && part != DayPart::kPm) || hour < 1 || hour > 12 || minute > 59)
      return false;
    return finish(tokens, hour, minute, part, time);
  }
  if (hour < 0 || hour > 23) return false;
  tokens.advance();
  if (tokens.token().is_symbol(':')) {
    if (first.kind != TokenKind::kNumber) return false;
    tokens.advance();
    if (tokens.token().kind != TokenKind::kNumber || tokens.token().word().size() != 2)
      return false;
    minute = small_number(tokens.token());
    if (minute < 0 || minute > 59) return false;
    tokens.advance();
    clock = true;
    if (tokens.skip_symbol(':')) {
      const int seconds = small_number(tokens.token());
      if (tokens.token().word().size() != 2 || seconds < 0 || seconds > 59) return false;
      time.seconds = static_cast<std::int8_t>(seconds);
      tokens.advance();
    }
  }
  const bool oclock = tokens.skip("oclock") || (tokens.token().is("o") && [&] {
                        Tokens copy = tokens;
                        copy.advance();
                        copy.skip_symbol('\'');
                        if (!copy.skip("clock")) return false;
                        tokens = copy;
                        return true;
                      }());
  const DayPart part = read_day_part(tokens);
  if (part == DayPart::kNone && !clock && !oclock) return false;
  time.could_be_24h =
      part == DayPart::kNone && first.word().size() == 2 && first.kind == TokenKind::kNumber;
  if (part == DayPart::kNone && (hour == 0 || hour >= 13)) time.could_be_24h = true;
  return finish(tokens, hour, minute, part, time);
}

}  // namespace

bool parse_time(std::string_view text, TimeOfDay& time) {
  constexpr std::size_t kLongest = 200;
  time = {};
  if (text.size() > kLongest) return false;
  Tokens tokens(text);
  tokens.skip("at");
  if (tokens.token().is("noon") || tokens.token().is("midday") || tokens.token().is("midnight")) {
    const DayPart part = read_day_part(tokens);
    if (finish(tokens, 12, 0, part, time)) return true;
  } else if (read_clock(tokens, time)) {
    return true;
  }
  time = {};
  if (read_spoken(tokens, time)) return true;
  time = {};
  if (read_han_time(tokens, time)) return true;
  time = {};
  return false;
}

bool same_time(const TimeOfDay& gold, const TimeOfDay& answer) {
  if (gold.seconds != answer.seconds) return false;
  if (gold.half >= 0 && answer.half >= 0) return gold.minutes == answer.minutes;
  constexpr int kHalfDay = 720;
  if (gold.minutes % kHalfDay != answer.minutes % kHalfDay) return false;
  // One side is bare. Written the 24-hour way, the other one means exactly that time.
  const auto early = [](const TimeOfDay& time) {
    return time.half < 0 && time.could_be_24h && time.minutes < 10 * 60;
  };
  if (gold.half >= 0) {
    if (gold.could_be_24h) return gold.minutes == answer.minutes;
    return !early(answer) || gold.minutes == answer.minutes;
  }
  if (answer.half >= 0) {
    if (answer.could_be_24h) return gold.minutes == answer.minutes;
    return !early(gold) || gold.minutes == answer.minutes;
  }
  return true;
}

}  // namespace pyverify::answer
