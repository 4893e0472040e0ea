#include "expr/ball_evaluate.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>
#include <vector>

#include "expr/ball_cost.hpp"
#include "expr/ball_functions.hpp"
#include "expr/exact_value.hpp"
#include "expr/operands.hpp"

namespace pyverify::expr {
namespace {

using number::Ball;
using number::BigFloat;
using number::DoubleDouble;
using number::Rational;

constexpr std::int64_t kMaxFactorial = 170;
constexpr std::int64_t kMaxChoose = 200;

// Reused from call to call; what a call reads it has written before.
template <class Real>
struct Scratch {
  std::vector<Ball<Real>> balls;
  std::vector<std::uint8_t> fates;
  std::vector<Rational> exact;
};
template <class Real>
Scratch<Real>& scratch() noexcept {
  static thread_local Scratch<Real> memory;
  return memory;
}

int exponent_of(double value) noexcept {
  if (!(value > 0)) return -1100;
  int exponent = 0;
  std::frexp(value, &exponent);
  return exponent;
}

template <class Real>
class Evaluator {
 public:
  Evaluator(const Subtree& scalar, const SamplePoints& points, LogBase log_base,
            support::Budget& budget) noexcept
      : subtree_(scalar),
        tree_(scalar.tree()),
        values_(scalar.values()),
        points_(points),
        log_base_(log_base),
        budget_(budget),
        memory_(scratch<Real>()) {}

  Sample<Real> run() noexcept {
    const std::size_t count = subtree_.size();
    if (memory_.balls.size() < count) {
      memory_.balls.resize(count);
      memory_.fates.resize(count);
    }
    if (points_.wants_exact() && memory_.exact.size() <= subtree_.root()) {
      memory_.exact.resize(std::size_t{subtree_.root()} + 1);
    }
    for (const NodeId id : subtree_) {
      if (budget_.stopped() || !budget_.spend(Cost<Real>::kArithmetic)) {
        return {Ball<Real>::invalid(), 0, 0};
      }
      step(id);
    }
    return {ball(subtree_.root()), fate(subtree_.root()), swallowed_ + std::min(saturated_, 4096)};
  }

 private:
  Ball<Real>& ball(NodeId id) noexcept { return memory_.balls[subtree_.position(id)]; }
  std::uint8_t& fate(NodeId id) noexcept { return memory_.fates[subtree_.position(id)]; }

  void step(NodeId id) noexcept {
    const Node& node = tree_[id];
    unsigned fate_of = 0;
    bool real = true;
    for_each_operand(tree_, node, [&](NodeId operand) {
      fate_of |= fate(operand);
      real = real && ball(operand).real;
    });
    Rational exact = values_.rational[id];
    if (points_.wants_exact()) {
      if (!exact.valid()) {
        exact = node.kind == Kind::kSymbol ? points_.value(tree_.symbols[node.a].name)
                                           : exact_value(tree_, node, memory_.exact.data());
        if (exactly_undefined(tree_, node, memory_.exact.data())) fate_of |= kNoValue;
      }
      memory_.exact[id] = exact;
    }
    Ball<Real>& result = ball(id);
    result = exact.valid() ? from_exact(exact) : value(node);
    const bool variable = (values_.flags[id] & kHasVariable) != 0;
    if (node.kind == Kind::kBinomial && !chosen_from(node)) fate_of |= kNoValue;
    if (variable && real && !result.bad && !result.real) {
      fate_of |= number::surely_not_real(result) ? kNotReal : kMaybeReal;
    }
    fate(id) = static_cast<std::uint8_t>(fate_of);
  }

  static Ball<Real> from_exact(Rational exact) noexcept {
    return exact.den == 1 ? number::ball_from_int<Real>(exact.num)
                          : number::ball_from_ratio<Real>(exact.num, exact.den);
  }

  // The exact value of an operand at this point, if it is known.
  Rational exact_at(NodeId id) const noexcept {
    if (values_.rational[id].valid()) return values_.rational[id];
    return points_.wants_exact() ? memory_.exact[id] : Rational{};
  }

