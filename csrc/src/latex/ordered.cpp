// Products whose order or brackets count: of vectors, of matrices, of functions.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::Node;
using expr::NodeId;

namespace {
constexpr std::uint64_t kCross = 0x63726f7373;
constexpr std::uint64_t kInner = 0x696e6e6572;
constexpr std::uint64_t kOrdered = 0x6f726465726564;
constexpr std::size_t kMostMatrices = 8;
constexpr std::uint64_t kComposed = 0x636f6d706f736564;
}  // namespace

// What a name in the source starts with.
std::string_view Parser::source_of(NodeId id) const noexcept {
  if (node(id).kind != Kind::kSymbol) return {};
  return out_.source.substr(tree_.symbols[node(id).a].text_begin);
}

// \vec v, \mathbf B
bool Parser::names_vector(NodeId id) const noexcept {
  const std::string_view text = source_of(id);
  if (text.empty()) return false;
  std::string_view before = out_.source.substr(0, out_.source.size() - text.size());
  while (before.ends_with('{') || before.ends_with(' ')) before.remove_suffix(1);
  for (const std::string_view mark :
       {"\\vec", "\\overrightarrow", "\\mathbf", "\\boldsymbol", "\\bm", "\\hat"}) {
    if (text.starts_with(mark) || before.ends_with(mark)) return true;
  }
  return false;
}

// An operation as a function of its operands.
NodeId Parser::operation_node(std::uint64_t name, const std::vector<NodeId>& operands) noexcept {
  expr::Symbol made;
  made.name = made.base = name;
  made.text_begin = made.text_end = token().begin;
  tree_.symbols.push_back(made);
  return items_node(Kind::kCall, operands, 0, static_cast<std::uint16_t>(tree_.symbols.size() - 1));
}

bool Parser::is_operation(NodeId id, std::uint64_t name) const noexcept {
  return node(id).kind == Kind::kCall && tree_.symbols[node(id).aux].name == name;
}

// q\vec v \times \vec B: a function of two vectors which changes its sign when they change places.
NodeId Parser::cross_product(NodeId left, NodeId right) noexcept {
  const Node l = node(left);
  if (l.kind == Kind::kNeg) return negate(cross_product(l.a, right));
  if (l.kind == Kind::kMul && (names_vector(l.b) || is_nabla(l.b)))
    return combine(Kind::kMul, l.a, cross_product(l.b, right));
  if (is_nabla(left) && scalar_like(right)) return operation_node(kCross, {left, right});
  if (!names_vector(left) || !names_vector(right)) return combine(Kind::kMul, left, right);
  const auto name = [this](NodeId id) { return tree_.symbols[node(id).a].name; };
  const bool turned = name(left) > name(right);
  const NodeId product =
      operation_node(kCross, turned ? std::vector{right, left} : std::vector{left, right});
  return turned ? negate(product) : product;
}

bool Parser::is_nabla(NodeId id) const noexcept { return source_of(id).starts_with("\\nabla"); }

// \nabla \cdot \vec E is no gradient.
NodeId Parser::divergence(NodeId left, NodeId right) noexcept {
  const Node l = node(left);
  if (l.kind == Kind::kNeg) return negate(divergence(l.a, right));
  if (l.kind == Kind::kMul && is_nabla(l.b))
    return combine(Kind::kMul, l.a, divergence(l.b, right));
  return is_nabla(left) && scalar_like(right) ? operation_node(kInner, {left, right})
                                              : combine(Kind::kMul, left, right);
}

