// Multiple choice labels and numbered statements (GRADING 21).
#include "answer/glyphs.hpp"
#include "answer/hash.hpp"
#include "answer/token_classes.hpp"
#include "answer/tokens.hpp"
#include "answer/words.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

constexpr int kNoLabel = -1;

int label_index(char32_t c) noexcept {
  if (c >= 'A' && c <= 'J') return static_cast<int>(c - 'A');
  if (c >= 'a' && c <= 'j') return static_cast<int>(c - 'a');
  return kNoLabel;
}

bool is_markup(char32_t c) noexcept {
  return c == '*' || c == '_' || c == '`' || c == '"' || c == '#' || c == '\'';
}

// A cursor over the glyphs, markup dropped.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : reader_(text) { advance(); }
  char32_t code() const noexcept { return at_end_ ? 0 : glyph_.code; }
  bool at_end() const noexcept { return at_end_; }
  std::size_t begin() const noexcept { return glyph_.begin; }
  void advance() noexcept {
    do {
      at_end_ = !reader_.next(glyph_);
    } while (!at_end_ && is_markup(glyph_.code));
  }
  void skip_spaces() noexcept {
    while (code() == ' ') advance();
  }
  char32_t ahead() const noexcept {
    Cursor copy = *this;
    copy.advance();
    return copy.code();
  }
  // Goes past an ASCII word of any case if the text continues with it and no letter follows.
  bool skip_word(std::string_view word) noexcept {
    Cursor copy = *this;
    for (const char c : word) {
      if (copy.at_end() || copy.code() >= 0x80) return false;
      if (support::to_ascii_lower(static_cast<char>(copy.code())) != c) return false;
      copy.advance();
    }
    if (is_letter(copy.code())) return false;
    *this = copy;
    return true;
  }
  bool skip_han(std::u32string_view word) noexcept {
    Cursor copy = *this;
    for (const char32_t c : word) {
      if (copy.code() != c) return false;
      copy.advance();
    }
    *this = copy;
    return true;
  }

 private:
  GlyphReader reader_;
  Glyph glyph_;
  bool at_end_ = false;
};

bool is_end_mark(char32_t c) noexcept {
  return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == ' ';
}

bool only_end_marks(Cursor cursor) noexcept {
  while (!cursor.at_end() && is_end_mark(cursor.code())) cursor.advance();
  return cursor.at_end();
}

// Option, choice, 选...: words that announce a label.
void skip_announcement(Cursor& cursor) noexcept {
  cursor.skip_spaces();
  bool announced = false;
  for (const std::string_view word : {"options", "option", "choices", "choice", "answer"}) {
    if (cursor.skip_word(word)) {
      announced = true;
      break;
    }
  }
  if (!announced) {
    for (const std::u32string_view word :
         {U"答案选", U"答案", U"故选", U"应选", U"选择", U"选项", U"选"}) {
      if (cursor.skip_han(word)) {
        announced = true;
        break;
      }
    }
  }
  if (!announced) return;
  cursor.skip_spaces();
  if (cursor.code() == ':' || cursor.code() == U'是' || cursor.code() == U'为') cursor.advance();
  if (cursor.skip_word("is")) cursor.skip_spaces();
  cursor.skip_spaces();
}

struct Label {
  int index = kNoLabel;
  bool lower = false;
  bool bracketed = false;  // (B) or B)
};

// B, (B), [B], B). The cursor ends behind it.
bool read_label(Cursor& cursor, Label& label) noexcept {
  const char32_t open = cursor.code();
  const bool has_open = open == '(' || open == '[';
  if (has_open) {
    cursor.advance();
    cursor.skip_spaces();
  }
  label.index = label_index(cursor.code());
  label.lower = cursor.code() >= 'a';
  if (label.index == kNoLabel) return false;
  cursor.advance();
  Cursor closing = cursor;
  if (has_open) closing.skip_spaces();
  label.bracketed = closing.code() == ')' || (has_open && closing.code() == ']');
  if (has_open && !label.bracketed) return false;
  if (label.bracketed) {
    cursor = closing;
    cursor.advance();
  }
  return true;
}

bool next_is(std::string_view marks, std::string_view rest) noexcept {
  return !rest.empty() && marks.find(rest[0]) != std::string_view::npos;
}

