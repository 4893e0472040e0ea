// Groups, tuples, intervals, sets, bars, matrices; and runs of words.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

namespace {
constexpr std::uint16_t v(Bracket bracket) { return static_cast<std::uint16_t>(bracket); }
}  // namespace

// The argument of a TeX command: a group, or one token (one digit of a number).
NodeId Parser::argument() noexcept {
  if (at_open(Bracket::kBrace)) return group();
  if (at(Tok::kNumber)) {
    Token& whole = out_.tokens[next_];
    Token digit = whole;
    digit.end = digit.begin + 1;
    digit.value = kPlainNumber;
    const bool ascii = out_.source[digit.begin] >= '0' && out_.source[digit.begin] <= '9';
    if (!ascii || digit.end == whole.end) return power_free_literal();
    whole.begin += 1;
    whole.value &= static_cast<std::uint16_t>(~kGrouped);
    whole.flags &= static_cast<std::uint8_t>(~kSpaceBefore);
    return number_node(digit);
  }
  if (at(Tok::kMinus)) {
    advance();
    return negate(argument());
  }
  return primary();
}

NodeId Parser::power_free_literal() noexcept {
  const Token name = token();
  advance();
  return number_node(name);
}

NodeId Parser::group() noexcept {
  advance();
  if (at_close(Bracket::kBrace)) {  // {} stands for nothing
    advance();
    return primary();
  }
  const std::uint32_t bars = bars_open_;
  bars_open_ = 0;
  ++groups_open_;
  NodeId inner = list(true);
  if (!failed() && at_command(Cmd::kOver)) {
    advance();
    const NodeId lower = additive();
    inner = failed() ? kFailed : combine(Kind::kDiv, inner, lower);
  }
  bars_open_ = bars;
  --groups_open_;
  if (failed()) return kFailed;
  if (!at_close(Bracket::kBrace)) return fail();
  advance();
  const expr::Node n = node(inner);
  if (n.kind == Kind::kList) {  // {1, 2} in plain text is a set
    return items_node(Kind::kSet, std::vector<NodeId>(tree_.items(n), tree_.items(n) + n.b));
  }
  return inner;
}

NodeId Parser::round_or_square() noexcept {
  const bool round = at_open(Bracket::kRound);
  advance();
  const std::uint32_t bars = bars_open_;
  const bool set = in_set_;
  bars_open_ = 0;
  in_set_ = false;
  const NodeId inner = list(true);
  bars_open_ = bars;
  in_set_ = set;
  if (failed()) return kFailed;
  const bool close_round = at_close(Bracket::kRound);
  const bool close_square = at_close(Bracket::kSquare);
  const bool french = !round && at_open(Bracket::kSquare) && token().match == 0;  // [a,b[
  if (!close_round && !close_square && !french && !(at_open(Bracket::kSquare) && token().match == 0)) return fail();
  const expr::Node n = node(inner);
  if (n.kind == Kind::kList) {
    const std::vector<NodeId> items(tree_.items(n), tree_.items(n) + n.b);
    const bool open_right = close_round || (!close_square);
    advance();
    if (round && close_round) return items_node(Kind::kTuple, items);
    if (!round && close_square) return items_node(Kind::kBracket, items);
    if (items.size() != 2) return fail();
    std::uint8_t ends = 0;
    if (!round) ends |= expr::kClosedLeft;
    if (!open_right) ends |= expr::kClosedRight;
    return binary_node(Kind::kInterval, items[0], items[1], ends);
  }
  if (round != close_round || french) return fail();
  advance();
  if (!round && n.kind != Kind::kMatrix && !scalar_like(inner)) return items_node(Kind::kBracket, {inner});
  if (!round && scalar_like(inner)) {  // [x+1]: brackets as parentheses, a lone [5] as a list of one
    return inner;
  }
  return inner;
}

// ]a, b[ and ]a, b]
NodeId Parser::french_interval() noexcept {
  advance();
  const NodeId low = additive();
  if (failed()) return kFailed;
  if (!at(Tok::kComma) && !at(Tok::kSemicolon)) return fail();
  advance();
  const NodeId high = additive();
  if (failed()) return kFailed;
  std::uint8_t ends = 0;
  if (at_close(Bracket::kSquare)) ends = expr::kClosedRight;
  else if (!at_open(Bracket::kSquare)) return fail();
  advance();
  return binary_node(Kind::kInterval, low, high, ends);
}

