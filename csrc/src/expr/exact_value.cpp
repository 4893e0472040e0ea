#include "expr/exact_value.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace pyverify::expr {
namespace {

using number::integer;
using number::Rational;

constexpr Rational kInvalid{};
constexpr std::int64_t kMaxBinomialSteps = 66;  // the middle coefficients leave 64 bits here

bool is(Rational value, std::int64_t number) noexcept {
  return value.den == 1 && value.num == number;
}

Rational factorial(Rational n, std::int64_t step) noexcept {
  if (!n.is_integer() || n.num < (step == 1 ? 0 : -1) || n.num > 40) return kInvalid;
  Rational product = integer(1);
  for (std::int64_t k = n.num; k > 1; k -= step) product = number::mul(product, integer(k));
  return product;
}

// n (n-1) ... (n-k+1) / k!, which is the polynomial in n for every rational n.
Rational binomial(Rational n, Rational k) noexcept {
  if (!n.valid() || !k.is_integer() || k.num < 0) return kInvalid;
  std::int64_t steps = k.num;
  if (n.is_integer() && n.num >= 0) {
    if (steps > n.num) return integer(0);
    steps = std::min(steps, n.num - steps);
  }
  if (steps > kMaxBinomialSteps) return kInvalid;
  Rational result = integer(1);
  for (std::int64_t j = 0; j < steps; ++j) {
    result = number::div(number::mul(result, number::sub(n, integer(j))), integer(j + 1));
  }
  return result;
}

Rational ceiling(Rational a) noexcept { return number::neg(number::floor(number::neg(a))); }

Rational absolute(Rational a) noexcept { return a.num < 0 ? number::neg(a) : a; }

Rational remainder(Rational a, Rational b) noexcept {
  if (!a.valid() || !b.valid() || b.num == 0) return kInvalid;
  return number::sub(a, number::mul(b, number::floor(number::div(a, b))));
}

Rational function_value(Function function, Rational x) noexcept {
  if (!x.valid()) return kInvalid;
  switch (function) {
    case Function::kSin:
    case Function::kTan:
    case Function::kArcsin:
    case Function::kArctan:
    case Function::kSinh:
    case Function::kTanh:
    case Function::kArcsinh:
    case Function::kArctanh:
      return x.num == 0 ? x : kInvalid;
    case Function::kCos:
    case Function::kSec:
    case Function::kCosh:
    case Function::kSech:
    case Function::kExp:
      return x.num == 0 ? integer(1) : kInvalid;
    case Function::kArccos:
    case Function::kArcsec:
    case Function::kArccosh:
    case Function::kLn:
    case Function::kLog:
      return is(x, 1) ? integer(0) : kInvalid;
    case Function::kArg:
      return x.num > 0 ? integer(0) : kInvalid;
    case Function::kSign:
      return integer(x.num > 0 ? 1 : x.num < 0 ? -1 : 0);
    default:
      return kInvalid;
  }
}

bool is_positive_constant(Kind kind) noexcept { return kind == Kind::kE || kind == Kind::kPi; }

// The integer n with base^n = x, if there is one.
Rational exact_log(Rational base, Rational x) noexcept {
  if (!base.valid() || !x.valid() || base.num <= 0 || x.num <= 0 || is(base, 1)) return kInvalid;
  // Towards x in steps that grow: at most 63 of them fit.
  const bool up = (number::compare(x, integer(1)) >= 0) == (number::compare(base, integer(1)) > 0);
  const Rational factor = up ? base : number::div(integer(1), base);
  Rational power = integer(1);
  for (std::int64_t n = 0; power.valid(); ++n) {
    if (number::equal(power, x)) return integer(up ? n : -n);
    power = number::mul(power, factor);
  }
  return kInvalid;
}

// Largest (direction 1) or smallest (-1) of the items.
Rational extremum(const NodeId* items, std::uint32_t count, const Rational* values,
                  int direction) noexcept {
  if (count == 0) return kInvalid;
  Rational best = values[items[0]];
  for (std::uint32_t i = 0; i < count; ++i) {
    const Rational item = values[items[i]];
    if (!item.valid()) return kInvalid;
    if (number::compare(item, best) * direction > 0) best = item;
  }
  return best;
}

Rational common_divisor(Rational a, Rational b) noexcept {
  if (!a.is_integer() || !b.is_integer() || a.num == INT64_MIN || b.num == INT64_MIN) {
    return kInvalid;
  }
  return integer(std::gcd(a.num, b.num));
}

Rational common_multiple(Rational a, Rational b) noexcept {
  const Rational divisor = common_divisor(a, b);
  if (!divisor.valid()) return kInvalid;
  if (divisor.num == 0) return integer(0);
  return absolute(number::mul(number::div(a, divisor), b));
}

Rational fold_items(const NodeId* items, std::uint32_t count, const Rational* values,
                    Rational (*step)(Rational, Rational) noexcept) noexcept {
  if (count == 0) return kInvalid;
  Rational result = absolute(values[items[0]]);
  for (std::uint32_t i = 0; i < count; ++i) result = step(result, values[items[i]]);
  return result;
}

}  // namespace

