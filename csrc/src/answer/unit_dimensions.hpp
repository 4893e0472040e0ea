// Names for the dimensions and currencies that the table of units uses.
#pragma once

#include <cstdint>

#include "answer/hash.hpp"
#include "answer/unit_table.hpp"

namespace pyverify::answer {

constexpr Dimensions dims_of(Base base, int exponent) {
  Dimensions dims{};
  dims[base] = static_cast<std::int8_t>(exponent);
  return dims;
}
constexpr Dimensions dims_of(int length, int mass, int time, int current = 0) {
  Dimensions dims{};
  dims[kLength] = static_cast<std::int8_t>(length);
  dims[kMass] = static_cast<std::int8_t>(mass);
  dims[kTimeBase] = static_cast<std::int8_t>(time);
  dims[kCurrent] = static_cast<std::int8_t>(current);
  return dims;
}

inline constexpr Dimensions kLengthDims = dims_of(kLength, 1);
inline constexpr Dimensions kAreaDims = dims_of(kLength, 2);
inline constexpr Dimensions kVolumeDims = dims_of(kLength, 3);
inline constexpr Dimensions kMassDims = dims_of(kMass, 1);
inline constexpr Dimensions kTimeDims = dims_of(kTimeBase, 1);
inline constexpr Dimensions kSpeedDims = dims_of(1, 0, -1);
inline constexpr Dimensions kForceDims = dims_of(1, 1, -2);
inline constexpr Dimensions kEnergyDims = dims_of(2, 1, -2);
inline constexpr Dimensions kPowerDims = dims_of(2, 1, -3);
inline constexpr Dimensions kPressureDims = dims_of(-1, 1, -2);
inline constexpr Dimensions kPerTimeDims = dims_of(0, 0, -1);
inline constexpr Dimensions kAngleDims = dims_of(kAngle, 1);
inline constexpr Dimensions kInformationDims = dims_of(kInformation, 1);
inline constexpr Dimensions kMoneyDims = dims_of(kCurrency, 1);
inline constexpr Dimensions kTemperatureDims = dims_of(kTemperature, 1);
inline constexpr Dimensions kTurnSpeedDims = [] {
  Dimensions dims = dims_of(0, 0, -1);
  dims[kAngle] = 1;
  return dims;
}();
inline constexpr Dimensions kBitRateDims = [] {
  Dimensions dims = dims_of(0, 0, -1);
  dims[kInformation] = 1;
  return dims;
}();
inline constexpr Dimensions kLumenDims = [] {
  Dimensions dims = dims_of(kLuminous, 1);
  dims[kAngle] = 2;
  return dims;
}();
inline constexpr Dimensions kLuxDims = [] {
  Dimensions dims = kLumenDims;
  dims[kLength] = -2;
  return dims;
}();
inline constexpr Dimensions kMolarDims = [] {
  Dimensions dims = dims_of(kLength, -3);
  dims[kAmount] = 1;
  return dims;
}();

// A year is twelve months; no number of days is a month, so these two never meet the clock's units.
inline constexpr std::uint64_t kCalendarTag = hash_ascii("#calendar");
inline constexpr std::uint64_t kDollarTag = hash_ascii("#dollar");
inline constexpr std::uint64_t kEuroTag = hash_ascii("#euro");
inline constexpr std::uint64_t kSterlingTag = hash_ascii("#sterling");
inline constexpr std::uint64_t kYuanTag = hash_ascii("#yuan");
inline constexpr std::uint64_t kYenTag = hash_ascii("#yen");
inline constexpr std::uint64_t kRupeeTag = hash_ascii("#rupee");

}  // namespace pyverify::answer
