#include "expr/comparison.hpp"

#include <algorithm>
#include <cmath>

#include "expr/cells.hpp"
#include "expr/literal_bits.hpp"
#include "number/field.hpp"

namespace pyverify::expr {
namespace {

using number::Ball;
using number::BigFloat;
using number::DoubleDouble;

// Agreement wanted at a point, in bits: 2^-66 is below 10^-19. A constant has one point only.
constexpr int kVariableBits = 66;
constexpr int kConstantBits = 300;
constexpr int kMargin = 64;

// The agreement that each tier can show.
template <class Real>
struct Reach;
template <>
struct Reach<DoubleDouble> {
  static constexpr int kBits = 92;
};
template <>
struct Reach<BigFloat<6>> {
  static constexpr int kBits = 360;
};
template <>
struct Reach<BigFloat<18>> {
  static constexpr int kBits = 980;
};

int agreement_bits(double distance, double scale) noexcept {
  if (!(distance <= scale)) return 0;
  if (distance == 0) return 4096;
  int top = 0;
  int bottom = 0;
  std::frexp(scale, &top);
  std::frexp(distance, &bottom);
  return top - bottom - 1;
}

bool has_power_of_variable(const Subtree& scalar) noexcept {
  for (const NodeId id : scalar) {
    const Node& node = scalar.tree()[id];
    if (node.kind == Kind::kPow && (scalar.values().flags[node.b] & kHasVariable) != 0) return true;
  }
  return false;
}

}  // namespace

Comparison::Comparison(const Scalar& gold, const Scalar& answer, const Domain& domain, Claim claim,
                       std::uint64_t salt, support::Budget& budget) noexcept
    : gold_(gold, Subtree::kGold),
      answer_(answer, Subtree::kAnswer),
      log_base_(domain.log_base),
      claim_(claim),
      budget_(budget),
      complex_((gold.flags() & kHasImaginary) != 0),
      salt_(number::mix(domain.seed, salt)),
      points_({&gold_, &answer_}, domain.integers || (gold.flags() & kIntegerOnly) != 0, salt_) {}

template <class Real>
Comparison::Look Comparison::read(int point, Sides<Real>& sides) noexcept {
  points_.choose(point);
  const Sample<Real> gold = sample<Real>(gold_, points_, log_base_, budget_);
  if (!complex_ && (gold.fate & kNotReal) != 0) ++outside_;
  if (gold.value.bad || (!complex_ && gold.fate != 0)) return Look::kUnusable;
  const Sample<Real> answer = sample<Real>(answer_, points_, log_base_, budget_);
  if (budget_.stopped()) return Look::kUnusable;
  if (!complex_ && (answer.fate & kNotReal) != 0) return Look::kApart;
  if ((answer.fate & kNoValue) != 0) return Look::kUndefined;
  if (answer.value.bad || (!complex_ && answer.fate != 0)) return Look::kLost;
  sides = {gold.value, answer.value, std::max(gold.swallowed, answer.swallowed)};
  return Look::kMeet;
}

template <class Real>
Comparison::Look Comparison::look(int point, Meeting& meeting) noexcept {
  Sides<Real> sides;
  const Look seen = read(point, sides);
  if (seen != Look::kMeet) return seen;
  if (claim_ != Claim::kEqual) {
    Sides<Real> base;
    if (base_ == point || read(base_, base) != Look::kMeet) return Look::kUnusable;
    if (claim_ == Claim::kProportional) {
      sides.gold = number::mul(sides.gold, base.answer);
      sides.answer = number::mul(sides.answer, base.gold);
    } else {
      sides.gold = number::sub(sides.answer, sides.gold);
      sides.answer = number::sub(base.answer, base.gold);
    }
    sides.swallowed = std::max(sides.swallowed, base.swallowed);
    if (sides.gold.bad || sides.answer.bad) return Look::kUnusable;
  }
  if (number::disjoint(sides.gold, sides.answer)) return Look::kApart;
  double scale = std::max(number::magnitude(sides.gold), number::magnitude(sides.answer));
  const bool zero = number::contains_zero(sides.gold) || number::contains_zero(sides.answer);
  if (zero && claim_ == Claim::kProportional) return Look::kUnusable;
  // Small values are told apart absolutely: ln x near 1 costs no wider tier.
  scale = std::max(scale, zero ? 1.0 : 0x1p-8);
  meeting = {agreement_bits(number::distance_bound(sides.gold, sides.answer), scale),
             sides.swallowed};
  return Look::kMeet;
}

// A point where both sides have values, and the gold's is not 0.
bool Comparison::find_base(int point) noexcept {
  Sides<double> sides;
  if (read(point, sides) != Look::kMeet) return false;
  if (claim_ == Claim::kProportional && number::contains_zero(sides.gold)) return false;
  base_ = point;
  return true;
}

bool Comparison::objects() noexcept {
  constexpr int kTries = 3;
  for (int point = 0; point < std::min(kTries, points_.count()); ++point) {
    if (claim_ != Claim::kEqual && base_ < 0) {
      find_base(point);
      continue;
    }
    Meeting meeting;
    const Look seen = look<double>(point, meeting);
    if (seen == Look::kApart) return true;
    if (seen == Look::kMeet) return false;
  }
  return false;
}

int Comparison::factor_sign() noexcept {
  for (int point = 0; point < points_.count(); ++point) {
    Sides<double> sides;
    if (read(point, sides) != Look::kMeet) continue;
    const bool gold_up = number::surely_positive(sides.gold);
    const bool answer_up = number::surely_positive(sides.answer);
    if (!gold_up && !number::surely_negative(sides.gold)) continue;
    if (!answer_up && !number::surely_negative(sides.answer)) continue;
    return gold_up == answer_up ? 1 : -1;
  }
  return 0;
}

// Doubles at one point: a disjoint pair decides.
Decision Comparison::visit(int point) noexcept {
  if (claim_ != Claim::kEqual && base_ < 0) {
    find_base(point);
    return {};
  }
  Meeting meeting;
  const Look seen = look<double>(point, meeting);
  if (budget_.stopped()) return {};
  switch (seen) {
    case Look::kApart:
      return {Truth::kFalse, Reason::kNumericDisjoint};
    case Look::kUndefined:
      // One hole may be an isolated one, such as (n^2 - 1) / (n - 1) at 1.
      if (++undefined_ >= 2 && undefined_ > met_) return {Truth::kFalse, Reason::kUndefinedValue};
      break;
    case Look::kLost:
      ++lost_;
      break;
    case Look::kMeet:
      meeting_points_[static_cast<std::size_t>(met_++)] = static_cast<std::uint8_t>(point);
      break;
    case Look::kUnusable:
      break;
  }
  return {};
}

Decision Comparison::survey(int wanted) noexcept {
  const int count = std::min(points_.count(), kMaxPoints);
  while (next_ < count && met_ < wanted) {
    const Decision seen = visit(next_++);
    if (seen.truth != Truth::kUnknown || budget_.stopped()) return seen;
  }
  return {};
}

// What agrees so far may differ where no usual point lies.
Decision Comparison::visit_cells() noexcept {
  if (in_cells_ || !points_.branches()) return {};
  in_cells_ = true;
  // Where both have met too rarely the gold may be real in a single cell.
  const int each = met_ < points_.needed() ? points_.needed() + 1 : 1;
  const auto placed = cell_points(gold_, answer_, points_, log_base_, each, budget_);
  points_.extend(placed);
  const int first = points_.count();
  bool was_lost = false;
  for (int i = 0; i < static_cast<int>(placed.size()) && !budget_.stopped(); ++i) {
    const int lost = lost_;
    const Decision seen = visit(first + i);
    if (seen.truth != Truth::kUnknown) return seen;
    const bool is_lost = lost_ > lost;
    if (was_lost && is_lost) --lost_;  // several points of one cell count once
    was_lost = is_lost;
  }
  return {};
}

// One tier at one point: kMeet with `sure` set when it shows the agreement wanted.
template <class Real>
Comparison::Look Comparison::confirm(int point, int limit, int required, bool& sure) noexcept {
  sure = false;
  if (required > Reach<Real>::kBits || required > limit) return Look::kMeet;
  Meeting meeting;
  const Look seen = look<Real>(point, meeting);
  if (seen == Look::kMeet) {
    sure = meeting.agreement >= std::max(required, meeting.swallowed + kVariableBits);
  }
  return seen;
}

Decision Comparison::accept(std::uint32_t bits, bool agreed) noexcept {
  const bool constant = points_.constant();
  int required = constant ? kConstantBits : kVariableBits;
  if (bits > kMaxProvenBits || constant) {
    required = std::max(required, static_cast<int>(std::min(bits, 4096u)) + kMargin);
  }
  constexpr int kMost = Reach<BigFloat<18>>::kBits;
  if (required > kMost) return {};
  const int enough = points_.needed() + (points_.rough() || points_.integers() ? 4 : 1);
  while (confirmed_ < met_ && agreeing_ < enough) {
    const int point = meeting_points_[static_cast<std::size_t>(confirmed_++)];
    bool sure = false;
    Look seen = constant ? Look::kMeet : confirm<DoubleDouble>(point, kMost, required, sure);
    if (seen != Look::kApart && !sure) {
      wide_ = true;
      seen = confirm<BigFloat<6>>(point, kMost, required, sure);
    }
    if (seen != Look::kApart && !sure) seen = confirm<BigFloat<18>>(point, kMost, required, sure);
    if (budget_.stopped()) return {};
    if (seen == Look::kApart) return {Truth::kFalse, Reason::kNumericDisjoint};
    if (sure) {
      ++agreeing_;
    } else if (++hidden_ > kMaxHidden) {
      return {};
    }
  }
  if (agreeing_ < points_.needed() || agreeing_ <= lost_ || agreeing_ <= undefined_) return {};
  const Reason reason = wide_ ? Reason::kNumericHp : Reason::kNumericDd;
  return {Truth::kTrue, agreed ? Reason::kFieldNumeric : reason};
}

Decision Comparison::run(std::uint32_t bits, bool agreed) noexcept {
  int wanted = std::min(points_.wanted(), kMaxPoints);
  for (;;) {
    Decision seen = survey(wanted);
    if (seen.truth == Truth::kUnknown) seen = visit_cells();
    if (seen.truth != Truth::kUnknown || budget_.stopped()) return seen;
    if (points_.constant() && claim_ == Claim::kEqual && met_ == 0 && lost_ + undefined_ <= 1) {
      // Out of reach of a double, perhaps not of the wider tiers.
      meeting_points_[0] = 0;
      met_ = 1;
      lost_ = 0;
    }
    const Decision decision = accept(bits, agreed);
    // A point where a large summand hides the others says nothing: another one may.
    const bool more = hidden_ > 0 && hidden_ <= kMaxHidden && met_ >= wanted && !points_.constant();
    if (decision.truth != Truth::kUnknown || budget_.stopped() || !more) return decision;
    wanted = std::min(met_ + points_.needed(), kMaxPoints);
    if (wanted == met_) return decision;
  }
}

Decision Comparison::decide(std::uint32_t bits, bool agreed) noexcept {
  Decision decision = run(bits, agreed);
  if (decision.truth == Truth::kUnknown && met_ == 0 && outside_ > 0 && !points_.integers() &&
      !budget_.stopped() && has_power_of_variable(gold_)) {
    // Nowhere real on the real line: the power of a negative number, so a sequence.
    points_ = SamplePoints({&gold_, &answer_}, true, salt_);
    base_ = -1;
    lost_ = 0;
    undefined_ = 0;
    next_ = 0;
    in_cells_ = false;
    decision = run(bits, agreed);
  }
  // An unknown function is no witness against anything.
  if (decision.truth == Truth::kFalse && points_.holds_call()) return {};
  return decision;
}

}  // namespace pyverify::expr
