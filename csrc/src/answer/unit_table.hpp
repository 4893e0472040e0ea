// The known units and a lookup of their spellings. Built at compile time.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "answer/units.hpp"

namespace pyverify::answer {

using Dimensions = std::array<std::int8_t, kBaseCount>;

// Which SI prefixes a symbol takes; the words of a unit take all of them when it has any.
enum Prefixes : std::uint8_t {
  kNoPrefix = 0,
  kSmall = 1,    // f p n µ m
  kLarge = 2,    // k M G T
  kCenti = 4,    // c
  kDeci = 8,     // d
  kHecto = 16,   // h, da
  kBinary = 32,  // Ki Mi Gi Ti, P
  kAllPrefixes = kSmall | kLarge | kCenti | kDeci | kHecto,
};

struct UnitDefinition {
  Dimensions dims{};
  std::int64_t num = 1;
  std::int64_t den = 1;
  std::string_view symbols{};  // separated by spaces; case matters
  std::string_view words{};    // lower case, singular (plurals only where irregular)
  std::string_view han{};
  std::uint8_t prefixes = kNoPrefix;
  std::int8_t pi_over_180 = 0;
  std::int16_t exponent10 = 0;
  std::int64_t offset_num = 0;
  std::int64_t offset_den = 1;
  std::uint64_t tag = 0;  // a currency, or the calendar
  Ambiguity ambiguity = Ambiguity::kNone;
};

enum class Spelling : std::uint8_t { kSymbol, kWord, kHan };

// The definition that has this spelling, or null.
const UnitDefinition* find_definition(std::string_view text, Spelling kind) noexcept;

Unit from_definition(const UnitDefinition& definition) noexcept;
// Multiplies the factor by 10^exponent10 if the product fits; else takes all tens out of it. One
// form for one size.
void scale_by_tens(Unit& unit, int exponent10) noexcept;

struct UnitPrefix {
  std::string_view text;
  std::int8_t exponent10;
  std::uint8_t group;       // of Prefixes
  std::int64_t binary = 1;  // 1024^n for Ki, Mi
};
// The longest SI prefix of a symbol (k, da, µ) or of a lower-case word (kilo) that leaves
// something; null when none.
const UnitPrefix* symbol_prefix(std::string_view symbol) noexcept;
const UnitPrefix* word_prefix(std::string_view word) noexcept;

}  // namespace pyverify::answer
