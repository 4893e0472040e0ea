// The algebra of units.
#include <algorithm>
#include <cstddef>

#include "answer/unit_dimensions.hpp"
#include "answer/unit_table.hpp"
#include "answer/units.hpp"

namespace pyverify::answer {
namespace {

using number::Rational;

// Divides out the powers of five, as tens: the one form of a factor too large or too small for 64
// bits.
bool strip_tens(Rational& factor, int& exponent10) noexcept {
  while (factor.num != 0 && factor.num % 5 == 0) {
    factor = number::mul(factor, {1, 10});
    ++exponent10;
    if (!factor.valid()) return false;
  }
  while (factor.den % 5 == 0) {
    factor = number::mul(factor, {10, 1});
    --exponent10;
    if (!factor.valid()) return false;
  }
  return true;
}

Unit without_offset(Unit unit) noexcept {
  unit.offset = {0, 1};
  unit.ambiguity = Ambiguity::kNone;
  return unit;
}

bool add_dims(Dimensions& dims, const Dimensions& other, int sign) noexcept {
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const int sum = dims[i] + sign * other[i];
    if (sum > 127 || sum < -127) return false;
    dims[i] = static_cast<std::int8_t>(sum);
  }
  return true;
}

Unit combine(const Unit& a, const Unit& b, int sign) noexcept {
  Unit result = without_offset(a);
  result.single_letter = a.single_letter || b.single_letter;
  result.rounded = a.rounded || b.rounded;
  result.noun = sign > 0 ? a.noun + b.noun : a.noun - b.noun;
  const int pi = a.pi_over_180 + sign * b.pi_over_180;
  result.pi_over_180 = static_cast<std::int8_t>(pi);
  result.valid =
      a.valid && b.valid && add_dims(result.dims, b.dims, sign) && pi >= -127 && pi <= 127;
  int exponent10 = a.exponent10 + sign * b.exponent10;
  result.factor = sign > 0 ? number::mul(a.factor, b.factor) : number::div(a.factor, b.factor);
  if (!result.factor.valid()) {
    Rational left = a.factor;
    Rational right = b.factor;
    int right_tens = 0;
    if (!left.valid() || !right.valid() || !strip_tens(left, exponent10) ||
        !strip_tens(right, right_tens)) {
      return {};
    }
    exponent10 += sign * right_tens;
    result.factor = sign > 0 ? number::mul(left, right) : number::div(left, right);
    if (!result.factor.valid()) return {};
  }
  scale_by_tens(result, exponent10);
  return result;
}

// A tonne, an ounce of fluid, a pound sterling, a yuan: the second reading of an ambiguous
// spelling.
Unit other_reading(const Unit& unit) noexcept {
  std::string_view symbol;
  switch (unit.ambiguity) {
    case Ambiguity::kPound:
      symbol = "£";
      break;
    case Ambiguity::kOunce:
      symbol = "floz";
      break;
    case Ambiguity::kTon:
      symbol = "t";
      break;
    case Ambiguity::kYen:
      symbol = "CNY";
      break;
    case Ambiguity::kNone:
      return unit;
  }
  const UnitDefinition* definition = find_definition(symbol, Spelling::kSymbol);
  return definition == nullptr ? unit : from_definition(*definition);
}

bool is_power_of_ten(Rational value) noexcept {
  std::int64_t n = std::max(value.num, value.den);
  if (value.num != 1 && value.den != 1) return false;
  while (n > 1 && n % 10 == 0) n /= 10;
  return n == 1;
}

void settle_one(Unit& unit, const Unit& other) noexcept {
  if (unit.ambiguity == Ambiguity::kNone || unit.ambiguity == other.ambiguity) return;
  const Unit second = other_reading(unit);
  // Among masses a ton is metric where the other side is.
  const bool fits = unit.ambiguity == Ambiguity::kTon
                        ? other.dims == kMassDims && is_power_of_ten(other.factor)
                        : !same_dimension(unit, other) && same_dimension(second, other);
  if (fits) unit = second;
}

bool is_only_noun(const Dimensions& dims) noexcept { return dims == dims_of(kNoun, 1); }

}  // namespace

void scale_by_tens(Unit& unit, int exponent10) noexcept {
  if (exponent10 != 0) {
    constexpr int kMostDigits = 18;
    if (exponent10 >= -kMostDigits && exponent10 <= kMostDigits) {
      const std::int64_t tens = number::pow({10, 1}, exponent10 < 0 ? -exponent10 : exponent10).num;
      const Rational whole =
          number::mul(unit.factor, exponent10 < 0 ? Rational{1, tens} : Rational{tens, 1});
      if (whole.valid()) {
        unit.factor = whole;
        unit.exponent10 = 0;
        return;
      }
    }
    if (!strip_tens(unit.factor, exponent10) || exponent10 > 9999 || exponent10 < -9999) {
      unit.valid = false;
      return;
    }
  }
  unit.exponent10 = static_cast<std::int16_t>(exponent10);
}

Unit from_definition(const UnitDefinition& definition) noexcept {
  Unit unit;
  unit.dims = definition.dims;
  unit.factor = {definition.num, definition.den};
  unit.offset = {definition.offset_num, definition.offset_den};
  unit.exponent10 = definition.exponent10;
  unit.pi_over_180 = definition.pi_over_180;
  unit.ambiguity = definition.ambiguity;
  unit.noun = definition.tag;
  unit.valid = true;
  return unit;
}

Unit multiply(const Unit& a, const Unit& b) { return combine(a, b, 1); }

Unit divide(const Unit& a, const Unit& b) { return combine(a, b, -1); }

Unit power(const Unit& a, int exponent) {
  constexpr int kHighest = 12;
  if (!a.valid || exponent > kHighest || exponent < -kHighest) return {};
  if (exponent == 1) return a;
  Unit result;
  result.valid = true;
  const int steps = exponent < 0 ? -exponent : exponent;
  for (int i = 0; i < steps; ++i) result = exponent < 0 ? divide(result, a) : multiply(result, a);
  return result;
}

void settle(Unit& a, Unit& b) {
  settle_one(a, b);
  settle_one(b, a);
}

bool same_dimension(const Unit& a, const Unit& b) {
  if (!a.valid || !b.valid || a.dims != b.dims) return false;
  if (a.noun == b.noun) return true;
  return is_only_noun(a.dims) && (a.noun == 0 || b.noun == 0);  // 个 counts anything
}

bool same_unit(const Unit& a, const Unit& b) {
  return same_dimension(a, b) && a.factor.valid() && number::equal(a.factor, b.factor) &&
         a.exponent10 == b.exponent10 && a.pi_over_180 == b.pi_over_180 &&
         number::equal(a.offset, b.offset);
}

Rational conversion(const Unit& from, const Unit& to) {
  if (!same_dimension(from, to) || from.pi_over_180 != to.pi_over_180) return {};
  const Unit ratio = combine(from, to, -1);
  if (!ratio.valid || ratio.exponent10 != 0) return {};
  return ratio.factor;
}

bool is_generic(const Unit& unit) {
  return unit.valid && unit.dims == Dimensions{} && unit.noun == 0;
}

}  // namespace pyverify::answer
