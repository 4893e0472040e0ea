#include "extract/spans.hpp"

#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::to_ascii_lower;

namespace {

bool starts(std::string_view text, Span span, std::string_view what) noexcept {
  return span.end - span.begin >= what.size() && text.compare(span.begin, what.size(), what) == 0;
}
bool ends(std::string_view text, Span span, std::string_view what) noexcept {
  return span.end - span.begin >= what.size() &&
         text.compare(span.end - what.size(), what.size(), what) == 0;
}

// Backslashes that stand directly before `at`: an odd number escapes what follows.
std::size_t backslashes_before(std::string_view text, std::size_t begin, std::size_t at) noexcept {
  std::size_t count = 0;
  while (at > begin + count && text[at - 1 - count] == '\\') ++count;
  return count;
}

// $...$ and $$...$$: the delimiters must belong to each other, so no other one stands between them.
bool strip_dollars(std::string_view text, Span& span) noexcept {
  const std::size_t width = starts(text, span, "$$") ? 2 : 1;
  if (!starts(text, span, "$") || span.end - span.begin < 2 * width) return false;
  const Span inner{span.begin + width, span.end - width};
  for (std::size_t i = inner.end; i < span.end; ++i) {
    if (text[i] != '$') return false;
  }
  if (backslashes_before(text, span.begin, inner.end) % 2 == 1) return false;
  for (std::size_t i = inner.begin; i < inner.end; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '$') {
      return false;
    }
  }
  span = inner;
  return true;
}

// \(...\) and \[...\], each backslash once or, in escaping debris, several times.
bool strip_brackets(std::string_view text, Span& span) noexcept {
  std::size_t open = span.begin;
  while (open < span.end && text[open] == '\\') ++open;
  if (open == span.begin || open >= span.end) return false;
  const char bracket = text[open];
  if (bracket != '(' && bracket != '[') return false;
  const char closing = bracket == '(' ? ')' : ']';
  if (span.end - open < 2 || text[span.end - 1] != closing) return false;
  const std::size_t slashes = backslashes_before(text, open + 1, span.end - 1);
  if (slashes == 0) return false;
  const Span inner{open + 1, span.end - 1 - slashes};
  for (std::size_t i = inner.begin; i + 1 < inner.end; ++i) {
    if (text[i] == '\\' && text[i + 1] == closing) return false;
  }
  span = inner;
  return true;
}

bool strip_delimiters(std::string_view text, Span& span) noexcept {
  return strip_dollars(text, span) || strip_brackets(text, span);
}

bool strip_front(std::string_view text, Span& span) noexcept {
  if (span.empty()) return false;
  for (const std::string_view mark : {"**", "*", "`", "\"", "“", "‘", "：", ":", "=", "~"}) {
    if (!starts(text, span, mark)) continue;
    span.begin += mark.size();
    return true;
  }
  // _5_: an underscore alone is no Markdown.
  if (text[span.begin] == '_' && text[span.end - 1] == '_' && span.end - span.begin > 2) {
    ++span.begin;
    --span.end;
    return true;
  }
  return false;
}

