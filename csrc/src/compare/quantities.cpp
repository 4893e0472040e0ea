// Values with units, money and counted nouns (GRADING 6, 11).
#include "compare/comparer.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using answer::Unit;
using answer::UnitReading;
using expr::Kind;
using expr::Node;

const UnitReading* Comparer::unit_of(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  if (n.kind != Kind::kQuantity && n.kind != Kind::kMoney) return nullptr;
  return &side.reading->units[n.b];
}

// 12 square units against 12 cubic units or 12 cm^3.
bool Comparer::another_power(NodeId gold, NodeId answer) const noexcept {
  const UnitReading* mine = unit_of(gold_, gold);
  const UnitReading* theirs = unit_of(answer_, answer);
  if (mine == nullptr || theirs == nullptr || options_.units == UnitRule::kIgnored) return false;
  if (mine->generic_power == 0 && theirs->generic_power == 0) return false;
  // a plain "units" may be any
  const auto power = [](const UnitReading& unit) -> int {
    return unit.generic_power != 0 ? unit.generic_power : unit.unit.dims[answer::kLength];
  };
  const bool lengths =
      mine->unit.dims[answer::kLength] != 0 || theirs->unit.dims[answer::kLength] != 0;
  const bool any = lengths && (mine->generic_power == 1 || theirs->generic_power == 1);
  return !any && power(*mine) != power(*theirs);
}

Decision Comparer::compare_quantities(NodeId gold, NodeId answer) noexcept {
  const UnitReading* gold_unit = unit_of(gold_, gold);
  const UnitReading* answer_unit = unit_of(answer_, answer);
  const bool was_exact = exact_;
  const bool money = (gold_unit != nullptr && gold_unit->unit.dims[answer::kCurrency] != 0) ||
                     (answer_unit != nullptr && answer_unit->unit.dims[answer::kCurrency] != 0);
  const NodeId gold_value = gold_unit != nullptr ? gold_[gold].a : gold;
  const NodeId answer_value = answer_unit != nullptr ? answer_[answer].a : answer;
  const auto finish = [&](Decision decision) {
    exact_ = was_exact;
    if (decision.truth == Truth::kTrue && decision.reason != Reason::kTolerance)
      decision.reason = Reason::kUnit;
    return decision;
  };
  exact_ = exact_ || money;
  if (gold_unit == nullptr || answer_unit == nullptr) {
    const UnitReading& unit = gold_unit != nullptr ? *gold_unit : *answer_unit;
    const Side& bare = gold_unit != nullptr ? answer_ : gold_;
    const NodeId bare_id = gold_unit != nullptr ? answer : gold;
    // a measure in radians needs no unit, and the angle sign may stand for the word
    const bool angle = unit.unit.dims[answer::kAngle] != 0 && unit.si != expr::kNoNode;
    if (options_.units == UnitRule::kRequired && gold_unit != nullptr && unit.known &&
        bare[bare_id].kind != Kind::kDegree) {
      const bool radians =
          angle && expr::is_scalar(bare[bare_id].kind) &&
          expr::equal(gold_.scalar(unit.si), answer_.scalar(answer), domain_, budget_).truth ==
              Truth::kTrue;
      if (!radians) return finish(differ(gold, answer, Reason::kUnitMismatch));
    }
    if (!expr::is_scalar(bare[bare_id].kind)) {
      // (3, 4) cm: the unit belongs to every entry
      if (bare[bare_id].kind == Kind::kText || !unit.known)
        return finish(no(Reason::kKindMismatch));
      return finish(compare(gold_value, answer_value));
    }
    if (angle) {
      // 30 degrees in words against a degree sign or against a value with pi
      const Decision in_radians =
          gold_unit != nullptr
              ? expr::equal(gold_.scalar(unit.si), answer_.scalar(answer), domain_, budget_)
              : expr::equal(gold_.scalar(gold), answer_.scalar(unit.si), domain_, budget_);
      if (in_radians.truth == Truth::kTrue) return finish(in_radians);
      if (bare[bare_id].kind == Kind::kDegree) {
        const NodeId figure = bare[bare_id].a;
        if (unit.unit.pi_over_180 == 0) {
          return finish(
              answer_unit != nullptr
                  ? match_value(figure, in_degrees(answer_unit->si))
                  : match_value(gold_value, converted(answer, answer::power(gold_unit->unit, -1))));
        }
        return finish(gold_unit != nullptr ? match_value(gold_value, figure)
                                           : match_value(figure, answer_value));
      }
      if (answer_unit != nullptr && unit.unit.pi_over_180 == 0) {
        // a bare 30 for pi/6 rad: the answer says radians, so the gold is in degrees
        const Decision degrees = match_value(gold, in_degrees(answer_unit->si));
        if (degrees.truth == Truth::kTrue) return finish(degrees);
        return finish(match_value(gold, answer_value));
      }
      return finish(match_value(gold_value, answer_value));
    }
    if (bare[bare_id].kind == Kind::kPercent || bare[bare_id].kind == Kind::kDegree)
      return finish(no(Reason::kUnitMismatch));
    const Decision figure = compare_scalars(gold_value, answer_value);
    // 36000 for 3.6万元: the whole amount of a currency counted by the thousand
    const bool counted = money && gold_unit != nullptr && gold_unit->si != expr::kNoNode &&
                         unit.unit.factor.is_integer() && unit.unit.factor.num >= 1000;
    if (figure.truth == Truth::kTrue || !counted) return finish(figure);
    return finish(
        expr::equal(gold_.scalar(gold_unit->si), answer_.scalar(answer_value), domain_, budget_));
  }
  if (!expr::is_scalar(gold_[gold_value].kind) || !expr::is_scalar(answer_[answer_value].kind)) {
    if (!answer::same_dimension(gold_unit->unit, answer_unit->unit))
      return finish(no(Reason::kUnitMismatch));
    return finish(compare(gold_value, answer_value));
  }
  const bool described = gold_unit->description != 0 && answer_unit->description != 0;
  if (described && gold_unit->description != answer_unit->description)
    return finish(differ(gold, answer, Reason::kUnitMismatch));
  const bool noun_gold = gold_unit->unit.dims[answer::kNoun] != 0;
  const bool noun_answer = answer_unit->unit.dims[answer::kNoun] != 0;
  if (noun_gold || noun_answer) {
    // a measured and a counted thing never meet; two nouns must be one
    const bool wild =
        (noun_gold && gold_unit->unit.noun == 0) || (noun_answer && answer_unit->unit.noun == 0);
    if (!wild && !answer::same_dimension(gold_unit->unit, answer_unit->unit))
      return finish(differ(gold, answer, Reason::kUnitMismatch));
    if (gold_unit->known != answer_unit->known)
      return finish(differ(gold, answer, Reason::kUnitMismatch));
    // 45 words per minute is another rate than 45 words per hour
    if (wild || !gold_unit->known) return finish(match_value(gold_value, answer_value));
  }
  Unit mine = gold_unit->unit;
  Unit theirs = answer_unit->unit;
  answer::settle(mine, theirs);
  if (!answer::same_dimension(mine, theirs))
    return finish(differ(gold, answer, Reason::kUnitMismatch));
  if (answer::same_unit(mine, theirs)) return finish(match_value(gold_value, answer_value));
  if (gold_unit->si == expr::kNoNode || answer_unit->si == expr::kNoNode) return finish(unknown());
  Unit ratio = answer::divide(theirs, mine);
  if (ratio.valid && ratio.pi_over_180 >= -1 && ratio.pi_over_180 <= 1) {
    ratio.offset = number::div(number::sub(theirs.offset, mine.offset), mine.factor);
    if (ratio.offset.valid())
      return finish(match_value(gold_value, converted(answer_value, ratio)));
  }
  return finish(
      expr::equal(gold_.scalar(gold_unit->si), answer_.scalar(answer_unit->si), domain_, budget_));
}

