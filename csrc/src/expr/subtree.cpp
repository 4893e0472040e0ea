#include "expr/subtree.hpp"

#include <array>

#include "expr/operands.hpp"

namespace pyverify::expr {

Subtree::Memory& Subtree::memory(Slot slot) noexcept {
  static thread_local std::array<Memory, kSlots> memories;
  return memories[slot];
}

Subtree::Subtree(const Scalar& scalar, Slot slot) noexcept
    : scalar_(scalar), first_((*scalar).lo), memory_(memory(slot)) {
  constexpr std::uint32_t kUnreached = ~0u;
  const Tree& tree = *scalar.tree;
  const std::uint32_t range = scalar.node - first_ + 1;
  std::vector<std::uint32_t>& position = memory_.position;
  position.assign(range, kUnreached);
  // Operands stand before their node, so one pass down reaches everything and one pass up counts
  // it.
  position[range - 1] = 0;
  for (std::uint32_t i = range; i-- > 0;) {
    if (position[i] == kUnreached) continue;
    for_each_operand(tree, tree[first_ + i], [&](NodeId id) { position[id - first_] = 0; });
  }
  memory_.order.clear();
  for (std::uint32_t i = 0; i < range; ++i) {
    if (position[i] == kUnreached) continue;
    position[i] = static_cast<std::uint32_t>(memory_.order.size());
    memory_.order.push_back(first_ + i);
  }
}

}  // namespace pyverify::expr
