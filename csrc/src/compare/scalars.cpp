// Numbers and expressions: value, percent, degrees, rounding of decimal golds (GRADING 1-12).
#include <cmath>

#include "compare/comparer.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

// +1 or -1 for a plain infinity, 0 when the node is none.
int Comparer::infinity_sign(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  if (n.kind == Kind::kInfinity) return 1;
  if (n.kind == Kind::kNeg && side[n.a].kind == Kind::kInfinity) return -1;
  return 0;
}

bool Comparer::figure_above_one(const Side& side, NodeId id) noexcept {
  double value = 0;
  const number::Rational exact = side.values->rational[id];
  if (exact.valid()) {
    return number::compare(exact, number::integer(1)) > 0 ||
           number::compare(exact, number::integer(-1)) < 0;
  }
  return expr::approximate(side.scalar(id), value, budget_) && std::fabs(value) > 1.0 + 1e-9;
}

// A decimal gold of three or more significant digits is a rounded value: |answer - centre| <
// radius, times 10^power.
bool Comparer::rounding(NodeId gold, number::Rational& centre, number::Rational& radius,
                        int& power_of_ten) const noexcept {
  if (exact_ || !options_.round_decimals) return false;
  const Node& n = gold_[gold];
  power_of_ten = 0;
  switch (n.kind) {
    case Kind::kNeg:
      if (!rounding(n.a, centre, radius, power_of_ten)) return false;
      centre = number::neg(centre);
      return true;
    case Kind::kPercent:
      if (!rounding(n.a, centre, radius, power_of_ten)) return false;
      power_of_ten -= 2;
      return true;
    case Kind::kMul: {  // 6.02 \times 10^{23}: the mantissa is rounded
      const Node& right = gold_[n.b];
      if (gold_[n.a].kind != Kind::kNumber || right.kind != Kind::kPow) return false;
      const number::Rational base = gold_.values->rational[right.a];
      const number::Rational exponent = gold_.values->rational[right.b];
      if (!base.is_integer() || base.num != 10 || !exponent.is_integer() ||
          std::abs(exponent.num) > 300)
        return false;
      if (!rounding(n.a, centre, radius, power_of_ten)) return false;
      power_of_ten += static_cast<int>(exponent.num);
      return true;
    }
    case Kind::kNumber: {
      const expr::Number& number = gold_.tree().numbers[n.a];
      if (!number.decimal_point || number.significant < 3 || number.decimals > 17 ||
          number.digits_count > 18)
        return false;
      std::int64_t mantissa = 0;
      for (std::uint32_t i = 0; i < number.digits_count; ++i) {
        mantissa = mantissa * 10 + (gold_.tree().digits[number.digits_begin + i] - '0');
      }
      std::int64_t scale = 1;
      for (int i = 0; i < number.decimals; ++i) scale *= 10;
      centre = number::make(mantissa, scale);
      radius = scale <= (std::int64_t{1} << 61) ? number::make(1, 2 * scale) : number::Rational{};
      power_of_ten = number.exponent + static_cast<int>(number.decimals);
      return centre.valid() && radius.valid() && std::abs(power_of_ten) <= 300;
    }
    default:
      return false;
  }
}

Decision Comparer::within_rounding(NodeId gold, NodeId answer) noexcept {
  number::Rational centre;
  number::Rational radius;
  int power = 0;
  if (!rounding(gold, centre, radius, power)) return no(Reason::kTolerance);
  if (std::abs(power) <= 12) {
    number::Rational scale = number::integer(1);
    for (int i = 0; i < std::abs(power); ++i) scale = number::mul(scale, number::integer(10));
    const number::Rational c = power >= 0 ? number::mul(centre, scale) : number::div(centre, scale);
    const number::Rational r = power >= 0 ? number::mul(radius, scale) : number::div(radius, scale);
    if (c.valid() && r.valid()) {
      const Decision decision = expr::within(answer_.scalar(answer), c, r, false, budget_);
      return decision.truth == Truth::kTrue ? yes(Reason::kTolerance) : decision;
    }
  }
  double value = 0;
  if (!expr::approximate(answer_.scalar(answer), value, budget_)) return unknown();
  const double scale = std::pow(10.0, power);
  const double distance = std::fabs(value / scale - number::to_double(centre));
  return distance < number::to_double(radius) * (1 - 1e-9) ? yes(Reason::kTolerance)
                                                           : no(Reason::kTolerance);
}

