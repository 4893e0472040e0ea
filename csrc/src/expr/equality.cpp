#include "expr/equality.hpp"

#include "expr/comparison.hpp"
#include "expr/exact_integers.hpp"
#include "expr/identical.hpp"
#include "expr/literal_bits.hpp"
#include "expr/prelude.hpp"
#include "expr/prime_powers.hpp"
#include "expr/sample_points.hpp"
#include "number/field.hpp"

namespace pyverify::expr {
namespace {

Decision decide(bool holds, Reason reason) noexcept {
  return {holds ? Truth::kTrue : Truth::kFalse, reason};
}

}  // namespace

std::uint32_t total_bits(const Scalar& a, const Scalar& b) noexcept {
  return a.values->literal_bits[a.node] + b.values->literal_bits[b.node];
}

int infinity_sign(const Scalar& scalar) noexcept {
  const Tree& tree = *scalar.tree;
  int sign = 1;
  NodeId id = scalar.node;
  while (tree[id].kind == Kind::kNeg) {
    sign = -sign;
    id = tree[id].a;
  }
  return tree[id].kind == Kind::kInfinity ? sign : 0;
}

bool unusable(const Scalar& gold, const Scalar& answer, Decision& decision) noexcept {
  const unsigned flags = unsigned{gold.flags()} | answer.flags();
  if ((flags & (kUndefined | kNotEvaluatedYet | kHasInfinity)) == 0) return false;
  if ((flags & kUndefined) != 0) {
    decision = {Truth::kFalse, Reason::kUndefinedValue};
  } else if ((flags & kNotEvaluatedYet) != 0) {
    decision = {};
  } else {
    const int left = infinity_sign(gold);
    const int right = infinity_sign(answer);
    const bool one_finite = (gold.flags() & answer.flags() & kHasInfinity) == 0;
    if (left != 0 && right != 0) {
      decision = decide(left == right, Reason::kStructure);
    } else if (one_finite && (left != 0 || right != 0)) {
      decision = decide(false, Reason::kKindMismatch);
    } else if (identical(gold, answer)) {
      decision = decide(true, Reason::kStructure);
    } else {
      decision = {};
    }
  }
  return true;
}

Decision equal(const Scalar& gold, const Scalar& answer, const Domain& domain,
               support::Budget& budget) noexcept {
  budget.spend(1);
  Decision decision;
  if (unusable(gold, answer, decision)) return decision;
  const number::Rational left = gold.rational();
  const number::Rational right = answer.rational();
  if (left.valid() && right.valid()) return decide(number::equal(left, right), Reason::kRational);

  const unsigned flags = unsigned{gold.flags()} | answer.flags();
  const bool agreed =
      number::X1::equal(gold.values->field1[gold.node], answer.values->field1[answer.node]) &&
      number::X2::equal(gold.values->field2[gold.node], answer.values->field2[answer.node]);
  if (!agreed && (flags & kDifferenceUnproven) == 0) return decide(false, Reason::kField);

  const std::uint32_t bits = total_bits(gold, answer);
  if (agreed && (flags & kEqualityUnproven) == 0 && bits <= kMaxProvenBits) {
    if ((flags & kOpaque) != 0) return decide(true, Reason::kField);
    const bool objects = Comparison(gold, answer, domain, Claim::kEqual, 0, budget).objects();
    if (budget.stopped()) return {};
    return decide(!objects, objects ? Reason::kNumericDisjoint : Reason::kField);
  }
  if (identical(gold, answer)) return decide(true, Reason::kStructure);
  if (bits > kMaxProvenBits && (flags & kHasVariable) == 0) {
    const number::BigRational a = big_rational(gold, budget);
    const number::BigRational b = a.valid() ? big_rational(answer, budget) : a;
    const int order = compare(a, b, budget);
    if (order != 2) return decide(order == 0, Reason::kExact);
    const Truth powers = equal_prime_powers(gold, answer, budget);
    if (powers != Truth::kUnknown) return {powers, Reason::kExact};
  }
  if (budget.stopped()) return {};
  const std::uint64_t salt = key(gold) + key(answer);
  return Comparison(gold, answer, domain, Claim::kEqual, salt, budget).decide(bits, agreed);
}

}  // namespace pyverify::expr
