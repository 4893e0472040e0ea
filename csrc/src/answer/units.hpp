// Units of measurement as values: a dimension, an exact factor, an offset. A table, no parsing of expressions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "number/rational.hpp"

namespace pyverify::answer {

// Exponents of the base dimensions.
enum Base : std::uint8_t { kLength, kMass, kTimeBase, kCurrent, kTemperature, kAmount, kLuminous, kAngle, kCurrency, kInformation,
                           kNoun, kBaseCount };

struct Unit {
  std::array<std::int8_t, kBaseCount> dims{};
  number::Rational factor{1, 1};   // size in SI base units (degree: 1 with kAngle and pi_over_180 set)
  number::Rational offset{0, 1};   // added after scaling: degrees Celsius and Fahrenheit
  std::uint8_t pi_over_180 = 0;    // the factor carries pi/180 (degrees); radians are 1
  std::uint64_t noun = 0;          // hash of the stemmed noun for counted things; of the currency for money (with kCurrency)
  bool single_letter = false;      // written as one letter outside \mathrm/\text: a unit only if the other side says so
  bool rounded = false;            // the factor is not exact (pounds of force, ...)
  bool valid = false;
};

// One word or symbol: cm, centimeters, km, hours, \mathrm{m}, °C, degrees, mph, dollars, cents, €, 元, 米, apples, "square" is
// handled by compound callers. in_text: the word stood in \text{} or \mathrm{} or is longer than a letter.
// A word that is no known unit gives a noun (valid, dims[kNoun] = 1). Case matters for symbols (mW, MW, m, M), not for words.
Unit find_unit(std::string_view word, bool in_text);
bool is_known_unit(std::string_view word);  // a table entry, no noun
Unit currency_of_sign(char32_t sign);       // $ € £ ¥ ₹; invalid when it is none

Unit multiply(const Unit& a, const Unit& b);
Unit divide(const Unit& a, const Unit& b);
Unit power(const Unit& a, int exponent);
bool same_dimension(const Unit& a, const Unit& b);  // dims equal; nouns and currencies equal too
bool same_unit(const Unit& a, const Unit& b);       // same dimension and same size

// "square", "sq", "cubic", "平方", "立方": the power it gives the following unit, 0 when it is none.
int power_prefix(std::string_view word);
// Stemmed hash of a counted noun (apples = apple, boxes = box, children = child).
std::uint64_t noun_hash(std::string_view word);

}  // namespace pyverify::answer