// The a . b of (a . b) c, where the brackets say which two are multiplied; else the node itself.
NodeId Parser::inner_product(NodeId id) noexcept {
  const Node n = node(id);
  if (n.kind == Kind::kNeg) {
    const NodeId inner = inner_product(n.a);
    return inner == n.a ? id : negate(inner);
  }
  if (n.kind != Kind::kMul) return id;
  if (names_vector(n.a) && names_vector(n.b)) {
    const bool turned = tree_.symbols[node(n.a).a].name > tree_.symbols[node(n.b).a].name;
    return operation_node(kInner, turned ? std::vector{n.b, n.a} : std::vector{n.a, n.b});
  }
  const NodeId inner = inner_product(n.b);
  return inner == n.b ? id : combine(Kind::kMul, n.a, inner);
}

// Are the capitals of this text matrices? A matrix is equated to them, or one is transposed or
// inverted.
bool Parser::has_matrix_names() noexcept {
  if (matrix_names_ != Known::kUnknown) return matrix_names_ == Known::kYes;
  bool matrix = false;
  bool relation = false;
  bool marked = false;
  const auto& tokens = out_.tokens;
  const auto is_capital = [&](std::size_t i, std::string_view among) {
    const std::string_view text = text_of(tokens[i]);
    if (tokens[i].kind != Tok::kLetter && tokens[i].kind != Tok::kWord) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
      return among.empty() ? c >= 'A' && c <= 'Z' : among.find(c) != std::string_view::npos;
    });
  };
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token& t = tokens[i];
    relation |= t.kind == Tok::kRelation;
    matrix |= t.kind == Tok::kCommand && t.value == static_cast<std::uint16_t>(Cmd::kBegin) &&
              text_of(t).ends_with("matrix");
    if (t.kind != Tok::kCaret || i == 0) continue;
    // of the source: reading A^TB takes letters off the run TB
    std::string_view exponent = out_.source.substr(t.end, 8);
    while (exponent.starts_with(' ') || exponent.starts_with('{')) exponent.remove_prefix(1);
    const bool brace = tokens[i + 1].kind == Tok::kOpen;
    const bool transpose =
        exponent.starts_with(brace ? "T}" : "T") || exponent.starts_with("\\top");
    const bool inverse = exponent.starts_with("-1");
    // L T^{-1} and R^{-1} are dimensions and conductances
    const std::string_view among = transpose ? "" : "ABPQS";
    std::size_t from = i - 1;
    if (tokens[from].kind == Tok::kClose && tokens[tokens[from].match].match == from) {
      from = tokens[from].match + 1;
      if (from + 1 < i - 1 || text_of(tokens[from]).size() > 4) continue;
    }
    marked |= (transpose || inverse) && is_capital(from, among);
  }
  matrix_names_ = marked || (matrix && relation) ? Known::kYes : Known::kNo;
  return matrix_names_ == Known::kYes;
}

bool Parser::names_matrix(NodeId id) const noexcept {
  if (is_operation(id, kOrdered)) return true;
  const NodeId name = node(id).kind == Kind::kPow ? node(id).a : id;
  if (is_operation(name, kOrdered)) return true;
  const std::string_view text = source_of(name);
  return !text.empty() && text[0] >= 'A' && text[0] <= 'Z';
}

// A B, P^{-1} A P: matrices keep their order. kFailed, and nothing made, when it is a product of
// numbers.
NodeId Parser::ordered_product(NodeId left, NodeId right) noexcept {
  const Node l = node(left);
  if (!names_matrix(right)) return kFailed;
  if (l.kind == Kind::kNeg) {
    const NodeId inner = ordered_product(l.a, right);
    return inner == kFailed ? kFailed : negate(inner);
  }
  if (l.kind == Kind::kMul) {
    const NodeId inner = ordered_product(l.b, right);
    return inner == kFailed ? kFailed : combine(Kind::kMul, l.a, inner);
  }
  if (!names_matrix(left) || !has_matrix_names()) return kFailed;
  const auto length = [this](NodeId id) {
    return is_operation(id, kOrdered) ? std::size_t{node(id).b} : std::size_t{1};
  };
  if (length(left) + length(right) > kMostMatrices) {
    matrix_names_ = Known::kNo;  // nobody's matrices
    return kFailed;
  }
  std::vector<NodeId> factors;
  for (const NodeId side : {left, right}) {
    const Node n = node(side);
    if (is_operation(side, kOrdered))
      factors.insert(factors.end(), tree_.items(n), tree_.items(n) + n.b);
    else
      factors.push_back(side);
  }
  return operation_node(kOrdered, factors);
}

