#include "number/rational.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace pyverify::number {
namespace {

using Wide = __int128;
using UnsignedWide = unsigned __int128;

constexpr Rational kInvalid{0, 0};

bool fits(Wide value) noexcept {
  return value >= std::numeric_limits<std::int64_t>::min() &&
         value <= std::numeric_limits<std::int64_t>::max();
}

std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

// Stein's binary algorithm: no division.
std::uint64_t gcd(std::uint64_t a, std::uint64_t b) noexcept {
  if (a == 0) return b;
  if (b == 0) return a;
  const int shift = std::countr_zero(a | b);
  a >>= std::countr_zero(a);
  while (b != 0) {
    b >>= std::countr_zero(b);
    if (a > b) {
      const std::uint64_t t = a;
      a = b;
      b = t;
    }
    b -= a;
  }
  return a << shift;
}

// `num` and `den` > 0 without a common factor.
Rational narrow(Wide num, Wide den) noexcept {
  if (!fits(num) || !fits(den)) return kInvalid;
  return {static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

// base^exponent, or false once it passes `limit`.
bool power_at_most(std::uint64_t base, std::int64_t exponent, std::uint64_t limit,
                   std::uint64_t& power) noexcept {
  power = 1;
  for (std::int64_t i = 0; i < exponent; ++i) {
    const UnsignedWide next = static_cast<UnsignedWide>(power) * base;
    if (next > limit) return false;
    power = static_cast<std::uint64_t>(next);
  }
  return true;
}

// The exact root of `value`, or false. Values above 1 have no root of degree 64 or more.
bool exact_root(std::uint64_t value, std::int64_t degree, std::uint64_t& root) noexcept {
  if (value <= 1) {
    root = value;
    return true;
  }
  if (degree >= 64) return false;
  if (degree == 1) {
    root = value;
    return true;
  }
  std::uint64_t power = 0;
  if (degree == 2) {
    // The rounded square root is off by at most one.
    const auto guess = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(value)));
    for (std::uint64_t r = guess - 1; r <= guess + 1; ++r) {
      if (static_cast<UnsignedWide>(r) * r == value) {
        root = r;
        return true;
      }
    }
    return false;
  }
  std::uint64_t low = 2;
  std::uint64_t high = std::uint64_t{1} << (std::bit_width(value) / degree + 1);
  while (low <= high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (!power_at_most(middle, degree, value, power)) {
      high = middle - 1;
    } else if (power == value) {
      root = middle;
      return true;
    } else {
      low = middle + 1;
    }
  }
  return false;
}

}  // namespace

Rational make(std::int64_t num, std::int64_t den) noexcept {
  if (den == 0) return kInvalid;
  if (num == 0) return {0, 1};
  const std::uint64_t common = gcd(magnitude(num), magnitude(den));
  Wide n = static_cast<Wide>(num) / static_cast<Wide>(common);
  Wide d = static_cast<Wide>(den) / static_cast<Wide>(common);
  if (d < 0) {
    n = -n;
    d = -d;
  }
  return narrow(n, d);
}

// Knuth, The Art of Computer Programming 2, 4.5.1: only common factors of the denominators can
// remain in the sum, so 64-bit greatest common divisors suffice.
Rational add(Rational a, Rational b) noexcept {
  if (!a.valid() || !b.valid()) return kInvalid;
  if (a.den == 1 && b.den == 1) return narrow(static_cast<Wide>(a.num) + b.num, 1);
  const std::uint64_t common = gcd(magnitude(a.den), magnitude(b.den));
  if (common == 1) {
    return narrow(static_cast<Wide>(a.num) * b.den + static_cast<Wide>(b.num) * a.den,
                  static_cast<Wide>(a.den) * b.den);
  }
  const auto g = static_cast<std::int64_t>(common);
  const Wide sum = static_cast<Wide>(a.num) * (b.den / g) + static_cast<Wide>(b.num) * (a.den / g);
  if (sum == 0) return {0, 1};
  const auto rest = static_cast<std::int64_t>(sum % g);
  const auto shared = static_cast<std::int64_t>(gcd(magnitude(rest), common));
  return narrow(sum / shared, static_cast<Wide>(a.den / g) * (b.den / shared));
}

