// JSON values: strings, numbers, literals, and what is skipped.
#include "records/record.hpp"
#include "records/string_scan.hpp"
#include "support/utf8.hpp"

namespace pyverify::records {
namespace {

using support::is_ascii_digit;

bool valid_utf8(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data();;) {
    at = find_high(at, end);
    if (at == end) return true;
    // A run of characters of several bytes each, as long as it lasts.
    for (std::size_t from = static_cast<std::size_t>(at - text.data());
         at != end && static_cast<unsigned char>(*at) >= 0x80;) {
      const support::CodePoint point = support::decode_utf8(text, from);
      if (point.size == 1) return false;
      at += point.size;
      from += point.size;
    }
  }
}

// Four hexadecimal digits, or a number beyond them.
std::uint32_t hex4(const char* at, const char* end) noexcept {
  constexpr std::uint32_t kNone = 0x10000;
  if (end - at < 4) return kNone;
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const char low = support::to_ascii_lower(c);
    if (is_ascii_digit(c)) {
      value = value * 16 + static_cast<std::uint32_t>(c - '0');
    } else if (low >= 'a' && low <= 'f') {
      value = value * 16 + static_cast<std::uint32_t>(low - 'a' + 10);
    } else {
      return kNone;
    }
  }
  return value;
}

constexpr bool is_high_surrogate(std::uint32_t value) noexcept {
  return value >= 0xD800 && value < 0xDC00;
}
constexpr bool is_low_surrogate(std::uint32_t value) noexcept {
  return value >= 0xDC00 && value < 0xE000;
}

// Behind the backslash of a `\u` escape; 0 where it is none or half of a pair.
std::size_t unicode_escape(const char* at, const char* end, std::uint32_t& value) noexcept {
  value = hex4(at + 1, end);
  if (value > 0xFFFF || is_low_surrogate(value)) return 0;
  if (!is_high_surrogate(value)) return 5;
  if (end - at < 11 || at[5] != '\\' || at[6] != 'u') return 0;
  const std::uint32_t low = hex4(at + 7, end);
  if (low > 0xFFFF || !is_low_surrogate(low)) return 0;
  value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
  return 11;
}

bool read_string(const char*& at, const char* end, Value& out) {
  const char* const begin = ++at;
  out = {Kind::kString, false, true, {}};
  for (;;) {
    const StringStop stop = find_string_stop(at, end);
    out.ascii &= stop.ascii;
    at = stop.at;
    if (at == end) return false;
    if (*at == '"') break;
    if (*at != '\\' || end - at < 2) return false;
    out.escaped = true;
    ++at;
    if (*at == 'u') {
      std::uint32_t value = 0;
      const std::size_t size = unicode_escape(at, end, value);
      if (size == 0) return false;
      at += size;
    } else {
      if (std::string_view("\"\\/bfnrt").find(*at) == std::string_view::npos) return false;
      ++at;
    }
  }
  out.raw = std::string_view(begin, static_cast<std::size_t>(at - begin));
  ++at;
  return out.ascii || valid_utf8(out.raw);
}

bool digits(const char*& at, const char* end) noexcept {
  const char* const begin = at;
  while (at != end && is_ascii_digit(*at)) ++at;
  return at != begin;
}

bool read_number(const char*& at, const char* end, Value& out) {
  const char* const begin = at;
  out = {Kind::kInteger, false, true, {}};
  if (*at == '-') ++at;
  if (at == end || !is_ascii_digit(*at)) return false;
  if (*at == '0') {
    ++at;
  } else {
    digits(at, end);
  }
  if (at != end && *at == '.') {
    ++at;
    out.kind = Kind::kReal;
    if (!digits(at, end)) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    out.kind = Kind::kReal;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits(at, end)) return false;
  }
  out.raw = std::string_view(begin, static_cast<std::size_t>(at - begin));
  return true;
}

bool read_word(const char*& at, const char* end, std::string_view word, Kind kind, Value& out) {
  if (std::string_view(at, static_cast<std::size_t>(end - at)).substr(0, word.size()) != word)
    return false;
  at += word.size();
  out = {kind, false, true, word};
  return true;
}

// An array or object, every part of which is looked at.
bool read_container(const char*& at, const char* end, Value& out, int depth) {
  if (depth >= kMostDepth) return false;
  const char* const begin = at;
  const bool object = *at == '{';
  const char close = object ? '}' : ']';
  ++at;
  skip_blanks(at, end);
  if (at != end && *at == close) {
    ++at;
  } else {
    for (;;) {
      Value part;
      skip_blanks(at, end);
      if (object) {
        if (at == end || *at != '"' || !read_string(at, end, part)) return false;
        skip_blanks(at, end);
        if (at == end || *at != ':') return false;
        ++at;
      }
      if (!read_value(at, end, part, depth + 1)) return false;
      skip_blanks(at, end);
      if (at == end) return false;
      const char next = *at++;
      if (next == close) break;
      if (next != ',') return false;
    }
  }
  out = {object ? Kind::kObject : Kind::kArray, false, true,
         std::string_view(begin, static_cast<std::size_t>(at - begin))};
  return true;
}

void append_utf8(std::string& out, std::uint32_t value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xC0 | value >> 6);
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    out += static_cast<char>(0xE0 | value >> 12);
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | value >> 18);
    out += static_cast<char>(0x80 | (value >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  }
}

char plain_escape(char c) noexcept {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

bool read_value(const char*& at, const char* end, Value& out, int depth) {
  skip_blanks(at, end);
  if (at == end) return false;
  switch (*at) {
    case '"':
      return read_string(at, end, out);
    case '{':
    case '[':
      return read_container(at, end, out, depth);
    case 't':
      return read_word(at, end, "true", Kind::kTrue, out);
    case 'f':
      return read_word(at, end, "false", Kind::kFalse, out);
    case 'n':
      return read_word(at, end, "null", Kind::kNull, out);
    default:
      return read_number(at, end, out);
  }
}

bool string_elements(std::string_view array, std::vector<Value>& out) {
  const char* at = array.data() + 1;
  const char* const end = array.data() + array.size();
  out.clear();
  for (;;) {
    skip_blanks(at, end);
    if (*at == ']') return true;
    Value element;
    if (*at != '"' || !read_string(at, end, element)) return false;
    out.push_back(element);
    skip_blanks(at, end);
    if (*at == ',') ++at;
  }
}

std::string_view text_of(const Value& value, std::string& storage) {
  if (!value.escaped) return value.raw;
  storage.clear();
  storage.reserve(value.raw.size());
  const char* at = value.raw.data();
  const char* const end = at + value.raw.size();
  for (;;) {
    const char* const stop = find_string_stop(at, end).at;
    storage.append(at, stop);
    if (stop == end) return storage;
    at = stop + 1;
    if (*at == 'u') {
      std::uint32_t code = 0;
      at += unicode_escape(at, end, code);
      append_utf8(storage, code);
    } else {
      storage += plain_escape(*at++);
    }
  }
}

}  // namespace pyverify::records
