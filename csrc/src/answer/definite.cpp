// Definite integrals: where an antiderivative may be trusted from end to end.
#include "answer/antiderivative.hpp"
#include "answer/at_infinity.hpp"
#include "answer/derivative.hpp"
#include "answer/terms.hpp"
#include "expr/ball_functions.hpp"
#include "expr/operands.hpp"
#include "expr/prelude.hpp"
#include "number/ball.hpp"

namespace pyverify::answer {
namespace {

using expr::Function;
using expr::Kind;
using expr::kNoNode;
using expr::Node;
using expr::NodeId;
using number::Rational;
using Ball = number::Ball<double>;

constexpr int kDeepest = 48;
constexpr int kHalvings = 8;

class Range : public Terms {
 public:
  Range(Reading& reading, NodeId variable, NodeId lower, NodeId upper, bool closed,
        const Options& options, support::Budget& budget)
      : Terms(reading, variable, options, budget), lower_(lower), upper_(upper), closed_(closed) {}

  // Every part that may have a pole, an edge or a jump keeps away from it.
  bool smooth(NodeId id, int depth = 0) {
    if (depth > kDeepest || !budget_.spend(4)) return false;
    const Node n = tree_[id];
    bool parts = true;
    expr::for_each_operand(tree_, n,
                           [&](NodeId operand) { parts = parts && smooth(operand, depth + 1); });
    if (!parts) return false;
    if (!depends(id)) return true;
    switch (n.kind) {
      case Kind::kSymbol:
      case Kind::kNeg:
      case Kind::kAdd:
      case Kind::kSub:
      case Kind::kMul:
        return true;
      case Kind::kDiv:
        return !depends(n.b) || never_zero(n.b);
      case Kind::kRoot:
        return !depends(n.b) && keeps_sign(n.a, 1, true);
      case Kind::kPow: {
        const Rational exponent = value(n.b);
        if (exponent.is_integer()) return exponent.num >= 0 || never_zero(n.a);
        if (exponent.valid()) return keeps_sign(n.a, 1, exponent.num > 0);
        return !depends(n.a) && keeps_sign(n.a, 1, false);
      }
      case Kind::kFunction:
        break;
      default:
        return false;
    }
    const auto wave = [&](Function which) {
      const NodeId made =
          expr::append_unary(tree_, Kind::kFunction, n.a, static_cast<std::uint8_t>(which));
      return never_zero(made);
    };
    switch (static_cast<Function>(n.sub)) {
      case Function::kSin:
      case Function::kCos:
      case Function::kExp:
      case Function::kArctan:
      case Function::kSinh:
      case Function::kCosh:
      case Function::kTanh:
        return true;
      case Function::kTan:
      case Function::kSec:
        return wave(Function::kCos);
      case Function::kCot:
      case Function::kCsc:
        return wave(Function::kSin);
      case Function::kLn:
        return keeps_sign(n.a, 1, false);
      case Function::kArcsin:
      case Function::kArccos: {
        const NodeId one = expr::append_rational(tree_, number::integer(1));
        return keeps_sign(expr::append_binary(tree_, Kind::kSub, one, n.a), 1, true) &&
               keeps_sign(expr::append_binary(tree_, Kind::kAdd, one, n.a), 1, true);
      }
      default:
        return false;
    }
  }

 private:
  bool never_zero(NodeId id) {
    const Node n = tree_[id];
    if (!budget_.spend(4)) return false;
    if (n.kind == Kind::kMul) return never_zero(n.a) && never_zero(n.b);
    if (n.kind == Kind::kRoot) return keeps_sign(n.a, 1, false);
    if (n.kind == Kind::kPow && value(n.b).valid()) {
      return value(n.b).is_integer() ? never_zero(n.a) : keeps_sign(n.a, 1, false);
    }
    return keeps_sign(id, 1, false) || keeps_sign(id, -1, false);
  }

  // Positive (negative) all the way. At an end it may be 0 if the range is open there or `touches`
  // says that 0 is harmless, and if it leaves 0 at once in the right direction.
  bool keeps_sign(NodeId id, int sign, bool touches) {
    if (endless(lower_) != 0 || endless(upper_) != 0)
      return sign > 0 && endless(lower_) <= 0 && endless(upper_) >= 0 && positive(id, !touches, 0);
    const Ball low = enclose(lower_, Ball{}, 0);
    const Ball high = enclose(upper_, Ball{}, 0);
    if (!number::surely_positive(number::sub(high, low))) return false;
    touches = touches || !closed_;
    return keeps_sign(id, sign, low, high, touches && zero_at(id, lower_),
                      touches && zero_at(id, upper_), 0);
  }

  int endless(NodeId end) {
    evaluate();
    return expr::infinity_sign({&tree_, &reading_.natural, end});
  }

