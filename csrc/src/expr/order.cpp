// Real constants: their order, tolerances, approximations; and the keys that sort scalars.
#include <cmath>

#include "expr/ball_evaluate.hpp"
#include "expr/equality.hpp"
#include "expr/exact_integers.hpp"
#include "expr/literal_bits.hpp"
#include "expr/prelude.hpp"
#include "expr/sample_points.hpp"
#include "expr/subtree.hpp"
#include "number/field.hpp"

namespace pyverify::expr {
namespace {

using number::Ball;
using number::BigFloat;
using number::DoubleDouble;
using number::Rational;

constexpr int kNoOrder = 2;

bool is_constant(const Scalar& scalar) noexcept {
  return (scalar.flags() & (kHasVariable | kUndefined | kNotEvaluatedYet | kOpaque)) == 0;
}

template <class Real>
int sign_of(const Ball<Real>& x) noexcept {
  if (number::surely_positive(x)) return 1;
  if (number::surely_negative(x)) return -1;
  return 0;
}

template <class Real>
int sign_of_difference(const Subtree& a, const Subtree& b, const SamplePoints& points,
                       LogBase log_base, support::Budget& budget) noexcept {
  const Sample<Real> x = sample<Real>(a, points, log_base, budget);
  const Ball<Real> left = x.value;
  const Sample<Real> y = sample<Real>(b, points, log_base, budget);
  return sign_of(number::sub(left, y.value));
}

// Where |answer - centre| stands to the radius: -1 inside, 1 outside, 0 not shown.
template <class Real>
int side_of(const Subtree& answer, Rational centre, Rational radius, const SamplePoints& points,
            LogBase log_base, support::Budget& budget) noexcept {
  const Sample<Real> x = sample<Real>(answer, points, log_base, budget);
  const Ball<Real> c = number::ball_from_ratio<Real>(centre.num, centre.den);
  const Ball<Real> r = number::ball_from_ratio<Real>(radius.num, radius.den);
  const Ball<Real> offset = number::sub(x.value, c);
  if (!offset.real) return number::surely_not_real(offset) ? 1 : 0;
  return sign_of(number::sub(number::abs(offset), r));
}

bool has_value(const Scalar& scalar, Rational value) noexcept {
  if (!value.valid() || (scalar.flags() & kEqualityUnproven) != 0) return false;
  if (scalar.values->literal_bits[scalar.node] > kMaxProvenBits) return false;
  const auto den = static_cast<std::uint64_t>(value.den);
  const number::Fe first{number::F1::from_int(value.num), 0, number::F1::from_unsigned(den)};
  const number::Fe second{number::F2::from_int(value.num), 0, number::F2::from_unsigned(den)};
  return number::X1::equal(scalar.values->field1[scalar.node], first) &&
         number::X2::equal(scalar.values->field2[scalar.node], second);
}

Decision inside(int side) noexcept {
  return {side < 0 ? Truth::kTrue : Truth::kFalse, Reason::kTolerance};
}

template <class Real>
bool near_double(const Subtree& scalar, const SamplePoints& points, double& value, LogBase log_base,
                 support::Budget& budget) noexcept {
  constexpr double kRelative = 0x1p-40;
  const Sample<Real> x = sample<Real>(scalar, points, log_base, budget);
  if (x.value.bad || number::surely_not_real(x.value)) return false;
  value = number::mid_double(x.value);
  return x.value.rad <= kRelative * std::fabs(value) || x.value.rad <= 0x1p-60;
}

}  // namespace

int order(const Scalar& a, const Scalar& b, support::Budget& budget, LogBase log_base) noexcept {
  budget.spend(1);
  if (!is_constant(a) || !is_constant(b)) return kNoOrder;
  const int left = infinity_sign(a);
  const int right = infinity_sign(b);
  if (left != 0 || right != 0) {
    const bool clear = (left != 0 || (a.flags() & kHasInfinity) == 0) &&
                       (right != 0 || (b.flags() & kHasInfinity) == 0);
    if (!clear) return kNoOrder;
    return left == right ? 0 : left > right ? 1 : -1;
  }
  if (((a.flags() | b.flags()) & kHasInfinity) != 0) return kNoOrder;
  if (a.rational().valid() && b.rational().valid()) {
    return number::compare(a.rational(), b.rational());
  }
  {
    const Subtree left_tree(a, Subtree::kGold);
    const Subtree right_tree(b, Subtree::kAnswer);
    const SamplePoints points({&left_tree, &right_tree}, false, 0);
    int sign = sign_of_difference<double>(left_tree, right_tree, points, log_base, budget);
    if (sign == 0) {
      sign = sign_of_difference<DoubleDouble>(left_tree, right_tree, points, log_base, budget);
    }
    if (sign == 0) {
      sign = sign_of_difference<BigFloat<6>>(left_tree, right_tree, points, log_base, budget);
    }
    if (sign != 0) return sign;
  }
  if (equal(a, b, Domain{false, 0, log_base}, budget).truth == Truth::kTrue) return 0;
  const number::BigRational x = big_rational(a, budget);
  return x.valid() ? compare(x, big_rational(b, budget), budget) : kNoOrder;
}

Decision within(const Scalar& answer, Rational centre, Rational radius, bool closed,
                support::Budget& budget, LogBase log_base) noexcept {
  budget.spend(1);
  if ((answer.flags() & kUndefined) != 0) return {Truth::kFalse, Reason::kUndefinedValue};
  if (!is_constant(answer) || !centre.valid() || !radius.valid()) return {};
  if ((answer.flags() & kHasInfinity) != 0) return {Truth::kFalse, Reason::kTolerance};
  if (radius.num < 0) return {Truth::kFalse, Reason::kTolerance};
  const Rational low = number::sub(centre, radius);
  const Rational high = number::add(centre, radius);
  const Rational value = answer.rational();
  if (value.valid() && low.valid() && high.valid()) {
    const int above = number::compare(value, low);
    const int below = number::compare(high, value);
    const int least = above < below ? above : below;
    return inside(least > 0 || (closed && least == 0) ? -1 : 1);
  }
  if (has_value(answer, low) || has_value(answer, high)) return inside(closed ? -1 : 1);
  const Subtree subtree(answer, Subtree::kAnswer);
  const SamplePoints points({&subtree}, false, 0);
  int side = side_of<double>(subtree, centre, radius, points, log_base, budget);
  if (side == 0) side = side_of<DoubleDouble>(subtree, centre, radius, points, log_base, budget);
  if (side == 0) side = side_of<BigFloat<6>>(subtree, centre, radius, points, log_base, budget);
  return side != 0 ? inside(side) : Decision{};
}

bool approximate(const Scalar& scalar, double& value, support::Budget& budget,
                 LogBase log_base) noexcept {
  budget.spend(1);
  if (scalar.rational().valid()) {
    value = number::to_double(scalar.rational());
    return true;
  }
  if (!is_constant(scalar) || (scalar.flags() & kHasInfinity) != 0) return false;
  const Subtree subtree(scalar, Subtree::kGold);
  const SamplePoints points({&subtree}, false, 0);
  return near_double<double>(subtree, points, value, log_base, budget) ||
         near_double<DoubleDouble>(subtree, points, value, log_base, budget) ||
         near_double<BigFloat<6>>(subtree, points, value, log_base, budget);
}

std::uint64_t key(const Scalar& scalar) noexcept {
  const number::Fe first = number::X1::canonical(scalar.values->field1[scalar.node]);
  const number::Fe second = number::X2::canonical(scalar.values->field2[scalar.node]);
  if (first.d == 0 || second.d == 0) return 0;
  return number::mix(number::mix(first.a, first.b), number::mix(second.a, second.b));
}

}  // namespace pyverify::expr