Decision Comparer::match_value(NodeId gold, NodeId answer) noexcept {
  const Decision equal = expr::equal(gold_.scalar(gold), answer_.scalar(answer), domain_, budget_);
  if (equal.truth == Truth::kTrue || equal.reason == Reason::kUndefinedValue) return equal;
  const Decision rounded = within_rounding(gold, answer);
  if (rounded.truth == Truth::kTrue) return rounded;
  if (options_.relative_tolerance > 0 || options_.absolute_tolerance > 0) {
    double g = 0;
    double a = 0;
    if (expr::approximate(gold_.scalar(gold), g, budget_) &&
        expr::approximate(answer_.scalar(answer), a, budget_)) {
      const double allowed =
          std::max(options_.absolute_tolerance, options_.relative_tolerance * std::fabs(g));
      if (std::fabs(g - a) <= allowed) return yes(Reason::kTolerance);
    }
  }
  return equal;
}

Decision Comparer::compare_scalars(NodeId gold, NodeId answer) noexcept {
  const int gold_infinity = infinity_sign(gold_, gold);
  const int answer_infinity = infinity_sign(answer_, answer);
  if (gold_infinity != 0 || answer_infinity != 0) {
    return gold_infinity == answer_infinity ? yes(Reason::kStructure) : no(Reason::kStructure);
  }
  const std::uint16_t gold_flags = gold_.values->flags[gold];
  const std::uint16_t answer_flags = answer_.values->flags[answer];
  if ((answer_flags & expr::kHasInfinity) || (answer_flags & expr::kUndefined))
    return no(Reason::kUndefinedValue);
  if ((answer_flags & expr::kHasOperator) && !(gold_flags & expr::kHasOperator))
    return no(Reason::kNotEvaluated);
  const Decision value = match_value(gold, answer);
  if (value.truth == Truth::kTrue || value.reason == Reason::kUndefinedValue) return value;
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  if ((g.kind == Kind::kPercent) != (a.kind == Kind::kPercent) && options_.percent_either_way &&
      !exact_) {
    const NodeId gold_figure = g.kind == Kind::kPercent ? g.a : gold;
    const NodeId answer_figure = a.kind == Kind::kPercent ? a.a : answer;
    if (figure_above_one(answer_, answer_figure) && figure_above_one(gold_, gold_figure)) {
      const Decision figure = match_value(gold_figure, answer_figure);
      if (figure.truth == Truth::kTrue) return figure;
    }
  }
  // -20\% is a sign before 20\%, -15^\circ one before 15^\circ
  const auto marked = [](const Node& n) {
    return n.kind == Kind::kPercent || n.kind == Kind::kDegree;
  };
  if (g.kind == Kind::kNeg && a.kind == Kind::kNeg && (marked(gold_[g.a]) || marked(answer_[a.a])))
    return compare_scalars(g.a, a.a);
  // the degree sign may be missing on either side, the same figure counts
  const bool sign_wanted = g.kind == Kind::kDegree && options_.units == UnitRule::kRequired;
  if ((g.kind == Kind::kDegree) != (a.kind == Kind::kDegree) && !sign_wanted) {
    const NodeId gold_figure = g.kind == Kind::kDegree ? g.a : gold;
    const NodeId answer_figure = a.kind == Kind::kDegree ? a.a : answer;
    const Decision figure = match_value(gold_figure, answer_figure);
    if (figure.truth == Truth::kTrue) return figure;
  }
  if (g.kind == Kind::kDegree && a.kind == Kind::kDegree) {
    const Decision figure = match_value(g.a, a.a);
    if (figure.truth == Truth::kTrue) return figure;
  }
  if (gold_flags & answer_flags & expr::kHasVariable) {
    const Decision family = match_constants(gold, answer);
    if (family.truth == Truth::kTrue) return family;
  }
  return value;
}

}  // namespace pyverify::compare
