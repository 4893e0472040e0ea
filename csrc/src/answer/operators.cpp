// What a gold with an operator comes to (GRADING 1): finite sums and products written out,
// determinants expanded, derivatives taken, limits by substitution.
#include <algorithm>

#include "answer/antiderivative.hpp"
#include "answer/at_infinity.hpp"
#include "answer/derivative.hpp"
#include "answer/reading.hpp"
#include "expr/build.hpp"
#include "expr/equality.hpp"
#include "expr/prelude.hpp"
#include "number/field.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::OperatorKind;
using expr::Tree;

constexpr std::int64_t kMostTerms = 400;
constexpr std::uint32_t kMostColumns = 4;
constexpr int kMostRounds = 4;  // of L'Hopital's rule
constexpr int kDeepest = 8;
constexpr std::size_t kMostStarts = 4;  // a sum with dots begins at 0, 1, 2 or 3

constexpr std::uint8_t v(OperatorKind kind) { return static_cast<std::uint8_t>(kind); }

// The letters that stand for something, innermost first.
struct Binding {
  std::uint64_t name;
  NodeId value;
  const Binding* outer;
};

class Writer {
 public:
  Writer(Reading& reading, const Options& options, support::Budget& budget) noexcept
      : reading_(reading), tree_(reading.parsed.tree), options_(options), budget_(budget) {}

  // A copy in which operators stand only where they can't be written out; kNoNode when that is
  // everywhere.
  NodeId write_partly(NodeId id) {
    const NodeId made = expr::clone(tree_, id, [&](Tree&, NodeId at) {
      if (tree_[at].kind != Kind::kOperator) return expr::kNoNode;
      const NodeId closed = write(at, nullptr);
      failed_ = false;
      written_ = written_ || closed != expr::kNoNode;
      return closed;
    });
    return written_ ? made : expr::kNoNode;
  }

  // A copy without operators, kNoNode when one of them can't be written out.
  NodeId write(NodeId id, const Binding* bindings) {
    const NodeId made =
        expr::clone(tree_, id, [&](Tree&, NodeId at) { return replace(at, bindings); });
    return failed_ ? expr::kNoNode : made;
  }

  // The summation that `id` is, with a symbol for its upper bound: what is needed for induction.
  void prepare_induction(NodeId id) {
    const Node n = tree_[id];
    if (n.kind == Kind::kOperator &&
        (n.sub == v(OperatorKind::kDottedSum) || n.sub == v(OperatorKind::kDottedProduct))) {
      return prepare_dots(n);
    }
    const bool sum = n.kind == Kind::kOperator &&
                     (n.sub == v(OperatorKind::kSum) || n.sub == v(OperatorKind::kProduct));
    if (!sum || n.aux == 0 || n.b != 4) return;
    const NodeId* items = tree_.items(n);
    const NodeId bound = items[0];
    const NodeId low = items[1];
    const NodeId high = items[2];
    const NodeId body = items[3];
    if (tree_[high].kind != Kind::kSymbol || !reading_.natural.rational[low].is_integer()) return;
    if (mentions(body, name_of(high))) return;  // \binom nk: not one series for all n
    const Binding last{name_of(bound), high, nullptr};
    const Binding first{name_of(bound), low, nullptr};
    const NodeId last_term = write(body, &last);
    const NodeId first_term = write(body, &first);
    if (failed_) return;
    reading_.induction = {tree_.symbols[tree_[high].a].name, reading_.natural.rational[low],
                          last_term, first_term, n.sub == v(OperatorKind::kProduct)};
    evaluate_reading(reading_, options_, budget_);
  }

