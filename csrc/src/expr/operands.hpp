// Which operands a node has, whatever its kind.
#pragma once

#include <cstdint>

#include "expr/tree.hpp"

namespace pyverify::expr {

enum class Arity : std::uint8_t { kNone, kOne, kTwo, kItems };

constexpr Arity arity(Kind kind) noexcept {
  switch (kind) {
    case Kind::kAdd:
    case Kind::kSub:
    case Kind::kMul:
    case Kind::kDiv:
    case Kind::kPow:
    case Kind::kRoot:
    case Kind::kLogBase:
    case Kind::kBinomial:
    case Kind::kMod:
    case Kind::kInterval:
    case Kind::kDifference:
    case Kind::kRelation:
    case Kind::kCondition:
      return Arity::kTwo;
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
    case Kind::kQuantity:
    case Kind::kMoney:
      return Arity::kOne;
    default:
      return has_items(kind) ? Arity::kItems : Arity::kNone;
  }
}

// Calls visit(operand) for every operand of the node, left to right.
template <class Visit>
void for_each_operand(const Tree& tree, const Node& node, Visit&& visit) noexcept {
  switch (arity(node.kind)) {
    case Arity::kNone:
      return;
    case Arity::kOne:
      visit(node.a);
      return;
    case Arity::kTwo:
      visit(node.a);
      visit(node.b);
      return;
    case Arity::kItems: {
      const NodeId* items = tree.items(node);
      for (std::uint32_t i = 0; i < node.b; ++i) visit(items[i]);
      return;
    }
  }
}

}  // namespace pyverify::expr
