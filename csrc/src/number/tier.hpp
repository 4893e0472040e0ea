// What the ball arithmetic needs of a midpoint type: exact conversions, arithmetic that adds its
// error bound to a running sum, and bounds of magnitudes as doubles. One specialization per type.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "number/big_float.hpp"
#include "number/double_double.hpp"

namespace pyverify::number {

// Absolute slack for everything that may underflow; no radius but an exact 0 is smaller.
inline constexpr double kTiny = 0x1p-1022;
// Makes up for the rounding of a radius that took at most 16 operations.
inline constexpr double kUp = 1 + 0x1p-48;
// Magnitudes and radii end here; above, a ball is bad.
inline constexpr double kHuge = 0x1p990;

template <class Real>
struct Tier;

// For every tier, with u = kUnit: add, mul and div raise `error` by a bound on |result - exact
// value|, 0 when nothing was rounded; + - * / and sqrt err by at most u times the result, plus
// kTiny. kElementary, kReduction, kMaxAngle: see elementary.hpp.

template <>
struct Tier<double> {
  static constexpr double kUnit = 0x1p-53;
  static constexpr double kElementary = 0x1p-50;
  static constexpr double kReduction = 0x1p-94;
  static constexpr double kMaxAngle = 0x1p30;

  static double from_magnitude(std::uint64_t value, double& error) noexcept {
    const auto r = static_cast<double>(value);
    if (value >> 53 != 0 && std::bit_width(value) - std::countr_zero(value) > 53)
      error += r * kUnit;
    return r;
  }
  static double add(double x, double y, double& error) noexcept {
    const DoubleDouble sum = two_sum(x, y);
    error += std::fabs(sum.lo);
    return sum.hi;
  }
  // Two factors of at most 26 bits have an exact product.
  static double mul(double x, double y, double& error) noexcept {
    constexpr std::uint64_t kLow = (std::uint64_t{1} << 27) - 1;
    const double r = x * y;
    const double size = std::fabs(r);
    const bool few_bits =
        ((std::bit_cast<std::uint64_t>(x) | std::bit_cast<std::uint64_t>(y)) & kLow) == 0;
    if (!few_bits || size < 0x1p-1000) error += (x == 0 || y == 0) ? 0 : size * kUnit + kTiny;
    return r;
  }
  static double div(double x, double y, double& error) noexcept {
    const double r = x / y;
    const DoubleDouble back = two_prod(r, y);
    const bool exact = back.hi == x && back.lo == 0 && std::fabs(x) > 0x1p-900;
    if (!exact && x != 0) error += std::fabs(r) * kUnit + kTiny;
    return r;
  }
  static double sqrt(double x, double& error) noexcept {
    const double r = std::sqrt(x);
    const DoubleDouble square = two_prod(r, r);
    if (square.hi != x || square.lo != 0 || x < 0x1p-900) error += x == 0 ? 0 : r * kUnit + kTiny;
    return r;
  }
  static double scale(double x, int exponent) noexcept { return std::ldexp(x, exponent); }
  static double approximate(double x) noexcept { return x; }
  static bool in_range(double x) noexcept { return std::fabs(x) <= kHuge; }
  static bool is_zero(double x) noexcept { return x == 0; }
  static bool negative(double x) noexcept { return x < 0; }
  static double upper(double x) noexcept { return std::fabs(x); }
  static double lower(double x) noexcept { return std::fabs(x); }
  // Nearest integer and what is left, exactly; false outside 64 bits.
  static bool split(double x, std::int64_t& integer, double& rest) noexcept {
    if (!(std::fabs(x) < 0x1p62)) return false;
    const double nearest = std::floor(x + 0.5);
    const double whole = std::fabs(x) < 0x1p52 ? nearest : x;
    integer = static_cast<std::int64_t>(whole);
    rest = x - whole;
    return true;
  }
  static double pi() noexcept { return 0x1.921fb54442d18p+1; }
  static double e() noexcept { return 0x1.5bf0a8b145769p+1; }
  static double ln2() noexcept { return 0x1.62e42fefa39efp-1; }
};

template <>
struct Tier<DoubleDouble> {
  static constexpr double kUnit = 0x1p-101;
  static constexpr double kElementary = 0x1p-94;
  static constexpr double kReduction = 0x1p-150;
  static constexpr double kMaxAngle = 0x1p40;

