#include "number/bigint.hpp"

#include <bit>
#include <utility>

namespace pyverify::number {
namespace {

using Limbs = std::vector<std::uint64_t>;
using Wide = unsigned __int128;

constexpr std::size_t kMaxLimbs = BigInt::kMaxBits / 64;
constexpr std::size_t kChunk = 19;  // decimal digits that fit a limb
// 2^kMaxBits has 19729 decimal digits.
constexpr std::size_t kMaxDigits = 19729;

void trim(Limbs& limbs) {
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
}

int compare_magnitudes(const Limbs& a, const Limbs& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

Limbs add_magnitudes(const Limbs& a, const Limbs& b) {
  const Limbs& longer = a.size() >= b.size() ? a : b;
  const Limbs& shorter = a.size() >= b.size() ? b : a;
  Limbs sum;
  sum.reserve(longer.size() + 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < longer.size(); ++i) {
    const Wide t = static_cast<Wide>(longer[i]) + (i < shorter.size() ? shorter[i] : 0) + carry;
    sum.push_back(static_cast<std::uint64_t>(t));
    carry = static_cast<std::uint64_t>(t >> 64);
  }
  if (carry != 0) sum.push_back(carry);
  return sum;
}

// a >= b.
Limbs subtract_magnitudes(const Limbs& a, const Limbs& b) {
  Limbs difference;
  difference.reserve(a.size());
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Wide t = static_cast<Wide>(a[i]) - (i < b.size() ? b[i] : 0) - borrow;
    difference.push_back(static_cast<std::uint64_t>(t));
    borrow = static_cast<std::uint64_t>(t >> 64) & 1;
  }
  trim(difference);
  return difference;
}

// limbs = limbs * factor + summand.
void multiply_add(Limbs& limbs, std::uint64_t factor, std::uint64_t summand) {
  std::uint64_t carry = summand;
  for (std::uint64_t& limb : limbs) {
    const Wide t = static_cast<Wide>(limb) * factor + carry;
    limb = static_cast<std::uint64_t>(t);
    carry = static_cast<std::uint64_t>(t >> 64);
  }
  if (carry != 0) limbs.push_back(carry);
}

}  // namespace

BigInt::BigInt(std::int64_t value) : negative_(value < 0) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value != 0) limbs_.push_back(value < 0 ? 0 - bits : bits);
}

BigInt BigInt::invalid() {
  BigInt result;
  result.valid_ = false;
  return result;
}

BigInt BigInt::from_decimal(std::string_view digits) {
  while (!digits.empty() && digits.front() == '0') digits.remove_prefix(1);
  if (digits.size() > kMaxDigits) return invalid();
  BigInt result;
  result.limbs_.reserve(digits.size() / kChunk + 1);
  while (!digits.empty()) {
    // The odd digits first, so that every later chunk is whole.
    const std::size_t take = digits.size() % kChunk == 0 ? kChunk : digits.size() % kChunk;
    std::uint64_t chunk = 0;
    std::uint64_t scale = 1;
    for (std::size_t i = 0; i < take; ++i) {
      chunk = chunk * 10 + static_cast<std::uint64_t>(digits[i] - '0');
      scale *= 10;
    }
    multiply_add(result.limbs_, scale, chunk);
    digits.remove_prefix(take);
  }
  trim(result.limbs_);
  return result.bits() > kMaxBits ? invalid() : result;
}

std::uint32_t BigInt::bits() const noexcept {
  if (limbs_.empty()) return 0;
  return static_cast<std::uint32_t>(64 * (limbs_.size() - 1) + std::bit_width(limbs_.back()));
}

BigInt BigInt::operator-() const {
  BigInt result = *this;
  result.negative_ = !negative_ && !limbs_.empty();
  return result;
}

BigInt operator+(const BigInt& a, const BigInt& b) {
  if (!a.valid_ || !b.valid_) return BigInt::invalid();
  BigInt result;
  if (a.negative_ == b.negative_) {
    result.limbs_ = add_magnitudes(a.limbs_, b.limbs_);
    result.negative_ = a.negative_;
  } else if (compare_magnitudes(a.limbs_, b.limbs_) >= 0) {
    result.limbs_ = subtract_magnitudes(a.limbs_, b.limbs_);
    result.negative_ = a.negative_;
  } else {
    result.limbs_ = subtract_magnitudes(b.limbs_, a.limbs_);
    result.negative_ = b.negative_;
  }
  if (result.limbs_.empty()) result.negative_ = false;
  return result.limbs_.size() > kMaxLimbs ? BigInt::invalid() : result;
}

BigInt operator-(const BigInt& a, const BigInt& b) { return a + -b; }

BigInt operator*(const BigInt& a, const BigInt& b) {
  if (!a.valid_ || !b.valid_) return BigInt::invalid();
  BigInt result;
  if (a.is_zero() || b.is_zero()) return result;
  if (a.bits() + b.bits() > BigInt::kMaxBits + 1) return BigInt::invalid();
  result.limbs_.assign(a.limbs_.size() + b.limbs_.size(), 0);
  for (std::size_t i = 0; i < a.limbs_.size(); ++i) {
    const std::uint64_t factor = a.limbs_[i];
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.limbs_.size(); ++j) {
      const Wide t = static_cast<Wide>(factor) * b.limbs_[j] + result.limbs_[i + j] + carry;
      result.limbs_[i + j] = static_cast<std::uint64_t>(t);
      carry = static_cast<std::uint64_t>(t >> 64);
    }
    result.limbs_[i + b.limbs_.size()] = carry;
  }
  trim(result.limbs_);
  result.negative_ = a.negative_ != b.negative_;
  return result.limbs_.size() > kMaxLimbs ? BigInt::invalid() : result;
}

BigInt BigInt::pow(const BigInt& base, std::uint64_t exponent) {
  if (!base.valid_) return invalid();
  if (exponent == 0) return BigInt(1);
  if (base.bits() <= 1) return base.negative_ && exponent % 2 == 0 ? -base : base;
  // |base| >= 2^(bits - 1), so a hopeless power is refused before any work.
  if (exponent > kMaxBits / (base.bits() - 1)) return invalid();
  BigInt result(1);
  BigInt square = base;
  while (true) {
    if (exponent & 1) result = result * square;
    exponent >>= 1;
    if (exponent == 0 || !result.valid_) return result;
    square = square * square;
  }
}

int BigInt::compare(const BigInt& a, const BigInt& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
  const int order = compare_magnitudes(a.limbs_, b.limbs_);
  return a.negative_ ? -order : order;
}

// A unit is about ten nanoseconds: a handful of limb products, or a small allocation.
std::uint32_t BigInt::mul_cost(std::uint32_t bits_a, std::uint32_t bits_b) noexcept {
  const std::uint64_t a = std::uint64_t{bits_a} / 64 + 1;
  const std::uint64_t b = std::uint64_t{bits_b} / 64 + 1;
  const std::uint64_t cost = 5 + a * b / 8;
  return cost > 0xffffffffu ? 0xffffffffu : static_cast<std::uint32_t>(cost);
}

}  // namespace pyverify::number
