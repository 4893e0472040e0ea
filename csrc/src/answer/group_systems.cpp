// x = 1, y = 2 or x = 3, y = 4: solutions of a system one behind the other, written as pairs.
#include "answer/reading.hpp"
#include "expr/build.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::Tree;

// Longer systems are nobody's answer.
constexpr std::size_t kMostUnknowns = 6;

bool assigns(const Tree& tree, NodeId item) {
  const Node& n = tree[item];
  return n.kind == Kind::kRelation && n.sub == static_cast<std::uint8_t>(expr::Relation::kEqual) &&
         tree[n.a].kind == Kind::kSymbol && expr::is_scalar(tree[n.b].kind);
}

std::uint64_t name_of(const Tree& tree, NodeId item) {
  return tree.symbols[tree[tree[item].a].a].name;
}

}  // namespace

void group_systems(Reading& reading) {
  Tree& tree = reading.parsed.tree;
  const Node root = tree[tree.root];
  if (root.kind != Kind::kList) return;
  std::vector<NodeId> items;
  for (std::uint32_t i = 0; i < root.b; ++i) {
    const NodeId item = tree.items(root)[i];
    const Node& n = tree[item];
    if (n.kind == Kind::kList) {  // a braced system
      items.insert(items.end(), tree.items(n), tree.items(n) + n.b);
    } else {
      items.push_back(item);
    }
  }
  if (items.size() < 4) return;
  for (const NodeId item : items) {
    if (!assigns(tree, item)) return;
  }
  // the unknowns are the names up to the first that comes again
  std::size_t unknowns = 1;
  while (unknowns < items.size() && name_of(tree, items[unknowns]) != name_of(tree, items[0]))
    ++unknowns;
  if (unknowns < 2 || unknowns > kMostUnknowns || unknowns == items.size() ||
      items.size() % unknowns != 0)
    return;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (name_of(tree, items[i]) != name_of(tree, items[i % unknowns])) return;
    for (std::size_t j = 0; j < i % unknowns; ++j) {
      if (name_of(tree, items[i]) == name_of(tree, items[j])) return;
    }
  }
  std::vector<NodeId> solutions;
  for (std::size_t i = 0; i < items.size(); i += unknowns) {
    std::vector<NodeId> names;
    std::vector<NodeId> values;
    for (std::size_t j = i; j < i + unknowns; ++j) {
      names.push_back(tree[items[j]].a);
      values.push_back(tree[items[j]].b);
    }
    const NodeId left = expr::append_items(tree, Kind::kTuple, names);
    const NodeId right = expr::append_items(tree, Kind::kTuple, values);
    solutions.push_back(expr::append_binary(tree, Kind::kRelation, left, right,
                                            static_cast<std::uint8_t>(expr::Relation::kEqual)));
  }
  tree.root = expr::append_items(tree, Kind::kList, solutions, root.sub);
}

}  // namespace pyverify::answer
