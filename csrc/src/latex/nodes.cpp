// Building nodes: bounds, and arithmetic on vectors and quantities.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::Node;
using expr::NodeId;

std::uint64_t name_hash(std::uint64_t base, std::uint64_t part) noexcept {
  return number::mix(base, part);
}
std::uint64_t basis_name(char letter) noexcept {
  return number::mix(0x62617369, static_cast<std::uint64_t>(letter));
}

NodeId Parser::add_node(Kind kind, std::uint32_t a, std::uint32_t b, std::uint8_t sub,
                        std::uint16_t aux, NodeId lo) noexcept {
  if (failed()) return kFailed;
  if (tree_.nodes.size() >= budget_.limits().nodes) return fail(Reason::kLimitNodes);
  const auto self = static_cast<NodeId>(tree_.nodes.size());
  Node made;
  made.kind = kind;
  made.sub = sub;
  made.aux = aux;
  made.a = a;
  made.b = b;
  made.lo = std::min(lo, self);
  tree_.nodes.push_back(made);
  return self;
}

NodeId Parser::leaf(Kind kind, std::uint32_t a, std::uint8_t sub) noexcept {
  return add_node(kind, a, 0, sub, 0, static_cast<NodeId>(tree_.nodes.size()));
}

NodeId Parser::unary_node(Kind kind, NodeId a, std::uint8_t sub) noexcept {
  return a == kFailed ? kFailed : add_node(kind, a, 0, sub, 0, node(a).lo);
}

NodeId Parser::binary_node(Kind kind, NodeId a, NodeId b, std::uint8_t sub) noexcept {
  if (a == kFailed || b == kFailed) return kFailed;
  return add_node(kind, a, b, sub, 0, std::min(node(a).lo, node(b).lo));
}

NodeId Parser::items_node(Kind kind, const std::vector<NodeId>& items, std::uint8_t sub,
                          std::uint16_t aux) noexcept {
  NodeId lo = static_cast<NodeId>(tree_.nodes.size());
  for (const NodeId item : items) {
    if (item == kFailed) return kFailed;
    lo = std::min(lo, node(item).lo);
  }
  const auto first = static_cast<std::uint32_t>(tree_.kids.size());
  tree_.kids.insert(tree_.kids.end(), items.begin(), items.end());
  return add_node(kind, first, static_cast<std::uint32_t>(items.size()), sub, aux, lo);
}

bool Parser::scalar_like(NodeId id) const noexcept {
  return expr::is_scalar(node(id).kind) || node(id).kind == Kind::kPlusMinus;
}

bool Parser::is_integer_literal(NodeId id) const noexcept {
  if (node(id).kind != Kind::kNumber) return false;
  const expr::Number& n = tree_.numbers[node(id).a];
  return !n.decimal_point && !n.scientific;
}

NodeId Parser::integer(std::int64_t value) noexcept {
  expr::Number n;
  n.value = number::integer(value);
  n.digits_begin = static_cast<std::uint32_t>(tree_.digits.size());
  char buffer[24];
  std::size_t count = 0;
  for (std::uint64_t v = static_cast<std::uint64_t>(value); v != 0 || count == 0; v /= 10) {
    buffer[count++] = static_cast<char>('0' + v % 10);
  }
  while (count > 0) tree_.digits.push_back(buffer[--count]);
  n.digits_count = static_cast<std::uint32_t>(tree_.digits.size()) - n.digits_begin;
  tree_.numbers.push_back(n);
  return leaf(Kind::kNumber, static_cast<std::uint32_t>(tree_.numbers.size() - 1));
}

NodeId Parser::symbol(std::uint64_t name, std::uint64_t base, std::uint32_t begin,
                      std::uint32_t end, bool indexed) noexcept {
  expr::Symbol made;
  made.name = name;
  made.base = base;
  made.text_begin = begin;
  made.text_end = end;
  made.indexed = indexed;
  tree_.symbols.push_back(made);
  return leaf(Kind::kSymbol, static_cast<std::uint32_t>(tree_.symbols.size() - 1));
}

