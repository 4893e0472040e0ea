// The search behind antiderivative(): it needs no care, for what it finds is accepted only if its
// derivative is proven to be the integrand.
#pragma once

#include "answer/terms.hpp"

namespace pyverify::answer {

class Search : public Terms {
 public:
  using Terms::Terms;
  NodeId run(NodeId id);
  bool proven(NodeId found, NodeId integrand);

 private:
  bool monomial(NodeId id, NodeId& factor, number::Rational& power);  // factor * x^power

  // ---- rules
  NodeId rules(NodeId id);
  NodeId integrated_power(NodeId factor, number::Rational power);
  NodeId logarithm(NodeId u);
  NodeId by_parts(NodeId id);
  NodeId by_parts_often(Polynomial p, NodeId g, bool below);
  NodeId damped(NodeId id);
  NodeId distributed(NodeId id);
  NodeId divided(NodeId id);
  NodeId squared_wave(NodeId id);

  // ---- up to a factor: h(g) g' for an inner function g that occurs (antiderivative_guesses.cpp)
  NodeId guess(NodeId id);
  void append_guesses(NodeId id, std::vector<NodeId>& out);
  void quadratic_guess(NodeId id, expr::Function which, std::vector<NodeId>& out);
  NodeId scale(NodeId candidate, NodeId id);
  number::Rational nearby(NodeId id);

  int depth_ = 0;
};

inline bool is(const expr::Node& n, expr::Function function) {
  return n.kind == expr::Kind::kFunction && n.sub == static_cast<std::uint8_t>(function);
}

}  // namespace pyverify::answer
