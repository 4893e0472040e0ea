#include "compare/real_set.hpp"

#include <utility>

#include "answer/words.hpp"
#include "compare/real_set_reader.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::NumberSet;

bool to_real_set(const Side& side, NodeId id, bool as_interval, RealSet& out,
                 support::Budget& budget) {
  out = RealSet{};
  return SetReader(side, budget).read(id, as_interval, out);
}

bool SetReader::read(NodeId id, bool as_interval, RealSet& out) {
  Draft draft;
  Context context;
  context.sets = as_interval;
  if (!node(id, context, draft) || !settle(draft) || budget_.stopped()) return false;
  out.segments = std::move(draft.segments);
  out.has_variable = draft.has_variable;
  out.variable = draft.variable;
  out.contradiction = draft.contradiction && out.segments.empty();
  return true;
}

bool SetReader::node(NodeId id, const Context& outer, Draft& out) {
  if (outer.depth > budget_.limits().depth) {
    budget_.stop(Reason::kLimitDepth);
    return false;
  }
  if (!budget_.spend(4)) return false;
  Context context = outer;
  ++context.depth;
  const Node& n = side_[id];
  switch (n.kind) {
    case Kind::kInterval:
      return interval(n.a, n.b, n.sub, Order::kAny, out);
    case Kind::kTuple:
      return pair(n, expr::kOpenOpen, context, out);
    case Kind::kBracket:
      return pair(n, expr::kClosedBoth, context, out);
    case Kind::kUnion:
    case Kind::kIntersection:
    case Kind::kDifference:
      return operation(id, context, out);
    case Kind::kSet:
      return set(n, context, out);
    case Kind::kEmptySet:
      return true;
    case Kind::kNumberSet:
      return number_set(static_cast<NumberSet>(n.sub), out);
    case Kind::kText:
      return words(n, out);
    case Kind::kRelation:
      return relation({static_cast<expr::Relation>(n.sub), n.a, n.b}, context, out);
    case Kind::kChain:
      return chain(n, context, out);
    case Kind::kList:
      return list(n, context, out);
    case Kind::kCondition:
      return builder(n, context, out);
    default:
      break;
  }
  NumberSet letter{};
  if (context.points && number_set_of(side_, id, letter)) return number_set(letter, out);
  if (!context.scalars || !expr::is_scalar(n.kind)) return false;
  SetEnd point;
  if (!end(id, true, point) || point.infinity != 0) return false;
  out.segments.push_back({point, point});
  return true;
}

// ---- ends and intervals

bool SetReader::end(NodeId id, bool closed, SetEnd& out) {
  out = SetEnd{};
  out.closed = closed;
  out.infinity = infinity_sign_of(side_, id);
  if (out.infinity != 0) return true;
  const std::uint16_t flags = side_.values->flags[id];
  constexpr unsigned kNoEnd = expr::kUndefined | expr::kHasInfinity | expr::kNotEvaluatedYet;
  if (!expr::is_scalar(side_[id].kind) || (flags & kNoEnd) != 0) return false;
  out.node = id;
  if (side_.values->rational[id].valid() || is_symbolic(side_, id)) return true;
  double ignored = 0;  // there is one only for a real number
  return expr::approximate(side_.scalar(id), ignored, budget_, log_base_of(side_));
}

bool SetReader::interval(NodeId low, NodeId high, std::uint8_t ends, Order wanted, Draft& out) {
  Segment segment;
  if (!end(low, (ends & expr::kClosedLeft) != 0, segment.low)) return false;
  if (!end(high, (ends & expr::kClosedRight) != 0, segment.high)) return false;
  const int order = algebra_.order(segment.low, segment.high);
  if (order == SetAlgebra::kUnordered) {
    const auto symbolic = [&](const SetEnd& end) {
      return end.infinity == 0 && is_symbolic(side_, end.node);
    };
    if (!symbolic(segment.low) && !symbolic(segment.high)) return false;
    out.unordered = true;
    out.segments.push_back(segment);
    return true;
  }
  const bool point = order == 0 && segment.low.closed && segment.high.closed;
  if (point && segment.low.infinity != 0) return false;
  if (point && wanted == Order::kIncreasing) return false;
  if (order < 0 || point) {
    out.segments.push_back(segment);
    return true;
  }
  return wanted == Order::kAny;
}

// (a, b) and [a, b]: an interval where one is asked for and a < b.
bool SetReader::pair(const Node& n, std::uint8_t ends, const Context& context, Draft& out) {
  if (n.b != 2 || n.sub != 0) return false;
  if (!context.sets && !is_infinite_pair(side_, n)) return false;
  const NodeId* items = side_.tree().items(n);
  const Order wanted = context.points ? Order::kIncreasingOrPoint : Order::kIncreasing;
  return interval(items[0], items[1], ends, wanted, out);
}

// ---- unions and the like

