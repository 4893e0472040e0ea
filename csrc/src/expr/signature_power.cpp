// Powers, roots, exponentials and logarithms in a signature.
#include <bit>

#include "expr/signature.hpp"

namespace pyverify::expr {
namespace {

using number::Rational;

// Roots of a higher degree are opaque.
constexpr std::int64_t kMaxDegree = 1 << 20;
// Summands and factors split off an exponent, and the largest such factor.
constexpr int kMaxPeels = 8;
constexpr std::int64_t kMaxScale = 1 << 10;
// Larger ones make large numbers of few literals, 2^{n+60} / 2^n, so equality then wants a numeric
// check.
constexpr std::int64_t kSmallPart = 4;

std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::uint64_t gcd(std::uint64_t a, std::uint64_t b) noexcept {
  while (b != 0) {
    const std::uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

bool is_log(const Node& node) noexcept {
  return node.kind == Kind::kFunction && static_cast<Function>(node.sub) == Function::kLn;
}

bool is_exp(const Node& node) noexcept {
  return node.kind == Kind::kFunction && static_cast<Function>(node.sub) == Function::kExp;
}

}  // namespace

template <class F>
const Image* Signer<F>::leaf_image(NodeId id) const noexcept {
  if (id == kNoNode) return &image_of(kEName, seeds_.constants);
  const Node& node = tree_[id];
  switch (node.kind) {
    case Kind::kSymbol:
      return &image_of(tree_.symbols[node.a].name, seeds_.variables);
    case Kind::kPi:
      return &image_of(kPiName, seeds_.constants);
    case Kind::kE:
      return &image_of(kEName, seeds_.constants);
    default:
      return nullptr;
  }
}

template <class F>
number::Fe Signer<F>::power(const Node& node) noexcept {
  if (node.kind == Kind::kFunction) {  // exp
    const Rational exponent = values_.rational[node.a];
    return exponent.valid() ? rational_power(kNoNode, exponent)
                            : variable_exponent(kNoNode, node.a);
  }
  const Rational exponent = values_.rational[node.b];
  if (node.kind == Kind::kRoot) {
    if (exponent.valid()) {
      return rational_power(node.a, number::div(number::integer(1), exponent));
    }
    raise(kDifferenceUnproven | kEqualityUnproven);
    return exponential(X::mul(X::inv(fields_[node.b]), logarithm(node.a)));
  }
  return exponent.valid() ? rational_power(node.a, exponent) : variable_exponent(node.a, node.b);
}

template <class F>
number::Fe Signer<F>::integer_power(const Fe& x, std::int64_t exponent) noexcept {
  if (exponent == 1) return x;
  if (exponent == 0) return x.d == 0 || X::is_zero(x) ? X::pole() : X::make(1);
  const Fe result = X::pow(x, magnitude(exponent));
  return exponent < 0 ? X::inv(result) : result;
}

// base = kNoNode stands for e.
template <class F>
number::Fe Signer<F>::rational_power(NodeId base, Rational exponent) noexcept {
  if (!exponent.valid()) return X::pole();
  const Image* leaf = leaf_image(base);
  if (exponent.is_integer()) {
    return integer_power(leaf != nullptr ? X::make(leaf->template power<F>()) : fields_[base],
                         exponent.num);
  }
  const auto degree = static_cast<std::uint64_t>(exponent.den);
  if (base != kNoNode && degree % 2 == 0 && has(base, kHasVariable)) raise(kEqualityUnproven);
  Fe root;
  if (leaf != nullptr && kRootOrder % degree == 0) {
    root = X::make(F::pow(leaf->template base<F>(), kRootOrder / degree));
  } else if (leaf == nullptr && values_.rational[base].valid()) {
    root = root_of_rational(values_.rational[base], degree);
  } else {
    const bool complex = base != kNoNode && has(base, kHasImaginary);
    if (complex) raise(kDifferenceUnproven | kEqualityUnproven);
    root =
        root_of_value(leaf != nullptr ? X::make(leaf->template power<F>()) : fields_[base], degree);
  }
  return integer_power(root, exponent.num);
}

// base^exponent with an exponent that isn't rational. a^{2u+3} is (a^u)^2 a^3, so exponents that
// differ by a rational summand or an integral factor stay related.
template <class F>
number::Fe Signer<F>::variable_exponent(NodeId base, NodeId exponent) noexcept {
  raise(kDifferenceUnproven);
  if (base != kNoNode && has(base, kHasVariable)) raise(kEqualityUnproven);
  Fe rest = X::make(1);
  Rational scale = number::integer(1);
  for (int peel = 0; peel < kMaxPeels; ++peel) {
    const Node& node = tree_[exponent];
    if (node.kind == Kind::kNeg) {
      scale = number::neg(scale);
      exponent = node.a;
      continue;
    }
    if (node.kind != Kind::kAdd && node.kind != Kind::kSub && node.kind != Kind::kMul) break;
    const bool left = values_.rational[node.a].valid();
    if (!left && !values_.rational[node.b].valid()) break;
    const Rational constant = values_.rational[left ? node.a : node.b];
    if (node.kind == Kind::kMul) {
      if (!constant.is_integer() || magnitude(constant.num) > kMaxScale) break;
      const Rational product = number::mul(scale, constant);
      if (magnitude(product.num) > kMaxScale) break;
      scale = product;
    } else {
      const Rational summand = number::mul(scale, constant);
      if (!summand.valid()) break;
      if (number::compare(summand, number::integer(kSmallPart)) > 0 ||
          number::compare(summand, number::integer(-kSmallPart)) < 0) {
        raise(kEqualityUnproven);
      }
      const bool minus = node.kind == Kind::kSub;
      rest = X::mul(rest, rational_power(base, minus && !left ? number::neg(summand) : summand));
      if (minus && left) scale = number::neg(scale);
    }
    exponent = left ? node.b : node.a;
  }
  if (magnitude(scale.num) > kSmallPart) raise(kEqualityUnproven);
  const Fe& u = fields_[exponent];
  const bool e_base = base == kNoNode || tree_[base].kind == Kind::kE;
  const Rational number = e_base ? Rational{} : values_.rational[base];
  Fe core;
  if (e_base) {
    const Node& inner = tree_[exponent];
    if (is_log(inner)) {
      raise(kEqualityUnproven);
      core = fields_[inner.a];  // e^{ln v}
    } else {
      core = exponential(u);
    }
  } else if (!number.valid()) {
    core = exponential(X::mul(u, logarithm(base)));
  } else if (number.num > 0) {
    core = positive_base(number, u);
  } else if (number.num < 0) {
    // (-1)^u is even in u wherever it is real.
    raise(kEqualityUnproven | (has(exponent, kHasVariable) ? kIntegerOnly : kHasImaginary));
    core = X::mul(opaque_even<F>(Tag::kSignPower, u), positive_base(number::neg(number), u));
  } else {
    return X::pole();
  }
  return X::mul(rest, scale.num == 1 ? core : integer_power(core, scale.num));
}

// base^exponent over the primes of the base: 4^n and 2^{2n}, 6^n and 2^n 3^n are the same.
template <class F>
number::Fe Signer<F>::positive_base(Rational base, const Fe& exponent) noexcept {
  Fe result = X::make(1);
  if (!base.valid()) return X::pole();
  for (int below = 0; below < 2; ++below) {
    const Factored parts = factor(magnitude(below ? base.den : base.num));
    Fe product = X::make(1);
    for (std::uint32_t i = 0; i < parts.count; ++i) {
      const Fe log = prime_log(small_primes()[parts.factors[i].index].value);
      product =
          X::mul(product, X::pow(exponential(X::mul(exponent, log)), parts.factors[i].exponent));
    }
    if (parts.rest > 1) {
      product = X::mul(product, exponential(X::mul(exponent, prime_log(parts.rest))));
    }
    result = X::mul(result, below ? X::inv(product) : product);
  }
  return result;
}

template <class F>
number::Fe Signer<F>::root_of_rational(Rational value, std::uint64_t degree) noexcept {
  if (value.num == 0) return X::make(0);
  if (static_cast<std::int64_t>(degree) > kMaxDegree) {
    raise(kDifferenceUnproven);
    if (value.num < 0 && degree % 2 == 0) raise(kHasImaginary);
    return pair(static_cast<std::uint64_t>(Tag::kRationalRoot), rational(value),
                X::make(F::from_unsigned(degree)));
  }
  Fe root = root_of_integer(magnitude(value.num), degree);
  if (value.den != 1) {
    root = X::mul(root, X::inv(root_of_integer(magnitude(value.den), degree)));
  }
  if (value.num > 0) return root;
  if (degree % 2 == 1) return X::neg(root);
  raise(kHasImaginary);
  if (degree == 2) return X::mul(root, {0, 1, 1});
  // A root of -1 of higher even degree.
  raise(kDifferenceUnproven);
  return X::mul(root, opaque<F>(Tag::kSignPower, X::make(F::from_unsigned(degree))));
}

// The positive root. Each prime has a root of its own, so products of roots are roots of products.
template <class F>
number::Fe Signer<F>::root_of_integer(std::uint64_t value, std::uint64_t degree) noexcept {
  if (degree % 2 == 1) {
    return X::make(F::odd_root(F::from_unsigned(value), degree));  // unique
  }
  const Factored parts = factor(value);
  Fe root = X::make(1);
  for (std::uint32_t i = 0; i < parts.count; ++i) {
    root = X::mul(root, root_of_prime(parts.factors[i].index, parts.factors[i].exponent, degree));
  }
  if (parts.rest > 1) {
    // Above 10^6 it may be composite: its root is then right up to the sign only.
    if (parts.rest >= 1000000) raise(kDifferenceUnproven | kEqualityUnproven);
    root = X::mul(root, root_of_residue(F::from_unsigned(parts.rest), degree));
  }
  return root;
}

template <class F>
number::Fe Signer<F>::root_of_prime(std::uint32_t index, std::uint32_t exponent,
                                    std::uint64_t degree) noexcept {
  const SmallPrime& prime = small_primes()[index];
  const std::uint64_t common = gcd(exponent, degree);
  const std::uint64_t reduced = degree / common;
  Fe root;
  if (reduced == 1) {
    root = X::make(prime.value);
  } else if (reduced == 2) {
    root = prime.template square<F>() ? X::make(prime.template root<F>())
                                      : Fe{0, prime.template root<F>(), 1};
  } else {
    root = root_of_residue(prime.value, reduced);
  }
  const std::uint64_t times = exponent / common;
  return times == 1 ? root : X::pow(root, times);
}

// A root of v in F_p(i). The even part of the degree goes first, always by the root which is a
// square again; it can be followed for as long as there is one.
template <class F>
number::Fe Signer<F>::root_of_residue(std::uint64_t v, std::uint64_t degree) noexcept {
  const int twos = std::countr_zero(degree);
  const std::uint64_t odd = degree >> twos;
  std::uint64_t value = v;
  bool imaginary = false;
  for (int i = 0; i < twos; ++i) {
    bool is_square = true;
    if (!imaginary) value = square_root<F>(value, is_square);
    if (imaginary || (!is_square && twos > 1)) {
      raise(kDifferenceUnproven);
      return pair(static_cast<std::uint64_t>(Tag::kRoot), X::make(v),
                  X::make(F::from_unsigned(degree)));
    }
    imaginary = !is_square;
  }
  if (odd > 1) value = F::odd_root(value, odd);
  if (!imaginary) return X::make(value);
  // i^k with k odd = 1 (mod 4) is i again.
  return odd % 4 == 3 ? Fe{0, F::neg(value), 1} : Fe{0, value, 1};
}

template <class F>
number::Fe Signer<F>::root_of_value(const Fe& x, std::uint64_t degree) noexcept {
  const Fe c = X::canonical(x);
  if (c.d == 0) return c;
  if (degree % 2 == 0 || c.b != 0) raise(kDifferenceUnproven | kEqualityUnproven);
  if (c.b != 0) {
    return pair(static_cast<std::uint64_t>(Tag::kRoot), c, X::make(F::from_unsigned(degree)));
  }
  return root_of_residue(c.a, degree);
}

// (1 + w) / (1 - w) with w odd: e^{-x} = 1 / e^x and e^0 = 1 hold by construction.
template <class F>
number::Fe Signer<F>::exponential(const Fe& x) noexcept {
  const Fe w = opaque_odd<F>(static_cast<std::uint64_t>(Tag::kExponential), x);
  return X::mul(X::add(X::make(1), w), X::inv(X::sub(X::make(1), w)));
}

template <class F>
number::Fe Signer<F>::prime_log(std::uint64_t prime) const noexcept {
  return X::make(F::random(number::mix(static_cast<std::uint64_t>(Tag::kPrimeLog),
                                       number::mix(prime, seeds_.constants))));
}

template <class F>
number::Fe Signer<F>::log_of_rational(Rational value) noexcept {
  if (value.num == 0) return X::pole();
  Fe sum = X::make(0);
  for (int below = 0; below < 2; ++below) {
    const Factored parts = factor(magnitude(below ? value.den : value.num));
    Fe part = X::make(0);
    for (std::uint32_t i = 0; i < parts.count; ++i) {
      const Fe log = prime_log(small_primes()[parts.factors[i].index].value);
      part = X::add(part, X::mul(log, X::make(parts.factors[i].exponent)));
    }
    if (parts.rest > 1) part = X::add(part, prime_log(parts.rest));
    sum = below ? X::sub(sum, part) : X::add(sum, part);
  }
  if (value.num > 0) return sum;
  raise(kHasImaginary);
  return X::add(sum, X::mul(pi(), {0, 1, 1}));
}

template <class F>
number::Fe Signer<F>::logarithm(NodeId id) noexcept {
  raise(kDifferenceUnproven);
  const Rational value = values_.rational[id];
  if (value.valid()) return log_of_rational(value);
  if (has(id, kHasVariable)) raise(kEqualityUnproven);
  const Node& node = tree_[id];
  if (node.kind == Kind::kE) return X::make(1);
  const bool real = !has(id, kHasImaginary);
  if (real && is_exp(node)) return fields_[node.a];
  if (real && node.kind == Kind::kPow && tree_[node.a].kind == Kind::kE) return fields_[node.b];
  if (node.kind == Kind::kPow || node.kind == Kind::kRoot) {
    const Rational base = values_.rational[node.a];
    const Rational exponent = node.kind == Kind::kPow
                                  ? values_.rational[node.b]
                                  : number::div(number::integer(1), values_.rational[node.b]);
    if (exponent.valid() && base.valid() && base.num > 0) {
      return X::mul(log_of_rational(base), rational(exponent));
    }
  }
  return opaque<F>(Tag::kLogarithm, fields_[id]);
}

// Member by member: the class itself is instantiated in signature.cpp.
#define PYVERIFY_INSTANTIATE(F)                                                          \
  template const Image* Signer<F>::leaf_image(NodeId) const noexcept;                    \
  template number::Fe Signer<F>::power(const Node&) noexcept;                            \
  template number::Fe Signer<F>::integer_power(const Fe&, std::int64_t) noexcept;        \
  template number::Fe Signer<F>::rational_power(NodeId, Rational) noexcept;              \
  template number::Fe Signer<F>::variable_exponent(NodeId, NodeId) noexcept;             \
  template number::Fe Signer<F>::positive_base(Rational, const Fe&) noexcept;            \
  template number::Fe Signer<F>::root_of_rational(Rational, std::uint64_t) noexcept;     \
  template number::Fe Signer<F>::root_of_integer(std::uint64_t, std::uint64_t) noexcept; \
  template number::Fe Signer<F>::root_of_prime(std::uint32_t, std::uint32_t,             \
                                               std::uint64_t) noexcept;                  \
  template number::Fe Signer<F>::root_of_residue(std::uint64_t, std::uint64_t) noexcept; \
  template number::Fe Signer<F>::root_of_value(const Fe&, std::uint64_t) noexcept;       \
  template number::Fe Signer<F>::exponential(const Fe&) noexcept;                        \
  template number::Fe Signer<F>::prime_log(std::uint64_t) const noexcept;                \
  template number::Fe Signer<F>::log_of_rational(Rational) noexcept;                     \
  template number::Fe Signer<F>::logarithm(NodeId) noexcept

PYVERIFY_INSTANTIATE(number::F1);
PYVERIFY_INSTANTIATE(number::F2);

#undef PYVERIFY_INSTANTIATE

}  // namespace pyverify::expr
