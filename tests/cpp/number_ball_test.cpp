#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "check.hpp"
#include "number/ball.hpp"
#include "number_known_values.hpp"

namespace {

using namespace pyverify::number;
using Mid = BigFloat<6>;
using Wide = BigFloat<18>;

template <class Real>
Ball<Real> n(std::int64_t value) {
  return ball_from_int<Real>(value);
}

template <class Real>
Ball<Real> complex(const Ball<Real>& re, const Ball<Real>& im) {
  return add(re, mul(ball_i<Real>(), im));
}

template <class Real>
Ball<Real> apply(const char* name, const Ball<Real>& x) {
  const auto is = [&](const char* other) { return std::strcmp(name, other) == 0; };
  Ball<Real> s;
  Ball<Real> c;
  if (is("exp")) return exp(x);
  if (is("log")) return log(x);
  if (is("sqrt")) return sqrt(x);
  if (is("atan")) return atan(x);
  if (is("asin")) return asin(x);
  if (is("acos")) return acos(x);
  if (is("inv")) return inv(x);
  if (is("abs")) return abs(x);
  if (is("arg")) return arg(x);
  if (is("pow7")) return pow_int(x, 7);
  sin_cos(x, s, c);
  return is("sin") ? s : c;
}

template <class Real>
Ball<Real> decimal(const known::Part& part) {
  const bool negative = part.digits[0] == '-';
  const char* digits = part.digits + (negative ? 1 : 0);
  const auto count = static_cast<std::uint32_t>(std::strlen(digits));
  const Ball<Real> x = ball_from_decimal<Real>(digits, count, part.exponent);
  return negative ? neg(x) : x;
}

template <class Real>
void known_values(double accuracy) {
  for (const known::Value& value : known::kValues) {
    const Ball<Real> re = ball_from_ratio<Real>(value.re_num, value.re_den);
    const Ball<Real> im = ball_from_ratio<Real>(value.im_num, value.im_den);
    const Ball<Real> x = value.im_num == 0 ? re : complex(re, im);
    const Ball<Real> got = apply(value.function, x);
    Ball<Real> expected = complex(decimal<Real>(value.re), decimal<Real>(value.im));
    expected.rad += magnitude(expected) * 1e-47 + 1e-60;
    CHECK(!got.bad);
    CHECK(!disjoint(got, expected));
    CHECK(got.rad <= accuracy * (1 + magnitude(got)));
    // Moved by a little more than both radii, it is found to differ.
    Ball<Real> moved = expected;
    moved.re = moved.re + Real((got.rad + expected.rad) * 2.5);
    CHECK(disjoint(got, moved) || got.rad == 0);
  }
}

template <class Real>
void exact_values() {
  CHECK(add(n<Real>(3), n<Real>(-3)).rad == 0);
  CHECK(contains_zero(add(n<Real>(3), n<Real>(-3))));
  CHECK(mul(n<Real>(12345), n<Real>(6789)).rad == 0);
  CHECK(sqrt(n<Real>(144)).rad == 0 && mid_double(sqrt(n<Real>(144))) == 12);
  CHECK(ball_from_ratio<Real>(6, -3).rad == 0);
  CHECK(mid_double(ball_from_ratio<Real>(6, -3)) == -2);
  CHECK(ball_from_ratio<Real>(1, 0).bad);
  CHECK(exp(n<Real>(0)).rad == 0 && log(n<Real>(1)).rad == 0 && log(n<Real>(1)).real);
  CHECK(acos(n<Real>(1)).rad == 0 && atan(n<Real>(0)).rad == 0);
  const Ball<Real> minus_one = mul(ball_i<Real>(), ball_i<Real>());
  CHECK(minus_one.real && minus_one.rad == 0 && mid_double(minus_one) == -1);
  CHECK(pow_int(n<Real>(-2), 9).rad == 0 && mid_double(pow_int(n<Real>(-2), 9)) == -512);
  CHECK(pow_int(n<Real>(2), -3).rad == 0 && mid_double(pow_int(n<Real>(2), -3)) == 0.125);
  CHECK(mid_double(pow_int(n<Real>(0), 0)) == 1 && pow_int(n<Real>(0), -1).bad);
  CHECK(mid_double(pow_int(n<Real>(1), INT64_MIN)) == 1);
  CHECK(pow_int(n<Real>(3), INT64_MAX).bad && !pow_int(ball_from_ratio<Real>(1, 3), 1 << 30).bad);
  CHECK(mid_double(abs(mul(ball_i<Real>(), n<Real>(-5)))) == 5);
  CHECK(abs(complex(n<Real>(3), n<Real>(4))).rad == 0);
}

template <class Real>
void identities() {
  const Ball<Real> pi = ball_pi<Real>();
  const Ball<Real> half_pi = mul(pi, ball_from_ratio<Real>(1, 2));
  Ball<Real> s;
  Ball<Real> c;
  CHECK(contains_zero(sub(mul(n<Real>(6), asin(ball_from_ratio<Real>(1, 2))), pi)));
  CHECK(contains_zero(sub(asin(n<Real>(-1)), neg(half_pi))) && asin(n<Real>(-1)).real);
  CHECK(contains_zero(sub(acos(n<Real>(-1)), pi)));
  CHECK(contains_zero(add(exp(mul(ball_i<Real>(), pi)), n<Real>(1))));
  CHECK(contains_zero(sub(log(n<Real>(-1)), mul(ball_i<Real>(), pi))));
  CHECK(contains_zero(sub(exp(n<Real>(1)), ball_e<Real>())));
  CHECK(contains_zero(sub(sqrt(n<Real>(-4)), mul(ball_i<Real>(), n<Real>(2)))));
  CHECK(!sqrt(n<Real>(-4)).real && surely_not_real(sqrt(n<Real>(-4))));
  CHECK(
      contains_zero(sub(sqrt(complex(n<Real>(3), n<Real>(-4))), complex(n<Real>(2), n<Real>(-1)))));
  CHECK(contains_zero(
      sub(sqrt(complex(n<Real>(-3), n<Real>(-4))), complex(n<Real>(1), n<Real>(-2)))));
  sin_cos(pi, s, c);
  CHECK(contains_zero(s) && contains_zero(add(c, n<Real>(1))));
  sin_cos(complex(n<Real>(1), n<Real>(-2)), s, c);
  CHECK(contains_zero(sub(add(mul(s, s), mul(c, c)), n<Real>(1))));
  CHECK(contains_zero(
      sub(sub(exp(log(complex(n<Real>(-5), n<Real>(1)))), n<Real>(-5)), ball_i<Real>())));
  const Ball<Real> radicals = sub(add(sqrt(n<Real>(2)), sqrt(n<Real>(3))),
                                  sqrt(add(n<Real>(5), mul(n<Real>(2), sqrt(n<Real>(6))))));
  CHECK(contains_zero(radicals) && radicals.rad < 1e-13);
}

template <class Real>
void undefined_and_out_of_range() {
  const Ball<Real> zero = sub(sqrt(n<Real>(2)), sqrt(n<Real>(2)));
  CHECK(inv(n<Real>(0)).bad && inv(zero).bad && div(n<Real>(1), zero).bad);
  CHECK(log(n<Real>(0)).bad && log(zero).bad && arg(zero).bad);
  const Ball<Real> root = sqrt(zero);  // tiny, but on which axis is open
  CHECK(!root.bad && !root.real && contains_zero(root) && !surely_not_real(root));
  // A ball across the negative axis that is not known to be real.
  const Ball<Real> across = mul(sqrt(n<Real>(-2)), sqrt(n<Real>(-3)));
  CHECK(!across.real && log(across).bad && sqrt(across).bad && arg(across).bad);
  CHECK(!abs(across).bad && abs(across).real && !inv(across).bad);
  CHECK(exp(n<Real>(1000)).bad && !exp(n<Real>(-1000)).bad && contains_zero(exp(n<Real>(-1000))));
  CHECK(!exp(n<Real>(680)).bad);
  Ball<Real> s;
  Ball<Real> c;
  sin_cos(pow_int(n<Real>(10), 60), s, c);
  CHECK(s.bad && c.bad);
  sin_cos(mul(ball_i<Real>(), n<Real>(900)), s, c);
  CHECK(s.bad && c.bad);
  Ball<Real> wide = n<Real>(5);
  wide.rad = HUGE_VAL;
  CHECK(add(wide, n<Real>(1)).bad && mul(wide, n<Real>(2)).bad && exp(wide).bad && sqrt(wide).bad);
  CHECK(log(wide).bad && inv(wide).bad && contains_zero(wide));
  Ball<Real> big = n<Real>(10);
  for (int i = 0; i < 12; ++i) big = mul(big, big);
  CHECK(big.bad && add(big, n<Real>(1)).bad && abs(big).bad && atan(big).bad && neg(big).bad);
  CHECK(!contains_zero(big) && !surely_positive(big) && !disjoint(big, n<Real>(1)));
  CHECK(distance_bound(big, n<Real>(1)) == HUGE_VAL);
  const Ball<Real> past = asin(n<Real>(2));
  CHECK(!past.bad && surely_not_real(past));
  Ball<Real> edge = n<Real>(1);
  edge.rad = 1e-12;  // asin may or may not be real
  CHECK(!asin(edge).bad && !asin(edge).real && asin(edge).rad < 1e-5);
  CHECK(contains_zero(sub(asin(edge), mul(ball_pi<Real>(), ball_from_ratio<Real>(1, 2)))));
}

template <class Real>
void questions() {
  std::int64_t value = 0;
  CHECK(unique_floor(n<Real>(4), value) && value == 4);
  CHECK(unique_floor(ball_from_ratio<Real>(-7, 2), value) && value == -4);
  CHECK(unique_floor(ball_from_ratio<Real>(7, 3), value) && value == 2);
  CHECK(unique_floor(ball_from_ratio<Real>(-1, 3), value) && value == -1);
  CHECK(unique_floor(mul(ball_pi<Real>(), n<Real>(1000000)), value) && value == 3141592);
  CHECK(!unique_floor(mul(sqrt(n<Real>(2)), sqrt(n<Real>(2))), value));
  CHECK(surely_positive(ball_pi<Real>()) && !surely_negative(ball_pi<Real>()));
  CHECK(surely_negative(neg(ball_e<Real>())) && !surely_positive(ball_i<Real>()));
  CHECK(!surely_positive(n<Real>(0)) && !surely_negative(n<Real>(0)));
  CHECK(disjoint(ball_pi<Real>(), ball_from_ratio<Real>(22, 7)));
  CHECK(disjoint(ball_i<Real>(), neg(ball_i<Real>())));
  CHECK(!disjoint(ball_pi<Real>(), ball_pi<Real>()));
  CHECK(distance_bound(n<Real>(3), mul(ball_i<Real>(), n<Real>(4))) >= 5);
  CHECK(distance_bound(n<Real>(3), mul(ball_i<Real>(), n<Real>(4))) < 5.0000001);
  CHECK(magnitude(complex(n<Real>(3), n<Real>(4))) >= 5);
  CHECK(std::fabs(mid_double(ball_pi<Real>()) - 3.141592653589793) < 1e-15);
  CHECK(imag_part(n<Real>(5)).rad == 0 && mid_double(imag_part(ball_i<Real>())) == 1);
}

template <class Real>
void decimals() {
  const auto read = [](const std::string& digits, std::int32_t exponent) {
    return ball_from_decimal<Real>(digits.data(), static_cast<std::uint32_t>(digits.size()),
                                   exponent);
  };
  CHECK(read("", 5).rad == 0 && contains_zero(read("000", 100000)) && read("000", 9).rad == 0);
  CHECK(read("25", -2).rad == 0 && mid_double(read("25", -2)) == 0.25);
  CHECK(mid_double(read("0012", 3)) == 12000 && read("0012", 3).rad == 0);
  CHECK(read("1", 100000).bad && read("1", INT32_MAX).bad);
  CHECK(!read("1", -100000).bad && contains_zero(read("1", INT32_MIN)));
  CHECK(read("1x", 0).bad && read("-1", 0).bad);
  // 1 / 7 to any number of digits, and 10^n / 7 beyond what a double's exponent would hold.
  std::string sevenths;
  for (int i = 0; i < 900; ++i) sevenths += "142857";
  const Ball<Real> seventh = ball_from_ratio<Real>(1, 7);
  for (const int count : {19, 20, 38, 39, 57, 100, 400, 1000, 5400}) {
    Ball<Real> x = read(sevenths.substr(0, static_cast<std::size_t>(count)), -count);
    CHECK(!x.bad && x.rad < 1e-14);
    x.rad += std::pow(10.0, -count) + 1e-300;
    CHECK(!disjoint(x, seventh));
    const Ball<Real> other = read(sevenths.substr(0, static_cast<std::size_t>(count)), -count + 1);
    CHECK(disjoint(other, seventh));
  }
  CHECK(!disjoint(read("1" + std::string(250, '0'), 0), pow_int(n<Real>(10), 250)));
  CHECK(!disjoint(read("1" + std::string(250, '0'), -500), pow_int(n<Real>(10), -250)));
  CHECK(read(std::string(5000, '9'), 0).bad);
  CHECK(!disjoint(read(std::string(5000, '9'), -5000), n<Real>(1)));
}

}  // namespace