NodeId Parser::set() noexcept {
  advance();
  if (at_close(Bracket::kSet)) {
    advance();
    return leaf(Kind::kEmptySet);
  }
  const std::uint32_t bars = bars_open_;
  const bool outer = in_set_;
  bars_open_ = 1;  // a bar in a set is "such that", unless a bar opens an absolute value first
  in_set_ = true;
  NodeId inner = list(true);
  NodeId made = kFailed;
  if (!failed() && (at(Tok::kMid) || at(Tok::kColon) || at(Tok::kBar))) {
    advance();
    bars_open_ = 0;
    in_set_ = false;
    const NodeId condition = list(true);
    if (!failed()) made = binary_node(Kind::kCondition, inner, condition);
  }
  bars_open_ = bars;
  in_set_ = outer;
  if (failed()) return kFailed;
  const bool system = at_close(Bracket::kNone);  // \left\{ ... \right.
  const bool plain = made != kFailed && at_close(Bracket::kBrace);
  if (!at_close(Bracket::kSet) && !system && !plain) return fail();
  advance();
  if (made != kFailed) return made;
  const expr::Node n = node(inner);
  if (system) return inner;
  if (n.kind == Kind::kList) {
    return items_node(Kind::kSet, std::vector<NodeId>(tree_.items(n), tree_.items(n) + n.b));
  }
  return items_node(Kind::kSet, {inner});
}

NodeId Parser::bars() noexcept {
  const std::uint16_t twice = token().value;
  const std::uint32_t begin = token().begin;
  advance();
  const std::uint32_t outer = bars_open_;
  bars_open_ = 1;
  const NodeId inner = additive();
  bars_open_ = outer;
  if (failed()) return kFailed;
  if (!at_bar() || (at(Tok::kBar) && token().value != twice)) return fail();
  const std::uint32_t end = token().end;
  advance();
  if (!scalar_like(inner)) return fail(Reason::kUnsupported);
  if (twice == 0) return unary_node(Kind::kAbs, inner);
  expr::Symbol norm;
  norm.name = norm.base = number::mix(0x6e6f726d);
  norm.text_begin = begin;
  norm.text_end = end;
  tree_.symbols.push_back(norm);
  return items_node(Kind::kCall, {inner}, 0, static_cast<std::uint16_t>(tree_.symbols.size() - 1));
}

NodeId Parser::floor_or_ceil() noexcept {
  const bool floor = at_open(Bracket::kFloor);
  advance();
  const std::uint32_t bars = bars_open_;
  bars_open_ = 0;
  const NodeId inner = additive();
  bars_open_ = bars;
  if (failed()) return kFailed;
  if (!at_close(Bracket::kFloor) && !at_close(Bracket::kCeil)) return fail();
  advance();
  if (!scalar_like(inner)) return fail(Reason::kUnsupported);
  return unary_node(floor ? Kind::kFloor : Kind::kCeil, inner);
}

NodeId Parser::angle_tuple() noexcept {
  advance();
  const NodeId inner = list(true);
  if (failed()) return kFailed;
  if (!at_close(Bracket::kAngle)) return fail();
  advance();
  const expr::Node n = node(inner);
  if (n.kind != Kind::kList) return items_node(Kind::kTuple, {inner});
  return items_node(Kind::kTuple, std::vector<NodeId>(tree_.items(n), tree_.items(n) + n.b));
}

// ---- environments

