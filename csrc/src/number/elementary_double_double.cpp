// The elementary functions in double-double precision. Operations err by at most 2^-102 of their
// result; with at most a few dozen of them, and truncation below 2^-104, everything stays under
// 2^-95.
#include <bit>
#include <cmath>
#include <cstdint>

#include "number/elementary.hpp"

namespace pyverify::number::elementary {
namespace {

// 1/n! for n = 3 .. 27.
constexpr int kFirst = 3;
constexpr DoubleDouble kInverseFactorial[] = {
    {0x1.5555555555555p-3, 0x1.5555555555555p-57},
    {0x1.5555555555555p-5, 0x1.5555555555555p-59},
    {0x1.1111111111111p-7, 0x1.1111111111111p-63},
    {0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65},
    {0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73},
    {0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76},
    {0x1.71de3a556c734p-19, -0x1.c154f8ddc6c00p-73},
    {0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76},
    {0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80},
    {0x1.1eed8eff8d898p-29, -0x1.2aec959e14c06p-83},
    {0x1.6124613a86d09p-33, 0x1.f28e0cc748ebep-87},
    {0x1.93974a8c07c9dp-37, 0x1.05d6f8a2efd1fp-92},
    {0x1.ae7f3e733b81fp-41, 0x1.1d8656b0ee8cbp-97},
    {0x1.ae7f3e733b81fp-45, 0x1.1d8656b0ee8cbp-101},
    {0x1.952c77030ad4ap-49, 0x1.ac981465ddc6cp-103},
    {0x1.6827863b97d97p-53, 0x1.eec01221a8b0bp-107},
    {0x1.2f49b46814157p-57, 0x1.2650f61dbdcb4p-112},
    {0x1.e542ba4020225p-62, 0x1.ea72b4afe3c2fp-120},
    {0x1.71b8ef6dcf572p-66, -0x1.d043ae40c4647p-120},
    {0x1.0ce396db7f853p-70, -0x1.aebcdbd20331cp-124},
    {0x1.761b41316381ap-75, -0x1.3423c7d91404fp-130},
    {0x1.f2cf01972f578p-80, -0x1.9ada5fcc1ab14p-135},
    {0x1.3f3ccdd165fa9p-84, -0x1.58ddadf344487p-139},
    {0x1.88e85fc6a4e5ap-89, -0x1.71c37ebd16540p-143},
    {0x1.d1ab1c2dccea3p-94, 0x1.054d0c78aea14p-149},
};

// pi/2 in four doubles; the rest is below 2^-217.
constexpr double kHalfPi[4] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110,
                               0x1.4cf98e804177dp-164};
constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;

double power_of_two(std::int64_t exponent) noexcept {
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
}

// Multiplication by a power of two, exactly.
DoubleDouble times(const DoubleDouble& x, double power) noexcept {
  return {x.hi * power, x.lo * power};
}

// 1/first! - x/(first + 2)! + x^2/(first + 4)! - ..., up to 1/last!.
DoubleDouble alternating(const DoubleDouble& x, int first, int last) noexcept {
  DoubleDouble sum = kInverseFactorial[last - kFirst];
  for (int n = last - 2; n >= first; n -= 2) sum = kInverseFactorial[n - kFirst] - x * sum;
  return sum;
}

}  // namespace

// e^x = 2^k (e^(r/512))^512 with |r| <= ln2/2; squared nine times as e^t - 1, which keeps the
// relative error. |r/512|^9 / 10! < 2^-116.
DoubleDouble exp(const DoubleDouble& x) noexcept {
  if (!(std::fabs(x.hi) <= 700)) return x.hi > 0 ? HUGE_VAL : 0;
  // ln2 in three parts, two of 40 bits, so that their multiples are exact.
  constexpr double kLn2[3] = {0x1.62e42fefa4000p-1, -0x1.8432a1b0e2000p-43, -0x1.8cff81a12a17ep-85};
  constexpr double kInverseLn2 = 0x1.71547652b82fep+0;
  const double k = std::floor(x.hi * kInverseLn2 + 0.5);
  const DoubleDouble r =
      ((x - DoubleDouble(k * kLn2[0])) - DoubleDouble(k * kLn2[1])) - two_prod(k, kLn2[2]);
  const DoubleDouble t = times(r, 0x1p-9);
  DoubleDouble sum = kInverseFactorial[9 - kFirst];
  for (int n = 8; n >= kFirst; --n) sum = kInverseFactorial[n - kFirst] + t * sum;
  const DoubleDouble t2 = t * t;
  DoubleDouble s = t + (times(t2, 0.5) + t2 * t * sum);
  for (int i = 0; i < 9; ++i) s = times(s, 2) + s * s;
  const DoubleDouble result = s + DoubleDouble(1.0);
  // In two steps, as 2^1023 < e^700 would not be hurt but a low part might be.
  return times(result, power_of_two(static_cast<std::int64_t>(k)));
}

