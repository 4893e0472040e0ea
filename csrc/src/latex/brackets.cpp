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
    const bool alone = next_ == 1 && peek().kind == Tok::kEnd;
    advance();
    if (alone) return leaf(Kind::kEmptySet);
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
  if (!close_round && !close_square && !french &&
      !(at_open(Bracket::kSquare) && token().match == 0))
    return fail();
  const expr::Node n = node(inner);
  if (n.kind == Kind::kList) {
    const std::vector<NodeId> items(tree_.items(n), tree_.items(n) + n.b);
    const bool open_right = close_round || (!close_square);
    advance();
    if ((n.sub & kByOr) != 0) return round == close_round && !french ? inner : fail();  // no pair
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
  if (!round && n.kind != Kind::kMatrix && !scalar_like(inner))
    return items_node(Kind::kBracket, {inner});
  if (!round &&
      scalar_like(inner)) {  // [x+1]: brackets as parentheses, a lone [5] as a list of one
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
  if (at_close(Bracket::kSquare))
    ends = expr::kClosedRight;
  else if (!at_open(Bracket::kSquare))
    return fail();
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
  if (!at_bar()) return fail();
  const std::uint32_t end = token().end;
  if (at(Tok::kBar) && token().value != twice) {
    // |a||b|: the first half closes, the second one is still to be read.
    if (twice != 0 || text_of(token()) != "||") return fail();
    out_.tokens[next_].value = 0;
    ++out_.tokens[next_].begin;
  } else {
    advance();
  }
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
  const bool matrix =
      (name.size() >= 6 && name.substr(name.size() - 6) == "matrix" && !determinant) ||
      name == "array";
  const bool aligned = name.substr(0, 5) == "align" || name.substr(0, 6) == "gather" ||
                       name == "split" || name.substr(0, 8) == "equation" || name == "multline";
  if (!cases && !determinant && !matrix && !aligned) return fail(Reason::kUnsupported);
  // \left\{ before it: a system or cases, whatever the environment
  const bool braced = before() == Tok::kOpen && out_.tokens[next_ - 1].value == v(Bracket::kSet);
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
    return items_node(Kind::kOperator, cells,
                      static_cast<std::uint8_t>(expr::OperatorKind::kDeterminant),
                      static_cast<std::uint16_t>(columns));
  }
  if (matrix) {
    // a one-column array of relations is a system
    const bool system = columns == 1 && node(cells.front()).kind == Kind::kRelation;
    if (!system && !(braced && columns == 2))
      return items_node(Kind::kMatrix, cells, 0, static_cast<std::uint16_t>(columns));
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
NodeId Parser::rows(bool cases, std::vector<NodeId>& cells, std::uint32_t& columns,
                    std::uint32_t& row_count) noexcept {
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
    if (cases && in_row > 0 && at(Tok::kColon)) advance();  // x + 1 & : x > 0
    if (cases) skip_case_word();
    const NodeId cell = cases && in_row > 0 ? list(true) : relation();
    if (failed()) return kFailed;
    // x + 1, x > 0: a comma instead of the column mark
    const bool comma_marks = cases && in_row == 0 && scalar_like(cell) && at(Tok::kComma) &&
                             peek().kind != Tok::kAmpersand && peek().kind != Tok::kNewRow &&
                             peek().kind != Tok::kCommand;
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

}  // namespace pyverify::latex