NodeId Parser::environment() noexcept {
  const std::string_view name = text_of(token());
  const bool cases = name == "cases" || name == "dcases" || name == "rcases";
  const bool determinant = name == "vmatrix";
  const bool matrix = (name.size() >= 6 && name.substr(name.size() - 6) == "matrix" && !determinant) || name == "array";
  const bool aligned = name.substr(0, 5) == "align" || name.substr(0, 6) == "gather" || name == "split" ||
                       name.substr(0, 8) == "equation" || name == "multline";
  if (!cases && !determinant && !matrix && !aligned) return fail(Reason::kUnsupported);
  // \left\{ before it: a system or cases, whatever the environment
  const bool braced = next_ > 0 && out_.tokens[next_ - 1].kind == Tok::kOpen &&
                      out_.tokens[next_ - 1].value == v(Bracket::kSet);
  advance();
  std::vector<NodeId> cells;
  std::uint32_t columns = 0;
  std::uint32_t row_count = 0;
  const std::uint32_t bars = bars_open_;
  bars_open_ = 0;
  rows(braced || cases, cells, columns, row_count);
  bars_open_ = bars;
  if (failed()) return kFailed;
  if (cells.empty()) return fail(Reason::kEmpty);
  if (determinant) {
    out_.has_operator = true;
    return items_node(Kind::kOperator, cells, static_cast<std::uint8_t>(expr::OperatorKind::kDeterminant),
                      static_cast<std::uint16_t>(columns));
  }
  if (matrix) {
    // a one-column array of relations is a system
    const bool system = columns == 1 && node(cells.front()).kind == Kind::kRelation;
    if (!system && !(braced && columns == 2)) return items_node(Kind::kMatrix, cells, 0, static_cast<std::uint16_t>(columns));
  }
  if (columns == 2 && (cases || braced)) {
    std::vector<NodeId> branches;
    for (std::size_t i = 0; i + 1 < cells.size(); i += 2) {
      branches.push_back(binary_node(Kind::kCondition, cells[i], cells[i + 1]));
    }
    return items_node(Kind::kCases, branches);
  }
  if (cells.size() == 1) return cells.front();
  return items_node(Kind::kList, cells, kByAnd);
}

// Cells row by row.
NodeId Parser::rows(bool cases, std::vector<NodeId>& cells, std::uint32_t& columns, std::uint32_t& row_count) noexcept {
  std::uint32_t in_row = 0;
  for (;;) {
    while (at(Tok::kQuad)) advance();
    if (at(Tok::kEnd)) return fail();
    if (at_command(Cmd::kEnd) || at(Tok::kNewRow)) {
      if (in_row > 0) {
        if (row_count > 0 && in_row != columns) return fail();
        columns = in_row;
        ++row_count;
        in_row = 0;
      }
      if (at_command(Cmd::kEnd)) break;
      advance();
      continue;
    }
    if (at(Tok::kAmpersand)) {
      advance();
      continue;
    }
    // commas and dots behind a cell are punctuation
    if (cases) skip_case_word();
    const NodeId cell = cases && in_row > 0 ? list(true) : relation();
    if (failed()) return kFailed;
    // x + 1, x > 0: a comma instead of the column mark
    const bool comma_marks = cases && in_row == 0 && scalar_like(cell) && at(Tok::kComma) && peek().kind != Tok::kAmpersand &&
                             peek().kind != Tok::kNewRow && peek().kind != Tok::kCommand;
    if (comma_marks) {
      advance();
      cells.push_back(cell);
      ++in_row;
      continue;
    }
    while (at(Tok::kComma) || at(Tok::kSemicolon) || at(Tok::kDot)) advance();
    if (!at(Tok::kAmpersand) && !at(Tok::kNewRow) && !at_command(Cmd::kEnd)) return fail();
    cells.push_back(cell);
    ++in_row;
    if (cells.size() > budget_.limits().elements) return fail(Reason::kLimitNodes);
  }
  advance();
  return kFailed;
}

// ---- words

