// Appends nodes to a finished tree: rewrites make new nodes, they don't change scalar ones.
#pragma once

#include <algorithm>
#include <vector>

#include "expr/tree.hpp"

namespace pyverify::expr {

inline NodeId append(Tree& tree, Kind kind, std::uint32_t a, std::uint32_t b, NodeId lo,
                     std::uint8_t sub = 0, std::uint16_t aux = 0) {
  const auto self = static_cast<NodeId>(tree.nodes.size());
  tree.nodes.push_back({kind, sub, aux, a, b, std::min(lo, self)});
  return self;
}

inline NodeId append_unary(Tree& tree, Kind kind, NodeId a, std::uint8_t sub = 0) {
  return append(tree, kind, a, 0, tree[a].lo, sub);
}

inline NodeId append_binary(Tree& tree, Kind kind, NodeId a, NodeId b, std::uint8_t sub = 0) {
  return append(tree, kind, a, b, std::min(tree[a].lo, tree[b].lo), sub);
}

inline NodeId append_items(Tree& tree, Kind kind, const std::vector<NodeId>& items,
                           std::uint8_t sub = 0, std::uint16_t aux = 0) {
  NodeId lo = static_cast<NodeId>(tree.nodes.size());
  for (const NodeId item : items) lo = std::min(lo, tree[item].lo);
  const auto first = static_cast<std::uint32_t>(tree.kids.size());
  tree.kids.insert(tree.kids.end(), items.begin(), items.end());
  return append(tree, kind, first, static_cast<std::uint32_t>(items.size()), lo, sub, aux);
}

// A rational with 64-bit parts; negative ones as a negation, fractions as a quotient.
NodeId append_rational(Tree& tree, number::Rational value);

// A copy of another tree's scalar; kNoNode when it holds what only its own text explains.
NodeId append_copy(Tree& tree, const Tree& from, NodeId id);

// A copy of a subtree, with `replace(tree, id)` asked first for every node: a node it returns
// stands in for the copy.
template <class Replace>
NodeId clone(Tree& tree, NodeId id, const Replace& replace) {
  const NodeId instead = replace(tree, id);
  if (instead != kNoNode) return instead;
  const Node n = tree[id];
  switch (n.kind) {
    case Kind::kNumber:
    case Kind::kSymbol:
    case Kind::kPi:
    case Kind::kE:
    case Kind::kI:
    case Kind::kInfinity:
    case Kind::kText:
    case Kind::kNumberSet:
    case Kind::kEmptySet:
    case Kind::kBased:
    case Kind::kTime:
    case Kind::kEllipsis:
      // Copied too: a copy is a range of nodes of its own.
      return append(tree, n.kind, n.a, n.b, static_cast<NodeId>(tree.nodes.size()), n.sub, n.aux);
    case Kind::kNeg:
    case Kind::kFunction:
    case Kind::kAbs:
    case Kind::kFloor:
    case Kind::kCeil:
    case Kind::kFactorial:
    case Kind::kDoubleFactorial:
    case Kind::kReal:
    case Kind::kImag:
    case Kind::kConj:
    case Kind::kDegree:
    case Kind::kPercent:
      return append_unary(tree, n.kind, clone(tree, n.a, replace), n.sub);
    case Kind::kQuantity:
    case Kind::kMoney: {
      const NodeId a = clone(tree, n.a, replace);
      return append(tree, n.kind, a, n.b, tree[a].lo, n.sub, n.aux);
    }
    default:
      break;
  }
  if (has_items(n.kind)) {
    std::vector<NodeId> items(tree.items(n), tree.items(n) + n.b);
    for (NodeId& item : items) item = clone(tree, item, replace);
    return append_items(tree, n.kind, items, n.sub, n.aux);
  }
  const NodeId a = n.a == kNoNode ? kNoNode : clone(tree, n.a, replace);
  const NodeId b = clone(tree, n.b, replace);
  // Sides that were no scalars may have become some: y = \pm x.
  const bool difference =
      n.kind == Kind::kRelation && is_scalar(tree[a].kind) && is_scalar(tree[b].kind);
  if (difference) append_binary(tree, Kind::kSub, a, b);
  const NodeId lo = a == kNoNode ? tree[b].lo : std::min(tree[a].lo, tree[b].lo);
  return append(tree, n.kind, a, b, lo, n.sub, difference ? std::uint16_t{1} : n.aux);
}

// For `clone`: a value for a variable.
struct Substitute {
  std::uint64_t name;
  NodeId value;
  NodeId operator()(const Tree& tree, NodeId id) const {
    const bool here = tree[id].kind == Kind::kSymbol && tree.symbols[tree[id].a].name == name;
    return here ? value : kNoNode;
  }
};

}  // namespace pyverify::expr
