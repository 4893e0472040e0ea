// Conversions into balls, and questions about them.
#include "number/ball.hpp"

#include <cmath>

namespace pyverify::number {
namespace {

constexpr std::uint32_t kChunk = 19;  // decimal digits that fit 64 bits

template <class Real>
Ball<Real> from_unsigned(std::uint64_t value) noexcept {
  double error = 0;
  const Real re = Tier<Real>::from_magnitude(value, error);
  return detail::real_ball(re, error * kUp);
}

template <class Real>
Ball<Real> power_of_ten(std::int64_t exponent) noexcept {
  constexpr std::uint64_t kTenToNineteen = 10'000'000'000'000'000'000u;
  const Ball<Real> tens = pow_int(from_unsigned<Real>(10), exponent % kChunk);
  return mul(tens, pow_int(from_unsigned<Real>(kTenToNineteen), exponent / kChunk));
}

std::uint64_t read_digits(const char* digits, std::uint32_t count) noexcept {
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    value = value * 10 + static_cast<std::uint64_t>(digits[i] - '0');
  }
  return value;
}

// More digits than this tell nothing to the tier.
template <class Real>
constexpr std::uint32_t significant_digits() noexcept {
  return static_cast<std::uint32_t>(sizeof(Real)) * 8 * 31 / 100 + kChunk;
}

// Lower and upper bound of the distance of two midpoints.
template <class Real>
void mid_distance(const Ball<Real>& x, const Ball<Real>& y, double& lower, double& upper) noexcept {
  using T = Tier<Real>;
  double error = 0;
  const Real re = T::add(x.re, -y.re, error);
  const Real im = T::add(x.im, -y.im, error);
  upper = (detail::hypot_upper(T::upper(re), T::upper(im)) + error) * kUp;
  lower = (detail::hypot_lower(T::lower(re), T::lower(im)) - error) / kUp;
}

}  // namespace

template <class Real>
Ball<Real> ball_from_int(std::int64_t value) noexcept {
  if (value >= 0) return from_unsigned<Real>(static_cast<std::uint64_t>(value));
  return neg(from_unsigned<Real>(0 - static_cast<std::uint64_t>(value)));
}

template <class Real>
Ball<Real> ball_from_ratio(std::int64_t num, std::int64_t den) noexcept {
  return div(ball_from_int<Real>(num), ball_from_int<Real>(den));
}

template <class Real>
Ball<Real> ball_from_decimal(const char* digits, std::uint32_t count,
                             std::int32_t exponent) noexcept {
  for (std::uint32_t i = 0; i < count; ++i) {
    if (digits[i] < '0' || digits[i] > '9') return Ball<Real>::invalid();
  }
  while (count > 0 && digits[0] == '0') {
    ++digits;
    --count;
  }
  if (count == 0) return {};
  // The value is 0.d1d2d3... * 10^power.
  const std::int64_t power = std::int64_t{count} + exponent;
  if (power > 297) return Ball<Real>::invalid();
  if (power < -290) return detail::real_ball(Real(), 0x1p-960);
  if (count <= 2 * kChunk) {
    Ball<Real> value = from_unsigned<Real>(read_digits(digits, count <= kChunk ? count : kChunk));
    if (count > kChunk) {
      const std::uint32_t rest = count - kChunk;
      value = add(mul(value, power_of_ten<Real>(rest)),
                  from_unsigned<Real>(read_digits(digits + kChunk, rest)));
    }
    if (exponent == 0) return value;
    const Ball<Real> scale = power_of_ten<Real>(exponent < 0 ? -std::int64_t{exponent} : exponent);
    return exponent < 0 ? div(value, scale) : mul(value, scale);
  }
  // Horner's rule from the last chunk that matters; what is cut off is below one unit of it.
  const std::uint32_t kept =
      count < significant_digits<Real>() ? count : significant_digits<Real>();
  const Ball<Real> unit = inv(power_of_ten<Real>(kChunk));
  Ball<Real> value = detail::real_ball(Real(), kept < count ? 1.0 : 0.0);
  std::uint32_t end = kept;
  const std::uint32_t first = kept % kChunk;
  if (first != 0) {
    end -= first;
    std::uint64_t chunk = read_digits(digits + end, first);
    Ball<Real> scaled = add(value, from_unsigned<Real>(chunk));
    value = mul(scaled, inv(power_of_ten<Real>(first)));
  }
  for (; end > 0; end -= kChunk) {
    value = mul(add(value, from_unsigned<Real>(read_digits(digits + end - kChunk, kChunk))), unit);
  }
  const Ball<Real> scale = power_of_ten<Real>(power < 0 ? -power : power);
  return power < 0 ? div(value, scale) : mul(value, scale);
}

