#include "expr/exact_integers.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "expr/subtree.hpp"

namespace pyverify::expr {
namespace {

using number::BigInt;
using number::BigRational;
using number::Rational;

BigRational invalid() noexcept { return {BigInt::invalid(), BigInt(1)}; }

class Exact {
 public:
  Exact(const Subtree& scalar, support::Budget& budget)
      : subtree_(scalar),
        tree_(scalar.tree()),
        values_(scalar.values()),
        budget_(budget),
        most_bits_(budget.limits().literal_bits) {
    results_.reserve(scalar.size());
    for (const NodeId id : scalar) results_.push_back(node(id));
  }
  BigRational result() const { return results_.back(); }

 private:
  const BigRational& at(NodeId id) const { return results_[subtree_.position(id)]; }

  bool small(const BigInt& a) const { return a.valid() && a.bits() <= most_bits_; }

  BigInt times(const BigInt& a, const BigInt& b) {
    if (!small(a) || !small(b)) return BigInt::invalid();
    if (!budget_.spend(BigInt::mul_cost(a.bits(), b.bits()))) return BigInt::invalid();
    return a * b;
  }

  BigRational checked(BigRational value) const {
    return small(value.num) && small(value.den) ? value : invalid();
  }

  BigRational node(NodeId id) {
    const Rational value = values_.rational[id];
    if (value.valid()) return {BigInt(value.num), BigInt(value.den)};
    const Node& node = tree_[id];
    switch (node.kind) {
      case Kind::kNumber:
        return number(tree_.numbers[node.a]);
      case Kind::kAdd:
        return sum(at(node.a), at(node.b), false);
      case Kind::kSub:
        return sum(at(node.a), at(node.b), true);
      case Kind::kMul:
        return checked(
            {times(at(node.a).num, at(node.b).num), times(at(node.a).den, at(node.b).den)});
      case Kind::kDiv:
        return quotient(at(node.a), at(node.b));
      case Kind::kNeg:
        return {-at(node.a).num, at(node.a).den};
      case Kind::kPercent:
        return checked({at(node.a).num, times(at(node.a).den, BigInt(100))});
      case Kind::kAbs:
        return at(node.a).num.negative() ? BigRational{-at(node.a).num, at(node.a).den}
                                         : at(node.a);
      case Kind::kPow:
        return power(at(node.a), values_.rational[node.b]);
      case Kind::kFactorial:
        return falling(values_.rational[node.a], 1);
      case Kind::kDoubleFactorial:
        return falling(values_.rational[node.a], 2);
      case Kind::kBinomial:
        return binomial(values_.rational[node.a], values_.rational[node.b]);
      case Kind::kReal:
      case Kind::kConj:
        return at(node.a);
      default:
        return invalid();
    }
  }

  BigRational number(const Number& number) {
    const std::string_view digits(tree_.digits.data() + number.digits_begin, number.digits_count);
    // Ten bits hold three digits.
    const std::uint64_t shift =
        number.exponent < 0 ? -std::int64_t{number.exponent} : std::int64_t{number.exponent};
    if ((std::uint64_t{number.digits_count} + shift) * 10 / 3 > most_bits_) return invalid();
    if (!budget_.spend(1 + number.digits_count * (number.digits_count / 256 + 1) / 16)) {
      return invalid();
    }
    const BigInt value = BigInt::from_decimal(digits);
    const BigInt scale = raise(BigInt(10), shift);
    if (number.exponent < 0) return checked({value, scale});
    return checked({times(value, scale), BigInt(1)});
  }

  BigInt raise(const BigInt& base, std::uint64_t exponent) {
    if (!small(base)) return BigInt::invalid();
    const std::uint64_t bits = base.bits();
    if (bits > 1 && exponent > most_bits_) return BigInt::invalid();
    const std::uint64_t result = bits > 1 ? bits * exponent : 1;
    if (result > 2 * std::uint64_t{most_bits_}) return BigInt::invalid();
    const auto size = static_cast<std::uint32_t>(result);
    const std::uint32_t half = size / 2 + 1;
    if (!budget_.spend(2 * BigInt::mul_cost(half, half) + 2)) return BigInt::invalid();
    return BigInt::pow(base, exponent);
  }

  BigRational sum(const BigRational& a, const BigRational& b, bool minus) {
    if (!a.valid() || !b.valid()) return invalid();
    const BigInt left = times(a.num, b.den);
    const BigInt right = times(b.num, a.den);
    return checked({minus ? left - right : left + right, times(a.den, b.den)});
  }

  BigRational quotient(const BigRational& a, const BigRational& b) {
    if (!a.valid() || !b.valid() || b.num.is_zero()) return invalid();
    BigInt num = times(a.num, b.den);
    BigInt den = times(a.den, b.num);
    if (den.negative()) {
      num = -num;
      den = -den;
    }
    return checked({num, den});
  }

  BigRational power(const BigRational& base, Rational exponent) {
    if (!base.valid() || !exponent.is_integer()) return invalid();
    if (base.num.is_zero()) return exponent.num > 0 ? base : invalid();
    const bool inverse = exponent.num < 0;
    const std::uint64_t size = inverse ? 0 - static_cast<std::uint64_t>(exponent.num)
                                       : static_cast<std::uint64_t>(exponent.num);
    BigRational result{raise(base.num, size), raise(base.den, size)};
    if (!inverse) return checked(result);
    std::swap(result.num, result.den);
    if (result.den.negative()) {
      result.num = -result.num;
      result.den = -result.den;
    }
    return checked(result);
  }

  BigRational falling(Rational n, std::int64_t step) {
    if (!n.is_integer() || n.num < 0 || n.num > budget_.limits().combinatorial) return invalid();
    BigInt product(1);
    for (std::int64_t k = n.num; k > 1; k -= step) {
      product = times(product, BigInt(k));
      if (!product.valid()) return invalid();
    }
    return checked({product, BigInt(1)});
  }

  BigRational binomial(Rational n, Rational k) {
    if (!n.is_integer() || !k.is_integer() || k.num < 0 || n.num < k.num) return invalid();
    const std::int64_t steps = std::min(k.num, n.num - k.num);
    if (steps > budget_.limits().combinatorial) return invalid();
    BigInt above(1);
    BigInt below(1);
    for (std::int64_t j = 0; j < steps; ++j) {
      above = times(above, BigInt(n.num - j));
      below = times(below, BigInt(j + 1));
      if (!above.valid() || !below.valid()) return invalid();
    }
    return checked({above, below});
  }

  const Subtree& subtree_;
  const Tree& tree_;
  const Values& values_;
  support::Budget& budget_;
  std::uint32_t most_bits_;
  std::vector<BigRational> results_;
};

}  // namespace

BigRational big_rational(const Scalar& scalar, support::Budget& budget) noexcept {
  constexpr int kNotRational = kHasVariable | kOpaque | kUndefined | kHasInfinity | kHasImaginary;
  if ((scalar.flags() & kNotRational) != 0) return invalid();
  return Exact(Subtree(scalar, Subtree::kGold), budget).result();
}

int compare(const BigRational& a, const BigRational& b, support::Budget& budget) noexcept {
  if (!a.valid() || !b.valid()) return 2;
  if (!budget.spend(BigInt::mul_cost(a.num.bits(), b.den.bits()) +
                    BigInt::mul_cost(b.num.bits(), a.den.bits()))) {
    return 2;
  }
  const BigInt left = a.num * b.den;
  const BigInt right = b.num * a.den;
  return left.valid() && right.valid() ? BigInt::compare(left, right) : 2;
}

}  // namespace pyverify::expr
