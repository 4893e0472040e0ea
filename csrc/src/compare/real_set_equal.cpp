// Two sets of reals, segment by segment.
#include <optional>

#include "compare/real_set_algebra.hpp"

namespace pyverify::compare {

using expr::Decision;
using expr::Kind;
using expr::Truth;

namespace {

// An end as a scalar of its side's tree, or of a tree of its own.
class EndScalar {
 public:
  EndScalar(const Side& side, const SetEnd& end, std::uint64_t seed, support::Budget& budget) {
    if (end.node != expr::kNoNode) {
      scalar_ = side.scalar(end.node);
    } else {
      literal_.emplace(end.value, seed, budget);
      scalar_ = literal_->scalar();
    }
  }
  const expr::Scalar& get() const noexcept { return scalar_; }

 private:
  std::optional<LiteralScalar> literal_;
  expr::Scalar scalar_;
};

// 90 for 90 degrees: the sign may be missing (GRADING 11). Moves both from a value to the bare
// figure when just one of them is in degrees.
bool drop_degrees(const Side& gold, SetEnd& mine, const Side& answer, SetEnd& theirs) noexcept {
  if (mine.node == expr::kNoNode || theirs.node == expr::kNoNode) return false;
  while (gold[mine.node].kind == Kind::kNeg && answer[theirs.node].kind == Kind::kNeg) {
    mine.node = gold[mine.node].a;
    theirs.node = answer[theirs.node].a;
  }
  const bool left = gold[mine.node].kind == Kind::kDegree;
  const bool right = answer[theirs.node].kind == Kind::kDegree;
  if (left) mine.node = gold[mine.node].a;
  if (right) theirs.node = answer[theirs.node].a;
  return left != right;
}

bool same_shape(const SetEnd& a, const SetEnd& b) noexcept {
  return a.closed == b.closed && a.infinity == b.infinity;
}

bool is_point(const Segment& segment) noexcept {
  return segment.low.infinity == 0 && segment.low.node == segment.high.node && segment.low.closed &&
         segment.high.closed && number::equal(segment.low.value, segment.high.value);
}

}  // namespace

Decision equal_sets(const Side& gold, const RealSet& gold_set, const Side& answer,
                    const RealSet& answer_set, const expr::Domain& domain,
                    support::Budget& budget) {
  if (gold_set.has_variable && answer_set.has_variable &&
      gold_set.variable != answer_set.variable) {
    return {Truth::kFalse, Reason::kSymbolMismatch};
  }
  if (gold_set.segments.size() != answer_set.segments.size())
    return {Truth::kFalse, Reason::kCountMismatch};
  if (gold_set.contradiction || answer_set.contradiction)
    return {Truth::kUnknown, Reason::kUnsupported};
  for (std::size_t i = 0; i < gold_set.segments.size(); ++i) {
    const Segment& mine = gold_set.segments[i];
    const Segment& theirs = answer_set.segments[i];
    if (!same_shape(mine.low, theirs.low) || !same_shape(mine.high, theirs.high)) {
      return {Truth::kFalse, Reason::kStructure};
    }
  }
  // One end shown different settles it, whatever is unknown of the others.
  bool doubt = false;
  Decision different{Truth::kTrue, Reason::kStructure};
  const auto rational = [](const Side& side, const SetEnd& end) {
    return end.node == expr::kNoNode ? end.value : side.values->rational[end.node];
  };
  const auto equal = [&](const SetEnd& mine, const SetEnd& theirs) -> Decision {
    const number::Rational a = rational(gold, mine);
    const number::Rational b = rational(answer, theirs);
    if (a.valid() && b.valid()) {
      return {number::equal(a, b) ? Truth::kTrue : Truth::kFalse, Reason::kRational};
    }
    const EndScalar left(gold, mine, domain.seed, budget);
    const EndScalar right(answer, theirs, domain.seed, budget);
    return expr::equal(left.get(), right.get(), domain, budget);
  };
  const auto compare = [&](SetEnd mine, SetEnd theirs) {
    if (mine.infinity != 0) return true;
    Decision one = equal(mine, theirs);
    if (one.truth == Truth::kFalse && drop_degrees(gold, mine, answer, theirs)) {
      one = equal(mine, theirs);
    }
    doubt |= one.truth == Truth::kUnknown;
    if (one.truth == Truth::kFalse) different = one;
    return one.truth != Truth::kFalse;
  };
  for (std::size_t i = 0; i < gold_set.segments.size(); ++i) {
    const Segment& mine = gold_set.segments[i];
    const Segment& theirs = answer_set.segments[i];
    if (!budget.spend(2)) return {Truth::kUnknown, Reason::kUndecided};
    if (!compare(mine.low, theirs.low)) return different;
    if (is_point(mine) && is_point(theirs)) continue;
    if (!compare(mine.high, theirs.high)) return different;
  }
  if (doubt || budget.stopped()) return {Truth::kUnknown, Reason::kUndecided};
  return {Truth::kTrue, Reason::kStructure};
}

}  // namespace pyverify::compare
