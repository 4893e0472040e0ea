#include "expr/literal_bits.hpp"

#include <algorithm>
#include <bit>

#include "expr/operands.hpp"

namespace pyverify::expr {
namespace {

using number::Rational;

std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::uint32_t width(std::int64_t value) noexcept {
  return static_cast<std::uint32_t>(std::bit_width(magnitude(value)));
}

std::uint32_t width(Rational value) noexcept {
  return std::max(1u, width(value.num) + width(value.den) - 1);
}

std::uint32_t saturate(std::uint64_t bits) noexcept {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(bits, kManyBits));
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) noexcept {
  return a == 0 || b <= kManyBits / a ? a * b : kManyBits;
}

std::uint64_t of_number(const Number& number) noexcept {
  if (number.value.valid()) return width(number.value);
  // log2(10) < 10/3
  const std::int64_t exponent = number.exponent;
  const auto shift = magnitude(exponent);
  return 1 + (std::uint64_t{number.digits_count} + shift) * 10 / 3;
}

// `exponent` as it stands; for a root already inverted.
std::uint64_t of_power(const Tree& tree, NodeId base, const Rational* rationals,
                       const std::uint32_t* bits, Rational exponent) noexcept {
  const auto den = static_cast<std::uint64_t>(exponent.den);
  const std::uint64_t times = magnitude(exponent.num) / den + 1;
  switch (base == kNoNode ? Kind::kE : tree[base].kind) {
    case Kind::kSymbol:
    case Kind::kI:
      return 1 + width(exponent);
    case Kind::kPi:
    case Kind::kE:
      return product(times, 2) + width(exponent);
    default:
      if (rationals[base].is_integer() && magnitude(rationals[base].num) <= 1) {
        return width(exponent);
      }
      return product(times, bits[base]) + width(exponent.den);
  }
}

}  // namespace

std::uint32_t literal_bits(const Tree& tree, const Node& node, Rational value,
                           const Rational* rationals, const std::uint32_t* bits) noexcept {
  std::uint64_t sum = 0;
  for_each_operand(tree, node, [&](NodeId id) { sum += bits[id]; });
  switch (node.kind) {
    case Kind::kNumber:
      sum = of_number(tree.numbers[node.a]);
      break;
    case Kind::kPow:
      if (rationals[node.b].valid()) {
        sum = of_power(tree, node.a, rationals, bits, rationals[node.b]);
      }
      break;
    case Kind::kRoot: {
      const Rational exponent = number::div(number::integer(1), rationals[node.b]);
      if (exponent.valid()) sum = of_power(tree, node.a, rationals, bits, exponent);
      break;
    }
    case Kind::kFunction:
      if (static_cast<Function>(node.sub) == Function::kExp && rationals[node.a].valid()) {
        sum = of_power(tree, kNoNode, rationals, bits, rationals[node.a]);
      } else {
        ++sum;
      }
      break;
    case Kind::kFactorial:
    case Kind::kDoubleFactorial: {
      const Rational n = rationals[node.a];
      if (n.is_integer()) sum = product(magnitude(n.num) + 1, width(n.num));
      break;
    }
    case Kind::kBinomial: {
      const Rational n = rationals[node.a];
      const Rational k = rationals[node.b];
      if (!k.is_integer()) break;
      std::uint64_t steps = magnitude(k.num);
      if (n.is_integer() && n.num >= k.num) {
        steps = std::min(steps, magnitude(n.num) - magnitude(k.num));
      }
      sum = product(steps + 1, std::uint64_t{bits[node.a]} + width(k));
      break;
    }
    case Kind::kDegree:
      sum += 8;
      break;
    case Kind::kPercent:
      sum += 7;
      break;
    default:
      if (arity(node.kind) == Arity::kNone) sum = 1;
  }
  // Whatever made it, a rational says no more than its value.
  if (value.valid()) sum = std::min<std::uint64_t>(sum, width(value));
  return saturate(sum);
}

}  // namespace pyverify::expr
