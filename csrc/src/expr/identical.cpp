#include "expr/identical.hpp"

#include <string_view>

#include "expr/operands.hpp"

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
  const Tree& s = *a.tree;
  const Tree& t = *b.tree;
  const NodeId first = s[a.node].lo;
  const NodeId other = t[b.node].lo;
  if (a.node - first != b.node - other) return false;
  for (NodeId offset = 0; first + offset <= a.node; ++offset) {
    const Node& x = s[first + offset];
    const Node& y = t[other + offset];
    if (x.kind != y.kind || x.sub != y.sub) return false;
    switch (arity(x.kind)) {
      case Arity::kNone:
        if (x.kind == Kind::kNumber && !same_number(s, s.numbers[x.a], t, t.numbers[y.a])) {
          return false;
        }
        if (x.kind == Kind::kSymbol && s.symbols[x.a].name != t.symbols[y.a].name) return false;
        // Other leaves without a value of their own refer to tables that are not at hand.
        if (!is_scalar(x.kind) && x.kind != Kind::kNumberSet && x.kind != Kind::kEmptySet) return false;
        break;
      case Arity::kOne:
        if (x.kind == Kind::kQuantity || x.kind == Kind::kMoney) return false;
        if (x.a - first != y.a - other) return false;
        break;
      case Arity::kTwo:
        if (x.a - first != y.a - other || x.b - first != y.b - other) return false;
        break;
      case Arity::kItems: {
        if (x.b != y.b) return false;
        if (x.kind == Kind::kCall && s.symbols[x.aux].name != t.symbols[y.aux].name) return false;
        if (x.kind != Kind::kCall && x.aux != y.aux) return false;
        const NodeId* left = s.items(x);
        const NodeId* right = t.items(y);
        for (std::uint32_t i = 0; i < x.b; ++i) {
          if (left[i] - first != right[i] - other) return false;
        }
        break;
      }
    }
  }
  return true;
}

}  // namespace pyverify::expr
