// What every question about two scalars asks first.
#pragma once

#include <cstdint>

#include "expr/equality.hpp"

namespace pyverify::expr {

// True when undefined, infinite or structural parts settle the question before any value is looked
// at.
bool unusable(const Scalar& gold, const Scalar& answer, Decision& decision) noexcept;

std::uint32_t total_bits(const Scalar& a, const Scalar& b) noexcept;

// +1 or -1 for a bare infinity, else 0.
int infinity_sign(const Scalar& scalar) noexcept;

}  // namespace pyverify::expr