 private:
  // 1 + 3 + ... + (2n-1): the last term with 1, 2, ... for n must give those that are shown.
  void prepare_dots(const Node& n) {
    const std::vector<NodeId> items(tree_.items(n), tree_.items(n) + n.b);
    const NodeId last = items.back();
    NodeId index = expr::kNoNode;
    for (NodeId i = tree_[last].lo; i <= last; ++i) {
      if (tree_[i].kind != Kind::kSymbol) continue;
      const std::uint64_t name = name_of(i);
      if (name != number::mix('n') && name != number::mix('k') && name != number::mix('m'))
        continue;
      if (index != expr::kNoNode && name_of(index) != name) return;
      index = i;
    }
    if (index == expr::kNoNode) return;
    const std::size_t shown = items.size() - 1;
    std::vector<NodeId> terms;
    for (std::size_t j = 0; j < shown + kMostStarts; ++j) {
      const Binding here{
          name_of(index),
          expr::append_rational(tree_, number::integer(static_cast<std::int64_t>(j))), nullptr};
      terms.push_back(write(last, &here));
    }
    if (failed_) return;
    evaluate_reading(reading_, options_, budget_);
    expr::Domain domain;
    domain.integers = true;
    domain.seed = options_.seed;
    const auto scalar = [&](NodeId id) { return expr::Scalar{&tree_, &reading_.natural, id}; };
    for (std::size_t low = 0; low < kMostStarts; ++low) {
      bool same = true;
      for (std::size_t j = 0; j < shown && same; ++j)
        same = expr::equal(scalar(items[j]), scalar(terms[low + j]), domain, budget_).truth ==
               expr::Truth::kTrue;
      if (!same) continue;
      reading_.induction = {name_of(index), number::integer(static_cast<std::int64_t>(low)), last,
                            items[0], n.sub == v(OperatorKind::kDottedProduct)};
      return;
    }
  }

  bool mentions(NodeId id, std::uint64_t name) const {
    for (NodeId i = tree_[id].lo; i <= id; ++i) {
      if (tree_[i].kind == Kind::kSymbol && name_of(i) == name) return true;
    }
    return false;
  }

  std::uint64_t name_of(NodeId symbol) const { return tree_.symbols[tree_[symbol].a].name; }

