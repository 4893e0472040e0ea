#include "latex/lexer.hpp"

#include <algorithm>

#include "expr/tree.hpp"

namespace pyverify::latex {
namespace {

constexpr std::uint16_t value_of(Bracket bracket) { return static_cast<std::uint16_t>(bracket); }
constexpr std::uint16_t value_of(expr::Relation relation) {
  return static_cast<std::uint16_t>(relation);
}
constexpr std::uint16_t value_of(Cmd cmd) { return static_cast<std::uint16_t>(cmd); }

}  // namespace

Lexer::Lexer(std::string_view source, std::vector<Token>& tokens, support::Budget& budget) noexcept
    : source_(source), tokens_(tokens), budget_(budget) {
  std::size_t dollars = 0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '$' && (i == 0 || source[i - 1] != '\\')) ++dollars;
  }
  odd_dollars_ = dollars % 2 == 1;
  prose_ = dollars != 0 && !odd_dollars_;
}

bool Lexer::run() noexcept {
  tokens_.clear();
  while (position_ < source_.size()) {
    const std::size_t before = position_;
    next();
    if (position_ == before) ++position_;  // never stand still
    if (tokens_.size() > 4 * budget_.limits().nodes) {
      budget_.stop(Reason::kLimitNodes);
      break;
    }
  }
  while (depth_ > 0) close_brace();
  push(Tok::kEnd, 0, position_);
  return source_.find_first_of("\\{") == std::string_view::npos;
}

Token& Lexer::push(Tok kind, std::uint16_t value, std::size_t end) noexcept {
  Token token;
  token.kind = kind;
  token.value = value;
  token.flags = static_cast<std::uint8_t>(flags() | pending_flags_ | (space_ ? kSpaceBefore : 0));
  token.begin = static_cast<std::uint32_t>(position_);
  token.end = static_cast<std::uint32_t>(end);
  tokens_.push_back(token);
  position_ = end;
  space_ = false;
  pending_flags_ = 0;
  return tokens_.back();
}

void Lexer::push_open(Bracket bracket, std::size_t end) noexcept {
  push(Tok::kOpen, value_of(bracket), end);
  if (bracket_depth_ < kMaxDepth)
    brackets_[bracket_depth_++] = static_cast<std::uint32_t>(tokens_.size() - 1);
}

void Lexer::push_close(Bracket bracket, std::size_t end) noexcept {
  push(Tok::kClose, value_of(bracket), end);
  const auto self = static_cast<std::uint32_t>(tokens_.size() - 1);
  if (bracket_depth_ > 0) {
    const std::uint32_t open = brackets_[--bracket_depth_];
    tokens_[open].match = self;
    tokens_[self].match = open;
  }
}

bool Lexer::after_number() const noexcept {
  return !tokens_.empty() &&
         (tokens_.back().kind == Tok::kNumber || tokens_.back().kind == Tok::kFraction);
}

std::size_t Lexer::skip_blank(std::size_t i) const noexcept {
  while (i < source_.size() && is_blank(source_[i])) ++i;
  return i;
}

std::size_t Lexer::group_end(std::size_t open) const noexcept {
  std::size_t depth = 0;
  for (std::size_t i = open; i < source_.size(); ++i) {
    if (source_[i] == '\\') {
      ++i;
    } else if (source_[i] == '{') {
      ++depth;
    } else if (source_[i] == '}' && --depth == 0) {
      return i;
    }
  }
  return source_.size();
}

void Lexer::open_brace(std::uint8_t extra, bool style, bool text) noexcept {
  if (depth_ >= kMaxDepth) {
    budget_.stop(Reason::kLimitDepth);
    push(Tok::kBad, 0, source_.size());
    return;
  }
  Frame frame{static_cast<std::uint8_t>(flags() | extra), style, text, 0};
  if (text) {
    // A subscript or exponent needs the braces to know where it ends.
    const bool script = !tokens_.empty() && (tokens_.back().kind == Tok::kUnderscore ||
                                             tokens_.back().kind == Tok::kCaret);
    if (script) frame.text = false;
  }
  if (!frame.text) {
    push(Tok::kOpen, value_of(Bracket::kBrace), position_ + 1);
    frame.open = static_cast<std::uint32_t>(tokens_.size() - 1);
  } else {
    ++position_;
    space_ = true;
  }
  frames_[depth_++] = frame;
}

