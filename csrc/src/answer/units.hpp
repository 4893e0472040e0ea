// Units of measurement as values: a dimension, an exact factor, an offset. A table, no parsing of
// expressions. Compare two units in this order: settle() the ambiguous ones, same_dimension(), then
// same_unit() or conversion(). docs/units.md lists what is known.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "number/rational.hpp"

namespace pyverify::answer {

// Exponents of the base dimensions.
enum Base : std::uint8_t {
  kLength,
  kMass,
  kTimeBase,
  kCurrent,
  kTemperature,
  kAmount,
  kLuminous,
  kAngle,
  kCurrency,
  kInformation,
  kNoun,
  kBaseCount
};

// A spelling that means two things; settle() chooses by the other side.
enum class Ambiguity : std::uint8_t {
  kNone,
  kPound,  // mass, or sterling
  kOunce,  // mass, or fluid
  kTon,    // 2000 pounds, or a tonne
  kYen,    // the sign of yen and yuan
};

struct Unit {
  std::array<std::int8_t, kBaseCount> dims{};
  number::Rational factor{
      1, 1};  // size in SI base units (degree: 1 with pi_over_180 set; money: the main coin)
  number::Rational offset{0, 1};  // added after scaling: degrees Celsius and Fahrenheit
  // The factor is to be multiplied by 10^exponent10: 0 unless the product doesn't fit
  // (electronvolts, nm^3).
  std::int16_t exponent10 = 0;
  std::int8_t pi_over_180 = 0;  // the factor carries (pi/180)^n: degrees; radians are 0
  Ambiguity ambiguity = Ambiguity::kNone;
  // What is counted: the sum over hashed nouns and currencies, times their exponents. 0 with
  // dims[kNoun] set: any noun (个). Months and years carry a tag here, so that they never meet
  // days.
  std::uint64_t noun = 0;
  // Written as one letter outside \mathrm and \text: a unit only if the other side says so.
  bool single_letter = false;
  bool rounded = false;  // the factor is not exact
  bool valid = false;
};

// One word or symbol: cm, centimeters, km, hours, \mathrm{m}, °C, degrees, mph, dollars, cents, €,
// 元, 平方米, 千米每小时, apples. in_text: the word stood in \text{} or \mathrm{} or is longer than
// a letter. A word that is no known unit gives a noun (valid, dims[kNoun] = 1), unless it is a
// function word, a number word, a percent word or a lone letter: invalid. Case matters for symbols
// (mW, MW, m, M), not for words.
Unit find_unit(std::string_view word, bool in_text);
// An SI prefix and a symbol that were written apart: µ and m.
Unit find_prefixed(std::string_view prefix, std::string_view symbol);
bool is_known_unit(std::string_view word);  // a table entry, no noun
// Units of two words: degrees Celsius, nautical miles, light years, fluid ounces, metric tons.
// Invalid when it is none.
Unit find_unit_pair(std::string_view first, std::string_view second);
Unit currency_of_sign(char32_t sign);  // $ € £ ¥ ₹ ¢; invalid when it is none

Unit multiply(const Unit& a, const Unit& b);
Unit divide(const Unit& a, const Unit& b);
Unit power(const Unit& a, int exponent);
// Chooses the reading of ambiguous units (pounds, ounces, tons, ¥) that fits the other side.
void settle(Unit& a, Unit& b);
bool same_dimension(const Unit& a, const Unit& b);  // dims equal; nouns and currencies equal too
bool same_unit(const Unit& a, const Unit& b);       // same dimension and same size
// How many `to` one `from` is. Invalid if the dimensions differ, if only one carries pi, or if it
// doesn't fit. Offsets aside.
number::Rational conversion(const Unit& from, const Unit& to);
// "unit", "square units", m/m: no dimension at all; goes with anything.
bool is_generic(const Unit& unit);

// "square", "sq", "cubic", "平方", "立方": the power it gives the following unit, 0 when it is
// none.
int power_prefix(std::string_view word);
// "squared", "cubed": the power it gives the unit before it, 0 when it is none.
int power_suffix(std::string_view word);
// %, "percent", "pct": no units.
bool is_percent_word(std::string_view word);
// Stemmed hash of a counted noun (apples = apple, boxes = box, children = child).
std::uint64_t noun_hash(std::string_view word);

}  // namespace pyverify::answer
