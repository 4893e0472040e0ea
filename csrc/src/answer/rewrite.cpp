// Rewrites after parsing: +- written out, i j k read as a vector.
#include <algorithm>
#include <array>
#include <utility>

#include "answer/reading.hpp"
#include "answer/words.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::Tree;

// Calls `visit` for the nodes of a subtree until it returns false.
template <class Visit>
bool walk(const Tree& tree, NodeId root, const Visit& visit) {
  std::vector<NodeId> open{root};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (!visit(id)) return false;
    const Node& n = tree[id];
    if (expr::has_items(n.kind)) {
      for (std::uint32_t i = n.b; i-- > 0;) open.push_back(tree.items(n)[i]);
      continue;
    }
    switch (n.kind) {
      case Kind::kNumber:
      case Kind::kSymbol:
      case Kind::kPi:
      case Kind::kE:
      case Kind::kI:
      case Kind::kInfinity:
      case Kind::kText:
      case Kind::kNumberSet:
      case Kind::kEmptySet:
      case Kind::kBased:
      case Kind::kTime:
      case Kind::kEllipsis:
        break;
      case Kind::kNeg:
      case Kind::kFunction:
      case Kind::kAbs:
      case Kind::kFloor:
      case Kind::kCeil:
      case Kind::kFactorial:
      case Kind::kDoubleFactorial:
      case Kind::kReal:
      case Kind::kImag:
      case Kind::kConj:
      case Kind::kDegree:
      case Kind::kPercent:
      case Kind::kQuantity:
      case Kind::kMoney:
        open.push_back(n.a);
        break;
      default:
        open.push_back(n.b);
        if (n.a != expr::kNoNode) open.push_back(n.a);
    }
  }
  return true;
}

// A choice of signs: asked by clone() for every node, it writes +- out.
struct Signs {
  const std::vector<NodeId>& marks;
  const std::vector<std::uint32_t>& variable;
  std::uint32_t choice;

  NodeId operator()(Tree& tree, NodeId id) const {
    if (tree[id].kind != Kind::kPlusMinus) return expr::kNoNode;
    std::size_t which = 0;
    while (marks[which] != id) ++which;
    const Node mark = tree[id];
    const bool minus = (((choice >> variable[which]) & 1u) != 0) != (mark.sub == 1);
    const NodeId a = mark.a == expr::kNoNode ? expr::kNoNode : expr::clone(tree, mark.a, *this);
    const NodeId b = expr::clone(tree, mark.b, *this);
    if (a != expr::kNoNode) return expr::append_binary(tree, minus ? Kind::kSub : Kind::kAdd, a, b);
    if (!minus) return b;
    if (tree[b].kind != Kind::kTuple) return expr::append_unary(tree, Kind::kNeg, b);
    std::vector<NodeId> entries(tree.items(tree[b]),
                                tree.items(tree[b]) + tree[b].b);  // \pm (1, 2)
    for (NodeId& entry : entries) entry = expr::append_unary(tree, Kind::kNeg, entry);
    return expr::append_items(tree, Kind::kTuple, entries, tree[b].sub);
  }
};

// An inequality, or a chain that holds one.
bool is_bounded(const Tree& tree, NodeId id) {
  const auto inequality = [&](NodeId relation) {
    const auto which = static_cast<expr::Relation>(tree[relation].sub);
    return which >= expr::Relation::kLess && which <= expr::Relation::kGreaterEqual;
  };
  const Node& n = tree[id];
  if (n.kind == Kind::kRelation) return inequality(id);
  return n.kind == Kind::kChain && std::any_of(tree.items(n), tree.items(n) + n.b, inequality);
}

// Appends the copies of `item` with every choice of signs: each +- is independent, -+ follows the
// +- before it.
bool expand_item(Tree& tree, NodeId item, std::vector<NodeId>& out) {
  std::vector<NodeId> marks;
  walk(tree, item, [&](NodeId id) {
    if (tree[id].kind == Kind::kPlusMinus) marks.push_back(id);
    return marks.size() <= 12;
  });
  if (marks.empty()) {
    out.push_back(item);
    return true;
  }
  if (is_bounded(tree, item)) return false;  // x > \pm 3 has no settled meaning
  std::vector<std::uint32_t> variable(marks.size());
  std::uint32_t variables = 0;
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (tree[marks[i]].sub == 0) last = variables++;
    variable[i] = last;
  }
  variables = std::max(variables, 1u);
  if (variables > 4 || marks.size() > 12) return false;
  for (std::uint32_t choice = 0; choice < (1u << variables); ++choice) {
    out.push_back(expr::clone(tree, item, Signs{marks, variable, choice}));
  }
  return true;
}

// The letter of the unit vector a node stands for, 0 when it is none. `plain`: an unmarked i, j, k
// counts too.
char basis_letter(const Tree& tree, NodeId id, bool plain) {
  const Node& n = tree[id];
  if (n.kind == Kind::kI) return plain ? 'i' : '\0';
  if (n.kind != Kind::kSymbol) return '\0';
  const std::uint64_t name = tree.symbols[n.a].name;
  for (const char letter : {'i', 'j', 'k'}) {
    if (name == latex::basis_name(letter)) return letter;
    if (plain && letter != 'i' && name == number::mix(static_cast<unsigned char>(letter)))
      return letter;
  }
  return '\0';
}