// Another option named behind the first: "(A) 3 (B) 4", "or C", "B / C".
bool names_another(std::string_view rest, std::uint32_t letters, bool lower) noexcept {
  TokenReader tokens(rest);
  TextToken before;
  TextToken token;
  TextToken after;
  bool applied = false;  // the bracket before is a function's: f(A)
  if (!tokens.next(token)) return false;
  do {
    after.kind = TokenKind::kEnd;
    tokens.next(after);
    if (token.kind == TokenKind::kWord && token.code != 0) {
      const int index = (token.code >= 'a') != lower ? kNoLabel : label_index(token.code);
      const bool other = index != kNoLabel && (letters >> index & 1u) == 0;
      const bool pointed =
          before.is_symbol(',') || before.is_symbol(';')
              ? next_is(".:", rest.substr(token.end)) && token.end + 1 < rest.size()
              : next_is(".", rest.substr(token.end)) && before.kind != TokenKind::kSymbol;
      const bool marked =
          pointed ||
          (after.is_symbol(')') && !applied &&
           (before.is_symbol('(') || before.kind == TokenKind::kEnd || token.space_before));
      const bool joined = before.is("or") || before.code == U'或' || before.is_symbol('/');
      if (other && (marked || joined)) return true;
    }
    if (before.kind == TokenKind::kEnd &&
        (token.is("or") || token.is("and") || (token.is("not") && after.code != 0) ||
         token.code == U'或' || token.code == U'和' || token.is_symbol('/'))) {
      return true;
    }
    applied = token.is_symbol('(') && !token.space_before && ends_operand(before);
    before = token;
    token = after;
  } while (token.kind != TokenKind::kEnd);
  return false;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && support::is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && support::is_ascii_space(text.back())) text.remove_suffix(1);
  // The wrapper of the label may close here: \text{C. } x^2.
  if (text.starts_with('}')) return trimmed(text.substr(1));
  return text;
}

// What separates two labels, nothing included; false at the end.
bool skip_separator(Cursor& cursor) noexcept {
  cursor.skip_spaces();
  if (cursor.code() == ',' || cursor.code() == ';' || cursor.code() == '&') {
    cursor.advance();
    cursor.skip_spaces();
  }
  if (cursor.skip_word("and") || cursor.skip_han(U"和") || cursor.skip_han(U"与")) {
    cursor.skip_spaces();
  }
  return !cursor.at_end();
}

// B, D of [B, D]; empty when it is no list.
std::string_view inside_list(std::string_view text) noexcept {
  if (!text.starts_with('[') || !text.ends_with(']') || text.size() < 5) return {};
  text = text.substr(1, text.size() - 2);
  const bool list = text.find(',') != std::string_view::npos &&
                    text.find_first_of("[]") == std::string_view::npos;
  return list ? text : std::string_view();
}

}  // namespace

