#include "expr/identical.hpp"

#include <string_view>

#include "expr/operands.hpp"
#include "expr/subtree.hpp"

namespace pyverify::expr {
namespace {

std::string_view digits(const Tree& tree, const Number& number) noexcept {
  return std::string_view(tree.digits).substr(number.digits_begin, number.digits_count);
}

bool same_number(const Tree& s, const Number& x, const Tree& t, const Number& y) noexcept {
  if (x.value.valid() && y.value.valid()) return number::equal(x.value, y.value);
  return x.value.valid() == y.value.valid() && x.exponent == y.exponent &&
         digits(s, x) == digits(t, y);
}

}  // namespace

bool identical(const Scalar& a, const Scalar& b) noexcept {
  const Subtree left(a, Subtree::kGold);
  const Subtree right(b, Subtree::kAnswer);
  if (left.size() != right.size()) return false;
  const Tree& s = left.tree();
  const Tree& t = right.tree();
  const auto same = [&](NodeId i, NodeId j) { return left.position(i) == right.position(j); };
  for (std::uint32_t i = 0; i < left.size(); ++i) {
    const Node& x = s[left[i]];
    const Node& y = t[right[i]];
    if (x.kind != y.kind || x.sub != y.sub) return false;
    switch (arity(x.kind)) {
      case Arity::kNone:
        if (x.kind == Kind::kNumber && !same_number(s, s.numbers[x.a], t, t.numbers[y.a])) {
          return false;
        }
        if (x.kind == Kind::kSymbol && s.symbols[x.a].name != t.symbols[y.a].name) return false;
        // Other leaves without a value of their own refer to tables that are not at hand.
        if (!is_scalar(x.kind) && x.kind != Kind::kNumberSet && x.kind != Kind::kEmptySet) {
          return false;
        }
        break;
      case Arity::kOne:
        if (x.kind == Kind::kQuantity || x.kind == Kind::kMoney || !same(x.a, y.a)) return false;
        break;
      case Arity::kTwo:
        if (!same(x.a, y.a) || !same(x.b, y.b)) return false;
        break;
      case Arity::kItems: {
        if (x.b != y.b) return false;
        if (x.kind == Kind::kCall && s.symbols[x.aux].name != t.symbols[y.aux].name) return false;
        if (x.kind != Kind::kCall && x.aux != y.aux) return false;
        const NodeId* first = s.items(x);
        const NodeId* second = t.items(y);
        for (std::uint32_t k = 0; k < x.b; ++k) {
          if (!same(first[k], second[k])) return false;
        }
        break;
      }
    }
  }
  return true;
}

}  // namespace pyverify::expr
