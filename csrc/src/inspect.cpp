#include "pyverify/inspect.hpp"

#include <algorithm>
#include <array>

#include "answer/reading.hpp"
#include "answer/render.hpp"
#include "answer/render_mathml.hpp"
#include "answer/render_parts.hpp"
#include "compare/evaluated.hpp"
#include "expr/operands.hpp"
#include "number/field.hpp"

namespace pyverify {
namespace {

using expr::Kind;
using expr::Node;
using expr::NodeId;

constexpr std::size_t kLongestText = 400;

// In the order of expr::Kind.
constexpr std::array<std::string_view, 59> kKinds = {
    "number", "symbol", "pi", "e", "i", "infinity", "add", "sub", "mul", "div", "neg", "pow",
    "root", "function", "log_base", "abs", "floor", "ceil", "factorial", "double_factorial",
    "binomial", "mod", "max", "min", "gcd", "lcm", "real", "imag", "conj", "call", "degree",
    "percent", "operator", "",
    // structure
    "tuple", "list", "bracket", "set", "interval", "union", "intersection", "difference", "matrix",
    "relation", "chain", "condition", "cases", "number_set", "empty_set", "ratio", "quantity",
    "money", "based", "time", "text", "plus_minus", "ellipsis", "quantity_sum", "assumption"};
static_assert(static_cast<std::size_t>(Kind::kAssumption) + 1 == kKinds.size());

// A plain Latin letter is called by itself, every other name by its hash: two texts that write one
// name in two ways agree, and nothing of the text passes through.
std::string symbol_text(const expr::Symbol& symbol) {
  for (const char first : {'a', 'A'}) {
    for (char letter = first; letter < first + 26; ++letter) {
      if (symbol.name == number::mix(static_cast<unsigned char>(letter))) return {letter};
    }
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "#";
  for (int shift = 60; shift >= 0; shift -= 4) text += kHex[(symbol.name >> shift) & 15];
  return text;
}

// digits, or digits e exponent
std::string number_text(const expr::Tree& tree, const expr::Number& number) {
  std::string text(tree.digits, number.digits_begin, number.digits_count);
  if (text.empty()) text = "0";
  if (number.exponent != 0) text += 'e' + std::to_string(number.exponent);
  return text;
}

std::string_view interval_text(std::uint8_t ends) {
  constexpr std::array<std::string_view, 4> kEnds = {"()", "[)", "(]", "[]"};
  return kEnds[ends & 3u];
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string list_text(std::uint8_t words) {
  if ((words & latex::kByOr) != 0) return "or";
  return words == latex::kByAnd ? "and" : ",";
}

std::string text_of(const answer::Reading& reading, const Node& n) {
  const expr::Tree& tree = reading.tree();
  std::string text;
  switch (n.kind) {
    case Kind::kNumber:
      return number_text(tree, tree.numbers[n.a]);
    case Kind::kSymbol:
      return symbol_text(tree.symbols[n.a]);
    case Kind::kCall:
      return symbol_text(tree.symbols[n.aux]);
    case Kind::kFunction:
      return std::string(answer::call_name(n));
    case Kind::kOperator: {
      // Only one over something has its parts where a reader expects them.
      const auto which = static_cast<expr::OperatorKind>(n.sub);
      const bool over =
          which == expr::OperatorKind::kSum || which == expr::OperatorKind::kProduct ||
          which == expr::OperatorKind::kLimit || which == expr::OperatorKind::kIntegral;
      return (over && n.aux == 0 ? "unusual " : "") + std::string(answer::call_name(n));
    }
    case Kind::kInterval:
      return std::string(interval_text(n.sub));
    case Kind::kList:
      return list_text(n.sub);
    case Kind::kMatrix:
    case Kind::kRatio:
      return std::to_string(n.aux);
    case Kind::kRelation:
      return std::string(trimmed(answer::relation_sign(static_cast<expr::Relation>(n.sub))));
    case Kind::kNumberSet:
      return std::string(answer::number_set_name(static_cast<expr::NumberSet>(n.sub)));
    case Kind::kText:
      return std::string(reading.text_of(n).substr(0, kLongestText));
    case Kind::kBased:
      answer::append_based(reading, n, text);
      return text;
    case Kind::kQuantity:
    case Kind::kMoney:
      answer::append_unit(reading, n.b, text);
      return text;
    default:
      return text;
  }
}

template <class Visit>
void for_each_part(const expr::Tree& tree, const Node& n, Visit&& visit) {
  if (n.kind == Kind::kAssumption) {
    visit(n.a);
    visit(n.b);
    return;
  }
  expr::for_each_operand(tree, n, visit);
}

// Copies the nodes below the root, operands first. Rewrites leave unused nodes behind and may let
// an older node point to a younger one, so the order of the tree is no help.
class Copier {
 public:
  Copier(const answer::Reading& reading, std::vector<ReadNode>& out)
      : reading_(reading), tree_(reading.tree()), out_(out), place_(tree_.nodes.size(), kUnseen) {}

  void run(NodeId root) {
    if (root >= tree_.nodes.size()) return;
    std::vector<NodeId> open{root};
    while (!open.empty()) {
      const NodeId id = open.back();
      if (place_[id] == kUnseen) {
        place_[id] = kOpen;
        const auto first = static_cast<std::ptrdiff_t>(open.size());
        for_each_part(tree_, tree_[id], [&](NodeId part) {
          if (part < place_.size() && place_[part] == kUnseen) open.push_back(part);
        });
        std::reverse(open.begin() + first, open.end());  // the first one on top
        continue;
      }
      open.pop_back();
      if (place_[id] == kOpen) copy(id);
    }
  }

 private:
  static constexpr std::uint32_t kUnseen = ~0u;
  static constexpr std::uint32_t kOpen = ~0u - 1;

  void copy(NodeId id) {
    const Node& n = tree_[id];
    ReadNode made{kKinds[static_cast<std::size_t>(n.kind)], text_of(reading_, n), {}};
    for_each_part(tree_, n, [&](NodeId part) {
      if (part < place_.size() && place_[part] < kOpen) made.operands.push_back(place_[part]);
    });
    place_[id] = static_cast<std::uint32_t>(out_.size());
    out_.push_back(std::move(made));
  }

  const answer::Reading& reading_;
  const expr::Tree& tree_;
  std::vector<ReadNode>& out_;
  std::vector<std::uint32_t> place_;  // in `out_`
};

// Reads a bare answer; why it is no maths, or kNone.
Reason read(std::string_view text, const Options& options, answer::Reading& reading) {
  if (text.size() > options.limits.gold_bytes) return Reason::kLimitBytes;
  support::Budget budget(options.limits);
  answer::read(text, options, latex::Letters::kDefault, reading, budget);
  return budget.stopped() ? budget.stopped_by() : reading.problem;
}

}  // namespace

ReadTree inspect(std::string_view text, const Options& options) {
  ReadTree out;
  answer::Reading reading;
  out.problem = read(text, options, reading);
  if (out.problem != Reason::kNone) {
    out.form = std::string(reading.text.substr(0, kLongestText));
    return out;
  }
  out.form = answer::render(reading, reading.root());
  out.evaluated = compare::is_evaluated(reading, reading.root());
  Copier(reading, out.nodes).run(reading.root());
  return out;
}

std::string mathml(std::string_view text, const Options& options) {
  answer::Reading reading;
  if (read(text, options, reading) != Reason::kNone) return {};
  return answer::render_mathml(reading, reading.root());
}

}  // namespace pyverify
