#include "expr/evaluate.hpp"

#include <algorithm>
#include <bit>

#include "expr/evaluate_internal.hpp"
#include "expr/exact_value.hpp"
#include "expr/literal_bits.hpp"
#include "expr/operands.hpp"
#include "expr/signature.hpp"

namespace pyverify::expr {
namespace {

using number::Fe;
using number::Rational;
using number::X1;
using number::X2;

constexpr std::uint16_t kUnproven = kDifferenceUnproven | kEqualityUnproven;

class Pass {
 public:
  Pass(const Tree& tree, LogBase log_base, Seeds seeds, Values& values,
       support::Budget& budget) noexcept
      : tree_(tree),
        values_(values),
        budget_(budget),
        signer1_(tree, values, values.field1.data(), seeds, log_base, budget.limits()),
        signer2_(tree, values, values.field2.data(), seeds, log_base, budget.limits()) {}

  void node(NodeId id) noexcept {
    const Node& node = tree_[id];
    std::uint16_t flags = inherited_flags(node);
    Rational value = is_scalar(node.kind) && (flags & kNotEvaluatedYet) == 0
                         ? exact_value(tree_, node, values_.rational.data())
                         : Rational{};
    if (node.kind != Kind::kOperator && exactly_undefined(tree_, node, values_.rational.data())) {
      flags |= kUndefined;
    }
    if ((flags & (kUndefined | kHasInfinity)) != 0) value = {};
    values_.rational[id] = value;
    values_.literal_bits[id] =
        literal_bits(tree_, node, value, values_.rational.data(), values_.literal_bits.data());
    if (value.valid()) {
      values_.field1[id] = Signer<number::F1>::rational(value);
      values_.field2[id] = Signer<number::F2>::rational(value);
      flags &= static_cast<std::uint16_t>(~kUnproven);
      budget_.spend(1);
    } else {
      sign(id, node, flags);
    }
    values_.flags[id] = flags;
  }

 private:
  std::uint16_t inherited_flags(const Node& node) const noexcept {
    unsigned flags = 0;
    for_each_operand(tree_, node, [&](NodeId id) { flags |= values_.flags[id]; });
    switch (node.kind) {
      case Kind::kSymbol:
        return kHasVariable;
      case Kind::kInfinity:
        return kHasInfinity;
      case Kind::kI:
        return kHasImaginary;
      case Kind::kFactorial:
      case Kind::kDoubleFactorial:
      case Kind::kBinomial:
        if ((flags & kHasVariable) != 0) flags |= kIntegerOnly;
        break;
      case Kind::kGcd:
      case Kind::kLcm:
        flags |= kHasOperator;
        if ((flags & kHasVariable) != 0) flags |= kIntegerOnly;
        break;
      case Kind::kCall:
        flags |= kOpaque;
        break;
      case Kind::kOperator:
        // Its parts may be undefined or structural (x -> 0); the whole is a name for some value.
        flags &= ~unsigned{kUndefined | kHasInfinity | kNotEvaluatedYet};
        flags |= kHasOperator | kOpaque;
        break;
      default:
        break;
    }
    if (!is_scalar(node.kind)) flags |= kNotEvaluatedYet;
    return static_cast<std::uint16_t>(flags);
  }

  // About what the two signatures of a node cost.
  std::uint32_t cost(const Node& node) const noexcept {
    switch (node.kind) {
      case Kind::kNumber:
        return 2 + tree_.numbers[node.a].digits_count / 16;
      case Kind::kPow:
      case Kind::kRoot:
        return 60;
      case Kind::kFunction:
      case Kind::kLogBase:
      case Kind::kCall:
        return 60;
      case Kind::kFactorial:
      case Kind::kDoubleFactorial:
      case Kind::kBinomial: {
        const Rational n = values_.rational[node.kind == Kind::kBinomial ? node.b : node.a];
        const std::int64_t most = budget_.limits().combinatorial;
        return 20 +
               static_cast<std::uint32_t>(n.valid() ? std::clamp<std::int64_t>(n.num, 0, most) : 0);
      }
      default:
        return arity(node.kind) == Arity::kItems ? 2 + 40 * node.b : 2;
    }
  }

  void sign(NodeId id, const Node& node, std::uint16_t& flags) noexcept {
    const bool blocked = (flags & (kUndefined | kHasInfinity)) != 0 || budget_.stopped();
    if (blocked || !budget_.spend(cost(node))) {
      values_.field1[id] = X1::pole();
      values_.field2[id] = X2::pole();
      flags |= kUnproven;
      return;
    }
    const Fe& first = values_.field1[id] = signer1_.node(id, flags);
    const Fe& second = values_.field2[id] = signer2_.node(id, flags);
    if (first.d != 0 && second.d != 0) return;
    // Dividing by what is zero in both fields is dividing by zero, if that much is proven.
    const bool certain = first.d == 0 && second.d == 0 && is_quotient(node) &&
                         (flags & kEqualityUnproven) == 0 &&
                         values_.literal_bits[id] <= kMaxProvenBits;
    if (certain) flags |= kUndefined;
    flags |= kUnproven;
  }

  bool is_quotient(const Node& node) const noexcept {
    return node.kind == Kind::kDiv && values_.field1[node.a].d != 0 &&
           values_.field2[node.a].d != 0 && values_.field1[node.b].d != 0 &&
           values_.field2[node.b].d != 0;
  }

  const Tree& tree_;
  Values& values_;
  support::Budget& budget_;
  Signer<number::F1> signer1_;
  Signer<number::F2> signer2_;
};

void grow(Values& values, std::size_t count) noexcept {
  if (values.flags.size() >= count) return;
  values.rational.resize(count);
  values.field1.resize(count);
  values.field2.resize(count);
  values.flags.resize(count);
  values.literal_bits.resize(count);
}

}  // namespace

void evaluate(const Subtree& scalar, LogBase log_base, Seeds seeds, Values& values,
              support::Budget& budget) noexcept {
  grow(values, std::size_t{scalar.root()} + 1);
  Pass pass(scalar.tree(), log_base, seeds, values, budget);
  for (const NodeId id : scalar) pass.node(id);
}

void evaluate(const Tree& tree, LogBase log_base, std::uint64_t seed, Values& values,
              support::Budget& budget) noexcept {
  const std::size_t count = tree.nodes.size();
  if (values.done >= count) return;
  grow(values, count);
  Pass pass(tree, log_base, Seeds{seed, seed}, values, budget);
  for (std::size_t id = values.done; id < count; ++id) pass.node(static_cast<NodeId>(id));
  values.done = count;
}

}  // namespace pyverify::expr