// Chains of operations nest to the left as deep as they are long: no recursion there.
bool SetReader::operation(NodeId id, const Context& outer, Draft& out) {
  const auto is_operation = [&](NodeId at) {
    const Kind kind = side_[at].kind;
    return kind == Kind::kUnion || kind == Kind::kIntersection || kind == Kind::kDifference;
  };
  Context context;
  context.sets = context.points = true;
  context.depth = outer.depth;
  std::vector<NodeId> spine;
  while (is_operation(id)) {
    spine.push_back(id);
    const Node& n = side_[id];
    id = n.kind == Kind::kDifference ? n.a : side_.tree().items(n)[0];
  }
  if (!node(id, context, out)) return false;
  for (; !spine.empty(); spine.pop_back()) {
    const Node& n = side_[spine.back()];
    const bool difference = n.kind == Kind::kDifference;
    context.scalars = difference;
    for (std::uint32_t i = 1; i < (difference ? 2 : n.b); ++i) {
      Draft right;
      if (!node(difference ? n.b : side_.tree().items(n)[i], context, right)) return false;
      if (!operand(n.kind, right, out)) return false;
    }
  }
  return true;
}

bool SetReader::operand(Kind kind, const Draft& right, Draft& left) {
  if (kind == Kind::kUnion) return unite(right, left);
  if (kind == Kind::kIntersection) return intersect(right, left);
  Draft without = right;
  return complement(without) && intersect(without, left);
}

// ---- sets written out

bool SetReader::points(const Node& n, Draft& out) {
  std::vector<Segments> parts;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    SetEnd point;
    if (!end(side_.tree().items(n)[i], true, point) || point.infinity != 0) return false;
    parts.push_back({{point, point}});
  }
  return algebra_.unite_all(parts, out.segments);
}

// {1, 2} where a set is asked for; {x > 2} is the set of those x anyway.
bool SetReader::set(const Node& n, const Context& context, Draft& out) {
  if (n.b == 1) {
    const NodeId item = side_.tree().items(n)[0];
    const Kind kind = side_[item].kind;
    if (kind == Kind::kRelation || kind == Kind::kChain)
      return is_condition(side_, item) && node(item, context, out);
  }
  return context.sets && points(n, out);
}

bool SetReader::number_set(NumberSet set, Draft& out) {
  Segment line{infinite_end(-1), infinite_end(1)};
  switch (set) {
    case NumberSet::kReal:
      break;
    case NumberSet::kRealPositive:
      line.low = literal_end(0, false);
      break;
    case NumberSet::kRealNegative:
      line.high = literal_end(0, false);
      break;
    case NumberSet::kInteger:
      out.integers = true;
      break;
    case NumberSet::kIntegerPositive:
    case NumberSet::kNaturalPositive:
      line.low = literal_end(1, true);
      out.integers = true;
      break;
    case NumberSet::kIntegerNegative:
      line.high = literal_end(-1, true);
      out.integers = true;
      break;
    case NumberSet::kNatural:
      line.low = literal_end(0, true);
      out.integers = out.zero_unclear = true;
      break;
    case NumberSet::kRational:
    case NumberSet::kComplex:
      return false;
  }
  out.segments.push_back(line);
  return true;
}

bool SetReader::words(const Node& n, Draft& out) {
  using answer::TextClass;
  switch (answer::classify_text(side_.reading->text_of(n))) {
    case TextClass::kNoSolution:
      return true;
    case TextClass::kAllReals:
      return number_set(NumberSet::kReal, out);
    case TextClass::kPositiveReals:
      return number_set(NumberSet::kRealPositive, out);
    case TextClass::kNegativeReals:
      return number_set(NumberSet::kRealNegative, out);
    default:
      return exceptions(side_.reading->text_of(n), out);
  }
}

// "all real numbers except 2 and 3": the line without some integers.
bool SetReader::exceptions(std::string_view text, Draft& out) {
  std::size_t at = std::string_view::npos;
  std::size_t behind = 0;
  for (const std::string_view word :
       {" except for ", " except ", " other than ", " excluding ", " but not "}) {
    at = text.find(word);
    behind = at + word.size();
    if (at != std::string_view::npos) break;
  }
  if (at == std::string_view::npos ||
      answer::classify_text(text.substr(0, at)) != answer::TextClass::kAllReals)
    return false;
  Draft points;
  std::vector<Segments> parts;
  std::string_view rest = text.substr(behind);
  const auto skip = [&rest](std::string_view word) {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
  };
  while (!rest.empty()) {
    if (skip(" ") || skip(",") || skip("$") || skip("and ") || skip("x=") || skip("x = ") ||
        skip("}") || skip("{"))
      continue;
    const bool negative = skip("-");
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && digits < 17 && rest[digits] >= '0' && rest[digits] <= '9';
         ++digits) {
      value = value * 10 + (rest[digits] - '0');
    }
    if (digits == 0) return false;
    rest.remove_prefix(digits);
    if (!rest.empty() && rest.front() != ' ' && rest.front() != ',' && rest.front() != '$' &&
        rest.front() != '}')
      return false;
    const SetEnd point = literal_end(negative ? -value : value, true);
    parts.push_back({{point, point}});
  }
  return !parts.empty() && parts.size() <= 16 && algebra_.unite_all(parts, points.segments) &&
         number_set(NumberSet::kReal, out) && operand(Kind::kDifference, points, out);
}

}  // namespace pyverify::compare
