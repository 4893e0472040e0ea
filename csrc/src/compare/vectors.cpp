// Tuples, vectors, matrices, brackets (GRADING 15).
#include <algorithm>

#include "compare/comparer.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

// P(1, 2) rather than an operation: that has no name in the text.
bool names_call(const Side& side, NodeId id) noexcept {
  const expr::Symbol& name = side.tree().symbols[side[id].aux];
  return name.text_end > name.text_begin;
}

// A column that stands for \binom{n}{k}.
bool is_column_of_two(const Node& n) noexcept {
  return n.kind == Kind::kMatrix && n.aux == 1 && n.b == 2;
}

}  // namespace

// Rows and columns; brackets of brackets are a matrix, a tuple is a column.
bool Comparer::as_matrix(const Side& side, NodeId id, std::vector<NodeId>& cells,
                         std::uint32_t& rows, std::uint32_t& columns) const {
  const Node& n = side[id];
  if (n.kind == Kind::kMatrix) {
    columns = n.aux == 0 ? 1 : n.aux;
    rows = n.b / columns;
    cells.assign(side.tree().items(n), side.tree().items(n) + n.b);
    return true;
  }
  const bool point = n.kind == Kind::kCall && n.b > 1 && names_call(side, id);
  if (n.kind == Kind::kTuple || point) {  // (1, 2), P(1, 2)
    rows = n.b;
    columns = 1;
    cells.assign(side.tree().items(n), side.tree().items(n) + n.b);
    return true;
  }
  if (n.kind == Kind::kBinomial && n.sub == 1) {  // the point C(1, 2)
    rows = 2;
    columns = 1;
    cells = {n.a, n.b};
    return true;
  }
  if (n.kind != Kind::kBracket) return false;
  columns = 0;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const Node& row = side[side.tree().items(n)[i]];
    if (row.kind != Kind::kBracket || (columns != 0 && row.b != columns)) return false;
    columns = row.b;
    cells.insert(cells.end(), side.tree().items(row), side.tree().items(row) + row.b);
  }
  rows = n.b;
  return columns > 0;
}

// Is the matrix the multiple of the identity that the other side names: I, I_2, -3I?
bool Comparer::is_identity(const Side& side, const std::vector<NodeId>& cells, std::uint32_t rows,
                           const Side& named, NodeId symbol) const noexcept {
  number::Rational factor = number::integer(1);
  if (named[symbol].kind == Kind::kNeg) {
    factor = number::integer(-1);
    symbol = named[symbol].a;
  }
  if (named[symbol].kind == Kind::kMul) {
    factor = number::mul(factor, named.values->rational[named[symbol].a]);
    symbol = named[symbol].b;
  }
  if (named[symbol].kind != Kind::kSymbol || !factor.valid()) return false;
  const expr::Symbol& name = named.tree().symbols[named[symbol].a];
  if (rows < 2 || cells.size() != std::size_t{rows} * rows) return false;
  std::uint32_t index = 0;
  std::size_t letters = 0;
  for (const char c :
       named.reading->text.substr(name.text_begin, name.text_end - name.text_begin)) {
    if (c >= '0' && c <= '9')
      index = std::min(index * 10 + static_cast<std::uint32_t>(c - '0'), 1000u);
    else if (c == 'I')
      ++letters;
    else if (c != '_' && c != '{' && c != '}' && c != ' ')
      return false;
  }
  if (letters != 1 || (index != 0 && index != rows)) return false;
  for (std::uint32_t i = 0; i < cells.size(); ++i) {
    const number::Rational value = side.values->rational[cells[i]];
    const number::Rational wanted = i / rows == i % rows ? factor : number::integer(0);
    if (!value.valid() || !number::equal(value, wanted)) return false;
  }
  return true;
}

