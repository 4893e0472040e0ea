// Expressions up to a constant factor (equations) or a constant summand (antiderivatives).
#include "expr/comparison.hpp"
#include "expr/equality.hpp"
#include "expr/evaluate_internal.hpp"
#include "expr/literal_bits.hpp"
#include "expr/prelude.hpp"
#include "number/field.hpp"

namespace pyverify::expr {
namespace {

using number::Fe;

constexpr std::uint64_t kSecondPoint = 0x7365636f6e642070ull;

struct Signature {
  Fe first;
  Fe second;
};

Signature signature(const Scalar& scalar) noexcept {
  return {scalar.values->field1[scalar.node], scalar.values->field2[scalar.node]};
}

// The signature with other images for the variables, and the same ones for the constants.
Signature elsewhere(const Scalar& scalar, const Domain& domain, support::Budget& budget) noexcept {
  static thread_local Values values;
  const Seeds seeds{domain.seed, number::mix(domain.seed, kSecondPoint)};
  evaluate(Subtree(scalar, Subtree::kGold), domain.log_base, seeds, values, budget);
  return {values.field1[scalar.node], values.field2[scalar.node]};
}

struct Evidence {
  bool usable = false;  // no poles
  bool holds = false;   // the claim holds between the two points
  bool gold_zero = false;
  bool answer_zero = false;
};

template <class X>
void weigh(const Fe& gold, const Fe& answer, const Fe& gold2, const Fe& answer2, Claim claim,
           Evidence& evidence) noexcept {
  if (gold.d == 0 || answer.d == 0 || gold2.d == 0 || answer2.d == 0) {
    evidence.usable = false;
    return;
  }
  evidence.gold_zero = evidence.gold_zero || X::is_zero(gold);
  evidence.answer_zero = evidence.answer_zero || X::is_zero(answer);
  const bool holds = claim == Claim::kProportional
                         ? X::equal(X::mul(gold, answer2), X::mul(gold2, answer))
                         : X::equal(X::sub(answer, gold), X::sub(answer2, gold2));
  evidence.holds = evidence.holds && holds;
}

Evidence gather(const Scalar& gold, const Scalar& answer, const Domain& domain, Claim claim,
                support::Budget& budget) noexcept {
  const Signature g = signature(gold);
  const Signature a = signature(answer);
  const Signature g2 = elsewhere(gold, domain, budget);
  const Signature a2 = elsewhere(answer, domain, budget);
  Evidence evidence{true, true, false, false};
  weigh<number::X1>(g.first, a.first, g2.first, a2.first, claim, evidence);
  weigh<number::X2>(g.second, a.second, g2.second, a2.second, claim, evidence);
  return evidence;
}

Decision decide_family(const Scalar& gold, const Scalar& answer, const Domain& domain, Claim claim,
                       int* sign, support::Budget& budget) noexcept {
  budget.spend(1);
  Decision decision;
  if (unusable(gold, answer, decision)) {
    // Infinities and the like have no multiples worth telling apart.
    return decision.reason == Reason::kUndefinedValue ? decision : Decision{};
  }
  const unsigned flags = unsigned{gold.flags()} | answer.flags();
  const std::uint32_t bits = total_bits(gold, answer);
  const Evidence evidence = gather(gold, answer, domain, claim, budget);
  if (budget.stopped()) return {};
  const bool difference_proven = (flags & kDifferenceUnproven) == 0;
  if (evidence.usable && claim == Claim::kProportional) {
    if (evidence.gold_zero) return {};  // every multiple of 0 is 0
    if (evidence.answer_zero && difference_proven) return {Truth::kFalse, Reason::kField};
  }
  if (evidence.usable && !evidence.holds && difference_proven) {
    return {Truth::kFalse, Reason::kField};
  }
  Comparison comparison(gold, answer, domain, claim, key(gold) + key(answer), budget);
  const bool constants = (flags & kHasVariable) == 0;
  // f(2) - 7 and f(2) - 8: nothing varies that could show a factor, the unknown value may be any.
  if (constants && (flags & kOpaque) != 0) return equal(gold, answer, domain, budget);
  const bool proven = evidence.usable && evidence.holds && !evidence.answer_zero &&
                      (flags & kEqualityUnproven) == 0 && bits <= kMaxProvenBits;
  if (proven && (flags & kOpaque) != 0) {
    decision = {Truth::kTrue, Reason::kField};
  } else if (proven) {
    const bool objects = comparison.objects();
    decision = objects ? Decision{Truth::kFalse, Reason::kNumericDisjoint}
                       : Decision{Truth::kTrue, Reason::kField};
  } else if (!constants) {
    decision = comparison.decide(bits, evidence.usable && evidence.holds);
  } else if (claim == Claim::kShifted) {
    decision = {Truth::kTrue, Reason::kStructure};
  }
  if (budget.stopped()) return {};
  if (sign != nullptr && decision.truth == Truth::kTrue) *sign = comparison.factor_sign();
  // Two constants that are not 0 are proportional; the sign shows that they aren't.
  if (sign != nullptr && constants && decision.truth == Truth::kUnknown) {
    *sign = comparison.factor_sign();
    if (*sign != 0) decision = {Truth::kTrue, Reason::kNumericDisjoint};
  }
  return decision;
}

}  // namespace

Decision proportional(const Scalar& gold, const Scalar& answer, const Domain& domain, int& sign,
                      support::Budget& budget) noexcept {
  sign = 0;
  return decide_family(gold, answer, domain, Claim::kProportional, &sign, budget);
}

Decision differ_by_constant(const Scalar& gold, const Scalar& answer, const Domain& domain,
                            support::Budget& budget) noexcept {
  return decide_family(gold, answer, domain, Claim::kShifted, nullptr, budget);
}

}  // namespace pyverify::expr