void Lexer::close_brace() noexcept {
  const std::size_t end = std::min(position_ + 1, source_.size());
  if (depth_ == 0) {
    push(Tok::kBad, 0, end);
    return;
  }
  const Frame frame = frames_[--depth_];
  if (frame.text) {
    position_ = end;
    space_ = true;
    return;
  }
  if (frame.style && tokens_.size() == frame.open + 2 && tokens_.back().kind != Tok::kNumber) {
    const Token only = tokens_.back();
    const bool space = has(tokens_[frame.open], kSpaceBefore);
    tokens_.pop_back();
    tokens_.back() = only;
    tokens_.back().flags = static_cast<std::uint8_t>(only.flags | (space ? kSpaceBefore : 0));
    position_ = end;
    return;
  }
  push(Tok::kClose, value_of(Bracket::kBrace), end);
  tokens_.back().match = frame.open;
  tokens_[frame.open].match = static_cast<std::uint32_t>(tokens_.size() - 1);
}

void Lexer::next() noexcept {
  const char c = source_[position_];
  if (c == '~' && position_ == 0 && is_digit(at(1))) {  // ~7 is about 7
    push(Tok::kRelation, value_of(expr::Relation::kApprox), 1);
    return;
  }
  if (is_blank(c) || c == '~') {
    space_ = true;
    ++position_;
    return;
  }
  std::uint16_t form = 0;
  if (is_digit(c) || (c == '.' && is_digit(at(position_ + 1)))) {
    const std::size_t end = scan_number(source_, position_, bracket_depth_ > 0, form);
    push(Tok::kNumber, form, end);
    return;
  }
  if (is_letter(c)) {
    word();
  } else if (c == '\\') {
    backslash();
  } else if (static_cast<unsigned char>(c) >= 0x80) {
    unicode();
  } else {
    ascii(c);
  }
}

void Lexer::ascii(char c) noexcept {
  const std::size_t one = position_ + 1;
  switch (c) {
    case '{':
      if (at(one) == '}' && at(one + 1) == '^' && after_number()) {  // 45{}^\circ
        position_ = one + 1;
        return;
      }
      open_brace(position_ == unit_group_ ? kInRoman : 0, false, false);
      return;
    case '}':
      close_brace();
      return;
    case '(':
      push_open(Bracket::kRound, one);
      return;
    case ')':
      push_close(Bracket::kRound, one);
      return;
    case '[':
      push_open(Bracket::kSquare, one);
      return;
    case ']':
      push_close(Bracket::kSquare, one);
      return;
    case '|':
      if (at(one) == '|')
        push(Tok::kBar, 1, one + 1);
      else
        push(Tok::kBar, 0, one);
      return;
    case '+':
      if (at(one) == '/' && at(one + 1) == '-')
        push(Tok::kPlusMinus, 0, one + 2);
      else
        push(Tok::kPlus, 0, one);
      return;
    case '-':
      if (at(one) == '>')
        push(Tok::kRelation, value_of(expr::Relation::kTo), one + 1);
      else
        push(Tok::kMinus, 0, one);
      return;
    case '*':
      if (at(one) == '*')
        push(Tok::kCaret, 0, one + 1);
      else
        push(Tok::kTimes, 0, one);
      return;
    case '/':
      push(Tok::kSlash, 0, one);
      return;
    case '^':
      push(Tok::kCaret, 0, one);
      return;
    case '_':
      push(at(one) == '_' ? Tok::kBad : Tok::kUnderscore, 0, one);
      return;
    case ',':
      push(Tok::kComma, 0, one);
      return;
    case ';':
      push(Tok::kSemicolon, 0, one);
      return;
    case '%':
      push(Tok::kPercent, 0, one);
      return;
    case '\'':
      push(Tok::kPrime, 0, one);
      return;
    case '"':
      push(Tok::kPrime, 2, one);
      return;
    case '.':
      if (at(one) == '.' && at(one + 1) == '.')
        push(Tok::kEllipsis, 0, one + 2);
      else
        push(Tok::kDot, 0, one);
      return;
    case '?':
      push(Tok::kQuestion, 0, one);
      return;
    case '&':
      if (environment_depth_ == 0) {  // 5, 0 & -2
        push(Tok::kAnd, 0, one);
      } else if (alignment_depth_ == 0 || alignment_depth_ != environment_depth_) {
        push(Tok::kAmpersand, 0, one);
      } else {
        position_ = one;
        space_ = true;
      }
      return;
    case '`':
      position_ = one;
      return;
    case '$':
      if (odd_dollars_ && (is_digit(at(one)) || at(one) == '.')) {
        push(Tok::kCurrency, u'$', one);
      } else {
        position_ = at(one) == '$' ? one + 1 : one;
        space_ = true;
        prose_ = !prose_ && !odd_dollars_;
      }
      return;
    case '=':
    case '<':
    case '>':
    case '!':
    case ':':
      relation(c);
      return;
    default:
      push(Tok::kBad, 0, one);
      return;
  }
}

