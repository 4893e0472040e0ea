// Binary floating point of N 64-bit limbs, truncating, without allocation.
//
// Sums and products err by less than 2^(1 - 64 N) of the result, quotients and square roots by less
// than 2^(6 - 64 N). Results below 2^-kExponentLimit become 0; exponents never overflow as long as
// operands stay below 2^kExponentLimit.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace pyverify::number {

template <int N>
class BigFloat {
 public:
  static constexpr int kBits = 64 * N;
  static constexpr int kExponentLimit = 1 << 20;

  constexpr BigFloat() noexcept = default;
  BigFloat(double value) noexcept {  // NOLINT: exact, so implicit
    if (value == 0 || !std::isfinite(value)) return;
    int exponent = 0;
    const double fraction = std::frexp(std::fabs(value), &exponent);
    limb_[N - 1] = static_cast<std::uint64_t>(std::ldexp(fraction, 64));
    exponent_ = exponent;
    negative_ = value < 0;
  }
  static constexpr BigFloat from_unsigned(std::uint64_t value) noexcept {
    BigFloat r;
    if (value == 0) return r;
    const int zeros = std::countl_zero(value);
    r.limb_[N - 1] = value << zeros;
    r.exponent_ = 64 - zeros;
    return r;
  }
  // The leading limbs (most significant last) of a fraction in [1/2, 1), times 2^exponent.
  static constexpr BigFloat from_limbs(const std::uint64_t* limbs, int count,
                                       int exponent) noexcept {
    BigFloat r;
    for (int i = 1; i <= N && i <= count; ++i) r.limb_[N - i] = limbs[count - i];
    r.exponent_ = exponent;
    return r;
  }
  // Rounds towards zero, or is exact when M <= N.
  template <int M>
  static constexpr BigFloat from(const BigFloat<M>& x) noexcept {
    BigFloat r = from_limbs(x.limbs(), M, x.exponent());
    r.negative_ = x.negative();
    return r;
  }

  constexpr bool is_zero() const noexcept { return limb_[N - 1] == 0; }
  constexpr bool negative() const noexcept { return negative_; }
  constexpr const std::uint64_t* limbs() const noexcept { return limb_; }
  // |x| is in [2^(exponent - 1), 2^exponent).
  constexpr std::int32_t exponent() const noexcept { return exponent_; }

  // Within 2^-52 of the value; 0 below the normal range, infinite above.
  double to_double() const noexcept {
    if (is_zero() || exponent_ < -1021) return 0;
    const double fraction = static_cast<double>(limb_[N - 1] >> 11);
    const double value = exponent_ > 1024 ? HUGE_VAL : std::ldexp(fraction, exponent_ - 53);
    return negative_ ? -value : value;
  }

  static constexpr int compare_magnitude(const BigFloat& a, const BigFloat& b) noexcept {
    if (a.is_zero() || b.is_zero()) return static_cast<int>(b.is_zero()) - a.is_zero();
    if (a.exponent_ != b.exponent_) return a.exponent_ < b.exponent_ ? -1 : 1;
    for (int i = N - 1; i >= 0; --i) {
      if (a.limb_[i] != b.limb_[i]) return a.limb_[i] < b.limb_[i] ? -1 : 1;
    }
    return 0;
  }
  friend constexpr bool operator==(const BigFloat& a, const BigFloat& b) noexcept {
    return compare_magnitude(a, b) == 0 && (a.is_zero() || a.negative_ == b.negative_);
  }

  // `exact` is cleared when bits were lost, and left alone otherwise.
  static constexpr BigFloat add(const BigFloat& a, const BigFloat& b, bool& exact) noexcept {
    if (a.is_zero()) return b;
    if (b.is_zero()) return a;
    return compare_magnitude(a, b) >= 0 ? combine(a, b, exact) : combine(b, a, exact);
  }