Decision Comparer::compare_vectors(NodeId gold, NodeId answer) noexcept {
  std::vector<NodeId> mine;
  std::vector<NodeId> theirs;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t other_rows = 0;
  std::uint32_t other_columns = 0;
  const Kind g = gold_[gold].kind;
  const Kind a = answer_[answer].kind;
  if ((g == Kind::kBinomial && is_column_of_two(answer_[answer])) ||
      (a == Kind::kBinomial && is_column_of_two(gold_[gold]))) {
    const auto entries = [](const Side& side, NodeId id) {
      const Node& n = side[id];
      if (n.kind == Kind::kBinomial) return std::vector<NodeId>{n.a, n.b};
      return std::vector<NodeId>(side.tree().items(n), side.tree().items(n) + n.b);
    };
    mine = entries(gold_, gold);
    theirs = entries(answer_, answer);
    return ordered(mine.data(), mine.size(), theirs.data(), theirs.size());
  }
  const bool gold_matrix = as_matrix(gold_, gold, mine, rows, columns);
  const bool answer_matrix = as_matrix(answer_, answer, theirs, other_rows, other_columns);
  if (gold_matrix && answer_matrix) {
    const bool gold_flat = rows == 1 || columns == 1;
    const bool answer_flat = other_rows == 1 || other_columns == 1;
    if (gold_flat != answer_flat) return no(Reason::kCountMismatch);
    if (!gold_flat && (rows != other_rows || columns != other_columns))
      return no(Reason::kCountMismatch);
    // i, j, k notation leaves a zero third entry out
    const auto pad = [](const Side& side, NodeId id) {
      return side[id].kind == Kind::kTuple && side[id].sub == 1;
    };
    if (mine.size() == 3 && theirs.size() == 2 && pad(answer_, answer) &&
        gold_.values->rational[mine[2]].valid() && gold_.values->rational[mine[2]].num == 0) {
      mine.pop_back();
    }
    return ordered(mine.data(), mine.size(), theirs.data(), theirs.size());
  }
  if (gold_matrix != answer_matrix && (expr::is_scalar(g) || expr::is_scalar(a))) {
    const bool symbol_first = expr::is_scalar(g);
    const bool identity = is_identity(symbol_first ? answer_ : gold_, symbol_first ? theirs : mine,
                                      symbol_first ? other_rows : rows,
                                      symbol_first ? gold_ : answer_, symbol_first ? gold : answer);
    return identity ? yes(Reason::kStructure) : no(Reason::kKindMismatch);
  }
  // [a, b] is an interval against an interval, a bare list against a list; a matrix against
  // anything else is wrong
  if (g == Kind::kBracket && a == Kind::kBracket) {
    mine = elements(gold_, gold);
    theirs = elements(answer_, answer);
    if (mine.size() != 2) return unordered(mine, theirs);
    // closed intervals, when they can be: their ends are exact
    RealSet interval;
    const bool was_exact = exact_;
    exact_ |= to_real_set(gold_, gold, true, interval, budget_);
    const Decision both = ordered(mine.data(), mine.size(), theirs.data(), theirs.size());
    exact_ = was_exact;
    return both;
  }
  if (g == Kind::kBracket && a == Kind::kTuple) {
    if (gold_[gold].b != answer_[answer].b) return no(Reason::kCountMismatch);
    if (gold_[gold].b == 2) return no(Reason::kKindMismatch);  // closed ends are not open ends
    return ordered(gold_.tree().items(gold_[gold]), gold_[gold].b,
                   answer_.tree().items(answer_[answer]), gold_[gold].b);
  }
  if (a == Kind::kBracket && gold_matrix && (rows == 1 || columns == 1)) {
    RealSet interval;  // [-2, 5] is one, [5, -2] is none
    const bool closed =
        answer_[answer].b == 2 && to_real_set(answer_, answer, true, interval, budget_);
    return closed ? no(Reason::kKindMismatch)
                  : ordered(mine.data(), mine.size(), answer_.tree().items(answer_[answer]),
                            answer_[answer].b);
  }
  if (g == Kind::kBracket && gold_[gold].b == 1)
    return compare(gold_.tree().items(gold_[gold])[0], answer);
  if (a == Kind::kBracket && answer_[answer].b == 1)
    return compare(gold, answer_.tree().items(answer_[answer])[0]);
  return no(Reason::kKindMismatch);
}

}  // namespace pyverify::compare