  Ball<Real> value(const Node& node) noexcept {
    switch (node.kind) {
      case Kind::kNumber: {
        const Number& number = tree_.numbers[node.a];
        return number::ball_from_decimal<Real>(tree_.digits.data() + number.digits_begin,
                                               number.digits_count, number.exponent);
      }
      case Kind::kSymbol:
        return from_exact(points_.value(tree_.symbols[node.a].name));
      case Kind::kPi:
        return number::ball_pi<Real>();
      case Kind::kE:
        return number::ball_e<Real>();
      case Kind::kI:
        return number::ball_i<Real>();
      case Kind::kAdd:
        return sum(ball(node.a), ball(node.b));
      case Kind::kSub:
        return sum(ball(node.a), number::neg(ball(node.b)));
      case Kind::kMul:
        return number::mul(ball(node.a), ball(node.b));
      case Kind::kDiv:
        spend_division();
        return number::div(ball(node.a), ball(node.b));
      case Kind::kNeg:
        return number::neg(ball(node.a));
      case Kind::kPow:
        return power(node.a, node.b);
      case Kind::kRoot:
        return root(node.a, node.b);
      case Kind::kFunction:
        return function(node);
      case Kind::kLogBase:
        spend_function();
        return number::div(number::log(ball(node.b)), number::log(ball(node.a)));
      case Kind::kAbs:
        return number::abs(ball(node.a));
      case Kind::kFloor:
        return floor(ball(node.a));
      case Kind::kCeil:
        return number::neg(floor(number::neg(ball(node.a))));
      case Kind::kFactorial:
        return factorial(exact_at(node.a), 1);
      case Kind::kDoubleFactorial:
        return factorial(exact_at(node.a), 2);
      case Kind::kBinomial:
        return binomial(node);
      case Kind::kMod: {
        const Ball<Real>& a = ball(node.a);
        const Ball<Real>& b = ball(node.b);
        return number::sub(a, number::mul(b, floor(number::div(a, b))));
      }
      case Kind::kMax:
        return extremum(node, false);
      case Kind::kMin:
        return extremum(node, true);
      case Kind::kReal:
        return number::real_part(ball(node.a));
      case Kind::kImag:
        return number::imag_part(ball(node.a));
      case Kind::kConj:
        return number::conj(ball(node.a));
      case Kind::kCall:
        return call(node);
      case Kind::kDegree:
        return number::mul(number::mul(ball(node.a), number::ball_pi<Real>()),
                           number::ball_from_ratio<Real>(1, 180));
      case Kind::kPercent:
        return number::div(ball(node.a), number::ball_from_int<Real>(100));
      default:
        return Ball<Real>::invalid();
    }
  }

  void spend_division() noexcept { budget_.spend(Cost<Real>::kDivision); }
  // Of an integer power, by squaring.
  void spend_products(std::int64_t exponent) noexcept {
    const auto size = static_cast<std::uint64_t>(exponent < 0 ? -(exponent + 1) : exponent);
    budget_.spend(2 * static_cast<std::uint32_t>(std::bit_width(size)) * Cost<Real>::kArithmetic);
  }
  void spend_function() noexcept { budget_.spend(Cost<Real>::kFunction); }

  void swallow(int bits) noexcept { swallowed_ = std::max(swallowed_, bits); }

  // A summand far smaller than the other one may carry the whole difference of two expressions. One
  // that may be 0 is taken for 0, up to its radius.
  Ball<Real> sum(const Ball<Real>& x, const Ball<Real>& y) noexcept {
    if constexpr (!std::is_same_v<Real, double>) {
      const double a = number::magnitude(x);
      const double b = number::magnitude(y);
      if (!number::contains_zero(x) && !number::contains_zero(y)) {
        swallow(std::abs(exponent_of(a) - exponent_of(b)));
      }
    }
    return number::add(x, y);
  }