NodeId Parser::multiply(NodeId left, NodeId right, bool dot) noexcept {
  if (const NodeId matrices = ordered_product(left, right); matrices != kFailed || failed())
    return matrices;
  return dot ? divergence(left, right) : combine(Kind::kMul, left, right);
}

// (AB)^T = B^T A^T, likewise the inverse. kFailed when it is another power.
NodeId Parser::turned_product(NodeId base, NodeId exponent) noexcept {
  if (!is_operation(base, kOrdered)) return kFailed;
  const Node e = node(exponent);
  const std::string_view name = source_of(exponent);
  const bool inverse =
      e.kind == Kind::kNeg && is_integer_literal(e.a) && tree_.numbers[node(e.a).a].value.num == 1;
  if (!inverse && !name.starts_with('T') && !name.starts_with("\\top")) return kFailed;
  const Node n = node(base);
  std::vector<NodeId> factors(tree_.items(n), tree_.items(n) + n.b);
  std::reverse(factors.begin(), factors.end());
  for (NodeId& factor : factors) {
    factor = binary_node(Kind::kPow, factor, exponent);
    if (failed()) return kFailed;
  }
  return operation_node(kOrdered, factors);
}

// f \circ g, with the sign ahead; kFailed when it is one of degrees.
NodeId Parser::composition(NodeId outer) noexcept {
  const Token& next = peek();
  const bool name =
      next.kind == Tok::kLetter || next.kind == Tok::kSymbol ||
      (next.kind == Tok::kOpen && next.value == static_cast<std::uint16_t>(Bracket::kRound)) ||
      (next.kind == Tok::kCommand && next.value == static_cast<std::uint16_t>(Cmd::kAccent));
  const NodeId base = node(outer).kind == Kind::kPow ? node(outer).a : outer;
  const bool exponent = before() == Tok::kCaret;  // x^\circ y
  if (!name || exponent || node(base).kind != Kind::kSymbol) return kFailed;
  advance();
  const NodeId inner = power();
  if (failed()) return kFailed;
  if (!scalar_like(inner)) return fail(Reason::kUnsupported);
  std::vector<NodeId> functions{outer};
  const Node n = node(inner);
  if (is_operation(inner, kComposed)) {
    functions.insert(functions.end(), tree_.items(n), tree_.items(n) + n.b);
  } else if (n.kind == Kind::kCall && outer == base) {  // f \circ g(x)
    return items_node(Kind::kCall, {inner}, 0, static_cast<std::uint16_t>(node(outer).a));
  } else {
    functions.push_back(inner);
  }
  return operation_node(kComposed, functions);
}

// (f \circ g)(x) is f(g(x)).
bool Parser::applies_composition(NodeId base) const noexcept {
  if (!is_operation(base, kComposed) || !at_open(Bracket::kRound)) return false;
  const Node n = node(base);
  return std::all_of(tree_.items(n), tree_.items(n) + n.b,
                     [this](NodeId id) { return node(id).kind == Kind::kSymbol; });
}

NodeId Parser::composed_value(NodeId base) noexcept {
  NodeId value = primary();
  if (failed()) return kFailed;
  const Node n = node(base);
  const std::vector<NodeId> functions(tree_.items(n), tree_.items(n) + n.b);
  for (auto function = functions.rbegin(); function != functions.rend(); ++function) {
    value = items_node(Kind::kCall, {value}, 0, static_cast<std::uint16_t>(node(*function).a));
    if (failed()) return kFailed;
  }
  return value;
}

}  // namespace pyverify::latex
