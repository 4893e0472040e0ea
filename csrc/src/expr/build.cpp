#include "expr/build.hpp"

#include "expr/operands.hpp"

namespace pyverify::expr {
namespace {

NodeId append_natural(Tree& tree, std::uint64_t value) {
  Number n;
  n.value = {static_cast<std::int64_t>(value), 1};
  n.digits_begin = static_cast<std::uint32_t>(tree.digits.size());
  char buffer[24];
  std::uint32_t count = 0;
  do {
    buffer[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  n.digits_count = count;
  while (count > 0) tree.digits.push_back(buffer[--count]);
  tree.numbers.push_back(n);
  const auto index = static_cast<std::uint32_t>(tree.numbers.size() - 1);
  return append(tree, Kind::kNumber, index, 0, static_cast<NodeId>(tree.nodes.size()));
}

}  // namespace

NodeId append_rational(Tree& tree, number::Rational value) {
  const bool negative = value.num < 0;
  const auto magnitude = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(value.num)
                                  : static_cast<std::uint64_t>(value.num);
  NodeId made = append_natural(tree, magnitude);
  if (value.den != 1) {
    const NodeId bottom = append_natural(tree, static_cast<std::uint64_t>(value.den));
    made = append_binary(tree, Kind::kDiv, made, bottom);
  }
  return negative ? append_unary(tree, Kind::kNeg, made) : made;
}

NodeId append_copy(Tree& tree, const Tree& from, NodeId id) {
  const Node n = from[id];
  const auto next = [&tree] { return static_cast<NodeId>(tree.nodes.size()); };
  const auto symbol = [&](std::uint32_t index) {
    Symbol copy = from.symbols[index];
    copy.text_begin = copy.text_end = 0;  // they count in the other tree's source
    tree.symbols.push_back(copy);
    return static_cast<std::uint32_t>(tree.symbols.size() - 1);
  };
  if (!is_scalar(n.kind) || n.kind == Kind::kOperator) return kNoNode;
  if (n.kind == Kind::kNumber) {
    Number copy = from.numbers[n.a];
    const std::uint32_t begin = copy.digits_begin;
    copy.digits_begin = static_cast<std::uint32_t>(tree.digits.size());
    tree.digits.append(from.digits, begin, copy.digits_count);
    tree.numbers.push_back(copy);
    return append(tree, n.kind, static_cast<std::uint32_t>(tree.numbers.size() - 1), 0, next());
  }
  if (n.kind == Kind::kSymbol) return append(tree, n.kind, symbol(n.a), 0, next());
  if (n.kind == Kind::kPi || n.kind == Kind::kE || n.kind == Kind::kI || n.kind == Kind::kInfinity)
    return append(tree, n.kind, 0, 0, next(), n.sub, n.aux);
  if (has_items(n.kind)) {
    std::vector<NodeId> items(from.items(n), from.items(n) + n.b);
    for (NodeId& item : items) {
      item = append_copy(tree, from, item);
      if (item == kNoNode) return kNoNode;
    }
    const std::uint32_t aux = n.kind == Kind::kCall ? symbol(n.aux) : n.aux;
    if (aux > 0xffff) return kNoNode;
    return append_items(tree, n.kind, items, n.sub, static_cast<std::uint16_t>(aux));
  }
  const NodeId a = append_copy(tree, from, n.a);
  if (a == kNoNode) return kNoNode;
  if (arity(n.kind) == Arity::kOne) return append_unary(tree, n.kind, a, n.sub);
  const NodeId b = append_copy(tree, from, n.b);
  if (b == kNoNode) return kNoNode;
  return append(tree, n.kind, a, b, std::min(tree[a].lo, tree[b].lo), n.sub, n.aux);
}

}  // namespace pyverify::expr
