// Which nodes are sets of reals by their form.
#include "compare/real_set_reader.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::NumberSet;
using expr::Relation;

namespace {

// Deeper nesting of lists in set-builders in lists is nobody's answer.
constexpr int kMostNesting = 8;

bool is_form(const Side& side, NodeId id, int depth);

bool is_real_number_set(const Side& side, NodeId id) {
  NumberSet set{};
  if (!number_set_of(side, id, set)) return false;
  return set == NumberSet::kReal || set == NumberSet::kRealPositive ||
         set == NumberSet::kRealNegative;
}

// What may stand behind "in".
bool is_set(const Side& side, NodeId id, int depth) {
  const Node& n = side[id];
  const bool pair = (n.kind == Kind::kTuple || n.kind == Kind::kBracket) && n.b == 2;
  return pair || n.kind == Kind::kSet || is_real_number_set(side, id) ||
         is_form(side, id, depth + 1);
}

// One side of an inequality; x < 1 \cup x > 4 has a union in its middle.
bool is_side(const Side& side, NodeId id) {
  const Node& n = side[id];
  if (n.kind != Kind::kUnion && n.kind != Kind::kIntersection) return expr::is_scalar(n.kind);
  for (std::uint32_t i = 0; i < n.b; ++i) {
    if (!expr::is_scalar(side[side.tree().items(n)[i]].kind)) return false;
  }
  return true;
}

// `loose`: an equation or "k in Z" counts too, as one condition among others.
bool is_relation_form(const Side& side, NodeId id, bool loose, int depth) {
  const Node& n = side[id];
  NumberSet set{};
  switch (static_cast<Relation>(n.sub)) {
    case Relation::kNotEqual:
    case Relation::kLess:
    case Relation::kLessEqual:
    case Relation::kGreater:
    case Relation::kGreaterEqual:
      return is_side(side, n.a) && is_side(side, n.b);
    case Relation::kIn:
    case Relation::kNotIn:
      if (side[n.a].kind != Kind::kSymbol) return false;
      return is_set(side, n.b, depth) || (loose && number_set_of(side, n.b, set));
    default:
      return false;
  }
}

bool is_chain_form(const Side& side, const Node& n, bool loose, int depth) {
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const NodeId link = side.tree().items(n)[i];
    if (side[link].kind != Kind::kRelation || !is_relation_form(side, link, loose, depth))
      return false;
  }
  return true;
}

bool is_condition_at(const Side& side, NodeId id, int depth) {
  if (depth > kMostNesting) return false;
  const Node& n = side[id];
  if (n.kind == Kind::kRelation) return is_relation_form(side, id, true, depth);
  if (n.kind == Kind::kChain) return is_chain_form(side, n, true, depth);
  if (n.kind != Kind::kList) return false;
  bool excluding = false;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const NodeId item = side.tree().items(n)[i];
    const Node& part = side[item];
    if (excluding && expr::is_scalar(part.kind)) continue;  // x != 1, 2
    const bool relation = part.kind == Kind::kRelation;
    excluding = relation && static_cast<Relation>(part.sub) == Relation::kNotEqual;
    const bool point = relation && static_cast<Relation>(part.sub) == Relation::kEqual &&
                       (n.sub & latex::kByOr) != 0;
    if (!point && !is_condition_at(side, item, depth + 1)) return false;
  }
  return true;
}

// A list of conditions or, joined by "or", of sets; one at least must be no mere equation or "k in
// Z".
bool is_list_form(const Side& side, const Node& n, int depth) {
  const bool by_or = (n.sub & latex::kByOr) != 0;
  bool any = false;
  bool excluding = false;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const NodeId item = side.tree().items(n)[i];
    const Node& part = side[item];
    const bool relation = part.kind == Kind::kRelation;
    if (excluding && !by_or && expr::is_scalar(part.kind)) continue;
    excluding = relation && static_cast<Relation>(part.sub) == Relation::kNotEqual;
    if (is_form(side, item, depth + 1)) {
      if (!by_or && !is_condition_at(side, item, depth + 1)) return false;
      any = true;
      continue;
    }
    const bool equation = relation && static_cast<Relation>(part.sub) == Relation::kEqual;
    const bool operand = by_or && (equation || (any && is_set(side, item, depth)));
    if (!operand && !is_condition_at(side, item, depth + 1)) return false;
  }
  return any;
}

bool is_form(const Side& side, NodeId id, int depth) {
  if (depth > kMostNesting) return false;
  const Node& n = side[id];
  switch (n.kind) {
    case Kind::kInterval:
    case Kind::kUnion:
    case Kind::kIntersection:
    case Kind::kDifference:
    case Kind::kEmptySet:
      return true;
    case Kind::kNumberSet:
      return is_real_number_set(side, id);
    case Kind::kTuple:
    case Kind::kBracket:
      return is_infinite_pair(side, n);
    case Kind::kRelation:
      return is_relation_form(side, id, false, depth);
    case Kind::kChain:
      return is_chain_form(side, n, false, depth);
    case Kind::kList:
      return is_list_form(side, n, depth);
    case Kind::kSet: {
      if (n.b != 1) return false;
      const NodeId item = side.tree().items(n)[0];
      const Kind kind = side[item].kind;
      return (kind == Kind::kRelation || kind == Kind::kChain) && is_form(side, item, depth + 1);
    }
    case Kind::kCondition: {
      const Node& body = side[n.a];
      const bool member =
          body.kind == Kind::kRelation && static_cast<Relation>(body.sub) == Relation::kIn;
      const NodeId variable = member ? body.a : n.a;
      return side[variable].kind == Kind::kSymbol && is_condition_at(side, n.b, depth + 1);
    }
    default:
      return false;
  }
}

}  // namespace

bool number_set_of(const Side& side, NodeId id, NumberSet& set) noexcept {
  const Node& n = side[id];
  if (n.kind == Kind::kNumberSet) {
    set = static_cast<NumberSet>(n.sub);
    return true;
  }
  if (n.kind != Kind::kSymbol) return false;
  const std::uint64_t name = side.tree().symbols[n.a].name;
  const auto is = [name](char letter) {
    return name == number::mix(static_cast<unsigned char>(letter));
  };
  if (is('R')) {
    set = NumberSet::kReal;
  } else if (is('Z')) {
    set = NumberSet::kInteger;
  } else if (is('N')) {
    set = NumberSet::kNatural;
  } else {
    return false;
  }
  return true;
}

bool is_infinite_pair(const Side& side, const Node& n) noexcept {
  if (n.b != 2 || n.sub != 0) return false;
  const NodeId* items = side.tree().items(n);
  return infinity_sign_of(side, items[0]) < 0 || infinity_sign_of(side, items[1]) > 0;
}

bool is_condition(const Side& side, NodeId id) { return is_condition_at(side, id, 0); }

bool is_set_form(const Side& side, NodeId id) { return is_form(side, id, 0); }

}  // namespace pyverify::compare