// One step of Halley's iteration from the double: its error 2^-50 becomes 2^-150.
DoubleDouble log(const DoubleDouble& x) noexcept {
  if (!(x.hi > 0) || !(x.hi <= 0x1p1023)) return {};
  int exponent = 0;
  if (std::frexp(x.hi, &exponent) < 0.70710678118654752) --exponent;
  const DoubleDouble f = scale(x, -exponent);
  const double guess = log(f.hi);
  const DoubleDouble power = exp(DoubleDouble(guess));
  const DoubleDouble step = times((f - power) / (f + power), 2);
  constexpr DoubleDouble kLn2{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
  return kLn2 * exponent + (DoubleDouble(guess) + step);
}

// |r| <= pi/4 + tiny; r^29 / 29! < 2^-112.
void sin_cos(const DoubleDouble& x, DoubleDouble& sine, DoubleDouble& cosine) noexcept {
  if (!(std::fabs(x.hi) <= 0x1p50)) {
    sine = cosine = {};
    return;
  }
  const double k = std::floor(x.hi * kTwoOverPi + 0.5);
  DoubleDouble r = x;
  if (k != 0) {
    // Three doubles: at a multiple of pi/2 the first two parts may cancel altogether.
    const DoubleDouble p0 = two_prod(k, kHalfPi[0]);
    const DoubleDouble p1 = two_prod(k, kHalfPi[1]);
    const DoubleDouble p2 = two_prod(k, kHalfPi[2]);
    const DoubleDouble a = two_sum(x.hi, -p0.hi);
    const DoubleDouble b = two_sum(a.hi, -p0.lo);
    const DoubleDouble c = two_sum(x.lo, -p1.hi);
    const DoubleDouble d = two_sum(b.hi, c.hi);
    const DoubleDouble low = (DoubleDouble(a.lo) + DoubleDouble(b.lo)) + DoubleDouble(c.lo) -
                             DoubleDouble(p1.lo) - p2 - DoubleDouble(k * kHalfPi[3]);
    r = d + low;
  }
  const DoubleDouble r2 = r * r;
  const DoubleDouble s = r - r * r2 * alternating(r2, 3, 27);
  const DoubleDouble c = (DoubleDouble(1.0) - times(r2, 0.5)) + r2 * r2 * alternating(r2, 4, 26);
  switch (static_cast<std::int64_t>(k) & 3) {
    case 0:
      sine = s;
      cosine = c;
      return;
    case 1:
      sine = c;
      cosine = -s;
      return;
    case 2:
      sine = -s;
      cosine = -c;
      return;
    default:
      sine = -c;
      cosine = s;
      return;
  }
}

// With z the double result and h = hypot(x, y), t = sin(angle - z) = (y cos z - x sin z) / h and
// angle = z + t + t^3/6 + ..., where |t| <= 2^-49.
DoubleDouble atan2(const DoubleDouble& y, const DoubleDouble& x) noexcept {
  const double size = std::fabs(x.hi) > std::fabs(y.hi) ? std::fabs(x.hi) : std::fabs(y.hi);
  if (!(size > 0) || !(size <= 0x1p1000)) return {};
  int exponent = 0;
  (void)std::frexp(size, &exponent);
  const DoubleDouble v = scale(y, -exponent);
  const DoubleDouble u = scale(x, -exponent);
  if (v.hi == 0) {
    if (u.hi > 0) return {};
    const DoubleDouble pi{0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53};
    return y.hi < 0 ? -pi : pi;
  }
  const double z = atan2(v.hi, u.hi);
  DoubleDouble sine;
  DoubleDouble cosine;
  sin_cos(DoubleDouble(z), sine, cosine);
  const DoubleDouble t = (v * cosine - u * sine) / sqrt(u * u + v * v);
  return DoubleDouble(z) + t;
}

}  // namespace pyverify::number::elementary