bool Parser::text_starts() const noexcept {
  if (at(Tok::kHan)) return true;
  if (at(Tok::kLetter, 'a') && peek().kind == Tok::kWord && has(peek(), kSpaceBefore) && out_.plain) {  // a quarter
    return peek().end - peek().begin > 3 && vocabulary_.is_text != nullptr && vocabulary_.is_text(text_of(peek()));
  }
  if (!at(Tok::kWord)) return false;
  if (has(token(), kInText)) {
    const Tok before = next_ > 0 ? out_.tokens[next_ - 1].kind : Tok::kEnd;
    const bool letter = token().end == token().begin + 1;
    return !(letter && (before == Tok::kPlus || before == Tok::kMinus || before == Tok::kTimes));  // x^2 + \text{C}
  }
  if (letters_ == Letters::kProduct) return false;
  const std::string_view word = text_of(token());
  if (has(token(), kInRoman)) return word.size() > 1;
  if (static_cast<unsigned char>(word[0]) >= 0x80) return true;
  // Be^x, \frac12 at^2, u + at: letters with an exponent, or in the middle of a sum
  if (word.size() <= 3) {
    const Tok after = peek().kind;
    if (after == Tok::kCaret || after == Tok::kUnderscore || after == Tok::kSuperscript) return false;
    if (after == Tok::kPlus && !has(peek(), kSpaceBefore)) return false;
    if (groups_open_ > 0 && !out_.plain) return false;  // e^{it}
    const Tok before = next_ > 0 ? out_.tokens[next_ - 1].kind : Tok::kEnd;
    const bool glued = !has(token(), kSpaceBefore) && (before == Tok::kNumber || before == Tok::kLetter || before == Tok::kClose);
    const bool joined = before == Tok::kPlus || before == Tok::kTimes || before == Tok::kSlash;
    if (word.size() == 2 && (glued || joined)) return false;
  }
  return vocabulary_.is_text != nullptr && vocabulary_.is_text(word);
}

// Could the next token be the unit of what stands before it?
bool Parser::unit_starts(bool numeric) const noexcept {
  if (at(Tok::kHan)) return true;
  if (at(Tok::kDegree)) return numeric;  // °C: plain degrees were read by postfix
  if (at(Tok::kPrime)) return numeric;
  if (at(Tok::kCurrency)) return numeric && !(peek().kind == Tok::kNumber || peek().kind == Tok::kMinus);  // 35 €
  if (at_command(Cmd::kFrac)) return numeric && unit_fraction_end(next_) != 0;
  if (at(Tok::kWord)) {
    if (text_of(token()) == "to" || (in_congruence_ && text_of(token()) == "mod")) return false;  // a ratio, a modulus
    if (opens_restriction(text_of(token()))) return false;
    if (has(token(), kInText) || has(token(), kInRoman)) return true;
    const std::string_view word = text_of(token());
    if (numeric && vocabulary_.is_unit != nullptr && vocabulary_.is_unit(word)) return true;
    return text_starts();
  }
  if (at(Tok::kLetter)) {
    if (numeric && token().value == 0x3A9) return peek().kind != Tok::kOpen;  // 120 \Omega
    if (!numeric || !(has(token(), kInRoman) || letters_ == Letters::kUnit)) return false;
    const std::string_view word = text_of(token());
    if (word == "e" || word == "i" || word == "d" || word == "j") return false;
    return vocabulary_.is_unit != nullptr && vocabulary_.is_unit(word);
  }
  if (at_open(Bracket::kBrace) && numeric) {  // \mathrm{km/h}
    const Token& first = peek();
    return (first.kind == Tok::kWord || first.kind == Tok::kLetter) && has(first, kInRoman);
  }
  return false;
}

// \frac{\text{km}}{\text{h}} behind a number: where it ends, 0 when it is no unit.
std::size_t Parser::unit_fraction_end(std::size_t from) const noexcept {
  std::size_t i = from + 1;
  for (int part = 0; part < 2; ++part) {
    const Token& open = out_.tokens[std::min(i, out_.tokens.size() - 1)];
    if (open.kind != Tok::kOpen || open.match == 0 || open.value != v(Bracket::kBrace)) return 0;
    for (std::size_t k = i + 1; k < open.match; ++k) {
      const Token& t = out_.tokens[k];
      const bool upright = has(t, kInText) || has(t, kInRoman) || letters_ == Letters::kUnit;
      const bool word = (t.kind == Tok::kWord || t.kind == Tok::kLetter) && upright;
      if (k == i + 1 && !word) return 0;
      if (t.kind == Tok::kFunction || t.kind == Tok::kCommand || t.kind == Tok::kRelation) return 0;
    }
    if (open.match == i + 1) return 0;
    i = open.match + 1;
  }
  return i;
}

