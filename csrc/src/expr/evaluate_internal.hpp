// Evaluation with separate seeds for constants and variables; only expr/ needs it.
#pragma once

#include "expr/evaluate.hpp"
#include "expr/signature.hpp"

namespace pyverify::expr {

void evaluate(const Tree& tree, LogBase log_base, Seeds seeds, Values& values,
              support::Budget& budget) noexcept;

}  // namespace pyverify::expr