  // cos x for a small x, arctan x for a large one: what x adds is far below the value.
  Ball<Real> function(const Node& node) noexcept {
    spend_function();
    const auto function = static_cast<Function>(node.sub);
    const Ball<Real>& x = ball(node.a);
    if constexpr (!std::is_same_v<Real, double>) {
      if (!x.bad && !number::contains_zero(x)) {
        swallow(2 * std::abs(exponent_of(number::magnitude(x))));
        saturated_ += saturation_bits(function, x);
      }
    }
    const Ball<Real> result = ball_function(function, x, log_base_);
    // e^x is never 0, so a ball that holds 0 has lost its value.
    if (function == Function::kExp && number::contains_zero(result)) return Ball<Real>::invalid();
    return result;
  }

  Ball<Real> power(NodeId base, NodeId exponent) noexcept {
    Rational exact = exact_at(exponent);
    // Only a written exponent p/q with odd q means the real root.
    if (exact.den > 2 && !values_.rational[exponent].valid()) exact = {};
    const Ball<Real>& x = ball(base);
    if (exact.is_integer()) spend_products(exact.num);
    if (!exact.is_integer() || exact.num < 0) spend_division();
    if (exact.valid() && exact.den <= 2) return guard(x, ball_power(x, exact));
    spend_function();
    if constexpr (!std::is_same_v<Real, double>) {
      const Ball<Real>& y = ball(exponent);
      if (!y.bad && !number::contains_zero(y)) {
        swallow(std::max(0, -exponent_of(number::magnitude(y))));
      }
    }
    if (tree_[base].kind == Kind::kE) return guard(x, number::exp(ball(exponent)));
    if (exact.valid()) return guard(x, ball_power(x, exact));
    return guard(x, ball_power(x, ball(exponent)));
  }

  Ball<Real> root(NodeId radicand, NodeId degree) noexcept {
    const Rational exact = number::div(number::integer(1), exact_at(degree));
    const Ball<Real>& x = ball(radicand);
    spend_division();
    if (exact.valid()) {
      if (exact.den > 2) spend_function();
      return guard(x, ball_power(x, exact));
    }
    spend_function();
    if constexpr (!std::is_same_v<Real, double>) {  // a root of a high degree is near 1
      const Ball<Real>& y = ball(degree);
      if (!y.bad) swallow(std::max(0, exponent_of(number::magnitude(y))));
    }
    return guard(x, ball_power(x, number::inv(ball(degree))));
  }

  // A power of something other than 0 is not 0.
  static Ball<Real> guard(const Ball<Real>& base, const Ball<Real>& power) noexcept {
    if (number::contains_zero(power) && !number::contains_zero(base)) return Ball<Real>::invalid();
    return power;
  }

  static Ball<Real> floor(const Ball<Real>& x) noexcept {
    std::int64_t value = 0;
    if (!number::unique_floor(x, value)) return Ball<Real>::invalid();
    return number::ball_from_int<Real>(value);
  }

  Ball<Real> factorial(Rational n, std::int64_t step) noexcept {
    if (!n.is_integer() || n.num < (step == 1 ? 0 : -1) || n.num > kMaxFactorial) {
      return Ball<Real>::invalid();
    }
    budget_.spend(static_cast<std::uint32_t>(n.num + 1) * Cost<Real>::kArithmetic);
    Ball<Real> product = number::ball_from_int<Real>(1);
    for (std::int64_t k = n.num; k > 1; k -= step) {
      product = number::mul(product, number::ball_from_int<Real>(k));
    }
    return product;
  }

  // With a varying k the domain is 0 <= k <= n: outside of it the usual formulas have no value.
  bool chosen_from(const Node& node) const noexcept {
    if ((values_.flags[node.b] & kHasVariable) == 0) return true;
    const Rational n = exact_at(node.a);
    const Rational k = exact_at(node.b);
    return !n.valid() || !k.valid() || (k.num >= 0 && number::compare(k, n) <= 0);
  }