TEST(ball_known_values_double) { known_values<double>(1e-11); }
TEST(ball_known_values_double_double) { known_values<DoubleDouble>(1e-26); }
TEST(ball_known_values_mid) { known_values<Mid>(1e-46); }
TEST(ball_known_values_wide) { known_values<Wide>(1e-46); }

#define FOR_EVERY_TIER(name)                       \
  TEST(ball_##name##_double) { name<double>(); }   \
  TEST(ball_##name##_dd) { name<DoubleDouble>(); } \
  TEST(ball_##name##_mid) { name<Mid>(); }         \
  TEST(ball_##name##_wide) { name<Wide>(); }

FOR_EVERY_TIER(exact_values)
FOR_EVERY_TIER(identities)
FOR_EVERY_TIER(undefined_and_out_of_range)
FOR_EVERY_TIER(questions)
FOR_EVERY_TIER(decimals)

// The two agree to 2.9e-30, so that only the third tier tells them apart.
TEST(ball_ramanujan) {
  const auto difference = [](auto one) {
    using Real = decltype(one.re);
    return sub(exp(mul(ball_pi<Real>(), sqrt(ball_from_int<Real>(163)))),
               ball_from_int<Real>(262537412640768744));
  };
  CHECK(contains_zero(difference(Ball<double>{})));
  CHECK(surely_negative(difference(Ball<Mid>{})));
  CHECK(surely_negative(difference(Ball<Wide>{})));
  CHECK(difference(Ball<Mid>{}).rad < 1e-80);
}