Rational exact_power(Rational base, Rational exponent) noexcept {
  if (!base.valid() || !exponent.valid()) return kInvalid;
  if (base.num == 0 && exponent.num <= 0) return kInvalid;
  if (exponent.den != 1) {
    // The root of the reduced fraction: (-8)^{2/6} is (-8)^{1/3}.
    base = number::root(base, exponent.den);
    if (!base.valid()) return kInvalid;
  }
  return number::pow(base, exponent.num);
}

Rational exact_value(const Tree& tree, const Node& node, const Rational* values) noexcept {
  switch (node.kind) {
    case Kind::kNumber:
      return tree.numbers[node.a].value;
    case Kind::kAdd:
      return number::add(values[node.a], values[node.b]);
    case Kind::kSub:
      return number::sub(values[node.a], values[node.b]);
    case Kind::kMul:
      return number::mul(values[node.a], values[node.b]);
    case Kind::kDiv:
      return number::div(values[node.a], values[node.b]);
    case Kind::kNeg:
      return number::neg(values[node.a]);
    case Kind::kPow:
      if (is(values[node.b], 0) && is_positive_constant(tree[node.a].kind)) return integer(1);
      return exact_power(values[node.a], values[node.b]);
    case Kind::kRoot:
      return exact_power(values[node.a], number::div(integer(1), values[node.b]));
    case Kind::kLogBase:
      return exact_log(values[node.a], values[node.b]);
    case Kind::kFunction:
      if (static_cast<Function>(node.sub) == Function::kLn && tree[node.a].kind == Kind::kE) {
        return integer(1);
      }
      return function_value(static_cast<Function>(node.sub), values[node.a]);
    case Kind::kAbs:
      return absolute(values[node.a]);
    case Kind::kFloor:
      return number::floor(values[node.a]);
    case Kind::kCeil:
      return ceiling(values[node.a]);
    case Kind::kFactorial:
      return factorial(values[node.a], 1);
    case Kind::kDoubleFactorial:
      return factorial(values[node.a], 2);
    case Kind::kBinomial:
      return binomial(values[node.a], values[node.b]);
    case Kind::kMod:
      return remainder(values[node.a], values[node.b]);
    case Kind::kMax:
      return extremum(tree.items(node), node.b, values, 1);
    case Kind::kMin:
      return extremum(tree.items(node), node.b, values, -1);
    case Kind::kGcd:
      return fold_items(tree.items(node), node.b, values, common_divisor);
    case Kind::kLcm:
      return fold_items(tree.items(node), node.b, values, common_multiple);
    case Kind::kReal:
    case Kind::kConj:
      return values[node.a];
    case Kind::kImag:
      return values[node.a].valid() ? integer(0) : kInvalid;
    case Kind::kDegree:
      return values[node.a].num == 0 ? values[node.a] : kInvalid;
    case Kind::kPercent:
      return number::div(values[node.a], integer(100));
    default:
      return kInvalid;
  }
}

bool exactly_undefined(const Tree&, const Node& node, const Rational* values) noexcept {
  const auto zero = [values](NodeId id) { return values[id].valid() && values[id].num == 0; };
  switch (node.kind) {
    case Kind::kDiv:
    case Kind::kMod:
    case Kind::kRoot:
      return zero(node.b);
    case Kind::kPow:
      return zero(node.a) && values[node.b].valid() && values[node.b].num <= 0;
    case Kind::kLogBase:
      return zero(node.a) || zero(node.b) || is(values[node.a], 1);
    case Kind::kFactorial:
      return values[node.a].is_integer() && values[node.a].num < 0;
    case Kind::kDoubleFactorial:
      return values[node.a].is_integer() && values[node.a].num < -1;
    case Kind::kBinomial:
      return values[node.b].valid() && values[node.b].num < 0;
    case Kind::kFunction:
      switch (static_cast<Function>(node.sub)) {
        case Function::kCsc:
        case Function::kCot:
        case Function::kCsch:
        case Function::kCoth:
        case Function::kArcsec:
        case Function::kArccsc:
        case Function::kLn:
        case Function::kLog:
        case Function::kArg:
          return zero(node.a);
        case Function::kArctanh:
          return is(values[node.a], 1) || is(values[node.a], -1);
        default:
          return false;
      }
    default:
      return false;
  }
}

}  // namespace pyverify::expr
