// Evaluation with separate seeds for constants and variables; only expr/ needs it.
#pragma once

#include "expr/evaluate.hpp"
#include "expr/signature.hpp"
#include "expr/subtree.hpp"

namespace pyverify::expr {

// Evaluates the nodes of one scalar. `values` grows as needed; nothing else in it is touched.
void evaluate(const Subtree& scalar, LogBase log_base, Seeds seeds, Values& values,
              support::Budget& budget) noexcept;

}  // namespace pyverify::expr
