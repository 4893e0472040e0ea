// Sets given by conditions on one variable: solved inequalities, chains and lists of them,
// set-builders.
#include <algorithm>
#include <utility>

#include "compare/real_set_reader.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::Relation;

namespace {

Relation relation_of(const Node& n) { return static_cast<Relation>(n.sub); }

bool is_less(Relation relation) {
  return relation == Relation::kLess || relation == Relation::kLessEqual;
}
bool is_greater(Relation relation) {
  return relation == Relation::kGreater || relation == Relation::kGreaterEqual;
}
bool is_closed(Relation relation) {
  return relation == Relation::kLessEqual || relation == Relation::kGreaterEqual;
}

}  // namespace

bool SetReader::is_variable(NodeId id, const Context& context, std::uint64_t& name) const noexcept {
  const Node& n = side_[id];
  if (n.kind != Kind::kSymbol && n.kind != Kind::kCall) return false;
  name = side_.tree().symbols[n.kind == Kind::kCall ? n.aux : n.a].name;  // 2 < f(x) < 6
  return !context.declared || name == context.variable;
}

bool SetReader::mentions(NodeId id, std::uint64_t name) {
  const NodeId low = side_[id].lo;
  if (!budget_.spend(1 + (id - low) / 8)) return true;
  for (NodeId i = low; i <= id; ++i) {
    const Node& n = side_[i];
    if (n.kind == Kind::kSymbol && side_.tree().symbols[n.a].name == name) return true;
  }
  return false;
}

// x < 5, 5 > x, x != 5, x = 5, x in S. The variable stands alone on one side, the rest is constant
// (in a set-builder it may hold other letters, since the variable is known).
bool SetReader::relation(const Link& link, const Context& context, Draft& out) {
  const Relation which = link.relation;
  if (which == Relation::kIn || which == Relation::kNotIn) return membership(link, context, out);
  const auto solved_for = [&](NodeId variable, NodeId bound) {
    std::uint64_t name = 0;
    if (!is_variable(variable, context, name)) return false;
    const bool constant = (side_.values->flags[bound] & expr::kHasVariable) == 0;
    if (!constant && (!context.declared || mentions(bound, name))) return false;
    out.has_variable = true;
    out.variable = name;
    return true;
  };
  const bool left = solved_for(link.left, link.right);
  if (!left && !solved_for(link.right, link.left)) return false;
  SetEnd bound;
  if (!end(left ? link.right : link.left, false, bound)) return false;
  bound.closed = is_closed(which) && bound.infinity == 0;
  Segment below{infinite_end(-1), bound};
  Segment above{bound, infinite_end(1)};
  if (is_less(which) || is_greater(which)) {
    const Segment& part = is_less(which) == left ? below : above;
    const int order = algebra_.order(part.low, part.high);
    if (order < 0) out.segments.push_back(part);  // x > infinity: nothing
    return order != SetAlgebra::kUnordered;
  }
  if (bound.infinity != 0) return false;
  if (which == Relation::kNotEqual) {
    out.segments = {below, above};
    return true;
  }
  if (which != Relation::kEqual) return false;
  bound.closed = true;
  out.segments.push_back({bound, bound});
  return true;
}

bool SetReader::membership(const Link& link, const Context& context, Draft& out) {
  std::uint64_t name = 0;
  if (!is_variable(link.left, context, name)) return false;
  Context inner;
  inner.sets = inner.points = true;
  inner.depth = context.depth;
  if (!node(link.right, inner, out) || out.has_variable) return false;
  const auto free_of = [&](const SetEnd& end) {
    return end.node == expr::kNoNode || !mentions(end.node, name);
  };
  for (const Segment& segment : out.segments) {
    if (!free_of(segment.low) || !free_of(segment.high)) return false;
  }
  out.has_variable = true;
  out.variable = name;
  return link.relation == Relation::kIn || complement(out);
}

// ---- chains

// 1 < x <= 2 as an interval, so that -a < x < a is one too. `done` stays false when the two links
// are something else.
bool SetReader::between(const Link& first, const Link& second, const Context& context, bool& done,
                        Draft& out) {
  const bool up = is_less(first.relation) && is_less(second.relation);
  const bool down = is_greater(first.relation) && is_greater(second.relation);
  std::uint64_t name = 0;
  if ((!up && !down) || !is_variable(first.right, context, name)) return true;
  const Link& below = up ? first : second;
  const Link& above = up ? second : first;
  const NodeId low = up ? below.left : below.right;
  const NodeId high = up ? above.right : above.left;
  const auto symbolic = [&](NodeId id) {
    return expr::is_scalar(side_[id].kind) && is_symbolic(side_, id);
  };
  if (!symbolic(low) && !symbolic(high)) return true;
  done = true;
  if (mentions(low, name) || mentions(high, name)) return false;
  out.has_variable = true;
  out.variable = name;
  int ends = expr::kOpenOpen;
  if (is_closed(below.relation) && infinity_sign_of(side_, low) == 0) ends |= expr::kClosedLeft;
  if (is_closed(above.relation) && infinity_sign_of(side_, high) == 0) ends |= expr::kClosedRight;
  return interval(low, high, static_cast<std::uint8_t>(ends), Order::kAny, out);
}

