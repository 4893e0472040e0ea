#include "expr/prime_powers.hpp"

#include <algorithm>
#include <vector>

#include "expr/images.hpp"

namespace pyverify::expr {
namespace {

using number::Rational;

struct Power {
  std::uint64_t base = 0;
  Rational exponent;
};

std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

constexpr int kDeepest = 16;
constexpr std::int64_t kMostFactorial = 10000;

bool is_positive(const Scalar& scalar, NodeId id, int depth) noexcept {
  const Rational value = scalar.values->rational[id];
  if (value.valid()) return value.num > 0;
  const Node& node = (*scalar.tree)[id];
  if (depth == kDeepest) return false;
  if (node.kind == Kind::kFactorial || node.kind == Kind::kBinomial) return true;
  if (node.kind == Kind::kPow || node.kind == Kind::kRoot)
    return is_positive(scalar, node.a, depth + 1);
  return (node.kind == Kind::kMul || node.kind == Kind::kDiv) &&
         is_positive(scalar, node.a, depth + 1) && is_positive(scalar, node.b, depth + 1);
}

class Product {
 public:
  // Multiplies the scalar's value in, raised to `exponent`; false when it isn't a product of
  // powers.
  bool multiply(const Scalar& scalar, Rational exponent, support::Budget& budget) {
    const Tree& tree = *scalar.tree;
    const std::vector<Rational>& rationals = scalar.values->rational;
    struct Item {
      NodeId id;
      Rational exponent;
    };
    std::vector<Item> open = {{scalar.node, exponent}};
    while (!open.empty()) {
      const Item item = open.back();
      open.pop_back();
      if (!item.exponent.valid() || !budget.spend(4)) return false;
      if (rationals[item.id].valid()) {
        if (!multiply(rationals[item.id], item.exponent)) return false;
        continue;
      }
      const Node& node = tree[item.id];
      switch (node.kind) {
        case Kind::kMul:
          open.push_back({node.a, item.exponent});
          open.push_back({node.b, item.exponent});
          break;
        case Kind::kDiv:
          open.push_back({node.a, item.exponent});
          open.push_back({node.b, number::neg(item.exponent)});
          break;
        case Kind::kNeg:
          if (!multiply(number::integer(-1), item.exponent)) return false;
          open.push_back({node.a, item.exponent});
          break;
        case Kind::kPow:
        case Kind::kRoot: {
          // (u v)^r splits for positive u and v only.
          const Rational power = node.kind == Kind::kPow
                                     ? rationals[node.b]
                                     : number::div(number::integer(1), rationals[node.b]);
          if (!power.is_integer() && !rationals[node.a].valid() && !is_positive(scalar, node.a, 0))
            return false;
          open.push_back({node.a, number::mul(item.exponent, power)});
          break;
        }
        case Kind::kFactorial:
          if (!multiply_factorial(rationals[node.a], item.exponent, budget)) return false;
          break;
        case Kind::kBinomial: {
          const Rational n = rationals[node.a];
          const Rational k = rationals[node.b];
          const Rational down = number::neg(item.exponent);
          if (!multiply_factorial(n, item.exponent, budget) ||
              !multiply_factorial(k, down, budget) ||
              !multiply_factorial(number::sub(n, k), down, budget))
            return false;
          break;
        }
        default:
          return false;
      }
    }
    return true;
  }

  // Is the product 1? Call once.
  Truth is_one() {
    std::sort(powers_.begin(), powers_.end(),
              [](const Power& x, const Power& y) { return x.base < y.base; });
    bool one = !negative_;
    for (std::size_t i = 0; i < powers_.size();) {
      Rational sum = number::integer(0);
      const std::uint64_t base = powers_[i].base;
      for (; i < powers_.size() && powers_[i].base == base; ++i) {
        sum = number::add(sum, powers_[i].exponent);
      }
      if (!sum.valid()) return Truth::kUnknown;
      one = one && sum.num == 0;
    }
    if (one) return Truth::kTrue;
    return composite_ ? Truth::kUnknown : Truth::kFalse;
  }

 private:
  bool multiply(Rational value, Rational exponent) {
    if (value.num == 0) return false;
    if (value.num < 0) {
      if (!exponent.is_integer()) return false;
      if (exponent.num % 2 != 0) negative_ = !negative_;
    }
    multiply_integer(magnitude(value.num), exponent);
    multiply_integer(magnitude(value.den), number::neg(exponent));
    return true;
  }

  // n! by the exponent of every prime in it (Legendre).
  bool multiply_factorial(Rational n, Rational exponent, support::Budget& budget) {
    if (!n.is_integer() || n.num < 0 || n.num > kMostFactorial) return false;
    const auto most = static_cast<std::uint32_t>(n.num);
    if (!budget.spend(1 + most / 8)) return false;
    std::vector<bool> composite(most + 1, false);
    for (std::uint32_t p = 2; p <= most; ++p) {
      if (composite[p]) continue;
      for (std::uint32_t k = 2 * p; k <= most; k += p) composite[k] = true;
      std::int64_t count = 0;
      for (std::uint32_t rest = most / p; rest > 0; rest /= p) count += rest;
      powers_.push_back({p, number::mul(exponent, number::integer(count))});
    }
    return true;
  }

  void multiply_integer(std::uint64_t value, Rational exponent) {
    const Factored parts = factor(value);
    for (std::uint32_t i = 0; i < parts.count; ++i) {
      const Factor& part = parts.factors[i];
      powers_.push_back({small_primes()[part.index].value,
                         number::mul(exponent, number::integer(part.exponent))});
    }
    if (parts.rest > 1) powers_.push_back({parts.rest, exponent});
    if (parts.rest >= 1000000) composite_ = true;
  }

  std::vector<Power> powers_;
  bool negative_ = false;
  bool composite_ = false;  // a base may have factors above 1000
};

}  // namespace

Truth equal_prime_powers(const Scalar& a, const Scalar& b, support::Budget& budget) noexcept {
  Product quotient;
  if (!quotient.multiply(a, number::integer(1), budget)) return Truth::kUnknown;
  if (!quotient.multiply(b, number::integer(-1), budget)) return Truth::kUnknown;
  return quotient.is_one();
}

}  // namespace pyverify::expr