  static DoubleDouble from_magnitude(std::uint64_t value, double&) noexcept {
    return two_sum(static_cast<double>(value >> 32) * 0x1p32,
                   static_cast<double>(value & 0xffffffffu));
  }
  static DoubleDouble add(const DoubleDouble& x, const DoubleDouble& y, double& error) noexcept {
    if (x.lo == 0 && y.lo == 0) return two_sum(x.hi, y.hi);
    const DoubleDouble r = x + y;
    error += upper(r) * kUnit + kTiny;
    return r;
  }
  static DoubleDouble mul(const DoubleDouble& x, const DoubleDouble& y, double& error) noexcept {
    if (x.hi == 0 || y.hi == 0) return {};
    const DoubleDouble r = x * y;
    if (x.lo != 0 || y.lo != 0 || std::fabs(r.hi) < 0x1p-900) error += upper(r) * kUnit + kTiny;
    return r;
  }
  static DoubleDouble div(const DoubleDouble& x, const DoubleDouble& y, double& error) noexcept {
    if (x.hi == 0) return {};
    const double quotient = x.hi / y.hi;
    const DoubleDouble back = two_prod(quotient, y.hi);
    const bool exact = x.lo == 0 && y.lo == 0 && back.hi == x.hi && back.lo == 0;
    if (exact && std::fabs(x.hi) > 0x1p-900) return quotient;
    const DoubleDouble r = x / y;
    error += upper(r) * kUnit + kTiny;
    return r;
  }
  static DoubleDouble sqrt(const DoubleDouble& x, double& error) noexcept {
    const DoubleDouble r = number::sqrt(x);
    const DoubleDouble square = two_prod(r.hi, r.hi);
    const bool exact = x.lo == 0 && r.lo == 0 && square.hi == x.hi && square.lo == 0;
    if (x.hi != 0 && (!exact || x.hi < 0x1p-900)) error += upper(r) * kUnit + kTiny;
    return r;
  }
  static DoubleDouble scale(const DoubleDouble& x, int exponent) noexcept {
    return number::scale(x, exponent);
  }
  static double approximate(const DoubleDouble& x) noexcept { return x.hi; }
  static bool in_range(const DoubleDouble& x) noexcept { return std::fabs(x.hi) <= kHuge; }
  static bool is_zero(const DoubleDouble& x) noexcept { return x.hi == 0; }
  static bool negative(const DoubleDouble& x) noexcept { return x.hi < 0; }
  static double upper(const DoubleDouble& x) noexcept { return std::fabs(x.hi) * kUp; }
  static double lower(const DoubleDouble& x) noexcept { return std::fabs(x.hi) / kUp; }
  static bool split(const DoubleDouble& x, std::int64_t& integer, double& rest) noexcept {
    std::int64_t high = 0;
    std::int64_t low = 0;
    double high_rest = 0;
    if (!Tier<double>::split(x.hi, high, high_rest)) return false;
    const DoubleDouble left = two_sum(high_rest, x.lo);
    double low_rest = 0;
    if (!Tier<double>::split(left.hi, low, low_rest)) return false;
    integer = high + low;
    rest = low_rest + left.lo;
    return true;
  }
  static DoubleDouble pi() noexcept { return {0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53}; }
  static DoubleDouble e() noexcept { return {0x1.5bf0a8b145769p+1, 0x1.4d57ee2b1013ap-53}; }
  static DoubleDouble ln2() noexcept { return {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}; }
};

namespace constants {

// pi/4, ln 2 and e/4 as fractions, least significant limb first; truncated.
inline constexpr int kLimbs = 20;
inline constexpr std::uint64_t kQuarterPi[kLimbs] = {
    0x9ed529077096966d, 0x1c62f356208552bb, 0x83655d23dca3ad96, 0x69163fa8fd24cf5f,
    0x98da48361c55d39a, 0xc2007cb8a163bf05, 0x49286651ece45b3d, 0xae9f24117c4b1fe6,
    0xee386bfb5a899fa5, 0x0bff5cb6f406b7ed, 0xf44c42e9a637ed6b, 0xe485b576625e7ec6,
    0x4fe1356d6d51c245, 0x302b0a6df25f1437, 0xef9519b3cd3a431b, 0x514a08798e3404dd,
    0x020bbea63b139b22, 0x29024e088a67cc74, 0xc4c6628b80dc1cd1, 0xc90fdaa22168c234,
};
inline constexpr std::uint64_t kLn2[kLimbs] = {
    0x7d2e23de1400b396, 0xee569d6dfc1efa15, 0x610d30f88fe551a2, 0x07f4ca11fb5bfb90,
    0xda2d97c50f3fd5c6, 0x655fa1872f20e3a2, 0xf5dfa6bd38303248, 0x72ce87b19d6548ca,
    0x256fa0ec7657f74b, 0xb9ea9bc3b136603b, 0x1acbda11317c387e, 0x3e96ca16224ae8c5,
    0x27573b291169b825, 0xed2eae35c1382144, 0x559552fb4afa1b10, 0xe7b876206debac98,
    0x8a0d175b8baafa2b, 0x40f343267298b62d, 0xc9e3b39803f2f6af, 0xb17217f7d1cf79ab,
};
inline constexpr std::uint64_t kQuarterE[kLimbs] = {
    0xae56ede76372bb19, 0x1d4f42a3de394df4, 0xb96adab760d7f468, 0xd108a94bb2c8e3fb,
    0xbc0ab182b324fb61, 0x30acca4f483a797a, 0x1df158a136ade735, 0xe2a689daf3efe872,
    0x984f0c70e0e68b77, 0xb557135e7f57c935, 0x856365553ded1af3, 0x2433f51f5f066ed0,
    0xd3df1ed5d5fd6561, 0xf681b202aec4617a, 0x7d2fe363630c75d8, 0xcc939dce249b3ef9,
    0xa9e13641146433fb, 0xd8b9c583ce2d3695, 0xafdc5620273d3cf1, 0xadf85458a2bb4a9a,
};

}  // namespace constants

template <int N>
struct Tier<BigFloat<N>> {
  using Real = BigFloat<N>;
  static_assert(N <= constants::kLimbs);
  static constexpr double power_of_two(int exponent) noexcept {
    double r = 1;
    for (int i = 0; i < exponent; ++i) r *= 2;
    for (int i = 0; i > exponent; --i) r /= 2;
    return r;
  }
  // N = 18 would go below the range of a double: radii end at kTiny anyway.
  static constexpr double kUnit = N >= 15 ? kTiny : power_of_two(6 - 64 * N);
  static constexpr double kElementary = N >= 15 ? kTiny : power_of_two(20 - 64 * N);
  static constexpr double kReduction = N >= 15 ? kTiny : power_of_two(10 - 64 * N);
  static constexpr double kMaxAngle = power_of_two(N >= 15 ? 100 : 32 * N);

