// Residue classes of integers: n \equiv 3 \pmod 4 (GRADING 18).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "compare/side.hpp"

namespace pyverify::compare {

// More classes are nobody's answer.
inline constexpr std::size_t kMostResidues = 512;

// Classes of integers. Each has a modulus of its own until they are compared.
struct Residues {
  std::vector<std::pair<std::int64_t, std::int64_t>> classes;  // remainder, modulus
  std::uint64_t name = 0;  // the n of n = 4k + 3, 0 when none is written

  // False when there is no such class, or one too many.
  bool add(number::Rational remainder, number::Rational modulus);
  // All remainders to a common modulus, ascending, each once. False when they are too many.
  bool spread(std::int64_t modulus, std::vector<std::int64_t>& out) const;
};

expr::Decision same_residues(const Residues& gold, const Residues& answer);

// Is it a class by itself: 3 \pmod 7, where 10 \bmod 7 is a number?
bool is_class(const Side& side, expr::NodeId id);

// n \equiv 3 \pmod 4, also n \equiv 7 \equiv 3, n \equiv 1, 3 and, when `loose` since the other
// side is a class, n = 3 \bmod 4.
bool read_congruences(const Side& side, const std::vector<expr::NodeId>& items, bool loose,
                      Residues& out);

// c0 + c1 k: the coefficients of a node that is linear in the symbol with rational coefficients.
bool linear(const Side& side, expr::NodeId id, std::uint64_t symbol, number::Rational& c0,
            number::Rational& c1);

// Of a symbol, 0 for another node.
std::uint64_t name_of(const Side& side, expr::NodeId id);

}  // namespace pyverify::compare
