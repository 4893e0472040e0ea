// Functions in pieces, against one another and against one expression (GRADING 12).
#include "compare/comparer.hpp"
#include "compare/pieces.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

constexpr std::size_t kMostPieces = 16;
constexpr std::int64_t kMostIntegers = 12;  // looked at one by one
constexpr std::uint64_t kParameter = 0x7069656365706172ull;

NodeId end_node(expr::Tree& tree, const SetEnd& end) {
  return end.node != expr::kNoNode ? end.node : expr::append_rational(tree, end.value);
}

// A letter of its own that takes every value of the segment, or nearly: a + u^2 in [a, oo),
// (a + b u^2)/(1 + u^2) in [a, b), a + u for integers.
NodeId running(expr::Tree& tree, Scale scale, const Segment& segment) {
  expr::Symbol symbol;
  symbol.name = symbol.base = kParameter;
  tree.symbols.push_back(symbol);
  NodeId u = expr::append(tree, Kind::kSymbol, static_cast<std::uint32_t>(tree.symbols.size() - 1),
                          0, static_cast<NodeId>(tree.nodes.size()));
  if (scale == Scale::kParity) {
    const NodeId two = expr::append_rational(tree, number::integer(2));
    const NodeId even = expr::append_binary(tree, Kind::kMul, two, u);
    return expr::append_binary(tree, Kind::kAdd, even, end_node(tree, segment.low));
  }
  if (scale == Scale::kReal) {
    const NodeId two = expr::append_rational(tree, number::integer(2));
    u = expr::append_binary(tree, Kind::kPow, u, two);
  }
  if (segment.low.infinity != 0) {
    SetEnd last = segment.high;
    if (scale == Scale::kInteger) last.value = number::sub(last.value, number::integer(1));
    return expr::append_binary(tree, Kind::kSub, end_node(tree, last), u);
  }
  const NodeId low = end_node(tree, segment.low);
  if (segment.high.infinity != 0) return expr::append_binary(tree, Kind::kAdd, low, u);
  const NodeId part = expr::append_binary(tree, Kind::kMul, end_node(tree, segment.high), u);
  const NodeId above = expr::append_binary(tree, Kind::kAdd, low, part);
  const NodeId one = expr::append_rational(tree, number::integer(1));
  return expr::append_binary(tree, Kind::kDiv, above,
                             expr::append_binary(tree, Kind::kAdd, one, u));
}

}  // namespace

NodeId Comparer::adopted(const Side& side, NodeId id) noexcept {
  return &side == &answer_ ? id : expr::append_copy(answer_reading_.parsed.tree, side.tree(), id);
}

// The ends and values of the gold are copied among the answer's nodes, so that all can be ordered.
bool Comparer::read_pieces(const Side& side, NodeId id, Pieces& out) noexcept {
  Piece piece;
  if (side[id].kind != Kind::kCases) {
    piece.source = id;
    piece.value = expr::is_scalar(side[id].kind) ? adopted(side, id) : expr::kNoNode;
    piece.rest = out.single = true;
    out.items.push_back(std::move(piece));
    return out.items[0].value != expr::kNoNode;
  }
  const std::vector<NodeId> rows = elements(side, id);
  if (rows.size() > kMostPieces) return false;
  for (const NodeId row : rows) {
    piece = {};
    if (side[row].kind != Kind::kCondition) return false;
    const NodeId condition = without_declaration(side, side[row].b);
    out.counted |= condition != side[row].b;
    piece.source = side[row].a;
    if (expr::is_scalar(side[piece.source].kind)) piece.value = adopted(side, piece.source);
    piece.rest = is_otherwise(side, condition);
    if (!piece.rest) {
      std::uint64_t letter = 0;
      RealSet where;
      if (!read_parity(side, condition, letter, piece.parity)) {
        if (!to_real_set(side, condition, true, where, budget_) || !where.has_variable)
          return false;
        letter = where.variable;
      }
      if (!out.name(letter)) return false;
      for (Segment& segment : where.segments) {
        for (SetEnd* end : {&segment.low, &segment.high}) {
          if (end->infinity != 0 || end->node == expr::kNoNode) continue;
          end->node = adopted(side, end->node);
          if (end->node == expr::kNoNode) return false;
        }
      }
      piece.where = std::move(where.segments);
    }
    out.items.push_back(std::move(piece));
  }
  return out.variable != 0;
}

