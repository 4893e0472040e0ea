// Operators that stand for unfinished work: sums, products, limits, integrals, determinants, d/dx.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;
using expr::OperatorKind;

namespace {
constexpr std::uint64_t kBoundMark = 0x626f756e64;
}  // namespace

// {d}{dx} before an operand: where it ends, 0 when it is something else.
std::size_t Parser::derivative_end(std::uint64_t& variable) const noexcept {
  const auto token_at = [&](std::size_t i) -> const Token& {
    return out_.tokens[std::min(i, out_.tokens.size() - 1)];
  };
  const Token& d = token_at(next_ + 1);
  const bool one =
      (d.kind == Tok::kLetter && d.value == 'd') ||
      (d.kind == Tok::kCommand && d.value == static_cast<std::uint16_t>(Cmd::kDifferential));
  if (!at_open(Bracket::kBrace) || !one || token_at(next_ + 2).kind != Tok::kClose) return 0;
  std::size_t end = next_ + 3;
  int order = 1;
  if (!differential(end, variable, order) || order != 1) return 0;
  switch (token_at(end).kind) {
    case Tok::kOpen:
    case Tok::kLetter:
    case Tok::kNumber:
    case Tok::kFunction:
      return end;
    case Tok::kCommand:
      return token_at(end).value != static_cast<std::uint16_t>(Cmd::kEnd) ? end : 0;
    default:
      return 0;
  }
}

// What stands behind d/dx, unfinished: the variable and the term.
NodeId Parser::derivative(std::uint64_t variable) noexcept {
  out_.has_operator = true;
  const NodeId name = symbol(variable, variable, token().begin, token().begin, false);
  const NodeId body = term();
  if (failed()) return kFailed;
  if (!scalar_like(body)) return fail(Reason::kUnsupported);
  return items_node(Kind::kOperator, {name, body},
                    static_cast<std::uint8_t>(OperatorKind::kDerivative));
}

// Is a letter part of a name in the body: the k of a_k and F_{n-k}?
bool Parser::stands_in_indices(NodeId bound, NodeId body) const noexcept {
  const auto text = [&](NodeId id) {
    const expr::Symbol& symbol = tree_.symbols[node(id).a];
    return out_.source.substr(symbol.text_begin, symbol.text_end - symbol.text_begin);
  };
  const std::string_view letter = text(bound);
  for (NodeId id = node(body).lo; id <= body; ++id) {
    if (node(id).kind != Kind::kSymbol || !tree_.symbols[node(id).a].indexed) continue;
    const std::string_view name = text(id);
    if (name.find('_') != std::string_view::npos &&
        name.find(letter, name.find('_')) != std::string_view::npos)
      return true;
  }
  return false;
}

// The name of a bound variable doesn't matter: it gets one that no source can spell. An i is an
// index here.
void Parser::rename_bound(NodeId bound, NodeId body) noexcept {
  const bool index = node(bound).kind == Kind::kI;
  if (!index && node(bound).kind != Kind::kSymbol) return;
  const std::uint64_t old = index ? 0 : tree_.symbols[node(bound).a].name;
  if (!index && stands_in_indices(bound, body)) return;  // a_k: then its own name counts
  const std::uint64_t name = name_hash(kBoundMark, depth_);
  const auto rename = [&](NodeId id) {
    expr::Node& n = tree_.nodes[id];
    if (index && n.kind == Kind::kI) {
      expr::Symbol made;
      made.base = number::mix('i');
      tree_.symbols.push_back(made);
      n.kind = Kind::kSymbol;
      n.a = static_cast<std::uint32_t>(tree_.symbols.size() - 1);
    } else if (index || n.kind != Kind::kSymbol || tree_.symbols[n.a].name != old) {
      return;
    }
    tree_.symbols[n.a].name = name;
  };
  for (NodeId id = node(body).lo; id <= body; ++id) rename(id);
  rename(bound);
}

// The bounds and the body. aux is 1 for a sum or a product over k = a .. b and for a limit x -> a.
NodeId Parser::operation(OperatorKind kind) noexcept {
  const bool single = text_of(token()) == "\\int" || text_of(token()) == "∫";
  advance();
  std::vector<NodeId> items;
  bool usual = false;
  const bool upper_first = at(Tok::kCaret);
  std::size_t bounds = 0;
  while (at(Tok::kUnderscore) || at(Tok::kCaret)) {
    advance();
    ++bounds;
    const NodeId bound = argument();
    if (failed()) return kFailed;
    const expr::Node b = node(bound);
    if (b.kind == Kind::kRelation) {
      const auto wanted =
          kind == OperatorKind::kLimit ? expr::Relation::kTo : expr::Relation::kEqual;
      const Kind left = node(b.a).kind;
      usual = items.empty() && b.sub == static_cast<std::uint8_t>(wanted) &&
              (left == Kind::kSymbol || left == Kind::kI);
      items.push_back(b.a);
      items.push_back(b.b);
    } else {
      items.push_back(bound);
    }
    if (items.size() > 6) return fail();
  }
  if (upper_first &&
      bounds >
          0) {  // \int^1_0: the lower bound comes first, a lone upper one has no meaning of ours
    if (bounds != 2 || items.size() > 3) return fail(Reason::kUnsupported);
    std::rotate(items.begin(), items.begin() + 1, items.end());
  }
  out_.has_operator = true;
  if (kind == OperatorKind::kIntegral && single) {
    std::uint32_t differential = 0;
    bool above = false;
    if (find_differential(differential, above)) return integral(items, differential, above);
  }
  const NodeId body = term();
  if (failed()) return kFailed;
  const expr::Node inner = node(body);
  if (kind == OperatorKind::kDeterminant && inner.kind == Kind::kMatrix) {
    items.assign(tree_.items(inner), tree_.items(inner) + inner.b);
    return items_node(Kind::kOperator, items, static_cast<std::uint8_t>(kind), inner.aux);
  }
  if (usual) {
    rename_bound(items[0], body);
  } else if (kind == OperatorKind::kIntegral && items.size() == 2 && inner.kind == Kind::kMul &&
             node(inner.b).kind == Kind::kSymbol) {
    rename_bound(inner.b, body);  // the x of dx
  }
  items.push_back(body);
  for (const NodeId item : items) {
    if (!scalar_like(item)) return fail(Reason::kUnsupported);
  }
  return items_node(Kind::kOperator, items, static_cast<std::uint8_t>(kind), usual ? 1 : 0);
}

}  // namespace pyverify::latex