bool strip_back(std::string_view text, Span& span) noexcept {
  if (span.empty()) return false;
  for (const std::string_view mark :
       {"*", "`", "\"", "”", "’", "。", "，", "；", "：", "、", "–", "—"}) {
    if (!ends(text, span, mark)) continue;
    span.end -= mark.size();
    return true;
  }
  const char last = text[span.end - 1];
  // A tick or an emoji; an exclamation mark behind maths is no factorial.
  if (static_cast<unsigned char>(last) >= 0x80) {
    const support::CodePoint point = support::decode_utf8_before(text, span.end);
    const bool picture = (point.value >= 0x2600 && point.value <= 0x27BF) ||
                         point.value == 0xFE0F || point.value >= 0x1F300;
    if (picture && span.end - span.begin >= point.size) {
      span.end -= point.size;
      return true;
    }
    return false;
  }
  if (last == '!' && (ends(text, span, "$!") || ends(text, span, "\\)!"))) {
    --span.end;
    return true;
  }
  // The end of a proof.
  for (const std::string_view mark :
       {"$\\square$", "$\\blacksquare$", "\\square", "\\blacksquare", "\\qed", "\\checkmark"}) {
    if (!ends(text, span, mark) || span.end - span.begin == mark.size()) continue;
    span.end -= mark.size();
    return true;
  }
  if (last != '.' && last != ',' && last != ';' && last != ':') return false;
  const std::size_t length = span.end - span.begin;
  if (backslashes_before(text, span.begin, span.end - 1) % 2 == 1)
    return false;  // \, is a space command
  if (last == '.' && length >= 3) {
    if (ends(text, span, "...")) return false;
    // p.m. keeps its full stop.
    if (text[span.end - 3] == '.' && is_ascii_letter(text[span.end - 2])) return false;
  }
  --span.end;
  return true;
}

}  // namespace

std::size_t skip_blanks(std::string_view text, std::size_t at, std::size_t end,
                        bool newlines) noexcept {
  while (at < end) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == ' ' || byte == '\t' || (newlines && byte == '\n')) {
      ++at;
      continue;
    }
    if (byte > ' ' && byte < 0x80) break;
    const support::CodePoint point = support::decode_utf8(text.substr(0, end), at);
    if (!support::is_space(point.value)) break;
    if (!newlines && (point.value == '\n' || point.value == '\r')) break;
    at += point.size;
  }
  return at;
}

std::size_t skip_blanks_before(std::string_view text, std::size_t begin, std::size_t at) noexcept {
  while (at > begin) {
    const support::CodePoint point = support::decode_utf8_before(text.substr(0, at), at);
    if (!support::is_space(point.value) || point.value == '\n' || at - begin < point.size) break;
    at -= point.size;
  }
  return at;
}

Span trim(std::string_view text, Span span) noexcept {
  if (span.empty()) return {span.begin, span.begin};
  span.begin = skip_blanks(text, span.begin, span.end, true);
  while (span.end > span.begin) {
    const auto byte = static_cast<unsigned char>(text[span.end - 1]);
    if (byte == ' ' || byte == '\n') {
      --span.end;
      continue;
    }
    if (byte > ' ' && byte < 0x80) break;
    const support::CodePoint point =
        support::decode_utf8_before(text.substr(0, span.end), span.end);
    if (!support::is_space(point.value) || span.end - span.begin < point.size) break;
    span.end -= point.size;
  }
  return span;
}

Span strip_maths(std::string_view text, Span span) noexcept {
  span = trim(text, span);
  for (int i = 0; i < 4 && strip_delimiters(text, span); ++i) span = trim(text, span);
  return span;
}

Span strip_prose(std::string_view text, Span span) noexcept {
  span = trim(text, span);
  for (int i = 0; i < 64; ++i) {
    if (!strip_delimiters(text, span) && !strip_front(text, span) && !strip_back(text, span)) break;
    span = trim(text, span);
  }
  return span;
}

std::size_t skip_group(std::string_view text, std::size_t open, std::size_t end) noexcept {
  std::size_t depth = 0;
  for (std::size_t i = open; i < end; ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return kNoSpanEnd;
}

std::size_t skip_command(std::string_view text, std::size_t at, std::size_t end) noexcept {
  std::size_t i = at + 1;
  if (i >= end) return end;
  if (!is_ascii_letter(text[i])) return i + 1;
  while (i < end && is_ascii_letter(text[i])) ++i;
  return i;
}

bool word_at(std::string_view text, std::size_t at, std::size_t end,
             std::string_view word) noexcept {
  if (at > end || end - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (to_ascii_lower(text[at + i]) != word[i]) return false;
  }
  const std::size_t after = at + word.size();
  return after >= end || !(is_ascii_letter(text[after]) || is_ascii_digit(text[after]));
}

}  // namespace pyverify::extraction