// Splits a sum into its addends with their signs.
bool addends(const Tree& tree, NodeId root, std::vector<std::pair<NodeId, bool>>& out) {
  std::vector<std::pair<NodeId, bool>> open{{root, false}};
  while (!open.empty()) {
    const auto [id, negative] = open.back();
    open.pop_back();
    const Node& n = tree[id];
    if (n.kind == Kind::kAdd || n.kind == Kind::kSub) {
      open.emplace_back(n.b, negative != (n.kind == Kind::kSub));
      open.emplace_back(n.a, negative);
    } else if (n.kind == Kind::kNeg) {
      open.emplace_back(n.a, !negative);
    } else {
      out.emplace_back(id, negative);
      if (out.size() > 8) return false;
    }
  }
  return true;
}

struct ReplaceByOne {
  NodeId target;
  NodeId operator()(Tree& tree, NodeId id) const {
    return id == target ? expr::append_rational(tree, number::integer(1)) : expr::kNoNode;
  }
};

// a i + b j + c k as a tuple of its coefficients; kNoNode when the sum has another shape.
NodeId as_tuple(Tree& tree, NodeId root, bool plain) {
  std::vector<std::pair<NodeId, bool>> parts;
  if (!addends(tree, root, parts)) return expr::kNoNode;
  std::array<NodeId, 3> entry{expr::kNoNode, expr::kNoNode, expr::kNoNode};
  for (const auto& [part, negative] : parts) {
    NodeId found = expr::kNoNode;
    std::uint32_t count = 0;
    walk(tree, part, [&](NodeId id) {
      if (basis_letter(tree, id, plain) != '\0') {
        found = id;
        ++count;
      }
      return true;
    });
    if (count != 1) return expr::kNoNode;
    // the unit vector must be a plain factor
    NodeId at = part;
    while (at != found) {
      const Node& n = tree[at];
      if (n.kind != Kind::kMul && n.kind != Kind::kDiv && n.kind != Kind::kNeg)
        return expr::kNoNode;
      bool right = false;
      if (n.kind == Kind::kMul)
        walk(tree, n.b, [&](NodeId id) {
          right |= id == found;
          return !right;
        });
      at = right ? n.b : n.a;
      if (n.kind == Kind::kDiv) {
        bool below = false;
        walk(tree, n.b, [&](NodeId id) {
          below |= id == found;
          return !below;
        });
        if (below) return expr::kNoNode;
      }
    }
    const std::size_t which = static_cast<std::size_t>(basis_letter(tree, found, plain) - 'i');
    if (entry[which] != expr::kNoNode) return expr::kNoNode;
    NodeId coefficient = expr::clone(tree, part, ReplaceByOne{found});
    if (negative) coefficient = expr::append_unary(tree, Kind::kNeg, coefficient);
    entry[which] = coefficient;
  }
  std::vector<NodeId> items;
  const std::size_t size = entry[2] == expr::kNoNode ? 2 : 3;
  for (std::size_t i = 0; i < size; ++i) {
    items.push_back(entry[i] == expr::kNoNode ? expr::append_rational(tree, number::integer(0))
                                              : entry[i]);
  }
  return expr::append_items(tree, Kind::kTuple, items, 1);
}

}  // namespace

bool write_out_plus_minus(Reading& reading, support::Budget& budget) {
  Tree& tree = reading.parsed.tree;
  const Node root = tree[tree.root];
  std::vector<NodeId> items;
  const bool collection = root.kind == Kind::kList || root.kind == Kind::kSet;
  if (collection) {
    const std::vector<NodeId> before(tree.items(root), tree.items(root) + root.b);
    for (const NodeId item : before) {
      if (!expand_item(tree, item, items)) return false;
      if (items.size() > budget.limits().elements || tree.nodes.size() > 2 * budget.limits().nodes)
        return false;
    }
  } else if (!expand_item(tree, tree.root, items)) {
    return false;
  }
  budget.spend(static_cast<std::uint32_t>(tree.nodes.size()));
  tree.root =
      expr::append_items(tree, collection ? root.kind : Kind::kList, items, latex::kByComma);
  return true;
}

void unit_vectors_to_tuples(Reading& reading) {
  Tree& tree = reading.parsed.tree;
  bool marked = false;
  bool j_or_k = false;
  for (const expr::Symbol& symbol : tree.symbols) {
    for (const char letter : {'i', 'j', 'k'}) {
      marked |= symbol.name == latex::basis_name(letter);
      if (letter != 'i') j_or_k |= symbol.name == number::mix(static_cast<unsigned char>(letter));
    }
  }
  bool imaginary = false;
  if (j_or_k && !marked) {
    for (const Node& node : tree.nodes) imaginary |= node.kind == Kind::kI;
  }
  if (!marked && !(j_or_k && imaginary)) return;
  const auto convert = [&](NodeId id) {
    return expr::is_scalar(tree[id].kind) ? as_tuple(tree, id, !marked) : expr::kNoNode;
  };
  if (tree[tree.root].kind == Kind::kRelation) {
    const NodeId made = convert(tree[tree.root].b);
    if (made != expr::kNoNode) {
      tree.nodes[tree.root].b = made;
      tree.nodes[tree.root].aux = 0;
    }
    return;
  }
  const NodeId made = convert(tree.root);
  if (made != expr::kNoNode) tree.root = made;
}

}  // namespace pyverify::answer
