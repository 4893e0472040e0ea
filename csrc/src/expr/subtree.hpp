// The nodes a scalar is made of, operands first.
//
// Rewrites append nodes that share operands with older ones, so the range [lo, node] may hold
// strangers; these are left out. A Subtree borrows per-thread memory: only one per slot is alive at
// a time.
#pragma once

#include <cstdint>
#include <vector>

#include "expr/equality.hpp"

namespace pyverify::expr {

class Subtree {
 public:
  enum Slot : std::uint8_t { kGold = 0, kAnswer = 1, kSlots = 2 };

  Subtree(const Scalar& scalar, Slot slot) noexcept;
  Subtree(const Subtree&) = delete;
  Subtree& operator=(const Subtree&) = delete;

  const Tree& tree() const noexcept { return *scalar_.tree; }
  const Values& values() const noexcept { return *scalar_.values; }
  NodeId root() const noexcept { return scalar_.node; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(memory_.order.size()); }
  NodeId operator[](std::uint32_t position) const noexcept { return memory_.order[position]; }
  const NodeId* begin() const noexcept { return memory_.order.data(); }
  const NodeId* end() const noexcept { return memory_.order.data() + memory_.order.size(); }
  // Of a node of the subtree.
  std::uint32_t position(NodeId id) const noexcept { return memory_.position[id - first_]; }

 private:
  struct Memory {
    std::vector<NodeId> order;
    std::vector<std::uint32_t> position;
  };
  static Memory& memory(Slot slot) noexcept;

  Scalar scalar_;
  NodeId first_;
  Memory& memory_;
};

}  // namespace pyverify::expr
