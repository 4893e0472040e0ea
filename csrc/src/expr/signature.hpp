// The signature of one node in one finite field, from the signatures of its operands.
//
// Every rule here is an identity of the functions involved (or of their values), so equal
// signatures stay equal under it; `flags` collects what a rule leaves unproven.
#pragma once

#include <cstdint>

#include "expr/evaluate.hpp"
#include "expr/images.hpp"
#include "expr/tree.hpp"
#include "number/field.hpp"
#include "number/rational.hpp"
#include "pyverify/options.hpp"

namespace pyverify::expr {

// The images of constants and of variables follow two seeds, so that the same expression can be
// looked at in two random points.
struct Seeds {
  std::uint64_t constants = 0;
  std::uint64_t variables = 0;
};

template <class F>
class Signer {
 public:
  using Fe = number::Fe;
  using X = number::Ext<F>;

  Signer(const Tree& tree, const Values& values, const Fe* fields, Seeds seeds, LogBase log_base,
         const Limits& limits) noexcept
      : tree_(tree),
        values_(values),
        fields_(fields),
        seeds_(seeds),
        log_base_(log_base),
        limits_(limits) {}

  // The signature of `id`; may add to `flags`.
  Fe node(NodeId id, std::uint16_t& flags) noexcept;
  // For a rational node, known exactly.
  static Fe rational(number::Rational value) noexcept;

 private:
  // signature.cpp
  Fe literal(const Number& number) const noexcept;
  Fe function(const Node& node) noexcept;
  Fe trigonometric(Function function, const Fe& x) noexcept;
  Fe hyperbolic(Function function, const Fe& x) noexcept;
  Fe inverse_function(Function function, const Fe& x, bool variable) noexcept;
  Fe part(const Node& node) noexcept;
  Fe combinatorial(const Node& node) noexcept;
  Fe symmetric(const Node& node) noexcept;
  Fe ordered(const Node& node, std::uint64_t tag) noexcept;
  Fe pi() const noexcept {
    return X::make(image_of(kPiName, seeds_.constants).template power<F>());
  }
  Fe half_pi() const noexcept { return X::mul(pi(), {1, 0, 2}); }
  static Fe pair(std::uint64_t tag, const Fe& x, const Fe& y) noexcept;

  // signature_power.cpp
  Fe power(const Node& node) noexcept;
  Fe rational_power(NodeId base, number::Rational exponent) noexcept;
  Fe variable_exponent(NodeId base, NodeId exponent) noexcept;
  Fe positive_base(number::Rational base, const Fe& exponent) noexcept;
  Fe integer_power(const Fe& x, std::int64_t exponent) noexcept;
  Fe root_of_rational(number::Rational value, std::uint64_t degree) noexcept;
  Fe root_of_integer(std::uint64_t value, std::uint64_t degree) noexcept;
  Fe root_of_prime(std::uint32_t index, std::uint32_t exponent, std::uint64_t degree) noexcept;
  Fe root_of_residue(std::uint64_t v, std::uint64_t degree) noexcept;
  Fe root_of_value(const Fe& x, std::uint64_t degree) noexcept;
  Fe exponential(const Fe& x) noexcept;
  Fe logarithm(NodeId id) noexcept;
  Fe log_of_rational(number::Rational value) noexcept;
  Fe prime_log(std::uint64_t prime) const noexcept;
  const Image* leaf_image(NodeId id) const noexcept;

  bool has(NodeId id, std::uint16_t flag) const noexcept { return (values_.flags[id] & flag) != 0; }
  void raise(int flags) noexcept { flags_ = static_cast<std::uint16_t>(flags_ | flags); }

  const Tree& tree_;
  const Values& values_;
  const Fe* fields_;
  Seeds seeds_;
  LogBase log_base_;
  const Limits& limits_;
  std::uint16_t flags_ = 0;
};

}  // namespace pyverify::expr