bool parse_choice(std::string_view text, Choice& choice) {
  choice = {};
  const std::string_view listed = inside_list(text);
  if (!listed.empty()) {
    const bool letters = parse_choice(listed, choice) && choice.rest.empty();
    choice.listed = true;
    return letters;
  }
  Cursor cursor(text);
  skip_announcement(cursor);
  const std::size_t begin = cursor.begin();
  Label first;
  if (!read_label(cursor, first)) return false;
  // C' is a name, 'C' a quoted letter
  if (text.substr(begin + 1).starts_with('\'') && !text.substr(0, begin).ends_with('\''))
    return false;
  std::uint32_t letters = 1u << first.index;
  choice.lower_case = first.lower;

  // Several labels?
  Cursor more = cursor;
  int count = 1;
  const bool bare = !first.bracketed;
  while (!first.lower && count < 10) {
    Cursor probe = more;
    if (!skip_separator(probe)) break;
    Label next;
    if (!read_label(probe, next) || next.lower || next.bracketed == bare) break;
    if (is_letter(probe.code()) && label_index(probe.code()) == kNoLabel) return false;  // a word
    const std::uint32_t bit = 1u << next.index;
    if ((letters & bit) != 0) return false;
    letters |= bit;
    ++count;
    more = probe;
  }
  if (count > 1) {
    // "B, C is wrong" is a sentence, (A)(B) 5 nothing that a choice can be.
    if (!only_end_marks(more)) return false;
    choice.letters = letters;
    return true;
  }

  choice.letters = letters;
  if (cursor.at_end() || only_end_marks(cursor)) return true;
  const char32_t mark = cursor.code();
  bool labelled = first.bracketed;
  if (!labelled) {
    if (mark == '.' || mark == ':') {
      // A:B is a ratio, A.B a product.
      const char32_t behind = cursor.ahead();
      if (label_index(behind) != kNoLabel && !first.lower) {
        Cursor probe = cursor;
        probe.advance();
        probe.advance();
        if (probe.at_end() || !is_letter(probe.code())) return false;
      }
      if (first.lower && (behind != ' ' || mark == ':')) return false;  // a.b, e.g., d: 5
      labelled = true;
      cursor.advance();
    } else {
      Cursor probe = cursor;
      probe.skip_spaces();
      // B (42), D\left(...\right); a lower-case f(x) is a function.
      const bool bracket = probe.code() == '(' && !first.lower;
      const bool dash = (probe.code() == 0x2013 || probe.code() == 0x2014) && mark == ' ';
      if (!bracket && !dash) return false;
      cursor = probe;
      if (dash) cursor.advance();
      labelled = true;
    }
  } else if (mark == '.' || mark == ':') {
    cursor.advance();
  }
  // A bracketed letter with an operator behind it is an expression: (B)+1, (A)^2, (C)=3.
  Cursor probe = cursor;
  probe.skip_spaces();
  switch (probe.code()) {
    case '+':
    case '^':
    case '=':
    case '<':
    case '>':
    case '/':
    case '|':
    case '\'':
      return false;
    default:
      break;
  }
  if (first.bracketed && first.lower && probe.begin() == cursor.begin()) return false;  // (a)b
  choice.rest = trimmed(text.substr(probe.at_end() ? text.size() : probe.begin()));
  const bool lone_label = choice.rest.size() == 1 &&
                          label_index(static_cast<unsigned char>(choice.rest[0])) != kNoLabel;
  if (lone_label || names_another(choice.rest, letters, first.lower) || says_doubt(choice.rest)) {
    choice = {};
    return false;
  }
  return true;
}

bool is_applied(std::string_view text, const Choice& choice) noexcept {
  const char letter = text.empty() ? ' ' : text.front();
  if (letter < 'A' || letter > 'Z' || !choice.rest.starts_with('(')) return false;
  const auto between = static_cast<std::size_t>(choice.rest.data() - text.data()) - 1;
  if (between == 0) return true;
  if (text.substr(1, between).find_first_not_of(" '") != std::string_view::npos)
    return false;  // A'(x)
  int depth = 0;
  for (std::size_t i = 0; i < choice.rest.size(); ++i) {
    if (choice.rest[i] == '(') ++depth;
    if (choice.rest[i] == ')' && --depth == 0) return i + 1 != choice.rest.size();
  }
  return true;
}

bool parse_statements(std::string_view text, std::uint32_t& mask) {
  mask = 0;
  Cursor cursor(text);
  cursor.skip_spaces();
  while (!cursor.at_end()) {
    const char32_t c = cursor.code();
    std::uint32_t number = 0;
    if (c >= 0x2460 && c <= 0x2473) {  // circled 1 to 20
      number = c - 0x2460 + 1;
      cursor.advance();
    } else if (c >= 0x2474 && c <= 0x2487) {  // in brackets, one character
      number = c - 0x2474 + 1;
      cursor.advance();
    } else if (c == '(') {
      cursor.advance();
      cursor.skip_spaces();
      int digits = 0;
      while (is_ascii_digit(cursor.code()) && digits < 2) {
        number = number * 10 + (cursor.code() - '0');
        ++digits;
        cursor.advance();
      }
      cursor.skip_spaces();
      if (digits == 0 || cursor.code() != ')') return false;
      cursor.advance();
    } else {
      return false;
    }
    if (number == 0 || number > 31) return false;
    const std::uint32_t bit = 1u << (number - 1);
    if ((mask & bit) != 0) return false;
    mask |= bit;
    if (only_end_marks(cursor)) return true;
    if (!skip_separator(cursor)) break;
  }
  return mask != 0;
}

}  // namespace pyverify::answer