  // The polynomial in n, for exact k.
  Ball<Real> binomial(const Node& node) noexcept {
    const Rational k = exact_at(node.b);
    const Rational n = exact_at(node.a);
    if (!k.is_integer() || k.num < 0) return Ball<Real>::invalid();
    std::int64_t steps = k.num;
    if (n.is_integer() && n.num >= 0) {
      if (steps > n.num) return number::ball_from_int<Real>(0);
      steps = std::min(steps, n.num - steps);
    }
    if (steps > kMaxChoose) return Ball<Real>::invalid();
    budget_.spend(static_cast<std::uint32_t>(steps + 1) * 2 * Cost<Real>::kArithmetic);
    Ball<Real> result = number::ball_from_int<Real>(1);
    for (std::int64_t j = 0; j < steps; ++j) {
      const Ball<Real> factor = number::sub(ball(node.a), number::ball_from_int<Real>(j));
      result = number::div(number::mul(result, factor), number::ball_from_int<Real>(j + 1));
    }
    return result;
  }

  // One of the items where that can be told, else (x + y + |x - y|) / 2, which needs no decision.
  Ball<Real> extremum(const Node& node, bool least) noexcept {
    if (node.b == 0) return Ball<Real>::invalid();
    const NodeId* items = tree_.items(node);
    const Ball<Real> half = number::ball_from_ratio<Real>(1, 2);
    Ball<Real> best = ball(items[0]);
    for (std::uint32_t i = 1; i < node.b; ++i) {
      const Ball<Real> item = ball(items[i]);
      if (!best.real || !item.real) return Ball<Real>::invalid();
      const Ball<Real> lead = number::sub(best, item);
      const bool above = number::surely_positive(lead);
      if (above || number::surely_negative(lead)) {
        if (above == least) best = item;
        continue;
      }
      Ball<Real> distance = number::abs(lead);
      if (least) distance = number::neg(distance);
      best = number::mul(number::add(number::add(best, item), distance), half);
    }
    return best;
  }

  // An unknown function is read as a smooth one made of its name: a0 + sum of ak xk + sin(sum of bk
  // xk).
  Ball<Real> call(const Node& node) noexcept {
    spend_function();
    const std::uint64_t name = tree_.symbols[node.aux].name;
    const auto coefficient = [name](std::uint64_t k) {
      const std::uint64_t bits = number::mix(name, k);
      return number::ball_from_ratio<Real>(static_cast<std::int64_t>(64 + bits % 961), 512);
    };
    const NodeId* items = tree_.items(node);
    Ball<Real> linear = coefficient(0);
    Ball<Real> inner = coefficient(1);
    for (std::uint32_t i = 0; i < node.b; ++i) {
      const Ball<Real>& x = ball(items[i]);
      if (!is_scalar(tree_[items[i]].kind)) return Ball<Real>::invalid();
      linear = number::add(linear, number::mul(coefficient(2 + 2 * i), x));
      inner = number::add(inner, number::mul(coefficient(3 + 2 * i), x));
    }
    Ball<Real> sine;
    Ball<Real> cosine;
    number::sin_cos(inner, sine, cosine);
    return number::add(linear, sine);
  }

  const Subtree& subtree_;
  const Tree& tree_;
  const Values& values_;
  const SamplePoints& points_;
  LogBase log_base_;
  support::Budget& budget_;
  Scratch<Real>& memory_;
  int swallowed_ = 0;
  // What saturation adds up to. Nothing in the literals tells how small 1 - tanh 50 is, so that
  // each one counts: a product of such differences from 1 is smaller than any of them.
  int saturated_ = 0;
};

}  // namespace

template <class Real>
Sample<Real> sample(const Subtree& scalar, const SamplePoints& points, LogBase log_base,
                    support::Budget& budget) noexcept {
  return Evaluator<Real>(scalar, points, log_base, budget).run();
}

const Ball<double>& last_value(const Subtree& scalar, NodeId id) noexcept {
  return scratch<double>().balls[scalar.position(id)];
}

#define PYVERIFY_SAMPLE(REAL)                                                \
  template Sample<REAL> sample(const Subtree&, const SamplePoints&, LogBase, \
                               support::Budget&) noexcept;

PYVERIFY_SAMPLE(double)
PYVERIFY_SAMPLE(DoubleDouble)
PYVERIFY_SAMPLE(BigFloat<6>)
PYVERIFY_SAMPLE(BigFloat<18>)

}  // namespace pyverify::expr