  // b_k depends on k, but its name doesn't show on what.
  bool has_letter_index(const expr::Symbol& symbol) const {
    const std::string_view name =
        reading_.text.substr(symbol.text_begin, symbol.text_end - symbol.text_begin);
    const std::size_t index = symbol.indexed ? name.find('_') : std::string_view::npos;
    return index != std::string_view::npos &&
           std::any_of(name.begin() + static_cast<std::ptrdiff_t>(index), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  }

  NodeId fail() {
    failed_ = true;
    return expr::append_rational(tree_, number::integer(0));
  }

  NodeId replace(NodeId id, const Binding* bindings) {
    if (failed_ || !budget_.spend(1) ||
        tree_.nodes.size() > 4 * std::size_t{budget_.limits().nodes})
      return fail();
    const Node n = tree_[id];
    if (n.kind == Kind::kSymbol) {
      for (const Binding* b = bindings; b != nullptr; b = b->outer) {
        if (b->name == tree_.symbols[n.a].name) return b->value;
      }
      return bindings != nullptr && has_letter_index(tree_.symbols[n.a]) ? fail() : expr::kNoNode;
    }
    if (n.kind != Kind::kOperator) return expr::kNoNode;
    if (depth_ >= kDeepest) return fail();
    ++depth_;
    const NodeId made = expand(n, bindings);
    --depth_;
    return made;
  }

  NodeId expand(const Node& n, const Binding* bindings) {
    const std::vector<NodeId> items(tree_.items(n), tree_.items(n) + n.b);
    switch (static_cast<OperatorKind>(n.sub)) {
      case OperatorKind::kSum:
      case OperatorKind::kProduct: {
        if (n.aux == 0 || items.size() != 4) return fail();
        return series(items, n.sub == v(OperatorKind::kSum) ? Kind::kAdd : Kind::kMul, bindings);
      }
      case OperatorKind::kDeterminant: {
        if (n.aux == 0 || n.aux > kMostColumns || n.b != std::uint32_t{n.aux} * n.aux)
          return fail();
        std::vector<NodeId> cells;
        for (const NodeId item : items) cells.push_back(write(item, bindings));
        return failed_ ? fail() : determinant(cells, n.aux);
      }
      case OperatorKind::kDerivative: {
        const NodeId body = write(items[1], bindings);
        const NodeId made =
            failed_ ? expr::kNoNode : derivative(tree_, body, name_of(items[0]), budget_);
        return made == expr::kNoNode ? fail() : made;
      }
      case OperatorKind::kLimit:
        return n.aux != 0 && items.size() == 3 ? limit(items, bindings) : fail();
      case OperatorKind::kEvaluation: {
        const NodeId low = end(items[3], items[0], write(items[1], bindings), bindings);
        const NodeId high = end(items[3], items[0], write(items[2], bindings), bindings);
        return failed_ ? fail() : expr::append_binary(tree_, Kind::kSub, high, low);
      }
      case OperatorKind::kIntegral: {
        if (n.aux == 0 || items.size() != 4) return fail();
        const NodeId low = write(items[1], bindings);
        const NodeId high = write(items[2], bindings);
        const NodeId body = write(items[3], bindings);
        if (failed_) return fail();
        evaluate_reading(reading_, options_, budget_);
        const NodeId made =
            definite_integral(reading_, items[0], low, high, body, options_, budget_);
        return made == expr::kNoNode ? fail() : made;
      }
      default:
        return fail();
    }
  }

  // F at one end, which may be infinite.
  NodeId end(NodeId body, NodeId variable, NodeId point, const Binding* bindings) {
    if (failed_) return fail();
    evaluate_reading(reading_, options_, budget_);
    const int towards = expr::infinity_sign({&tree_, &reading_.natural, point});
    const Binding there{name_of(variable), point, bindings};
    NodeId value = expr::kNoNode;
    if (towards == 0) {
      value = write(body, &there);
    } else if (const NodeId whole = write(body, bindings); !failed_) {
      value = AtInfinity(reading_, variable, towards, options_, budget_).limit(whole);
    }
    if (failed_ || value == expr::kNoNode) return fail();
    evaluate_reading(reading_, options_, budget_);
    const auto lost = expr::kUndefined | expr::kHasInfinity | expr::kHasOperator;
    return (reading_.natural.flags[value] & lost) != 0 ? fail() : value;
  }

  NodeId series(const std::vector<NodeId>& items, Kind kind, const Binding* bindings) {
    const NodeId low_node = write(items[1], bindings);
    const NodeId high_node = write(items[2], bindings);
    if (failed_) return fail();
    evaluate_reading(reading_, options_, budget_);
    const number::Rational low = reading_.natural.rational[low_node];
    const number::Rational high = reading_.natural.rational[high_node];
    if (!low.is_integer() || !high.is_integer() || high.num < low.num ||
        high.num - low.num >= kMostTerms)
      return fail();
    NodeId total = expr::kNoNode;
    for (std::int64_t k = low.num; k <= high.num; ++k) {
      const Binding here{name_of(items[0]), expr::append_rational(tree_, number::integer(k)),
                         bindings};
      const NodeId term = write(items[3], &here);
      if (failed_) return fail();
      total = total == expr::kNoNode ? term : expr::append_binary(tree_, kind, total, term);
    }
    return total;
  }

  // Along the first row; a minor's cells are listed row by row.
  NodeId determinant(const std::vector<NodeId>& cells, std::uint32_t size) {
    if (size == 1) return cells[0];
    NodeId total = expr::kNoNode;
    for (std::uint32_t column = 0; column < size; ++column) {
      std::vector<NodeId> minor;
      for (std::uint32_t i = size; i < size * size; ++i) {
        if (i % size != column) minor.push_back(cells[i]);
      }
      const NodeId product =
          expr::append_binary(tree_, Kind::kMul, cells[column], determinant(minor, size - 1));
      total = total == expr::kNoNode
                  ? product
                  : expr::append_binary(tree_, column % 2 == 1 ? Kind::kSub : Kind::kAdd, total,
                                        product);
    }
    return total;
  }

  NodeId limit(const std::vector<NodeId>& items, const Binding* bindings) {
    const NodeId point = write(items[1], bindings);
    NodeId body = write(items[2], bindings);
    if (failed_) return fail();
    for (NodeId i = tree_[body].lo; i <= body; ++i) {  // what may jump at the point
      const Kind kind = tree_[i].kind;
      if (kind == Kind::kFloor || kind == Kind::kCeil || kind == Kind::kMod ||
          kind == Kind::kCall || kind == Kind::kAbs)
        return fail();
    }
    const std::uint64_t name = name_of(items[0]);
    const Binding there{name, point, nullptr};
    for (int round = 0; round < kMostRounds; ++round) {
      const NodeId value = write(body, &there);
      if (failed_) return fail();
      evaluate_reading(reading_, options_, budget_);
      if ((reading_.natural.flags[value] & (expr::kUndefined | expr::kHasInfinity)) == 0)
        return value;
      const Node quotient = tree_[body];
      const Node at_point = tree_[value];
      const auto zero = [&](NodeId id) {
        const number::Rational r = reading_.natural.rational[id];
        return r.valid() && r.num == 0;
      };
      if (quotient.kind != Kind::kDiv || !zero(at_point.a) || !zero(at_point.b)) return fail();
      const NodeId above = derivative(tree_, quotient.a, name, budget_);
      const NodeId below = derivative(tree_, quotient.b, name, budget_);
      if (above == expr::kNoNode || below == expr::kNoNode) return fail();
      body = expr::append_binary(tree_, Kind::kDiv, above, below);
    }
    return fail();
  }

  Reading& reading_;
  Tree& tree_;
  const Options& options_;
  support::Budget& budget_;
  bool failed_ = false;
  bool written_ = false;
  int depth_ = 0;
};

// The derivative of a scalar whose operators are all antiderivatives by one variable.
void take_slope(Reading& reading, const Options& options, support::Budget& budget) {
  Tree& tree = reading.parsed.tree;
  const Node whole = tree[reading.root()];
  const bool named = whole.kind == Kind::kRelation &&
                     whole.sub == static_cast<std::uint8_t>(expr::Relation::kEqual);
  const NodeId root = named ? whole.b : reading.root();
  if (!expr::is_scalar(tree[root].kind)) return;
  NodeId bound = expr::kNoNode;
  std::uint64_t variable = 0;
  for (NodeId i = tree[root].lo; i <= root; ++i) {
    const Node& n = tree[i];
    if (n.kind != Kind::kOperator) continue;
    if (n.sub != v(OperatorKind::kIntegral) || n.aux == 0 || n.b != 2) return;
    bound = tree.items(n)[0];
    const std::uint64_t name = tree.symbols[tree[bound].a].name;
    if (variable != 0 && name != variable) return;
    variable = name;
  }
  if (variable == 0) return;
  const NodeId slope = derivative(tree, root, variable, budget);
  if (slope == expr::kNoNode) return;
  evaluate_reading(reading, options, budget);
  if ((reading.natural.flags[slope] & expr::kHasOperator) != 0) return;
  const NodeId found = antiderivative(reading, slope, bound, options, budget);
  evaluate_reading(reading, options, budget);
  reading.slope = {variable, slope, found};
}

void prepare_induction(Reading& reading, const Options& options, support::Budget& budget) {
  const Node root = reading.tree()[reading.root()];
  const NodeId value = root.kind == Kind::kRelation ? root.b : reading.root();
  Writer(reading, options, budget).prepare_induction(value);
}

}  // namespace

void write_out_operators(Reading& reading, const Options& options, support::Budget& budget) {
  prepare_induction(reading, options, budget);
  const NodeId closed = Writer(reading, options, budget).write(reading.root(), nullptr);
  if (closed == expr::kNoNode) return take_slope(reading, options, budget);
  evaluate_reading(reading, options, budget);
  reading.closed = closed;
}

void write_out_some_operators(Reading& reading, const Options& options, support::Budget& budget) {
  prepare_induction(reading, options, budget);
  reading.closed = Writer(reading, options, budget).write_partly(reading.root());
  if (reading.closed != expr::kNoNode) evaluate_reading(reading, options, budget);
}

}  // namespace pyverify::answer
