#include "number/polynomial.hpp"

#include <algorithm>
#include <cmath>

namespace pyverify::number {
namespace {

constexpr int kHalvings = 60;

double& at(Polynomial& p, int i) noexcept { return p.coefficient[static_cast<std::size_t>(i)]; }
double at(const Polynomial& p, int i) noexcept {
  return p.coefficient[static_cast<std::size_t>(i)];
}

double value_at(const Polynomial& p, double x) noexcept {
  double value = at(p, p.degree);
  for (int i = p.degree; i-- > 0;) value = value * x + at(p, i);
  return value;
}

void trim(Polynomial& p) noexcept {
  while (p.degree > 0 && at(p, p.degree) == 0) --p.degree;
}

bool multiply(const Polynomial& p, const Polynomial& q, Polynomial& product) noexcept {
  product = {};
  if (p.degree + q.degree > kMaxDegree) return false;
  product.degree = p.degree + q.degree;
  for (int i = 0; i <= p.degree; ++i) {
    for (int j = 0; j <= q.degree; ++j) at(product, i + j) += at(p, i) * at(q, j);
  }
  trim(product);
  return true;
}

bool same(const Polynomial& p, const Polynomial& q) noexcept {
  return p.degree == q.degree && p.coefficient == q.coefficient;
}

Quotient reduced(Quotient quotient) noexcept {
  if (quotient.below.degree == 0) {
    const double divisor = at(quotient.below, 0);
    for (int i = 0; i <= quotient.above.degree; ++i) at(quotient.above, i) /= divisor;
    at(quotient.below, 0) = 1;
  }
  quotient.known = true;
  for (int i = 0; i <= kMaxDegree; ++i) {
    if (!std::isfinite(at(quotient.above, i)) || !std::isfinite(at(quotient.below, i))) return {};
  }
  return quotient;
}

int quadratic_roots(const Polynomial& p, double* roots) noexcept {
  const double a = at(p, 2);
  const double b = at(p, 1);
  const double c = at(p, 0);
  const double discriminant = b * b - 4 * a * c;
  if (!(discriminant >= 0)) return 0;
  const double sum = -(b + std::copysign(std::sqrt(discriminant), b)) / 2;  // nothing cancels
  roots[0] = sum / a;
  roots[1] = sum == 0 ? 0 : c / sum;
  if (roots[1] < roots[0]) std::swap(roots[0], roots[1]);
  return 2;
}

}  // namespace

Quotient constant_quotient(double value) noexcept {
  Quotient result;
  at(result.above, 0) = value;
  at(result.below, 0) = 1;
  return reduced(result);
}

Quotient variable_quotient() noexcept {
  Quotient result = constant_quotient(0);
  result.above.degree = 1;
  at(result.above, 1) = 1;
  return result;
}

Quotient neg(const Quotient& x) noexcept {
  Quotient result = x;
  for (double& coefficient : result.above.coefficient) coefficient = -coefficient;
  return result;
}

Quotient add(const Quotient& x, const Quotient& y) noexcept {
  if (!x.known || !y.known) return {};
  Quotient result;
  Polynomial first = x.above;
  Polynomial second = y.above;
  if (same(x.below, y.below)) {
    result.below = x.below;
  } else if (!multiply(x.above, y.below, first) || !multiply(y.above, x.below, second) ||
             !multiply(x.below, y.below, result.below)) {
    return {};
  }
  result.above.degree = std::max(first.degree, second.degree);
  for (int i = 0; i <= result.above.degree; ++i) at(result.above, i) = at(first, i) + at(second, i);
  trim(result.above);
  return reduced(result);
}

Quotient mul(const Quotient& x, const Quotient& y) noexcept {
  Quotient result;
  if (!x.known || !y.known || !multiply(x.above, y.above, result.above) ||
      !multiply(x.below, y.below, result.below))
    return {};
  return reduced(result);
}

Quotient inv(const Quotient& x) noexcept {
  if (!x.known || (x.above.degree == 0 && at(x.above, 0) == 0)) return {};
  Quotient result;
  result.above = x.below;
  result.below = x.above;
  return reduced(result);
}

Polynomial derivative(const Polynomial& polynomial) noexcept {
  Polynomial result;
  result.degree = std::max(polynomial.degree - 1, 0);
  for (int i = 1; i <= polynomial.degree; ++i) at(result, i - 1) = i * at(polynomial, i);
  return result;
}

// Between neighbouring turning points there is one root at most.
int real_roots(const Polynomial& polynomial, double* roots) noexcept {
  if (polynomial.degree == 0) return 0;
  if (polynomial.degree == 1) {
    roots[0] = -at(polynomial, 0) / at(polynomial, 1);
    return 1;
  }
  if (polynomial.degree == 2) return quadratic_roots(polynomial, roots);
  double bound = 0;
  for (int i = 0; i < polynomial.degree; ++i)
    bound = std::max(bound, std::abs(at(polynomial, i) / at(polynomial, polynomial.degree)));
  bound += 1;
  std::array<double, kMaxDegree> turns{};
  const int turning = real_roots(derivative(polynomial), turns.data());
  int count = 0;
  double left = -bound;
  for (int i = 0; i <= turning; ++i) {
    const double right = i < turning ? turns[static_cast<std::size_t>(i)] : bound;
    const bool rises = value_at(polynomial, left) < 0;
    if (rises == (value_at(polynomial, right) >= 0)) {
      double low = left;
      double high = right;
      for (int step = 0; step < kHalvings; ++step) {
        const double middle = low + (high - low) / 2;
        ((value_at(polynomial, middle) < 0) == rises ? low : high) = middle;
      }
      roots[count++] = low + (high - low) / 2;
    }
    left = right;
  }
  return count;
}

}  // namespace pyverify::number