// A value of the answer in another unit; `ratio` is the one over the other.
NodeId Comparer::converted(NodeId value, const Unit& ratio) noexcept {
  expr::Tree& tree = answer_reading_.parsed.tree;
  const auto rational = [&tree](number::Rational r) { return expr::append_rational(tree, r); };
  if (!number::equal(ratio.factor, number::integer(1)))
    value = expr::append_binary(tree, Kind::kMul, value, rational(ratio.factor));
  if (ratio.exponent10 != 0) {
    const NodeId ten = rational(number::integer(10));
    const NodeId exponent = rational(number::integer(ratio.exponent10));
    value = expr::append_binary(tree, Kind::kMul, value,
                                expr::append_binary(tree, Kind::kPow, ten, exponent));
  }
  if (ratio.pi_over_180 > 0) value = expr::append_unary(tree, Kind::kDegree, value);
  if (ratio.pi_over_180 < 0) {
    value = expr::append_binary(tree, Kind::kMul, value, rational(number::integer(180)));
    const NodeId pi = static_cast<NodeId>(tree.nodes.size());
    tree.nodes.push_back({Kind::kPi, 0, 0, 0, 0, pi});
    value = expr::append_binary(tree, Kind::kDiv, value, pi);
  }
  if (ratio.offset.num != 0)
    value = expr::append_binary(tree, Kind::kAdd, value, rational(ratio.offset));
  evaluate_answer();
  return value;
}

// Radians in degrees.
NodeId Comparer::in_degrees(NodeId radians) noexcept {
  Unit ratio;
  ratio.pi_over_180 = -1;
  return converted(radians, ratio);
}

}  // namespace pyverify::compare