  static constexpr BigFloat mul(const BigFloat& a, const BigFloat& b, bool& exact) noexcept {
    BigFloat r;
    if (a.is_zero() || b.is_zero()) return r;
    std::uint64_t product[2 * N] = {};
    for (int i = 0; i < N; ++i) {
      const std::uint64_t factor = a.limb_[i];
      if (factor == 0) continue;
      std::uint64_t carry = 0;
      for (int j = 0; j < N; ++j) {
        const Wide t = static_cast<Wide>(factor) * b.limb_[j] + product[i + j] + carry;
        product[i + j] = static_cast<std::uint64_t>(t);
        carry = static_cast<std::uint64_t>(t >> 64);
      }
      product[i + N] = carry;
    }
    r.exponent_ = a.exponent_ + b.exponent_;
    r.negative_ = a.negative_ != b.negative_;
    const int shift = product[2 * N - 1] >> 63 != 0 ? 0 : 1;
    std::uint64_t lost = 0;
    for (int i = 0; i < N - 1; ++i) lost |= product[i];
    for (int i = 0; i < N; ++i) {
      r.limb_[i] = shift == 0 ? product[N + i] : product[N + i] << 1 | product[N + i - 1] >> 63;
    }
    lost |= shift == 0 ? product[N - 1] : product[N - 1] << 1;
    if (lost != 0) exact = false;
    r.exponent_ -= shift;
    return r.flushed(exact);
  }

  friend constexpr BigFloat operator-(BigFloat a) noexcept {
    a.negative_ = !a.negative_;
    return a;
  }
  friend constexpr BigFloat operator+(const BigFloat& a, const BigFloat& b) noexcept {
    bool exact = true;
    return add(a, b, exact);
  }
  friend constexpr BigFloat operator-(const BigFloat& a, const BigFloat& b) noexcept {
    return a + -b;
  }
  friend constexpr BigFloat operator*(const BigFloat& a, const BigFloat& b) noexcept {
    bool exact = true;
    return mul(a, b, exact);
  }
  friend BigFloat operator/(const BigFloat& a, const BigFloat& b) noexcept {
    return a * reciprocal(b);
  }

  // Newton's iteration, which doubles the correct bits; b != 0 (else 0).
  static BigFloat reciprocal(const BigFloat& b) noexcept {
    if (b.is_zero()) return {};
    BigFloat s = b;
    s.exponent_ = 0;
    s.negative_ = false;
    BigFloat x(1 / s.to_double());
    const BigFloat two(2.0);
    for (int bits = 50; bits < kBits; bits *= 2) x = x * (two - s * x);
    x.exponent_ -= b.exponent_;
    x.negative_ = b.negative_;
    return x;
  }

  // Newton's iteration for 1 / sqrt; x >= 0 (else 0).
  static BigFloat square_root(const BigFloat& a) noexcept {
    if (a.is_zero() || a.negative_) return {};
    BigFloat s = a;
    s.exponent_ = a.exponent_ & 1;  // s in [1/2, 2)
    BigFloat x(1 / std::sqrt(s.to_double()));
    const BigFloat half(0.5);
    const BigFloat three_halves(1.5);
    const BigFloat half_s = s * half;
    for (int bits = 49; bits < kBits; bits = 2 * bits - 1) {
      x = x * (three_halves - half_s * (x * x));
    }
    BigFloat r = s * x;
    r.exponent_ += (a.exponent_ - s.exponent_) / 2;
    return r;
  }

  // x * 2^exponent.
  constexpr BigFloat scaled(int exponent) const noexcept {
    BigFloat r = *this;
    if (!is_zero()) r.exponent_ += exponent;
    return r;
  }

  // Rounded to all but the last 64 bits: what an exact quotient or root would be.
  BigFloat snapped() const noexcept {
    BigFloat half_unit;
    half_unit.limb_[N - 1] = std::uint64_t{1} << 63;
    half_unit.exponent_ = exponent_ - (kBits - 64);
    half_unit.negative_ = negative_;
    BigFloat r = *this + half_unit;
    r.limb_[0] = 0;
    return r;
  }

  // Nearest integer (halves up in magnitude), and its value modulo 4 in two's complement.
  BigFloat rounded(unsigned& modulo_four) const noexcept {
    BigFloat half(0.5);
    half.negative_ = negative_;
    BigFloat r = *this + half;
    modulo_four = 0;
    if (r.exponent_ <= 0) return {};
    if (r.exponent_ > kBits) return r;
    for (int i = 0; i < N; ++i) {  // bit b of limb i weighs 2^(exponent - kBits + 64 i + b)
      const int fractional = kBits - r.exponent_ - 64 * i;
      if (fractional >= 64) {
        r.limb_[i] = 0;
      } else if (fractional > 0) {
        r.limb_[i] = r.limb_[i] >> fractional << fractional;
      }
    }
    modulo_four = r.bit_of_weight(0) + 2 * r.bit_of_weight(1);
    if (negative_) modulo_four = (4 - modulo_four) & 3;
    return r;
  }

