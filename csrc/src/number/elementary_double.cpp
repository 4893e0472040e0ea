// The elementary functions in double precision: table-free or small-table argument reduction, then
// Taylor series whose truncation lies below 2^-57. What rounding adds stays under 2^-51, half the
// stated bound.
#include <bit>
#include <cmath>
#include <cstdint>

#include "number/elementary.hpp"

namespace pyverify::number::elementary {
namespace {

// 2^(j/32).
constexpr double kExp2[32] = {
    0x1.0000000000000p+0, 0x1.059b0d3158574p+0, 0x1.0b5586cf9890fp+0, 0x1.11301d0125b51p+0,
    0x1.172b83c7d517bp+0, 0x1.1d4873168b9aap+0, 0x1.2387a6e756238p+0, 0x1.29e9df51fdee1p+0,
    0x1.306fe0a31b715p+0, 0x1.371a7373aa9cbp+0, 0x1.3dea64c123422p+0, 0x1.44e086061892dp+0,
    0x1.4bfdad5362a27p+0, 0x1.5342b569d4f82p+0, 0x1.5ab07dd485429p+0, 0x1.6247eb03a5585p+0,
    0x1.6a09e667f3bcdp+0, 0x1.71f75e8ec5f74p+0, 0x1.7a11473eb0187p+0, 0x1.82589994cce13p+0,
    0x1.8ace5422aa0dbp+0, 0x1.93737b0cdc5e5p+0, 0x1.9c49182a3f090p+0, 0x1.a5503b23e255dp+0,
    0x1.ae89f995ad3adp+0, 0x1.b7f76f2fb5e47p+0, 0x1.c199bdd85529cp+0, 0x1.cb720dcef9069p+0,
    0x1.d5818dcfba487p+0, 0x1.dfc97337b9b5fp+0, 0x1.ea4afa2a490dap+0, 0x1.f50765b6e4540p+0,
};

// atan(j/16).
constexpr double kAtan[17] = {
    0x0.0p+0,
    0x1.ff55bb72cfdeap-5,
    0x1.fd5ba9aac2f6ep-4,
    0x1.7b97b4bce5b02p-3,
    0x1.f5b75f92c80ddp-3,
    0x1.362773707ebccp-2,
    0x1.6f61941e4def1p-2,
    0x1.a64eec3cc23fdp-2,
    0x1.dac670561bb4fp-2,
    0x1.0657e94db30d0p-1,
    0x1.1e00babdefeb4p-1,
    0x1.345f01cce37bbp-1,
    0x1.4978fa3269ee1p-1,
    0x1.5d58987169b18p-1,
    0x1.700a7c5784634p-1,
    0x1.819d0b7158a4dp-1,
    0x1.921fb54442d18p-1,
};

constexpr double kInverseFactorial[19] = {
    1.0,
    1.0,
    1.0 / 2,
    1.0 / 6,
    1.0 / 24,
    1.0 / 120,
    1.0 / 720,
    1.0 / 5040,
    1.0 / 40320,
    1.0 / 362880,
    1.0 / 3628800,
    1.0 / 39916800,
    1.0 / 479001600,
    1.0 / 6227020800.0,
    1.0 / 87178291200.0,
    1.0 / 1307674368000.0,
    1.0 / 20922789888000.0,
    1.0 / 355687428096000.0,
    1.0 / 6402373705728000.0,
};

// pi/2 in three doubles; the rest is below 2^-163.
constexpr double kHalfPi1 = 0x1.921fb54442d18p+0;
constexpr double kHalfPi2 = 0x1.1a62633145c07p-54;
constexpr double kHalfPi3 = -0x1.f1976b7ed8fbcp-110;
constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
constexpr double kPi = 0x1.921fb54442d18p+1;
constexpr double kPiRest = 0x1.1a62633145c07p-53;

// Bits of a double put together: |exponent| at most 1000.
double power_of_two(std::int64_t exponent) noexcept {
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
}

}  // namespace

// x = (32 k + j) ln2 / 32 + r with |r| <= 0.011; r^7 / 7! < 2^-57.
double exp(double x) noexcept {
  if (!(std::fabs(x) <= 700)) return x > 0 ? HUGE_VAL : 0;
  // ln2 / 32 = high + low; high has 36 bits, so n * high is exact for |n| < 2^16.
  constexpr double kHigh = 0x1.62e42fefa0000p-6;
  constexpr double kLow = 0x1.cf79abc9e0000p-45;
  constexpr double kInverse = 0x1.71547652b82fep+5;
  const double n = std::floor(x * kInverse + 0.5);
  const double r = (x - n * kHigh) - n * kLow;
  const double r2 = r * r;
  const double tail =
      r2 * (kInverseFactorial[2] + r * kInverseFactorial[3] +
            r2 * (kInverseFactorial[4] + r * kInverseFactorial[5] + r2 * kInverseFactorial[6]));
  const auto index = static_cast<std::int64_t>(n);
  const double scale = kExp2[index & 31];
  return (scale + scale * (r + tail)) * power_of_two(index >> 5);
}

// log f = 2 atanh s with s = (f - 1) / (f + 1), |s| <= 0.1716; s^23 / 23 < 2^-62.
double log(double x) noexcept {
  if (!(x > 0) || !(x <= 0x1p1023)) return 0;
  int exponent = 0;
  double f = std::frexp(x, &exponent);
  if (f < 0.70710678118654752) {
    f *= 2;
    --exponent;
  }
  const double s = (f - 1) / (f + 1);
  const double s2 = s * s;
  const double s4 = s2 * s2;
  const double even =
      1.0 / 5 + s4 * (1.0 / 9 + s4 * (1.0 / 13 + s4 * (1.0 / 17 + s4 * (1.0 / 21))));
  const double odd = 1.0 / 3 + s4 * (1.0 / 7 + s4 * (1.0 / 11 + s4 * (1.0 / 15 + s4 * (1.0 / 19))));
  const double series = 2 * s + 2 * s * (s2 * odd + s4 * even);
  // ln2 = high + low; high has 40 bits, so its multiples are exact.
  constexpr double kHigh = 0x1.62e42fefa4000p-1;
  constexpr double kLow = -0x1.8432a1b0e2000p-43;
  return exponent * kHigh + (exponent * kLow + series);
}

// x = k pi/2 + r, |r| <= pi/4 + tiny, k < 2^30: k times the first two parts exactly, the third
// rounded.
void sin_cos(double x, double& sine, double& cosine) noexcept {
  if (!(std::fabs(x) <= 0x1p40)) {
    sine = cosine = 0;
    return;
  }
  const double k = std::floor(x * kTwoOverPi + 0.5);
  double r = x;
  double rest = 0;
  if (k != 0) {
    const DoubleDouble first = two_prod(k, kHalfPi1);
    const DoubleDouble second = two_prod(k, kHalfPi2);
    DoubleDouble left = DoubleDouble(x) - first;
    left = left - second;
    left = left - DoubleDouble(k * kHalfPi3);
    r = left.hi;
    rest = left.lo;
  }
  const double* const c = kInverseFactorial;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double sine_odd = -c[3] - r4 * (c[7] + r4 * (c[11] + r4 * c[15]));
  const double sine_even = c[5] + r4 * (c[9] + r4 * (c[13] + r4 * c[17]));
  const double cosine_odd = -c[2] - r4 * (c[6] + r4 * (c[10] + r4 * (c[14] + r4 * c[18])));
  const double cosine_even = c[4] + r4 * (c[8] + r4 * (c[12] + r4 * c[16]));
  const double cosine_rest = r2 * cosine_odd + r4 * cosine_even;
  const double sine_rest = r * (r2 * sine_odd + r4 * sine_even);
  const double s = r + (sine_rest + rest * (1 + cosine_rest));
  const double co = 1 + (cosine_rest - rest * r);
  switch (static_cast<std::int64_t>(k) & 3) {
    case 0:
      sine = s;
      cosine = co;
      return;
    case 1:
      sine = co;
      cosine = -s;
      return;
    case 2:
      sine = -s;
      cosine = -co;
      return;
    default:
      sine = -co;
      cosine = s;
      return;
  }
}

// atan(small/large) = atan(j/16) + atan(u), u = (small - c large) / (large + c small), |u| <= 1/30;
// u^13/13 < 2^-67.
double atan2(double y, double x) noexcept {
  const double ay = std::fabs(y);
  const double ax = std::fabs(x);
  const bool swap = ay > ax;
  const double large = swap ? ay : ax;
  const double small = swap ? ax : ay;
  if (!(large > 0) || !(large <= 0x1p1000)) return 0;
  const auto j = static_cast<int>(16 * (small / large) + 0.5);
  const double c = j / 16.0;
  const double u = j == 0 ? small / large : (small - c * large) / (large + c * small);
  const double u2 = u * u;
  const double series =
      u * u2 * (-1.0 / 3 + u2 * (1.0 / 5 + u2 * (-1.0 / 7 + u2 * (1.0 / 9 - u2 * (1.0 / 11)))));
  double angle = kAtan[j] + (u + series);
  if (swap) angle = kPi / 2 - (angle - kPiRest / 2);
  if (x < 0) angle = kPi - (angle - kPiRest);
  return y < 0 ? -angle : angle;
}

}  // namespace pyverify::number::elementary
