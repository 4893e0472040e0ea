#include "answer/composed_units.hpp"

#include <algorithm>

#include "answer/unit_dimensions.hpp"

namespace pyverify::answer {
namespace {

using latex::Tok;

Unit prefixed_unit(const latex::Parsed& parsed, std::uint32_t& i, std::uint32_t end) {
  const auto text = [&](std::uint32_t k) {
    const latex::Token& token = parsed.tokens[k];
    return parsed.source.substr(token.begin, token.end - token.begin);
  };
  const auto is_letter = [&](std::uint32_t k, std::uint16_t letter) {
    return parsed.tokens[k].kind == Tok::kLetter && parsed.tokens[k].value == letter;
  };
  const bool micro = is_letter(i, 0x3BC);
  std::uint32_t next = i + 1;
  if (micro && next < end && parsed.tokens[next].kind == Tok::kOpen) ++next;
  if (next >= end) return {};
  const bool ohm = is_letter(next, 0x3A9);
  const bool word =
      parsed.tokens[next].kind == Tok::kLetter || parsed.tokens[next].kind == Tok::kWord;
  if (!(ohm || (micro && word))) return {};
  const Unit unit = find_prefixed(micro ? "µ" : text(i), ohm ? "Ω" : text(next));
  if (unit.valid) i = next + 1;
  return unit;
}

Unit star_unit(const latex::Parsed& parsed, std::uint32_t& i, std::uint32_t end) {
  const std::size_t past = latex::star_end(parsed.tokens, i, parsed.source);
  if (past == 0 || past > end) return {};
  const std::string_view whole = parsed.source.substr(
      parsed.tokens[i].begin, parsed.tokens[past - 1].end - parsed.tokens[i].begin);
  const bool earth =
      whole.find("⊕") != std::string_view::npos || whole.find("oplus") != std::string_view::npos;
  const char measure = whole.front();
  i = static_cast<std::uint32_t>(past);
  return find_unit_pair(earth ? "earth" : "solar", measure == 'M'   ? "mass"
                                                   : measure == 'R' ? "radius"
                                                                    : "luminosity");
}

constexpr Dimensions with(Dimensions dims, Base base, int exponent) {
  dims[base] = static_cast<std::int8_t>(exponent);
  return dims;
}

}  // namespace

Unit composed_unit(const latex::Parsed& parsed, std::uint32_t& i, std::uint32_t end) {
  const Unit star = star_unit(parsed, i, end);
  return star.valid ? star : prefixed_unit(parsed, i, end);
}

int read_exponent(const std::vector<latex::Token>& tokens, std::string_view source,
                  std::uint32_t& i, std::uint32_t end) {
  if (i < end && tokens[i].kind == Tok::kSuperscript) {
    const std::uint16_t value = tokens[i].value;
    ++i;
    const int magnitude = value & 0x7FFF;
    return value & 0x8000 ? -magnitude : magnitude;
  }
  if (i >= end || tokens[i].kind != Tok::kCaret) return 1;
  ++i;
  if (i < end && tokens[i].kind == Tok::kOpen) ++i;
  int sign = 1;
  if (i < end && tokens[i].kind == Tok::kMinus) {
    sign = -1;
    ++i;
  }
  int magnitude = 1;
  if (i < end && tokens[i].kind == Tok::kNumber) {
    const char digit = source[tokens[i].begin];
    const bool one = tokens[i].end == tokens[i].begin + 1;
    magnitude = one && digit >= '0' && digit <= '9' ? digit - '0' : 99;
    ++i;
  }
  if (i < end && tokens[i].kind == Tok::kClose) ++i;
  return sign * magnitude;
}

std::size_t glued_product(std::string_view word) {
  if (word == "kms") return 2;
  if (word == "rads") return 3;
  const bool product = word == "ms" || word == "Nm";
  if (word.size() < 2 || word.size() > 5 || (!product && is_known_unit(word))) return 0;
  const auto is_symbol = [](std::string_view part) { return find_prefixed({}, part).valid; };
  for (std::size_t first = word.size() - 1; first > 0; --first) {
    if (is_symbol(word.substr(0, first)) && is_symbol(word.substr(first))) return first;
  }
  return 0;
}

bool is_usual_quotient(const Unit& unit) {
  static constexpr Dimensions kUsual[] = {
      kSpeedDims,
      dims_of(1, 0, -2),      // m/s^2
      dims_of(-3, 1, 0),      // g/cm^3
      dims_of(-2, 1, 0),      // kg/m^2
      dims_of(-1, 1, 0),      // kg/m
      dims_of(0, 1, -2),      // N/m
      dims_of(2, 0, -2),      // J/kg
      dims_of(1, 1, -3, -1),  // V/m, N/C
      dims_of(0, 1, -3),      // W/m^2
      dims_of(3, 0, -1),      // L/s
      dims_of(2, 0, -1),      // m^2/s
      dims_of(-2, 0, 0, 1),   // A/m^2
      kPressureDims,
      kPowerDims,
      kMolarDims,
      dims_of(-1, 1, -1),                                      // Pa s
      with(dims_of(0, 1, 0), kAmount, -1),                     // g/mol
      with(kEnergyDims, kAmount, -1),                          // J/mol
      with(kEnergyDims, kTemperature, -1),                     // J/K
      with(with(kEnergyDims, kTemperature, -1), kAmount, -1),  // J/(mol K)
      with(dims_of(2, 0, -2), kTemperature, -1),               // J/(kg K)
      with(dims_of(1, 1, -3), kTemperature, -1),               // W/(m K)
      with(dims_of(0, 1, -3), kTemperature, -1),               // W/(m^2 K)
      with(dims_of(0, 0, 1, 1), kAmount, -1),                  // C/mol
      kTurnSpeedDims,
  };
  return unit.valid && unit.noun == 0 &&
         std::find(std::begin(kUsual), std::end(kUsual), unit.dims) != std::end(kUsual);
}

}  // namespace pyverify::answer
