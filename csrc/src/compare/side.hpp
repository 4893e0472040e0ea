// One side of a comparison: a reading with the values of one reading of log.
#pragma once

#include "answer/reading.hpp"
#include "expr/equality.hpp"

namespace pyverify::compare {

struct Side {
  const answer::Reading* reading = nullptr;
  const expr::Values* values = nullptr;

  const expr::Tree& tree() const noexcept { return reading->parsed.tree; }
  const expr::Node& operator[](expr::NodeId id) const noexcept { return tree()[id]; }
  expr::Scalar scalar(expr::NodeId id) const noexcept { return {&tree(), values, id}; }
};

}  // namespace pyverify::compare
