#include "expr/borders.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "expr/ball_evaluate.hpp"
#include "expr/operands.hpp"

namespace pyverify::expr {
namespace {

using number::Ball;
using number::Polynomial;
using number::Quotient;
using number::Rational;

constexpr double kPi = 3.141592653589793;
constexpr int kPeriods = 2;  // on both sides of 0
constexpr double kRoom = 1e-7;

// Our own functions: the same bits everywhere.
Ball<double> ball(double value) noexcept {
  Ball<double> result;
  result.re = value;
  return result;
}
double exp(double x) noexcept { return number::mid_double(number::exp(ball(x))); }
double log(double x) noexcept { return x > 0 ? number::mid_double(number::log(ball(x))) : NAN; }
double power(double x, double y) noexcept { return exp(y * log(x)); }

bool is_symbol(const Tree& tree, NodeId id) noexcept { return tree[id].kind == Kind::kSymbol; }

}  // namespace

bool has_branches(const Tree& tree, const Values& values, const Node& node) noexcept {
  switch (node.kind) {
    case Kind::kMax:
    case Kind::kMin:
    case Kind::kLogBase:
      return true;
    case Kind::kAbs:
      return !is_symbol(tree, node.a);
    case Kind::kPow: {
      const Rational exponent = values.rational[node.b];
      return (!exponent.valid() || exponent.den % 2 == 0) && !is_symbol(tree, node.a) &&
             (values.flags[node.a] & kHasVariable) != 0;
    }
    case Kind::kRoot: {
      const Rational degree = values.rational[node.b];
      return (!degree.valid() || degree.num % 2 == 0) && !is_symbol(tree, node.a);
    }
    case Kind::kFunction:
      switch (static_cast<Function>(node.sub)) {
        case Function::kLn:
        case Function::kLog:
        case Function::kArg:
        case Function::kSign:
        case Function::kArcsin:
        case Function::kArccos:
        case Function::kArctan:
        case Function::kArcsec:
        case Function::kArccsc:
        case Function::kArccot:
        case Function::kArccosh:
        case Function::kArctanh:
          return !is_symbol(tree, node.a);
        default:
          return false;
      }
    default:
      return false;
  }
}

void Borders::clear() noexcept {
  count_ = 0;
  steps_ = 0;
  incomplete_ = repeating_ = false;
  reach_ = repeated_reach_ = 0;
}

void Borders::collect(const Subtree& scalar, std::uint64_t variable,
                      support::Budget& budget) noexcept {
  scalar_ = &scalar;
  if (parts_.size() < scalar.size()) parts_.resize(scalar.size());
  const int before = steps_;
  for (const NodeId id : scalar) {
    const Node& node = scalar.tree()[id];
    at(id) = part(scalar, id, variable);
    if (!budget.spend(2)) return;
    if (at(id).varies && has_branches(scalar.tree(), scalar.values(), node)) look(node);
  }
  budget.spend(static_cast<std::uint32_t>(4 * (steps_ - before)));
}

Borders::Part Borders::part(const Subtree& scalar, NodeId id, std::uint64_t variable) noexcept {
  const Tree& tree = scalar.tree();
  const Node& node = tree[id];
  if (node.kind == Kind::kSymbol && tree.symbols[node.a].name == variable)
    return {number::variable_quotient(), true};
  bool varies = false;
  for_each_operand(tree, node, [&](NodeId operand) { varies = varies || at(operand).varies; });
  if (varies) return {quotient(node), true};
  const Ball<double>& value = last_value(scalar, id);
  if (value.bad || !value.real) return {};
  return {number::constant_quotient(number::mid_double(value)), false};
}

Quotient Borders::quotient(const Node& node) noexcept {
  switch (node.kind) {
    case Kind::kNeg:
      return number::neg(at(node.a).quotient);
    case Kind::kAdd:
      return number::add(at(node.a).quotient, at(node.b).quotient);
    case Kind::kSub:
      return number::add(at(node.a).quotient, number::neg(at(node.b).quotient));
    case Kind::kMul:
      return number::mul(at(node.a).quotient, at(node.b).quotient);
    case Kind::kDiv:
      return number::mul(at(node.a).quotient, number::inv(at(node.b).quotient));
    case Kind::kPercent:
      return number::mul(at(node.a).quotient, number::constant_quotient(0.01));
    case Kind::kDegree:
      return number::mul(at(node.a).quotient, number::constant_quotient(kPi / 180));
    case Kind::kPow: {
      const Rational exponent = scalar_->values().rational[node.b];
      if (!exponent.is_integer() || exponent.num > number::kMaxDegree ||
          exponent.num < -number::kMaxDegree)
        return {};
      Quotient result = number::constant_quotient(1);
      const auto size = exponent.num < 0 ? -exponent.num : exponent.num;
      for (std::int64_t i = 0; i < size; ++i) result = number::mul(result, at(node.a).quotient);
      return exponent.num < 0 ? number::inv(result) : result;
    }
    default:
      return {};
  }
}

void Borders::look(const Node& node) noexcept {
  if (node.kind == Kind::kMax || node.kind == Kind::kMin) return compare_items(node);
  solve(node.a, 0);
  if (node.kind == Kind::kLogBase) return solve(node.b, 0);
  if (node.kind != Kind::kFunction) return;
  switch (static_cast<Function>(node.sub)) {
    case Function::kArcsin:
    case Function::kArccos:
    case Function::kArcsec:
    case Function::kArccsc:
    case Function::kArccosh:
    case Function::kArctanh:
      solve(node.a, 1);
      return solve(node.a, -1);
    default:
      return;
  }
}

void Borders::compare_items(const Node& node) noexcept {
  const NodeId* items = scalar_->tree().items(node);
  for (std::uint32_t i = 0; i < node.b; ++i) {
    for (std::uint32_t j = 0; j < i && steps_ < kMaxSteps; ++j) {
      ++steps_;
      const Part& x = at(items[i]);
      const Part& y = at(items[j]);
      const Quotient lead = number::add(x.quotient, number::neg(y.quotient));
      if (lead.known) {
        add_roots(lead.above);
        add_roots(lead.below);
      } else if (!x.varies && x.quotient.known) {
        solve(items[j], value(items[i]));
      } else if (!y.varies && y.quotient.known) {
        solve(items[i], value(items[j]));
      } else {
        incomplete_ = true;
        solve(items[i], 0);
        solve(items[j], 0);
      }
    }
  }
}

void Borders::solve(NodeId id, double target) noexcept {
  const Part& whole = at(id);
  if (!whole.varies || !std::isfinite(target)) return;
  if (++steps_ > kMaxSteps) {
    incomplete_ = true;
    return;
  }
  if (whole.quotient.known) {
    const Quotient lead = number::add(whole.quotient, number::constant_quotient(-target));
    add_roots(lead.above);
    add_roots(lead.below);
    return;
  }
  const Node& node = scalar_->tree()[id];
  const auto fixed = [&](NodeId operand) {
    return !at(operand).varies && at(operand).quotient.known;
  };
  switch (node.kind) {
    case Kind::kNeg:
      return solve(node.a, -target);
    case Kind::kAbs:
      solve(node.a, target);
      return solve(node.a, -target);
    case Kind::kAdd:
      if (fixed(node.a)) return solve(node.b, target - value(node.a));
      if (fixed(node.b)) return solve(node.a, target - value(node.b));
      break;
    case Kind::kSub:
      if (fixed(node.a)) return solve(node.b, value(node.a) - target);
      if (fixed(node.b)) return solve(node.a, target + value(node.b));
      break;
    case Kind::kMul:
      if (fixed(node.a)) return solve(node.b, target / value(node.a));
      if (fixed(node.b)) return solve(node.a, target / value(node.b));
      if (target != 0) break;
      solve(node.a, 0);
      return solve(node.b, 0);
    case Kind::kDiv:
      solve(node.b, 0);
      if (fixed(node.b)) return solve(node.a, target * value(node.b));
      if (target == 0) return solve(node.a, 0);
      if (fixed(node.a)) return solve(node.b, value(node.a) / target);
      break;
    case Kind::kPow:
      if (at(node.a).varies != at(node.b).varies) return solve_power(node.a, node.b, target);
      break;
    case Kind::kRoot:
      if (fixed(node.b)) return solve(node.a, power(std::abs(target), value(node.b)));
      break;
    case Kind::kLogBase:
      if (fixed(node.a)) return solve(node.b, exp(target * log(value(node.a))));
      break;
    case Kind::kFunction:
      return solve_function(node, target);
    default:
      break;
  }
  guess(node);
}

// Where the parts vanish, a sum or a product of them is likely to come past its target.
void Borders::guess(const Node& node) noexcept {
  incomplete_ = true;
  for_each_operand(scalar_->tree(), node, [&](NodeId operand) { solve(operand, 0); });
}

// Zeros of the base are borders anyway.
void Borders::solve_power(NodeId base, NodeId exponent, double target) noexcept {
  if (at(exponent).varies) return solve(exponent, log(target) / log(value(base)));
  solve(base, 0);
  const double root = power(std::abs(target), 1 / value(exponent));
  solve(base, root);
  solve(base, -root);
}

void Borders::solve_function(const Node& node, double target) noexcept {
  const auto periodic = [&](double first, double period) {
    const bool outer = std::exchange(repeating_, true);
    for (int k = -kPeriods; k <= kPeriods; ++k) solve(node.a, first + k * period);
    repeating_ = outer;
  };
  const auto arc = [&](Ball<double> (*inverse)(const Ball<double>&) noexcept) {
    return number::mid_double(inverse(ball(target)));
  };
  switch (static_cast<Function>(node.sub)) {
    case Function::kLn:
    case Function::kLog:  // read as ln or as log10
      solve(node.a, exp(target));
      return solve(node.a, exp(target * log(10)));
    case Function::kExp:
      return solve(node.a, log(target));
    case Function::kSin:
      if (std::abs(target) > 1) return;
      periodic(arc(number::asin<double>), 2 * kPi);
      return periodic(kPi - arc(number::asin<double>), 2 * kPi);
    case Function::kCos:
      if (std::abs(target) > 1) return;
      periodic(arc(number::acos<double>), 2 * kPi);
      return periodic(-arc(number::acos<double>), 2 * kPi);
    case Function::kTan:
      periodic(kPi / 2, kPi);
      return periodic(arc(number::atan<double>), kPi);
    default:
      guess(node);
  }
}

// The turning points, too: roots of even multiplicity are among them.
void Borders::add_roots(const Polynomial& polynomial) noexcept {
  std::array<double, number::kMaxDegree> roots{};
  const int count = number::real_roots(polynomial, roots.data());
  for (int i = 0; i < count; ++i) add(roots[static_cast<std::size_t>(i)]);
  const int turning = number::real_roots(number::derivative(polynomial), roots.data());
  for (int i = 0; i < turning; ++i) add(roots[static_cast<std::size_t>(i)]);
  steps_ += polynomial.degree * polynomial.degree;
}

void Borders::add(double border) noexcept {
  if (!std::isfinite(border)) return;
  double& reach = repeating_ ? repeated_reach_ : reach_;
  reach = std::max(reach, std::abs(border));
  for (std::size_t i = 0; i < count_; ++i) {
    if (std::abs(border_[i] - border) <= kRoom * (1 + std::abs(border))) return;
  }
  if (count_ == kMaxBorders) {
    incomplete_ = true;
    return;
  }
  border_[count_++] = border;
}

void Borders::sort() noexcept {
  incomplete_ = incomplete_ || (repeated_reach_ > 0 && 2 * reach_ > repeated_reach_);
  if (count_ > 0) add(0);  // of plain sqrt x, ln x, |x|
  std::sort(border_.begin(), border_.begin() + static_cast<std::ptrdiff_t>(count_));
}

}  // namespace pyverify::expr
