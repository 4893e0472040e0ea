// What the steps of an evaluation in balls cost, in work units.
#pragma once

#include <cstdint>

#include "number/ball.hpp"

namespace pyverify::expr {

// Work units (about 10 ns) of one node, of one division or power, and of one function in each tier.
template <class Real>
struct Cost {
  static constexpr std::uint32_t kArithmetic = 1;
  static constexpr std::uint32_t kDivision = 2;
  static constexpr std::uint32_t kFunction = 6;
};
template <>
struct Cost<number::DoubleDouble> {
  static constexpr std::uint32_t kArithmetic = 3;
  static constexpr std::uint32_t kDivision = 4;
  static constexpr std::uint32_t kFunction = 40;
};
template <>
struct Cost<number::BigFloat<6>> {
  static constexpr std::uint32_t kArithmetic = 8;
  static constexpr std::uint32_t kDivision = 60;
  static constexpr std::uint32_t kFunction = 300;
};
template <>
struct Cost<number::BigFloat<18>> {
  static constexpr std::uint32_t kArithmetic = 40;
  static constexpr std::uint32_t kDivision = 1500;
  static constexpr std::uint32_t kFunction = 9000;
};

}  // namespace pyverify::expr