NodeId Parser::negate(NodeId a) noexcept {
  if (a == kFailed) return kFailed;
  const Node n = node(a);
  if (scalar_like(a)) return unary_node(Kind::kNeg, a);
  if (n.kind == Kind::kMoney || n.kind == Kind::kQuantity) {
    const NodeId inner = negate(n.a);
    return inner == kFailed ? kFailed : add_node(n.kind, inner, n.b, n.sub, n.aux, node(inner).lo);
  }
  if (n.kind == Kind::kMatrix || n.kind == Kind::kTuple)
    return distribute(Kind::kNeg, a, kFailed, false);
  if (n.kind == Kind::kBased) return add_node(Kind::kBased, n.a, 0, n.sub ^ 1u, 0, n.lo);
  return fail(Reason::kUnsupported);
}

// Applies an operation with one scalar to every entry.
NodeId Parser::distribute(Kind kind, NodeId vector, NodeId scalar, bool scalar_first) noexcept {
  const Node v = node(vector);
  std::vector<NodeId> items(tree_.items(v), tree_.items(v) + v.b);
  for (NodeId& item : items) {
    if (kind == Kind::kNeg)
      item = negate(item);
    else
      item = scalar_first ? combine(kind, scalar, item) : combine(kind, item, scalar);
    if (failed()) return kFailed;
  }
  return items_node(v.kind, items, v.sub, v.aux);
}

NodeId Parser::combine(Kind kind, NodeId a, NodeId b) noexcept {
  if (a == kFailed || b == kFailed) return kFailed;
  if (scalar_like(a) && scalar_like(b)) return binary_node(kind, a, b);
  const Node x = node(a);
  const Node y = node(b);
  const auto vector = [](const Node& n) {
    return n.kind == Kind::kMatrix || n.kind == Kind::kTuple;
  };
  if (kind == Kind::kMul && scalar_like(a) && vector(y)) return distribute(kind, b, a, true);
  if ((kind == Kind::kMul || kind == Kind::kDiv) && vector(x) && scalar_like(b))
    return distribute(kind, a, b, false);
  if ((kind == Kind::kAdd || kind == Kind::kSub) && vector(x) && vector(y) && x.b == y.b &&
      (x.kind != Kind::kMatrix || y.kind != Kind::kMatrix || x.aux == y.aux)) {
    std::vector<NodeId> items(tree_.items(x), tree_.items(x) + x.b);
    for (std::uint32_t i = 0; i < x.b; ++i) {
      items[i] = combine(kind, items[i], tree_.items(node(b))[i]);
      if (failed()) return kFailed;
    }
    return items_node(x.kind, items, x.sub, x.aux);
  }
  if ((kind == Kind::kAdd || kind == Kind::kSub) && x.kind == Kind::kMoney &&
      y.kind == Kind::kMoney &&
      out_.tokens[out_.units[x.b].begin].value == out_.tokens[out_.units[y.b].begin].value) {
    const NodeId sum = combine(kind, x.a, y.a);
    return sum == kFailed ? kFailed : add_node(Kind::kMoney, sum, x.b, 0, 0, node(sum).lo);
  }
  if (kind == Kind::kSub && x.kind == Kind::kNumberSet)
    return binary_node(Kind::kDifference, a, b);  // R - {0}
  if (kind == Kind::kMul && scalar_like(a) &&
      (y.kind == Kind::kMoney || y.kind == Kind::kQuantity)) {
    const NodeId product = combine(kind, a, y.a);
    return product == kFailed ? kFailed
                              : add_node(y.kind, product, y.b, y.sub, y.aux, node(product).lo);
  }
  if ((kind == Kind::kMul || kind == Kind::kDiv) &&
      (x.kind == Kind::kMoney || x.kind == Kind::kQuantity) && scalar_like(b)) {
    const NodeId product = combine(kind, x.a, b);
    return product == kFailed ? kFailed
                              : add_node(x.kind, product, x.b, x.sub, x.aux, node(product).lo);
  }
  return fail(Reason::kUnsupported);
}

}  // namespace pyverify::latex
