#include <cstdint>
#include <string>

#include "check.hpp"
#include "number/bigint.hpp"
#include "number/field.hpp"

namespace {

using namespace pyverify::number;

bool same(const BigInt& a, const BigInt& b) {
  return a.valid() && b.valid() && BigInt::compare(a, b) == 0;
}

BigInt random(std::uint64_t& seed, int digits) {
  std::string text;
  for (int i = 0; i < digits; ++i) {
    seed = mix(seed);
    text.push_back(static_cast<char>('0' + seed % 10));
  }
  const BigInt value = BigInt::from_decimal(text);
  return seed & 64 ? -value : value;
}

// Horner's rule modulo p, to compare products without another big integer.
std::uint64_t residue(const BigInt& a) {
  std::uint64_t r = 0;
  for (std::size_t i = a.limbs().size(); i-- > 0;) {
    r = F1::mul(r, F1::from_unsigned(1ull << 63));
    r = F1::mul(r, 2);
    r = F1::add(r, F1::from_unsigned(a.limbs()[i]));
  }
  return a.negative() ? F1::neg(r) : r;
}

}  // namespace

TEST(bigint_reads_decimals) {
  CHECK(same(BigInt::from_decimal("000"), BigInt(0)));
  CHECK(BigInt::from_decimal("").is_zero());
  CHECK(same(BigInt::from_decimal("9223372036854775807"), BigInt(INT64_MAX)));
  CHECK(same(-BigInt::from_decimal("9223372036854775808"), BigInt(INT64_MIN)));
  CHECK(BigInt::from_decimal("18446744073709551616").bits() == 65);
  CHECK(same(BigInt::from_decimal("1" + std::string(100, '0')), BigInt::pow(BigInt(10), 100)));
  CHECK(!BigInt::from_decimal(std::string(30000, '9')).valid());
  CHECK(same(BigInt::from_decimal(std::string(30000, '0') + "7"), BigInt(7)));
}

TEST(bigint_arithmetic) {
  std::uint64_t seed = 7;
  for (int i = 0; i < 2000; ++i) {
    const BigInt a = random(seed, 1 + i % 120);
    const BigInt b = random(seed, 1 + i % 77);
    const BigInt c = random(seed, 1 + i % 41);
    CHECK(same(a + b - b, a));
    CHECK(same((a + b) * c, a * c + b * c));
    CHECK((a - a).is_zero() && !(a - a).negative());
    CHECK(residue(a * b) == F1::mul(residue(a), residue(b)));
    CHECK(residue(a - b) == F1::sub(residue(a), residue(b)));
    CHECK(BigInt::compare(a, b) == -BigInt::compare(b, a));
  }
  CHECK(same(BigInt::pow(BigInt(-3), 5), BigInt(-243)));
  CHECK(same(BigInt::pow(BigInt(0), 0), BigInt(1)));
  CHECK(same(BigInt::pow(BigInt(0), 9), BigInt(0)));
  CHECK(same(BigInt::pow(BigInt(-1), UINT64_MAX), BigInt(-1)));
  CHECK(same(BigInt::pow(BigInt(-1), UINT64_MAX - 1), BigInt(1)));
  CHECK(BigInt::compare(BigInt(-5), BigInt(3)) < 0);
  CHECK(BigInt::compare(BigInt(-5), BigInt(-3)) < 0);
}

TEST(bigint_capacity) {
  const BigInt largest = BigInt::pow(BigInt(2), BigInt::kMaxBits - 1);
  CHECK(largest.valid() && largest.bits() == BigInt::kMaxBits);
  CHECK(!BigInt::pow(BigInt(2), BigInt::kMaxBits).valid());
  CHECK(!(largest + largest).valid());
  CHECK(!(largest * BigInt(2)).valid());
  CHECK(!BigInt::pow(BigInt(3), UINT64_MAX).valid());
  CHECK(!(BigInt::invalid() + BigInt(1)).valid());
  CHECK(!(BigInt(0) * BigInt::invalid()).valid());
  CHECK(!(-BigInt::invalid()).valid());
  CHECK((largest - largest).is_zero());
  CHECK(BigInt::mul_cost(64, 64) < BigInt::mul_cost(6400, 6400));
}
