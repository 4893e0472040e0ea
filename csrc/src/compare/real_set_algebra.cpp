#include "compare/real_set_algebra.hpp"

#include <utility>

#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::NodeId;

LiteralScalar::LiteralScalar(number::Rational value, std::uint64_t seed, support::Budget& budget) {
  tree_.root = expr::append_rational(tree_, value);
  expr::evaluate(tree_, expr::LogBase::kNatural, seed, values_, budget);
}

SetEnd infinite_end(int sign) noexcept {
  SetEnd end;
  end.infinity = sign;
  return end;
}

SetEnd literal_end(std::int64_t value, bool closed) noexcept {
  SetEnd end;
  end.value = number::integer(value);
  end.closed = closed;
  return end;
}

int infinity_sign_of(const Side& side, NodeId id) noexcept {
  int sign = 1;
  while (side[id].kind == Kind::kNeg) {
    sign = -sign;
    id = side[id].a;
  }
  return side[id].kind == Kind::kInfinity ? sign : 0;
}

expr::LogBase log_base_of(const Side& side) noexcept {
  return side.values == &side.reading->ten ? expr::LogBase::kTen : expr::LogBase::kNatural;
}

bool is_symbolic(const Side& side, NodeId id) noexcept {
  if (side.values->rational[id].valid()) return false;
  constexpr unsigned kNoConstant = expr::kHasVariable | expr::kOpaque | expr::kHasOperator;
  return (side.values->flags[id] & kNoConstant) != 0;
}

// ---- order

int SetAlgebra::order(const SetEnd& a, const SetEnd& b) {
  if (!budget_.spend(1)) return kUnordered;
  if (a.infinity != 0 || b.infinity != 0)
    return (a.infinity > b.infinity) - (a.infinity < b.infinity);
  if (a.node != expr::kNoNode && a.node == b.node) return 0;
  const auto rational = [&](const SetEnd& end) {
    return end.node == expr::kNoNode ? end.value : side_.values->rational[end.node];
  };
  const number::Rational left = rational(a);
  const number::Rational right = rational(b);
  if (left.valid() && right.valid()) return number::compare(left, right);
  const auto symbolic = [&](const SetEnd& end) {
    return end.node != expr::kNoNode && is_symbolic(side_, end.node);
  };
  if (symbolic(a) || symbolic(b)) return kUnordered;
  const expr::LogBase log_base = log_base_of(side_);
  // An integer's signature is the same under every seed, so any will do.
  if (a.node == expr::kNoNode) {
    const LiteralScalar literal(a.value, 0, budget_);
    return expr::order(literal.scalar(), side_.scalar(b.node), budget_, log_base);
  }
  if (b.node == expr::kNoNode) {
    const LiteralScalar literal(b.value, 0, budget_);
    return expr::order(side_.scalar(a.node), literal.scalar(), budget_, log_base);
  }
  return expr::order(side_.scalar(a.node), side_.scalar(b.node), budget_, log_base);
}

int SetAlgebra::order(Cut a, Cut b) {
  if (failed_) return 0;
  const int ends = order(*a.end, *b.end);
  if (ends == kUnordered) {
    failed_ = true;
    return 0;
  }
  return ends != 0 ? ends : (a.side > b.side) - (a.side < b.side);
}

SetAlgebra::Cut SetAlgebra::begin_of(const Segment& segment) noexcept {
  return {&segment.low, segment.low.closed ? -1 : 1};
}

SetAlgebra::Cut SetAlgebra::end_of(const Segment& segment) noexcept {
  return {&segment.high, segment.high.closed ? 1 : -1};
}

Segment SetAlgebra::between(Cut low, Cut high) noexcept {
  Segment segment{*low.end, *high.end};
  segment.low.closed = low.side < 0;
  segment.high.closed = high.side > 0;
  return segment;
}

bool SetAlgebra::push(Segments& out, const Segment& segment) {
  if (out.size() >= budget_.limits().elements) {
    budget_.stop(Reason::kLimitNodes);
    return false;
  }
  out.push_back(segment);
  return true;
}

// ---- operations

bool SetAlgebra::unite(const Segments& a, const Segments& b, Segments& out) {
  Segments result;
  std::size_t i = 0;
  std::size_t j = 0;
  while (!failed_ && (i < a.size() || j < b.size())) {
    const bool left = j == b.size() || (i < a.size() && order(begin_of(a[i]), begin_of(b[j])) <= 0);
    const Segment& next = left ? a[i++] : b[j++];
    if (result.empty() || order(begin_of(next), end_of(result.back())) > 0) {
      if (!push(result, next)) return false;
    } else if (order(end_of(next), end_of(result.back())) > 0) {
      result.back().high = next.high;
    }
  }
  out = std::move(result);
  return !failed_;
}

// By halves, so that many single points cost no more than sorting them.
bool SetAlgebra::unite_all(std::vector<Segments>& parts, Segments& out) {
  for (std::size_t step = 1; step < parts.size(); step *= 2) {
    for (std::size_t i = 0; i + step < parts.size(); i += 2 * step) {
      if (!unite(parts[i], parts[i + step], parts[i])) return false;
    }
  }
  if (parts.empty()) {
    out.clear();
  } else {
    out = std::move(parts.front());
  }
  return true;
}

bool SetAlgebra::intersect(const Segments& a, const Segments& b, Segments& out) {
  Segments result;
  std::size_t i = 0;
  std::size_t j = 0;
  while (!failed_ && i < a.size() && j < b.size()) {
    const Cut low = order(begin_of(a[i]), begin_of(b[j])) >= 0 ? begin_of(a[i]) : begin_of(b[j]);
    const int first = order(end_of(a[i]), end_of(b[j]));
    const Cut high = first <= 0 ? end_of(a[i]) : end_of(b[j]);
    if (order(low, high) < 0 && !push(result, between(low, high))) return false;
    if (first <= 0) ++i;
    if (first >= 0) ++j;
  }
  out = std::move(result);
  return !failed_;
}

bool SetAlgebra::complement(const Segments& a, Segments& out) {
  const SetEnd first = infinite_end(-1);
  const SetEnd last = infinite_end(1);
  Segments result;
  Cut from{&first, 1};
  for (const Segment& segment : a) {
    if (order(from, begin_of(segment)) < 0 && !push(result, between(from, begin_of(segment)))) {
      return false;
    }
    from = end_of(segment);
  }
  const Cut to{&last, -1};
  if (order(from, to) < 0 && !push(result, between(from, to))) return false;
  out = std::move(result);
  return !failed_;
}

}  // namespace pyverify::compare
