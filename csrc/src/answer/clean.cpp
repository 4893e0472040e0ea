#include <algorithm>

#include "answer/reading.hpp"

namespace pyverify::answer {
namespace {

bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void trim(std::string_view& s) {
  for (;;) {
    if (!s.empty() && blank(s.front()))
      s.remove_prefix(1);
    else if (!s.empty() && blank(s.back()))
      s.remove_suffix(1);
    else if (s.size() >= 2 && s.substr(0, 2) == "\xC2\xA0")
      s.remove_prefix(2);
    else
      break;
  }
}

bool unwrap(std::string_view& s, std::string_view open, std::string_view close) {
  if (s.size() < open.size() + close.size() || s.substr(0, open.size()) != open) return false;
  if (s.substr(s.size() - close.size()) != close) return false;
  const std::string_view inside = s.substr(open.size(), s.size() - open.size() - close.size());
  if (inside.find(close) != std::string_view::npos) return false;
  s = inside;
  return true;
}

// \boxed{...} around everything.
bool unwrap_box(std::string_view& s) {
  for (const std::string_view name : {"\\boxed", "\\fbox"}) {
    if (s.substr(0, name.size()) != name) continue;
    std::size_t i = name.size();
    while (i < s.size() && blank(s[i])) ++i;
    if (i >= s.size() || s[i] != '{' || s.back() != '}') continue;
    std::size_t depth = 0;
    for (std::size_t k = i; k < s.size(); ++k) {
      if (s[k] == '\\') {
        ++k;
      } else if (s[k] == '{') {
        ++depth;
      } else if (s[k] == '}' && --depth == 0) {
        if (k + 1 != s.size()) return false;
        s = s.substr(i + 1, k - i - 1);
        return true;
      }
    }
  }
  return false;
}

// One layer of what may stand around an answer.
bool unwrap_any(std::string_view& s) {
  switch (s.empty() ? '\0' : s.front()) {
    case '$':
      return unwrap(s, "$$", "$$") || unwrap(s, "$", "$");
    case '\\':
      return unwrap(s, "\\(", "\\)") || unwrap(s, "\\[", "\\]") || unwrap_box(s);
    case '*':
      return unwrap(s, "**", "**");
    case '_':
      return unwrap(s, "__", "__");
    case '`':
      return unwrap(s, "`", "`");
    case '\'':
      return unwrap(s, "'", "'");
    case '"':
      return unwrap(s, "\"", "\"");
    case '\xE2':
      return unwrap(s, "“", "”");
    default:
      return false;
  }
}

bool strip_end(std::string_view& s) {
  if (s.empty()) return false;
  const char last = s.back();
  const bool escaped = s.size() >= 2 && s[s.size() - 2] == '\\';
  if ((last == '.' || last == ',' || last == ';' || last == ':') && !escaped) {
    if (last == '.' && s.size() >= 3 && s.substr(s.size() - 3) == "...") return false;
    // p.m. keeps its point
    if (last == '.' && s.size() >= 3 && letter(s[s.size() - 2]) && s[s.size() - 3] == '.')
      return false;
    if (s.ends_with("\\right.")) return false;  // the invisible bracket behind a system
    s.remove_suffix(1);
    return true;
  }
  if (last == '\\') {
    s.remove_suffix(1);
    return true;
  }
  if ((last == ',' || last == '!' || last == ';') && escaped) {  // a dangling space command
    s.remove_suffix(2);
    return true;
  }
  if (s.size() >= 3 && (s.substr(s.size() - 3) == "。" || s.substr(s.size() - 3) == "，" ||
                        s.substr(s.size() - 3) == "；")) {
    s.remove_suffix(3);
    return true;
  }
  return false;
}

// "The answer is 12", \text{答案为} 12: the words in front of an answer.
bool strip_cue(std::string_view& s) {
  std::string_view rest = s;
  const bool wrapped = rest.starts_with("\\text{");
  if (wrapped) rest.remove_prefix(6);
  std::size_t length = 0;
  for (const std::string_view cue : {"The answer is", "the answer is", "The final answer is",
                                     "the final answer is", "Answer is", "答案是", "答案为"}) {
    if (rest.starts_with(cue)) length = cue.size();
  }
  if (length == 0) return false;
  rest.remove_prefix(length);
  const bool han = s[wrapped ? 6 : 0] == '\xE7';
  if (!han && (rest.empty() || letter(rest.front()))) return false;
  trim(rest);
  if (!rest.empty() && rest.front() == ':') rest.remove_prefix(1);
  trim(rest);
  if (wrapped) {
    if (rest.starts_with('}'))
      rest.remove_prefix(1);
    else if (rest.ends_with('}') && rest.find('{') == std::string_view::npos)
      rest.remove_suffix(1);
    else
      return false;
  }
  trim(rest);
  if (rest.empty()) return false;
  s = rest;
  return true;
}

// A doubled backslash before a letter is one that was escaped once too often, unless it ends a row.
bool needs_unescape(std::string_view s) {
  const bool rows = s.find("\\begin") != std::string_view::npos;
  for (std::size_t i = 0; i + 2 < s.size(); ++i) {
    if (s[i] != '\\' || s[i + 1] != '\\') continue;
    // x=1\\y=2 are two rows
    const bool command = letter(s[i + 2]) && i + 3 < s.size() && letter(s[i + 3]);
    if (!rows && (command || s[i + 2] == '{')) return true;
    if (s.substr(i + 2, 5) == "begin") return true;
    ++i;
  }
  return false;
}

void replace_all(std::string& s, std::string_view what, std::string_view by) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = s.find(what); at != std::string::npos; at = s.find(what, from)) {
    out.append(s, from, at - from);
    out += by;
    from = at + what.size();
  }
  out.append(s, from, std::string::npos);
  s = std::move(out);
}

}  // namespace

std::string_view clean(std::string_view source, std::string& storage) {
  std::string_view s = source;
  for (int i = 0; i < 16; ++i) {
    trim(s);
    if (unwrap_any(s) || strip_end(s) || strip_cue(s)) continue;
    if (!s.empty() && (s.front() == '=' || s.front() == ':') && s.size() > 1) {
      s.remove_prefix(1);
      continue;
    }
    break;
  }
  const bool unescape = s.find("\\\\") != std::string_view::npos && needs_unescape(s);
  const bool bold = s.find("**") != std::string_view::npos && (s.front() == '*' || s.back() == '*');
  const bool numpy =
      s.find("np.") != std::string_view::npos || s.find("math.") != std::string_view::npos;
  if (!unescape && !bold && !numpy) return s;
  storage.assign(s);
  if (unescape) replace_all(storage, "\\\\", "\\");
  if (bold) replace_all(storage, "**", "");
  if (numpy) {
    replace_all(storage, "np.", "");
    replace_all(storage, "math.", "");
  }
  s = storage;
  trim(s);
  while (strip_end(s)) trim(s);
  return s;
}

}  // namespace pyverify::answer