  // On a range without end: positive (if strict, else not negative) by its form.
  bool positive(NodeId id, bool strict, int depth) {
    if (depth > kDeepest || !budget_.spend(4)) return false;
    const Node n = tree_[id];
    const auto part = [&](NodeId operand, bool above) {
      return positive(operand, above, depth + 1);
    };
    if (!depends(id)) {
      const Rational exact = value(id);
      if (exact.valid()) return exact.num > 0 || (!strict && exact.num == 0);
      return number::surely_positive(enclose(id, Ball{}, 0));
    }
    if (is_variable(n)) {
      if (endless(lower_) != 0) return false;
      const bool zero = value(lower_).valid() && value(lower_).num == 0;
      return zero ? !strict || !closed_ : number::surely_positive(enclose(lower_, Ball{}, 0));
    }
    switch (n.kind) {
      case Kind::kAdd:
        if (strict && part(n.a, false) && part(n.b, true)) return true;
        return part(n.a, strict) && part(n.b, false);
      case Kind::kMul:
        return part(n.a, strict) && part(n.b, strict);
      case Kind::kDiv:
        return part(n.a, strict) && part(n.b, true);
      case Kind::kRoot:
        return part(n.a, strict);
      case Kind::kPow: {
        if (!depends(n.a)) return part(n.a, true);
        const Rational exponent = value(n.b);
        const bool even = exponent.is_integer() && exponent.num % 2 == 0;
        return even && exponent.num > 0 && !strict ? true : part(n.a, strict);
      }
      case Kind::kFunction:
        return n.sub == static_cast<std::uint8_t>(Function::kExp) ||
               n.sub == static_cast<std::uint8_t>(Function::kCosh);
      default:
        return false;
    }
  }

  bool zero_at(NodeId id, NodeId end) {
    const NodeId there = at(id, end);
    return equal(whole(0), there);
  }

  bool keeps_sign(NodeId id, int sign, const Ball& low, const Ball& high, bool zero_low,
                  bool zero_high, int halvings) {
    if (!budget_.spend(8)) return false;
    const Ball half = number::ball_from_ratio<double>(1, 2);
    const Ball middle = number::mul(number::add(low, high), half);
    Ball piece = middle;
    piece.rad = number::magnitude(number::sub(high, low)) * 0.5 + low.rad + high.rad + middle.rad;
    piece.rad += piece.rad * 1e-12;
    const auto has_sign = [&](const Ball& ball, int wanted) {
      return wanted > 0 ? number::surely_positive(ball) : number::surely_negative(ball);
    };
    if (has_sign(enclose(id, piece, 0), sign)) return true;
    if (zero_low != zero_high) {
      const NodeId slope = derivative(tree_, id, name_, budget_);
      if (slope != kNoNode && has_sign(enclose(slope, piece, 0), zero_low ? sign : -sign))
        return true;
    }
    return halvings < kHalvings &&
           keeps_sign(id, sign, low, middle, zero_low, false, halvings + 1) &&
           keeps_sign(id, sign, middle, high, false, zero_high, halvings + 1);
  }

  // The values over a piece of the range; bad when a letter other than the variable is in it.
  Ball enclose(NodeId id, const Ball& x, int depth) {
    if (depth > kDeepest || !budget_.spend(2)) return Ball::invalid();
    const Node n = tree_[id];
    if (const Rational exact = value(id); exact.valid())
      return number::ball_from_ratio<double>(exact.num, exact.den);
    const auto part = [&](NodeId operand) { return enclose(operand, x, depth + 1); };
    switch (n.kind) {
      case Kind::kSymbol:
        return is_variable(n) ? x : Ball::invalid();
      case Kind::kPi:
        return number::ball_pi<double>();
      case Kind::kE:
        return number::ball_e<double>();
      case Kind::kNeg:
        return number::neg(part(n.a));
      case Kind::kAdd:
        return number::add(part(n.a), part(n.b));
      case Kind::kSub:
        return number::sub(part(n.a), part(n.b));
      case Kind::kMul:
        return number::mul(part(n.a), part(n.b));
      case Kind::kDiv:
        return number::div(part(n.a), part(n.b));
      case Kind::kPow: {
        const Rational exponent = value(n.b);
        if (tree_[n.a].kind == Kind::kE) return number::exp(part(n.b));
        if (exponent.is_integer()) return number::pow_int(part(n.a), exponent.num);
        return exponent.valid() ? expr::ball_power(part(n.a), exponent)
                                : expr::ball_power(part(n.a), part(n.b));
      }
      case Kind::kRoot: {
        const Rational exponent = number::div(number::integer(1), value(n.b));
        return exponent.valid() ? expr::ball_power(part(n.a), exponent) : Ball::invalid();
      }
      case Kind::kFunction:
        return expr::ball_function(static_cast<Function>(n.sub), part(n.a),
                                   expr::LogBase::kNatural);
      default:
        return Ball::invalid();
    }
  }

  NodeId lower_;
  NodeId upper_;
  bool closed_;
};

}  // namespace

NodeId definite_integral(Reading& reading, NodeId variable, NodeId lower, NodeId upper,
                         NodeId integrand, const Options& options, support::Budget& budget) {
  const NodeId found = antiderivative(reading, integrand, variable, options, budget);
  if (found == kNoNode) return kNoNode;
  const auto trusted = [&](NodeId from, NodeId to) {
    // an integrable pole at an end is one of the integrand alone
    return Range(reading, variable, from, to, false, options, budget).smooth(integrand) &&
           Range(reading, variable, from, to, true, options, budget).smooth(found);
  };
  if (!trusted(lower, upper) && !trusted(upper, lower)) return kNoNode;
  const auto at = [&](NodeId end) {
    Terms terms(reading, variable, options, budget);
    terms.evaluate();
    const int towards = expr::infinity_sign({&reading.parsed.tree, &reading.natural, end});
    if (towards == 0) return terms.at(found, end);
    return AtInfinity(reading, variable, towards, options, budget).limit(found);
  };
  const NodeId high = at(upper);
  const NodeId low = at(lower);
  if (high == kNoNode || low == kNoNode) return kNoNode;
  return expr::append_binary(reading.parsed.tree, Kind::kSub, high, low);
}

}  // namespace pyverify::answer
