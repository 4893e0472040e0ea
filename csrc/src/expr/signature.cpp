#include "expr/signature.hpp"

#include <algorithm>

#include "expr/operands.hpp"

namespace pyverify::expr {
namespace {

constexpr std::uint64_t tag_of(Tag family, std::uint64_t member) noexcept {
  return static_cast<std::uint64_t>(family) + member;
}

}  // namespace

template <class F>
number::Fe Signer<F>::rational(number::Rational value) noexcept {
  return {F::from_int(value.num), 0, F::from_unsigned(static_cast<std::uint64_t>(value.den))};
}

// Eighteen digits at a time.
template <class F>
number::Fe Signer<F>::literal(const Number& number) const noexcept {
  if (number.value.valid()) return rational(number.value);
  constexpr std::uint32_t kChunk = 18;
  const char* digits = tree_.digits.data() + number.digits_begin;
  std::uint64_t residue = 0;
  for (std::uint32_t begin = 0; begin < number.digits_count; begin += kChunk) {
    const std::uint32_t end = std::min(begin + kChunk, number.digits_count);
    std::uint64_t chunk = 0;
    std::uint64_t scale = 1;
    for (std::uint32_t i = begin; i < end; ++i) {
      chunk = chunk * 10 + static_cast<std::uint64_t>(digits[i] - '0');
      scale *= 10;
    }
    residue = F::add(F::mul(residue, F::from_unsigned(scale)), F::from_unsigned(chunk));
  }
  const bool negative = number.exponent < 0;
  const auto size = static_cast<std::uint64_t>(negative ? -std::int64_t{number.exponent}
                                                        : std::int64_t{number.exponent});
  const std::uint64_t scale = F::pow(10, size);
  return negative ? Fe{residue, 0, scale} : X::make(F::mul(residue, scale));
}

template <class F>
number::Fe Signer<F>::pair(std::uint64_t tag, const Fe& x, const Fe& y) noexcept {
  return opaque<F>(tag, X::add(X::mul(opaque<F>(Tag::kPart, x), X::make(7)), y));
}

// With t = tan(x/2) as the unknown function, sin^2 + cos^2 = 1 and the quotients hold by
// construction.
template <class F>
number::Fe Signer<F>::trigonometric(Function function, const Fe& x) noexcept {
  const Fe t = opaque_odd<F>(static_cast<std::uint64_t>(Tag::kHalfAngle), x);
  const Fe square = X::mul(t, t);
  const Fe one = X::make(1);
  const Fe sine = X::add(t, t);           // these two
  const Fe cosine = X::sub(one, square);  // over
  const Fe whole = X::add(one, square);   // this
  switch (function) {
    case Function::kSin:
      return X::mul(sine, X::inv(whole));
    case Function::kCos:
      return X::mul(cosine, X::inv(whole));
    case Function::kTan:
      return X::mul(sine, X::inv(cosine));
    case Function::kSec:
      return X::mul(whole, X::inv(cosine));
    case Function::kCsc:
      return X::mul(whole, X::inv(sine));
    default:
      return X::mul(cosine, X::inv(sine));
  }
}

template <class F>
number::Fe Signer<F>::hyperbolic(Function function, const Fe& x) noexcept {
  const Fe grow = exponential(x);
  const Fe decay = X::inv(grow);
  const Fe sine = X::sub(grow, decay);    // twice sinh
  const Fe cosine = X::add(grow, decay);  // twice cosh
  switch (function) {
    case Function::kSinh:
      return X::mul(sine, {1, 0, 2});
    case Function::kCosh:
      return X::mul(cosine, {1, 0, 2});
    case Function::kTanh:
      return X::mul(sine, X::inv(cosine));
    case Function::kSech:
      return X::mul(X::make(2), X::inv(cosine));
    case Function::kCsch:
      return X::mul(X::make(2), X::inv(sine));
    default:
      return X::mul(cosine, X::inv(sine));
  }
}

template <class F>
number::Fe Signer<F>::inverse_function(Function function, const Fe& x, bool variable) noexcept {
  const auto odd = [](Function f, const Fe& u) {
    return opaque_odd<F>(tag_of(Tag::kFunction, static_cast<std::uint64_t>(f)), u);
  };
  // All but arctan, arccot and arcsinh are real on a part of the line only.
  const bool everywhere = function == Function::kArctan || function == Function::kArccot ||
                          function == Function::kArcsinh;
  if (variable && !everywhere) raise(kEqualityUnproven);
  switch (function) {
    case Function::kArccos:
      return X::sub(half_pi(), odd(Function::kArcsin, x));
    case Function::kArcsec:
      return X::sub(half_pi(), odd(Function::kArcsin, X::inv(x)));
    case Function::kArccsc:
      return odd(Function::kArcsin, X::inv(x));
    case Function::kArccot:
      return X::sub(half_pi(), odd(Function::kArctan, x));
    case Function::kArccosh:
      return opaque<F>(tag_of(Tag::kFunction, static_cast<std::uint64_t>(function)), x);
    default:
      return odd(function, x);
  }
}

template <class F>
number::Fe Signer<F>::function(const Node& node) noexcept {
  const auto function = static_cast<Function>(node.sub);
  const Fe& x = fields_[node.a];
  raise(kDifferenceUnproven);
  switch (function) {
    case Function::kSin:
    case Function::kCos:
    case Function::kTan:
    case Function::kSec:
    case Function::kCsc:
    case Function::kCot:
      return trigonometric(function, x);
    case Function::kSinh:
    case Function::kCosh:
    case Function::kTanh:
    case Function::kSech:
    case Function::kCsch:
    case Function::kCoth:
      return hyperbolic(function, x);
    case Function::kLn:
      return logarithm(node.a);
    case Function::kLog:
      if (log_base_ == LogBase::kNatural) return logarithm(node.a);
      return X::mul(logarithm(node.a), X::inv(log_of_rational(number::integer(10))));
    case Function::kArg:
    case Function::kSign:
    case Function::kExp:  // a power of e, see node()
      return opaque<F>(tag_of(Tag::kFunction, node.sub), x);
    default:
      return inverse_function(function, x, has(node.a, kHasVariable));
  }
}

// Re, Im and the conjugate of a value: known where the value is a real or lies in Q(i), symbols
// being real.
template <class F>
number::Fe Signer<F>::part(const Node& node) noexcept {
  const Fe& x = fields_[node.a];
  const bool plain = !has(node.a, kDifferenceUnproven | kEqualityUnproven | kOpaque);
  if (plain && !has(node.a, kHasImaginary)) {
    return node.kind == Kind::kImag ? X::make(0) : x;
  }
  raise(kDifferenceUnproven);
  return opaque<F>(tag_of(Tag::kKind, static_cast<std::uint64_t>(node.kind)), x);
}

// Factorials and binomials with exact arguments that are too large for 64 bits.
template <class F>
number::Fe Signer<F>::combinatorial(const Node& node) noexcept {
  const number::Rational n = values_.rational[node.a];
  const std::int64_t most = limits_.combinatorial;
  if (node.kind == Kind::kBinomial) {
    const number::Rational k = values_.rational[node.b];
    if (k.is_integer() && k.num >= 0) {
      std::int64_t steps = k.num;
      if (n.is_integer() && n.num >= steps) steps = std::min(steps, n.num - steps);
      if (steps <= most) {
        Fe product = X::make(1);
        Fe factor = fields_[node.a];
        std::uint64_t below = 1;
        for (std::int64_t j = 1; j <= steps; ++j) {
          product = X::mul(product, factor);
          factor = X::sub(factor, X::make(1));
          below = F::mul(below, static_cast<std::uint64_t>(j));
        }
        return X::mul(product, {1, 0, below});
      }
    }
  } else if (n.is_integer() && n.num >= 0 && n.num <= most) {
    const std::int64_t step = node.kind == Kind::kFactorial ? 1 : 2;
    std::uint64_t product = 1;
    for (std::int64_t j = n.num; j > 1; j -= step) {
      product = F::mul(product, static_cast<std::uint64_t>(j));
    }
    return X::make(product);
  }
  raise(kDifferenceUnproven);
  const std::uint64_t tag = tag_of(Tag::kKind, static_cast<std::uint64_t>(node.kind));
  return node.kind == Kind::kBinomial ? pair(tag, fields_[node.a], fields_[node.b])
                                      : opaque<F>(tag, fields_[node.a]);
}

template <class F>
number::Fe Signer<F>::symmetric(const Node& node) noexcept {
  raise(kDifferenceUnproven | kEqualityUnproven);
  Fe sum = X::make(0);
  const NodeId* items = tree_.items(node);
  for (std::uint32_t i = 0; i < node.b; ++i) {
    sum = X::add(sum, opaque<F>(Tag::kPart, fields_[items[i]]));
  }
  return opaque<F>(tag_of(Tag::kKind, static_cast<std::uint64_t>(node.kind)), sum);
}

template <class F>
number::Fe Signer<F>::ordered(const Node& node, std::uint64_t tag) noexcept {
  raise(kDifferenceUnproven);
  Fe folded = X::make(1);
  for_each_operand(tree_, node, [&](NodeId id) { folded = pair(tag, folded, fields_[id]); });
  return folded;
}

template <class F>
number::Fe Signer<F>::node(NodeId id, std::uint16_t& flags) noexcept {
  flags_ = 0;
  const Node& node = tree_[id];
  const Fe& x = fields_[node.a < id ? node.a : id];
  const Fe& y = fields_[node.b < id ? node.b : id];
  Fe result = X::pole();
  switch (node.kind) {
    case Kind::kNumber:
      result = literal(tree_.numbers[node.a]);
      break;
    case Kind::kSymbol:
      result = X::make(image_of(tree_.symbols[node.a].name, seeds_.variables).template power<F>());
      break;
    case Kind::kPi:
      result = pi();
      break;
    case Kind::kE:
      result = X::make(image_of(kEName, seeds_.constants).template power<F>());
      break;
    case Kind::kI:
      result = {0, 1, 1};
      break;
    case Kind::kAdd:
      result = X::add(x, y);
      break;
    case Kind::kSub:
      result = X::sub(x, y);
      break;
    case Kind::kMul:
      result = X::mul(x, y);
      break;
    case Kind::kDiv:
      result = X::mul(x, X::inv(y));
      break;
    case Kind::kNeg:
      result = X::neg(x);
      break;
    case Kind::kPow:
    case Kind::kRoot:
      result = power(node);
      break;
    case Kind::kFunction:
      result = static_cast<Function>(node.sub) == Function::kExp ? power(node) : function(node);
      break;
    case Kind::kLogBase:
      raise(kDifferenceUnproven);
      result = X::mul(logarithm(node.b), X::inv(logarithm(node.a)));
      break;
    case Kind::kAbs:
      raise(kDifferenceUnproven);
      result = opaque_even<F>(Tag::kAbs, x);
      break;
    case Kind::kFloor:
    case Kind::kCeil:
    case Kind::kMod:
      // These may vanish on whole intervals, where a quotient by them is undefined; so may kMax and
      // kMin.
      raise(kEqualityUnproven);
      result = ordered(node, tag_of(Tag::kKind, static_cast<std::uint64_t>(node.kind)));
      break;
    case Kind::kFactorial:
    case Kind::kDoubleFactorial:
    case Kind::kBinomial:
      result = combinatorial(node);
      break;
    case Kind::kMax:
    case Kind::kMin:
    case Kind::kGcd:
    case Kind::kLcm:
      result = symmetric(node);
      break;
    case Kind::kReal:
    case Kind::kImag:
    case Kind::kConj:
      result = part(node);
      break;
    case Kind::kDegree:
      result = X::mul(X::mul(x, pi()), {1, 0, 180});
      break;
    case Kind::kPercent:
      result = X::mul(x, {1, 0, 100});
      break;
    case Kind::kCall:
      result = ordered(
          node, number::mix(static_cast<std::uint64_t>(Tag::kCall), tree_.symbols[node.aux].name));
      break;
    case Kind::kOperator:
      result = ordered(node, tag_of(Tag::kOperator, node.sub));
      break;
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kBracket:
    case Kind::kInterval:
    case Kind::kRelation:
    case Kind::kCondition:
      // Only ever looked at as the part of an operator, such as x -> 0 under a limit.
      result = ordered(
          node, tag_of(Tag::kOperator, 64u * static_cast<std::uint64_t>(node.kind) + node.sub));
      break;
    default:
      break;
  }
  flags = static_cast<std::uint16_t>(flags | flags_);
  return result.d == 0 ? X::pole() : result;
}

template class Signer<number::F1>;
template class Signer<number::F2>;

}  // namespace pyverify::expr