// Branches in any order, as written; else piece by piece.
Decision Comparer::compare_cases(NodeId gold, NodeId answer) noexcept {
  const bool both = gold_[gold].kind == answer_[answer].kind;
  Decision decision = no(Reason::kKindMismatch);
  if (both) decision = unordered(elements(gold_, gold), elements(answer_, answer));
  if (decision.truth == Truth::kTrue) return decision;
  Pieces mine;
  Pieces theirs;
  if (!read_pieces(gold_, gold, mine) || !read_pieces(answer_, answer, theirs)) return decision;
  evaluate_answer();
  const std::uint64_t variable = mine.variable != 0 ? mine.variable : theirs.variable;
  const bool named = mine.name(variable) && theirs.name(variable) &&
                     (both || (mine.single ? mentions(gold_, gold, variable)
                                           : mentions(answer_, answer, variable)));
  Scale scale{};
  if (!named) return no(both ? Reason::kSymbolMismatch : Reason::kKindMismatch);
  if (!settle_pieces(answer_, domain_.integers, mine, theirs, scale, budget_)) return decision;
  const bool was_integers = domain_.integers;
  domain_.integers = scale != Scale::kReal;
  decision = compare_pieces(mine, theirs, scale);
  domain_.integers = was_integers;
  return decision;
}

// The same domain, and equal wherever two pieces overlap.
Decision Comparer::compare_pieces(const Pieces& gold, const Pieces& answer, Scale scale) noexcept {
  SetAlgebra algebra(answer_, budget_);
  Segments mine;
  Segments theirs;
  for (const Piece& piece : gold.items) {
    if (!algebra.unite(mine, piece.where, mine)) return unknown();
  }
  for (const Piece& piece : answer.items) {
    if (!algebra.unite(theirs, piece.where, theirs)) return unknown();
  }
  if (mine.size() != theirs.size()) return no(Reason::kStructure);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    for (const auto end : {&Segment::low, &Segment::high}) {
      const SetEnd& a = mine[i].*end;
      const SetEnd& b = theirs[i].*end;
      if (a.closed != b.closed || algebra.order(a, b) != 0) return no(Reason::kStructure);
    }
  }
  for (const Piece& own : gold.items) {
    for (const Piece& other : answer.items) {
      Segments overlap;
      if (!algebra.intersect(own.where, other.where, overlap)) return unknown();
      if (overlap.empty()) continue;
      if (compare(own.source, other.source).truth == Truth::kTrue) continue;
      if (own.value == expr::kNoNode || other.value == expr::kNoNode) return no(Reason::kStructure);
      for (const Segment& segment : overlap) {
        const Decision one = equal_on(own.value, other.value, gold.variable, segment, scale);
        if (one.truth != Truth::kTrue)
          return {one.truth, one.truth == Truth::kFalse ? Reason::kStructure : one.reason};
      }
    }
  }
  return yes(Reason::kStructure);
}

// Two nodes of the answer's tree as functions of the variable, on one segment.
Decision Comparer::equal_on(NodeId gold, NodeId answer, std::uint64_t variable,
                            const Segment& segment, Scale scale) noexcept {
  expr::Tree& tree = answer_reading_.parsed.tree;
  const auto equal_at = [&](NodeId place) {
    const NodeId mine = expr::clone(tree, gold, expr::Substitute{variable, place});
    const NodeId theirs = expr::clone(tree, answer, expr::Substitute{variable, place});
    evaluate_answer();
    return expr::equal(answer_.scalar(mine), answer_.scalar(theirs), domain_, budget_);
  };
  const bool finite = segment.low.infinity == 0 && segment.high.infinity == 0;
  if (!finite && segment.low.infinity != 0 && segment.high.infinity != 0)
    return expr::equal(answer_.scalar(gold), answer_.scalar(answer), domain_, budget_);
  if (finite && scale == Scale::kInteger) {
    const std::int64_t last = segment.high.value.num;
    if (last - segment.low.value.num > kMostIntegers) return unknown();
    Decision all = yes(Reason::kStructure);
    for (std::int64_t n = segment.low.value.num; n < last && all.truth == Truth::kTrue; ++n)
      all = equal_at(expr::append_rational(tree, number::integer(n)));
    return all;
  }
  SetAlgebra algebra(answer_, budget_);
  const bool point = finite && algebra.order(segment.low, segment.high) == 0;
  if (point) return equal_at(end_node(tree, segment.low));
  return equal_at(running(tree, scale, segment));
}

}  // namespace pyverify::compare
