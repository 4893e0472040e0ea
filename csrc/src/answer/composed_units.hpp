// Units that are more than one token, or one token that is two units.
#pragma once

#include <cstddef>
#include <cstdint>

#include "answer/units.hpp"
#include "latex/parser.hpp"

namespace pyverify::answer {

// \mu\text{m}, k\Omega, M_\odot at token i, which moves past it; invalid when there is none.
Unit composed_unit(const latex::Parsed& parsed, std::uint32_t& i, std::uint32_t end);

// The exponent at token i, which moves past it; 1 when there is none.
int read_exponent(const std::vector<latex::Token>& tokens, std::string_view source,
                  std::uint32_t& i, std::uint32_t end);

// ms^{-1}, kgm^{-3}: the length of the first of two symbols that were run together; 0 when it is
// one unit.
std::size_t glued_product(std::string_view word);

// A quotient that letters stand for only as units: m/s, J/(kg K), mol/L. Not h/g.
bool is_usual_quotient(const Unit& unit);

}  // namespace pyverify::answer