bool SetReader::conjunction(const std::vector<Link>& links, const Context& context, Draft& out) {
  if (links.size() == 2) {
    bool done = false;
    if (!between(links[0], links[1], context, done, out)) return false;
    if (done) return true;
  }
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i].relation == Relation::kEqual && links.size() > 1) return false;
    Draft part;
    if (!relation(links[i], context, part)) return false;
    if (i == 0) {
      out = std::move(part);
    } else if (!intersect(part, out)) {
      return false;
    }
  }
  return true;
}

// 1 < x < 2 < y is none. A union sign binds tighter than a relation, so that x < 1 \cup x > 4 comes
// as the chain x < (1 \cup x) > 4: it is taken apart there again.
bool SetReader::chain(const Node& n, const Context& context, Draft& out) {
  const auto joint = [&](NodeId id) {
    return (side_[id].kind == Kind::kUnion || side_[id].kind == Kind::kIntersection) &&
           side_[id].b == 2;
  };
  std::vector<Link> links;
  Kind join = Kind::kScalarEnd;  // what stands before these links
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const Node& link = side_[side_.tree().items(n)[i]];
    if (link.kind != Kind::kRelation) return false;
    Link made{relation_of(link), link.a, link.b};
    if (i > 0 && joint(made.left)) made.left = side_.tree().items(side_[made.left])[1];
    const bool last = i + 1 == n.b;
    const bool ends_here = last || joint(made.right);
    if (!last && ends_here) made.right = side_.tree().items(side_[made.right])[0];
    links.push_back(made);
    if (!ends_here) continue;
    Draft part;
    if (!conjunction(links, context, part)) return false;
    links.clear();
    if (join == Kind::kScalarEnd) {
      out = std::move(part);
    } else if (!operand(join, part, out)) {
      return false;
    }
    join = side_[link.b].kind;
  }
  return true;
}

// ---- lists

// A comma and "and" between inequalities mean that all hold (GRADING 17).
bool SetReader::list(const Node& n, const Context& context, Draft& out) {
  const bool by_or = (n.sub & latex::kByOr) != 0;
  const bool by_and = (n.sub & latex::kByAnd) != 0;
  if (by_or && by_and) return false;  // which binds first is not written
  if (by_or) return alternatives(n, context, out);
  const NodeId* items = side_.tree().items(n);
  if (context.sets && expr::is_scalar(side_[items[0]].kind)) return points(n, out);
  bool excluding = false;  // x != 1, 2
  bool first = true;
  bool any_empty = false;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const Node& item = side_[items[i]];
    Draft part;
    if (excluding && expr::is_scalar(item.kind)) {
      Context point;
      point.scalars = true;
      point.depth = context.depth;
      if (!node(items[i], point, part) || !complement(part)) return false;
    } else {
      excluding = item.kind == Kind::kRelation && relation_of(item) == Relation::kNotEqual;
      if (!is_condition(side_, items[i]) || !node(items[i], context, part)) return false;
    }
    any_empty |= part.segments.empty();
    if (first) {
      out = std::move(part);
      first = false;
    } else if (!intersect(part, out)) {
      return false;
    }
  }
  out.contradiction = !any_empty && out.segments.empty();
  return true;
}

// x < 1 or x > 4, x = 0 or x > 2, x in (1, 2) or (3, 4).
bool SetReader::alternatives(const Node& n, const Context& outer, Draft& out) {
  Context context = outer;
  context.sets = false;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const NodeId id = side_.tree().items(n)[i];
    const Node& item = side_[id];
    Draft part;
    if (item.kind == Kind::kText) return false;  // x > 1 or no solution
    if (!node(id, context, part)) return false;
    if (i == 0) {
      if (!settle(part)) return false;
      out = std::move(part);
    } else if (!unite(part, out)) {
      return false;
    }
    // behind "x in" or an interval the next one may stand alone
    const bool pair = item.kind == Kind::kTuple || item.kind == Kind::kBracket;
    context.sets |= pair || item.kind == Kind::kInterval || item.kind == Kind::kUnion ||
                    (item.kind == Kind::kRelation && relation_of(item) == Relation::kIn);
  }
  return true;
}

// ---- set-builders

// {x | x > 2}, {x in R : x != 2}. The name of the variable means nothing outside.
bool SetReader::builder(const Node& n, const Context& context, Draft& out) {
  const Node& body = side_[n.a];
  Context inner;
  inner.depth = context.depth;
  inner.declared = true;
  const bool member = body.kind == Kind::kRelation && relation_of(body) == Relation::kIn;
  if (!is_variable(member ? body.a : n.a, Context{}, inner.variable)) return false;
  if (member) {
    if (!membership({Relation::kIn, body.a, body.b}, inner, out)) return false;
  } else {
    out.segments.push_back({infinite_end(-1), infinite_end(1)});
  }
  Draft condition;
  if (!is_condition(side_, n.b) || !node(n.b, inner, condition) || !condition.has_variable)
    return false;
  if (!intersect(condition, out)) return false;
  out.contradiction = condition.contradiction;
  out.has_variable = false;
  return true;
}

}  // namespace pyverify::compare