template <class Real>
Ball<Real> ball_pi() noexcept {
  return detail::real_ball(Tier<Real>::pi(), 4 * Tier<Real>::kUnit);
}

template <class Real>
Ball<Real> ball_e() noexcept {
  return detail::real_ball(Tier<Real>::e(), 4 * Tier<Real>::kUnit);
}

template <class Real>
Ball<Real> ball_i() noexcept {
  Ball<Real> r;
  r.im = Real(1.0);
  r.real = false;
  return r;
}

template <class Real>
bool contains_zero(const Ball<Real>& x) noexcept {
  return !x.bad && detail::may_hold_zero(x, detail::lower(x));
}

template <class Real>
bool surely_positive(const Ball<Real>& x) noexcept {
  return !x.bad && x.real && !Tier<Real>::negative(x.re) && Tier<Real>::lower(x.re) > x.rad * kUp;
}

template <class Real>
bool surely_negative(const Ball<Real>& x) noexcept {
  return !x.bad && x.real && Tier<Real>::negative(x.re) && Tier<Real>::lower(x.re) > x.rad * kUp;
}

template <class Real>
bool surely_not_real(const Ball<Real>& x) noexcept {
  return !x.bad && !x.real && Tier<Real>::lower(x.im) > x.rad * kUp;
}

template <class Real>
bool disjoint(const Ball<Real>& x, const Ball<Real>& y) noexcept {
  if (x.bad || y.bad) return false;
  double lower = 0;
  double upper = 0;
  mid_distance(x, y, lower, upper);
  return lower > (x.rad + y.rad) * kUp;
}

template <class Real>
bool unique_floor(const Ball<Real>& x, std::int64_t& value) noexcept {
  if (x.bad || !x.real || !(x.rad < 0.5)) return false;
  std::int64_t nearest = 0;
  double rest = 0;
  if (!Tier<Real>::split(x.re, nearest, rest)) return false;
  const double rad = x.rad == 0 ? 0 : x.rad * kUp + kTiny;
  if (rest < 0) {  // below `nearest`, and at most half a unit
    if (!(-rest / kUp > rad) || !(rest - rad > -1 + 0x1p-40)) return false;
    value = nearest - 1;
    return true;
  }
  if (!(rest / kUp >= rad) || !(rest + rad < 1 - 0x1p-40)) return false;
  value = nearest;
  return true;
}

template <class Real>
double magnitude(const Ball<Real>& x) noexcept {
  return detail::upper(x);
}

template <class Real>
double mid_double(const Ball<Real>& x) noexcept {
  return Tier<Real>::approximate(x.re);
}

template <class Real>
double distance_bound(const Ball<Real>& x, const Ball<Real>& y) noexcept {
  if (x.bad || y.bad) return HUGE_VAL;
  double lower = 0;
  double upper = 0;
  mid_distance(x, y, lower, upper);
  return (upper + x.rad + y.rad) * kUp;
}

#define PYVERIFY_BALL_QUESTIONS(REAL)                                                       \
  template Ball<REAL> ball_from_int(std::int64_t) noexcept;                                 \
  template Ball<REAL> ball_from_ratio(std::int64_t, std::int64_t) noexcept;                 \
  template Ball<REAL> ball_from_decimal(const char*, std::uint32_t, std::int32_t) noexcept; \
  template Ball<REAL> ball_pi() noexcept;                                                   \
  template Ball<REAL> ball_e() noexcept;                                                    \
  template Ball<REAL> ball_i() noexcept;                                                    \
  template bool contains_zero(const Ball<REAL>&) noexcept;                                  \
  template bool surely_positive(const Ball<REAL>&) noexcept;                                \
  template bool surely_negative(const Ball<REAL>&) noexcept;                                \
  template bool surely_not_real(const Ball<REAL>&) noexcept;                                \
  template bool disjoint(const Ball<REAL>&, const Ball<REAL>&) noexcept;                    \
  template bool unique_floor(const Ball<REAL>&, std::int64_t&) noexcept;                    \
  template double magnitude(const Ball<REAL>&) noexcept;                                    \
  template double mid_double(const Ball<REAL>&) noexcept;                                   \
  template double distance_bound(const Ball<REAL>&, const Ball<REAL>&) noexcept;

PYVERIFY_BALL_QUESTIONS(double)
PYVERIFY_BALL_QUESTIONS(DoubleDouble)
PYVERIFY_BALL_QUESTIONS(BigFloat<6>)
PYVERIFY_BALL_QUESTIONS(BigFloat<18>)

PYVERIFY_BALL_ARITHMETIC(, DoubleDouble)
PYVERIFY_BALL_ARITHMETIC(, BigFloat<6>)
PYVERIFY_BALL_ARITHMETIC(, BigFloat<18>)

}  // namespace pyverify::number
