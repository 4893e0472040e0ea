// The same expression written with the same nodes.
#pragma once

#include "expr/equality.hpp"

namespace pyverify::expr {

bool identical(const Scalar& a, const Scalar& b) noexcept;

}  // namespace pyverify::expr
