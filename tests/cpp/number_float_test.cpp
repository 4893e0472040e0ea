// The wide midpoint types alone: exactness, rounding, and the elementary functions against the next
// tier.
#include <cmath>
#include <cstdint>

#include "check.hpp"
#include "number/ball.hpp"
#include "number/elementary.hpp"
#include "number/field.hpp"
#include "number/tier.hpp"

namespace {

using namespace pyverify::number;
using Wide = BigFloat<18>;

struct Random {
  std::uint64_t state = 3;
  std::uint64_t next() { return state = mix(state); }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  // Random sign and mantissa, exponent in [low, high].
  double spread(int low, int high) {
    const int exponent =
        low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
    return (next() & 1 ? -1 : 1) * std::ldexp(0.5 + unit() / 2, exponent);
  }
};

Wide widen(double x) { return x; }
Wide widen(const DoubleDouble& x) { return Wide(x.hi) + Wide(x.lo); }
Wide widen(const BigFloat<6>& x) { return Wide::from(x); }

double size(const Wide& x) { return std::fabs(x.to_double()); }

void draw(Random& random, int low, int high, double& x) { x = random.spread(low, high); }
void draw(Random& random, int low, int high, DoubleDouble& x) {
  const double head = random.spread(low, high);
  x = two_sum(head, head * 0x1p-53 * (random.unit() - 0.5));
}
void draw(Random& random, int low, int high, BigFloat<6>& x) {
  x = random.spread(low, high);
  for (int i = 1; i < 7; ++i) x = x + x * BigFloat<6>(random.spread(-53 * i, -53 * i));
}

// Arguments where reductions and cancellations are hardest: near 0, 1 and multiples of pi/2.
template <class Real>
Real hard_argument(Random& random, int kind) {
  Real x{};
  draw(random, -60, 9, x);
  if (kind == 1) draw(random, -300, -10, x);
  if (kind == 2)
    x = Real(1.0) + x * Real(std::ldexp(1.0, -10 - static_cast<int>(random.next() % 40)));
  if (kind == 3) {
    const auto multiple = static_cast<double>(random.next() % 1000);
    x = Tier<Real>::scale(Tier<Real>::pi(), -1) * Real(multiple);
  }
  return x;
}

template <class Real>
void elementary_bounds() {
  using T = Tier<Real>;
  Random random;
  double worst = 0;
  const auto check = [&](const Real& got, const Wide& expected, double bound) {
    const double error = size(widen(got) - expected);
    CHECK(error <= bound);
    if (error / bound > worst) worst = error / bound;
  };
  for (int i = 0; i < 400; ++i) {
    const Real x = hard_argument<Real>(random, i % 4);
    const Real y = hard_argument<Real>(random, i / 4 % 4);
    const double ax = T::upper(x);
    Real s;
    Real c;
    Wide ws;
    Wide wc;
    elementary::sin_cos(x, s, c);
    elementary::sin_cos(widen(x), ws, wc);
    check(s, ws, T::kElementary * (ax < 1 ? ax : 1) + T::kReduction * ax);
    check(c, wc, T::kElementary + T::kReduction * ax);
    if (ax <= 700) {
      const Wide power = elementary::exp(widen(x));
      check(elementary::exp(x), power, T::kElementary * size(power));
    }
    const Real positive = T::negative(x) ? -x : x;
    if (!T::is_zero(x)) {
      const Wide logarithm = elementary::log(widen(positive));
      check(elementary::log(positive), logarithm, T::kElementary * (1 + size(logarithm)));
      const Wide angle = elementary::atan2(widen(y), widen(x));
      check(elementary::atan2(y, x), angle, T::kElementary * size(angle) + kTiny);
    }
    Real large{};
    draw(random, 10, 30, large);
    elementary::sin_cos(large, s, c);
    elementary::sin_cos(widen(large), ws, wc);
    check(s, ws, T::kElementary + T::kReduction * T::upper(large));
  }
  CHECK(worst > 1e-6);  // the bounds are not idle
}

}  // namespace

TEST(double_double_sums_and_products_are_exact) {
  Random random;
  for (int i = 0; i < 2000; ++i) {
    const double a = random.spread(-200, 200);
    const double b = i % 2 ? random.spread(-200, 200) : -a * (1 + random.spread(-40, -20));
    const DoubleDouble sum = two_sum(a, b);
    const DoubleDouble product = two_prod(a, b);
    CHECK(widen(sum) == Wide(a) + Wide(b));
    CHECK(widen(product) == Wide(a) * Wide(b));
  }
}

TEST(double_double_rounding) {
  Random random;
  for (int i = 0; i < 4000; ++i) {
    DoubleDouble x;
    DoubleDouble y;
    draw(random, -200, 200, x);
    draw(random, -200, 200, y);
    if (i % 3 == 0) y = -x * DoubleDouble(1 + random.spread(-80, -1));
    const double unit = Tier<DoubleDouble>::kUnit;
    const auto near = [&](const DoubleDouble& got, const Wide& expected) {
      return size(widen(got) - expected) <= unit * size(expected);
    };
    CHECK(near(x + y, widen(x) + widen(y)));
    CHECK(near(x * y, widen(x) * widen(y)));
    CHECK(near(x / y, widen(x) / widen(y)));
    if (x.hi > 0) CHECK(near(sqrt(x), sqrt(widen(x))));
  }
}

