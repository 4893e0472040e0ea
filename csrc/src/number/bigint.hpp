// Exact integers of bounded size. Past the capacity a value is invalid and stays so; nothing
// allocates beyond it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyverify::number {

class BigInt {
 public:
  static constexpr std::uint32_t kMaxBits = 1u << 16;

  BigInt() = default;
  explicit BigInt(std::int64_t value);
  // Decimal digits only (checked by the caller), any length.
  static BigInt from_decimal(std::string_view digits);
  static BigInt invalid();

  bool valid() const noexcept { return valid_; }
  bool is_zero() const noexcept { return limbs_.empty(); }
  bool negative() const noexcept { return negative_; }
  std::uint32_t bits() const noexcept;  // of the magnitude
  BigInt operator-() const;
  friend BigInt operator+(const BigInt& a, const BigInt& b);
  friend BigInt operator-(const BigInt& a, const BigInt& b);
  friend BigInt operator*(const BigInt& a, const BigInt& b);
  static BigInt pow(const BigInt& base, std::uint64_t exponent);
  // Sign of a - b; both valid.
  static int compare(const BigInt& a, const BigInt& b);
  // Work units an operation on numbers of these sizes costs, for Budget.
  static std::uint32_t mul_cost(std::uint32_t bits_a, std::uint32_t bits_b) noexcept;
  const std::vector<std::uint64_t>& limbs() const noexcept {
    return limbs_;
  }  // little endian magnitude

 private:
  std::vector<std::uint64_t> limbs_;
  bool negative_ = false;
  bool valid_ = true;
};

// An exact fraction; den is positive, not reduced. Compared by cross multiplication.
struct BigRational {
  BigInt num{0};
  BigInt den{1};
  bool valid() const noexcept { return num.valid() && den.valid(); }
};

}  // namespace pyverify::number