Rational sub(Rational a, Rational b) noexcept {
  if (!a.valid() || !b.valid()) return kInvalid;
  if (b.num != std::numeric_limits<std::int64_t>::min()) return add(a, {-b.num, b.den});
  if (a.den == 1 && b.den == 1) return narrow(static_cast<Wide>(a.num) - b.num, 1);
  return kInvalid;
}

Rational mul(Rational a, Rational b) noexcept {
  if (!a.valid() || !b.valid()) return kInvalid;
  if (a.den == 1 && b.den == 1) return narrow(static_cast<Wide>(a.num) * b.num, 1);
  if (a.num == 0 || b.num == 0) return {0, 1};
  // Both factors are below 2^63: they divide denominators.
  const auto g = static_cast<std::int64_t>(gcd(magnitude(a.num), magnitude(b.den)));
  const auto h = static_cast<std::int64_t>(gcd(magnitude(b.num), magnitude(a.den)));
  return narrow(static_cast<Wide>(a.num / g) * (b.num / h),
                static_cast<Wide>(a.den / h) * (b.den / g));
}

Rational div(Rational a, Rational b) noexcept {
  if (!a.valid() || !b.valid() || b.num == 0) return kInvalid;
  if (a.num == 0) return {0, 1};
  // The magnitudes may be 2^63, one past what a signed part holds; so unsigned throughout.
  const std::uint64_t numerators = gcd(magnitude(a.num), magnitude(b.num));
  const std::uint64_t denominators = gcd(magnitude(a.den), magnitude(b.den));
  const UnsignedWide num =
      static_cast<UnsignedWide>(magnitude(a.num) / numerators) * (magnitude(b.den) / denominators);
  const UnsignedWide den =
      static_cast<UnsignedWide>(magnitude(a.den) / denominators) * (magnitude(b.num) / numerators);
  const bool negative = (a.num < 0) != (b.num < 0);
  return narrow(negative ? -static_cast<Wide>(num) : static_cast<Wide>(num),
                static_cast<Wide>(den));
}

Rational neg(Rational a) noexcept {
  if (!a.valid()) return kInvalid;
  return narrow(-static_cast<Wide>(a.num), a.den);
}

Rational pow(Rational a, std::int64_t exponent) noexcept {
  if (!a.valid()) return kInvalid;
  if (exponent == 0) return {1, 1};
  std::uint64_t left = magnitude(exponent);
  if (exponent < 0) {
    a = div({1, 1}, a);
    if (!a.valid()) return kInvalid;
  }
  if (a.den == 1 && magnitude(a.num) <= 1) {
    return {(a.num < 0 && left % 2 == 0) ? 1 : a.num, 1};
  }
  // Powers of a reduced fraction are reduced.
  Rational result{1, 1};
  while (true) {
    if (left & 1) {
      result = narrow(static_cast<Wide>(result.num) * a.num, static_cast<Wide>(result.den) * a.den);
      if (!result.valid()) return kInvalid;
    }
    left >>= 1;
    if (left == 0) return result;
    a = narrow(static_cast<Wide>(a.num) * a.num, static_cast<Wide>(a.den) * a.den);
    if (!a.valid()) return kInvalid;
  }
}

Rational root(Rational a, std::int64_t degree) noexcept {
  if (!a.valid() || degree <= 0) return kInvalid;
  if (a.num < 0 && degree % 2 == 0) return kInvalid;
  std::uint64_t num = 0;
  std::uint64_t den = 0;
  if (!exact_root(magnitude(a.num), degree, num) || !exact_root(magnitude(a.den), degree, den)) {
    return kInvalid;
  }
  const Wide signed_num = a.num < 0 ? -static_cast<Wide>(num) : static_cast<Wide>(num);
  return narrow(signed_num, static_cast<Wide>(den));
}

Rational floor(Rational a) noexcept {
  if (!a.valid()) return kInvalid;
  const std::int64_t quotient = a.num / a.den;
  return {quotient - (a.num % a.den < 0 ? 1 : 0), 1};
}

int compare(Rational a, Rational b) noexcept {
  const Wide left = static_cast<Wide>(a.num) * b.den;
  const Wide right = static_cast<Wide>(b.num) * a.den;
  return left < right ? -1 : left > right ? 1 : 0;
}

double to_double(Rational a) noexcept {
  return static_cast<double>(a.num) / static_cast<double>(a.den);
}

}  // namespace pyverify::number
