// How much an expression can say through its literals, in bits.
//
// Two different expressions have equal signatures by accident with probability 2^-122; by intent
// only if they hold enough digits to spell a multiple of both primes. A power counts as if it were
// multiplied out, since the primes have short names as powers: (2^61 - 2373) (2^61 - 3153). The
// same count bounds how close two different values can come.
#pragma once

#include <cstdint>

#include "expr/tree.hpp"
#include "number/rational.hpp"

namespace pyverify::expr {

// Equal signatures prove nothing for expressions that hold more, both sides together. A multiple of
// the primes needs 122.
inline constexpr std::uint32_t kMaxProvenBits = 96;

inline constexpr std::uint32_t kManyBits = 1u << 30;  // counts saturate here

// `bits` and `rationals` hold the operands' counts and rational values.
std::uint32_t literal_bits(const Tree& tree, const Node& node, number::Rational value,
                           const number::Rational* rationals, const std::uint32_t* bits) noexcept;

}  // namespace pyverify::expr