// Units, their powers and quotients, nouns: up to what cannot belong to them.
void Parser::skip_unit() noexcept {
  std::uint32_t braces = 0;
  for (;;) {
    switch (token().kind) {
      case Tok::kWord: case Tok::kHan: case Tok::kLetter: case Tok::kSuperscript: case Tok::kPrime: case Tok::kDegree:
        advance();
        continue;
      case Tok::kCurrency:
        if (peek().kind == Tok::kNumber) return;
        advance();
        continue;
      case Tok::kCommand: {
        const std::size_t end = at_command(Cmd::kFrac) ? unit_fraction_end(next_) : 0;
        if (end == 0) return;
        next_ = end;
        continue;
      }
      case Tok::kCaret:
        advance();
        if (at(Tok::kMinus)) advance();
        if (at(Tok::kNumber)) advance();
        continue;
      case Tok::kMinus:
        if (out_.tokens[next_ - 1].kind == Tok::kOpen) {
          advance();
          if (at(Tok::kNumber)) advance();
          continue;
        }
        if (peek().kind == Tok::kWord || (peek().kind == Tok::kLetter && has(peek(), kInRoman))) {  // N-m
          advance();
          continue;
        }
        return;
      case Tok::kSlash: case Tok::kTimes: {
        const Token& after = peek();
        const bool unit = after.kind == Tok::kWord || after.kind == Tok::kLetter || after.kind == Tok::kHan ||
                          (after.kind == Tok::kOpen && (peek(2).kind == Tok::kWord || peek(2).kind == Tok::kLetter));
        if (!unit) return;
        advance();
        continue;
      }
      case Tok::kOpen: {
        const Token& inner = peek();
        const bool power = out_.tokens[next_ - 1].kind == Tok::kCaret;
        const bool unit = inner.kind == Tok::kWord || (inner.kind == Tok::kLetter && has(inner, kInRoman));
        if (!(at_open(Bracket::kBrace) || at_open(Bracket::kRound)) || !(power || unit) || token().match == 0) return;
        ++braces;
        advance();
        if (power && at(Tok::kNumber)) advance();
        continue;
      }
      case Tok::kClose:
        if (braces == 0) return;
        --braces;
        advance();
        continue;
      case Tok::kDot:  // an abbreviation's point, unless it ends the sentence
        if (peek().kind == Tok::kWord || peek().kind == Tok::kEnd) {
          advance();
          continue;
        }
        return;
      case Tok::kRelation: case Tok::kEnd: default: return;
    }
  }
}

// Words up to a separator, a relation or the end of the brackets they stand in.
NodeId Parser::text_run() noexcept {
  const std::uint32_t begin = token().begin;
  std::uint32_t end = token().end;
  std::uint32_t depth = 0;
  bool excepts = false;
  while (!at(Tok::kEnd)) {
    const Tok kind = token().kind;
    if (kind == Tok::kWord) excepts |= text_of(token()) == "except" || text_of(token()) == "excluding";
    const bool goes_on = excepts && (kind == Tok::kAnd || kind == Tok::kComma) &&
                         (peek().kind == Tok::kNumber || peek().kind == Tok::kMinus || peek().kind == Tok::kAnd);
    if (depth == 0 && !goes_on && (kind == Tok::kComma || kind == Tok::kSemicolon || kind == Tok::kAnd || kind == Tok::kOr || kind == Tok::kRelation ||
                       kind == Tok::kClose || kind == Tok::kAmpersand || kind == Tok::kNewRow || kind == Tok::kQuad)) {
      break;
    }
    if (depth == 0 && at_command(Cmd::kEnd)) break;
    if (depth == 0 && named_value_ahead()) break;
    if (kind == Tok::kOpen) ++depth;
    if (kind == Tok::kClose) --depth;
    if (kind == Tok::kQuestion) out_.has_question = true;
    end = token().end;
    advance();
  }
  out_.texts.push_back({begin, end});
  out_.has_text = true;
  return leaf(Kind::kText, static_cast<std::uint32_t>(out_.texts.size() - 1));
}

}  // namespace pyverify::latex
