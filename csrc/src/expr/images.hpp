// The pseudo-random field elements that stand for variables, constants and functions in a
// signature.
//
// A variable's or a constant's image is t^kRootOrder with t fixed by its name, so that its roots of
// every degree which divides kRootOrder are exact: x^{1/2} is t^{kRootOrder/2}.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "expr/tree.hpp"
#include "number/field.hpp"

namespace pyverify::expr {

inline constexpr std::uint64_t kRootOrder = 5040;

// Names that no symbol has by construction of its hash, and tags that keep the functions apart.
inline constexpr std::uint64_t kPiName = 0x70692d636f6e7374ull;
inline constexpr std::uint64_t kEName = 0x652d636f6e737461ull;
enum class Tag : std::uint64_t {
  kHalfAngle = 1,
  kExponential,
  kLogarithm,
  kPrimeLog,
  kRoot,
  kRationalRoot,
  kSignPower,
  kAbs,
  kPart,
  kFunction = 0x100,
  kKind = 0x200,
  kOperator = 0x400,
  kCall = 0x800,
};

// base = t, power = t^kRootOrder, in both fields.
struct Image {
  std::uint64_t base1 = 0;
  std::uint64_t base2 = 0;
  std::uint64_t power1 = 0;
  std::uint64_t power2 = 0;
  template <class F>
  std::uint64_t base() const noexcept {
    return std::is_same_v<F, number::F1> ? base1 : base2;
  }
  template <class F>
  std::uint64_t power() const noexcept {
    return std::is_same_v<F, number::F1> ? power1 : power2;
  }
};

// Remembers the images computed last; what it returns depends on its arguments alone.
const Image& image_of(std::uint64_t name, std::uint64_t seed) noexcept;

// A function known to be one and nothing else: equal arguments have equal images.
template <class F>
number::Fe opaque(std::uint64_t tag, const number::Fe& x) noexcept {
  const number::Fe c = number::Ext<F>::canonical(x);
  if (c.d == 0) return c;
  return number::Ext<F>::make(F::random(number::mix(number::mix(tag, c.a), c.b)));
}
template <class F>
number::Fe opaque(Tag tag, const number::Fe& x) noexcept {
  return opaque<F>(static_cast<std::uint64_t>(tag), x);
}
// The same for an even function: f(-x) = f(x) holds by construction.
template <class F>
number::Fe opaque_even(Tag tag, const number::Fe& x) noexcept {
  return opaque<F>(tag, number::Ext<F>::mul(x, x));
}
// ... and for an odd one: f(-x) = -f(x), f(0) = 0.
template <class F>
number::Fe opaque_odd(std::uint64_t tag, const number::Fe& x) noexcept {
  return number::Ext<F>::mul(x, opaque<F>(tag, number::Ext<F>::mul(x, x)));
}

// ---- primes below 1000, with their square roots in both fields

struct SmallPrime {
  std::uint32_t value = 0;
  bool square1 = false;  // has a square root in F_p; else root is one of -value
  bool square2 = false;
  std::uint64_t root1 = 0;
  std::uint64_t root2 = 0;
  template <class F>
  bool square() const noexcept {
    return std::is_same_v<F, number::F1> ? square1 : square2;
  }
  template <class F>
  std::uint64_t root() const noexcept {
    return std::is_same_v<F, number::F1> ? root1 : root2;
  }
};
inline constexpr std::size_t kSmallPrimes = 168;
const std::array<SmallPrime, kSmallPrimes>& small_primes() noexcept;

// The square root that is itself a square (of v when v is one, else of -v): the choice that
// respects products.
template <class F>
std::uint64_t square_root(std::uint64_t v, bool& is_square) noexcept {
  const std::uint64_t root = F::pow(v, (F::kPrime + 1) / 4);
  is_square = F::mul(root, root) == v;
  return root;
}

// n = product of primes^exponents times `rest`, which has no factor below 1000 (1 if nothing is
// left). When rest is below 10^6 it is a prime.
struct Factor {
  std::uint32_t index = 0;  // into small_primes()
  std::uint32_t exponent = 0;
};
struct Factored {
  std::array<Factor, 16> factors;  // the product of the first 16 primes is above 2^63
  std::uint32_t count = 0;
  std::uint64_t rest = 1;
};
Factored factor(std::uint64_t n) noexcept;

}  // namespace pyverify::expr