TEST(big_float_is_exact_on_integers) {
  Random random;
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t a = random.next() >> random.next() % 64;
    const std::uint64_t b = random.next() >> random.next() % 64;
    const auto x = BigFloat<6>::from_unsigned(a);
    const auto y = BigFloat<6>::from_unsigned(b);
    const auto two32 = BigFloat<6>(0x1p32);
    bool exact = true;
    const auto product = BigFloat<6>::mul(x, y, exact);
    CHECK(exact);
    const auto wide = static_cast<unsigned __int128>(a) * b;
    auto expected = BigFloat<6>::from_unsigned(static_cast<std::uint64_t>(wide >> 64));
    expected =
        expected * two32 * two32 + BigFloat<6>::from_unsigned(static_cast<std::uint64_t>(wide));
    CHECK(product == expected);
    CHECK((x - y) + y == x);
    CHECK((x - x).is_zero());
    double error = 0;
    if (b != 0) {
      CHECK(Tier<BigFloat<6>>::div(product, y, error) == x && error == 0);
      CHECK(Tier<BigFloat<6>>::sqrt(y * y, error) == y && error == 0);
    }
    unsigned modulo = 9;
    const auto halves = BigFloat<6>::from_unsigned(a >> 2) + BigFloat<6>(0.25);
    CHECK(halves.rounded(modulo) == BigFloat<6>::from_unsigned(a >> 2) && modulo == (a >> 2) % 4);
    CHECK((-halves).rounded(modulo) == -BigFloat<6>::from_unsigned(a >> 2));
    CHECK(modulo == (4 - (a >> 2) % 4) % 4);
  }
}

TEST(big_float_rounding) {
  Random random;
  const double unit = Tier<BigFloat<6>>::kUnit;
  const auto near = [&](const BigFloat<6>& got, const Wide& expected) {
    return size(Wide::from(got) - expected) <= unit * size(expected);
  };
  for (int i = 0; i < 2000; ++i) {
    BigFloat<6> x;
    BigFloat<6> y;
    draw(random, -250, 250, x);
    draw(random, -250, 250, y);
    if (i % 3 == 0) y = -x * BigFloat<6>(1 + random.spread(-52, -1));
    if (i % 3 == 1) y = (-x).scaled(static_cast<int>(random.next() % 3) - 1);
    bool exact = true;
    const auto sum = BigFloat<6>::add(x, y, exact);
    CHECK(near(sum, widen(x) + widen(y)));
    if (exact) CHECK(Wide::from(sum) == widen(x) + widen(y));
    exact = true;
    const auto product = BigFloat<6>::mul(x, y, exact);
    CHECK(near(product, widen(x) * widen(y)));
    if (exact) CHECK(Wide::from(product) == widen(x) * widen(y));
    CHECK(near(x / y, widen(x) / widen(y)));
    if (!x.negative()) CHECK(near(sqrt(x), sqrt(widen(x))));
  }
}

TEST(big_float_extremes) {
  BigFloat<6> tiny(0x1p-1000);
  for (int i = 0; i < 40; ++i) tiny = tiny * tiny;
  CHECK(tiny.is_zero());
  CHECK(BigFloat<6>(HUGE_VAL).is_zero());
  CHECK(BigFloat<6>(0x1p-1074).to_double() == 0);
  CHECK(BigFloat<6>(-3.5).to_double() == -3.5);
  CHECK(BigFloat<6>::reciprocal(BigFloat<6>()).is_zero());
  CHECK(sqrt(BigFloat<6>(-2.0)).is_zero());
  CHECK(BigFloat<6>::compare_magnitude(BigFloat<6>(), BigFloat<6>(1.0)) < 0);
}

TEST(elementary_double) { elementary_bounds<double>(); }
TEST(elementary_double_double) { elementary_bounds<DoubleDouble>(); }
TEST(elementary_big_float) { elementary_bounds<BigFloat<6>>(); }

// The widest tier has no wider one: identities instead.
TEST(elementary_widest) {
  Random random;
  for (int i = 0; i < 40; ++i) {
    const Wide x = Wide(random.spread(-30, 8)) + Wide(random.spread(-500, -60));
    const Wide y = Wide(random.spread(-3, 3)) * sqrt(Wide(2.0));
    Wide s;
    Wide c;
    elementary::sin_cos(x, s, c);
    CHECK((s * s + c * c - Wide(1.0)).exponent() < -1120 || (s * s + c * c == Wide(1.0)));
    const Wide back = elementary::log(elementary::exp(x)) - x;
    CHECK(back.is_zero() || back.exponent() < -1110);
    const Wide product = elementary::exp(x + y) - elementary::exp(x) * elementary::exp(y);
    CHECK(product.is_zero() || product.exponent() < elementary::exp(x + y).exponent() - 1110);
    const Wide angle = elementary::atan2(y, x);
    elementary::sin_cos(angle, s, c);
    const Wide cross = s * x - c * y;
    CHECK(cross.is_zero() || cross.exponent() < x.exponent() + y.exponent() - 1100 ||
          cross.exponent() < -1100);
  }
}