  static Real from_magnitude(std::uint64_t value, double&) noexcept {
    return Real::from_unsigned(value);
  }
  static Real add(const Real& x, const Real& y, double& error) noexcept {
    bool exact = true;
    const Real r = Real::add(x, y, exact);
    if (!exact) error += upper(r) * kUnit + kTiny;
    return r;
  }
  static Real mul(const Real& x, const Real& y, double& error) noexcept {
    bool exact = true;
    const Real r = Real::mul(x, y, exact);
    if (!exact) error += upper(r) * kUnit + kTiny;
    return r;
  }
  static Real div(const Real& x, const Real& y, double& error) noexcept {
    if (x.is_zero()) return {};
    const Real r = x / y;
    bool exact = true;
    const Real candidate = r.snapped();
    if (Real::mul(candidate, y, exact) == x && exact) return candidate;
    error += upper(r) * kUnit + kTiny;
    return r;
  }
  static Real sqrt(const Real& x, double& error) noexcept {
    if (x.is_zero()) return {};
    const Real r = Real::square_root(x);
    bool exact = true;
    const Real candidate = r.snapped();
    if (Real::mul(candidate, candidate, exact) == x && exact) return candidate;
    error += upper(r) * kUnit + kTiny;
    return r;
  }
  static Real scale(const Real& x, int exponent) noexcept { return x.scaled(exponent); }
  static double approximate(const Real& x) noexcept { return x.to_double(); }
  static bool in_range(const Real& x) noexcept { return x.is_zero() || x.exponent() <= 990; }
  static bool is_zero(const Real& x) noexcept { return x.is_zero(); }
  static bool negative(const Real& x) noexcept { return !x.is_zero() && x.negative(); }
  static double upper(const Real& x) noexcept {
    return x.is_zero() ? 0 : std::fabs(x.to_double()) * kUp + kTiny * 4;
  }
  static double lower(const Real& x) noexcept { return std::fabs(x.to_double()) / kUp; }
  static bool split(const Real& x, std::int64_t& integer, double& rest) noexcept {
    if (!x.is_zero() && x.exponent() > 62) return false;
    unsigned modulo = 0;
    const Real nearest = x.rounded(modulo);
    const std::uint64_t whole =
        nearest.is_zero() ? 0 : nearest.limbs()[N - 1] >> (64 - nearest.exponent());
    integer =
        negative(nearest) ? -static_cast<std::int64_t>(whole) : static_cast<std::int64_t>(whole);
    rest = (x - nearest).to_double();
    return true;
  }
  static Real pi() noexcept {
    return Real::from_limbs(constants::kQuarterPi, constants::kLimbs, 2);
  }
  static Real e() noexcept { return Real::from_limbs(constants::kQuarterE, constants::kLimbs, 2); }
  static Real ln2() noexcept { return Real::from_limbs(constants::kLn2, constants::kLimbs, 0); }
};

}  // namespace pyverify::number