 private:
  using Wide = unsigned __int128;

  constexpr unsigned bit_of_weight(int power) const noexcept {
    const int position = kBits - exponent_ + power;
    if (position < 0 || position >= kBits) return 0;
    return limb_[position / 64] >> (position % 64) & 1;
  }

  constexpr BigFloat flushed(bool& exact) const noexcept {
    if (exponent_ >= -kExponentLimit) return *this;
    exact = false;
    return {};
  }

  // a + b with |a| >= |b| > 0. One guard limb keeps a cancelling difference of shifts up to 64
  // exact; beyond, at most one leading bit cancels.
  static constexpr BigFloat combine(const BigFloat& a, const BigFloat& b, bool& exact) noexcept {
    const std::int64_t distance = static_cast<std::int64_t>(a.exponent_) - b.exponent_;
    if (distance >= kBits + 64) {
      exact = false;
      return a;
    }
    const int whole = static_cast<int>(distance / 64);
    const int part = static_cast<int>(distance % 64);
    // Between zeros, so that any window of it can be read.
    std::uint64_t padded[2 * N + 3] = {};
    for (int i = 0; i < N; ++i) padded[i + 1] = b.limb_[i];
    std::uint64_t lost = 0;
    for (int i = 1; i < whole; ++i) lost |= padded[i];
    if (part != 0) lost |= padded[whole] << (64 - part);
    // Limb 0 of the sum is the guard.
    std::uint64_t sum[N + 1];
    std::uint64_t carry = 0;
    const bool subtract = a.negative_ != b.negative_;
    for (int i = 0; i <= N; ++i) {
      const std::uint64_t high = padded[i + whole + 1];
      const std::uint64_t shifted = padded[i + whole] >> part | high << 1 << (63 - part);
      const std::uint64_t base = i == 0 ? 0 : a.limb_[i - 1];
      const Wide t = subtract ? static_cast<Wide>(base) - shifted - carry
                              : static_cast<Wide>(base) + shifted + carry;
      sum[i] = static_cast<std::uint64_t>(t);
      carry = static_cast<std::uint64_t>(t >> 64) & 1;
    }
    if (lost != 0) exact = false;
    BigFloat r;
    r.negative_ = a.negative_;
    r.exponent_ = a.exponent_;
    if (carry != 0) {  // of a sum: |a| >= |b|
      if (sum[0] != 0 || (sum[1] & 1) != 0) exact = false;
      for (int i = 0; i < N - 1; ++i) r.limb_[i] = sum[i + 1] >> 1 | sum[i + 2] << 63;
      r.limb_[N - 1] = sum[N] >> 1 | std::uint64_t{1} << 63;
      ++r.exponent_;
      return r;
    }
    if (sum[N] >> 63 != 0) {
      if (sum[0] != 0) exact = false;
      for (int i = 0; i < N; ++i) r.limb_[i] = sum[i + 1];
      return r;
    }
    int top = N;
    while (top >= 0 && sum[top] == 0) --top;
    if (top < 0) return {};
    const int zeros = std::countl_zero(sum[top]);
    const int moved = N - top;
    for (int i = 0; i < N; ++i) {
      const int from = i + 1 - moved;
      const std::uint64_t high = from >= 0 ? sum[from] : 0;
      const std::uint64_t low = from >= 1 ? sum[from - 1] : 0;
      r.limb_[i] = zeros == 0 ? high : high << zeros | low >> (64 - zeros);
    }
    if (moved == 0 && sum[0] << zeros != 0) exact = false;
    r.exponent_ -= 64 * moved + zeros;
    return r.flushed(exact);
  }

  std::uint64_t limb_[N] = {};
  std::int32_t exponent_ = 0;
  bool negative_ = false;
};

template <int N>
BigFloat<N> sqrt(const BigFloat<N>& x) noexcept {
  return BigFloat<N>::square_root(x);
}

template <int N>
BigFloat<N> scale(const BigFloat<N>& x, int exponent) noexcept {
  return x.scaled(exponent);
}

}  // namespace pyverify::number