// <1, 2>: no relation stands where an operand must.
bool Lexer::opens_angle() const noexcept {
  if (at(position_ + 1) == '=' || at(position_ + 1) == '>') return false;
  if (tokens_.empty()) return true;
  const Token& last = tokens_.back();
  return last.kind == Tok::kOpen || last.kind == Tok::kComma ||
         (last.kind == Tok::kRelation && last.value == value_of(expr::Relation::kEqual));
}

bool Lexer::closes_angle() const noexcept {
  if (bracket_depth_ == 0 || at(position_ + 1) == '=') return false;
  const Token& open = tokens_[brackets_[bracket_depth_ - 1]];
  return open.kind == Tok::kOpen && open.value == value_of(Bracket::kAngle) &&
         source_[open.begin] == '<';
}

// 5!=120, (n+1)n!=(n+1)!: the mark belongs to what stands before it when that side has no letters,
// or the other side a factorial of its own. x!=5 is an inequality.
bool Lexer::factorial_ahead() const noexcept {
  if (tokens_.empty() || space_ || tokens_.back().end != position_) return false;
  const Tok before = tokens_.back().kind;
  if (before != Tok::kNumber && before != Tok::kClose && before != Tok::kLetter) return false;
  bool letters = false;
  for (std::size_t i = tokens_.size(); i > 0; --i) {
    const Tok kind = tokens_[i - 1].kind;
    if (kind == Tok::kRelation || kind == Tok::kSemicolon || kind == Tok::kComma ||
        kind == Tok::kQuad)
      break;
    letters |= kind == Tok::kLetter || kind == Tok::kWord;
  }
  if (!letters) return true;
  for (std::size_t i = position_ + 2; i < source_.size(); ++i) {
    if (source_[i] == ',' || source_[i] == ';') return false;
    if (source_[i] == '!') return at(i + 1) != '=' && source_[i - 1] != '\\';
  }
  return false;
}

void Lexer::relation(char c) noexcept {
  using expr::Relation;
  const char d = at(position_ + 1);
  const auto emit = [&](Relation relation, std::size_t length) {
    push(Tok::kRelation, value_of(relation), position_ + length);
  };
  switch (c) {
    case '=':
      if (d == '>') return emit(Relation::kImplies, 2);
      if (d == '<') return emit(Relation::kLessEqual, 2);
      return emit(Relation::kEqual, d == '=' ? 2 : 1);
    case '<':
      if (opens_angle()) return push_open(Bracket::kAngle, position_ + 1);
      if (d == '=' && at(position_ + 2) == '>') return emit(Relation::kImplies, 3);
      if (d == '>') return emit(Relation::kNotEqual, 2);
      return d == '=' ? emit(Relation::kLessEqual, 2) : emit(Relation::kLess, 1);
    case '>':
      if (closes_angle()) return push_close(Bracket::kAngle, position_ + 1);
      return d == '=' ? emit(Relation::kGreaterEqual, 2) : emit(Relation::kGreater, 1);
    case '!':
      if (d == '=' && at(position_ + 2) != '=' && !factorial_ahead())
        return emit(Relation::kNotEqual, 2);
      push(Tok::kBang, d == '!' ? 2 : 1, position_ + (d == '!' ? 2 : 1));
      return;
    default:
      if (d == '=') return emit(Relation::kEqual, 2);
      push(Tok::kColon, 0, position_ + 1);
  }
}

void tokenize(std::string_view source, std::vector<Token>& tokens, bool& plain,
              support::Budget& budget) noexcept {
  Lexer lexer(source, tokens, budget);
  plain = lexer.run();
}

}  // namespace pyverify::latex
