#include <cstdint>
#include <limits>

#include "check.hpp"
#include "number/field.hpp"
#include "number/rational.hpp"

namespace {

using namespace pyverify::number;
using Wide = __int128;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

bool is(Rational a, std::int64_t num, std::int64_t den) { return a.num == num && a.den == den; }

// num/den with the same value, by a plain cross product of moderate numbers.
bool same(Rational a, Wide num, Wide den) {
  return a.valid() && static_cast<Wide>(a.num) * den == num * a.den;
}

}  // namespace

TEST(rational_reduces) {
  CHECK(is(make(6, -4), -3, 2));
  CHECK(is(make(0, -7), 0, 1));
  CHECK(!make(1, 0).valid());
  CHECK(is(make(kMin, kMin), 1, 1));
  CHECK(is(make(kMin, 2), kMin / 2, 1));
  CHECK(!make(1, kMin).valid());
  CHECK(!make(kMin, -1).valid());
  CHECK(is(make(kMax, -1), -kMax, 1));
}

TEST(rational_overflow_is_invalid) {
  CHECK(!add(integer(kMax), integer(1)).valid());
  CHECK(!sub(integer(kMin), integer(1)).valid());
  CHECK(is(sub(integer(-1), integer(kMin)), kMax, 1));
  CHECK(!mul(integer(kMin), integer(-1)).valid());
  CHECK(!mul(integer(1LL << 40), integer(1LL << 40)).valid());
  CHECK(!neg(integer(kMin)).valid());
  CHECK(!add({1, kMax}, {1, kMax - 1}).valid());
  CHECK(is(div(integer(kMin), integer(kMin)), 1, 1));
  CHECK(!div(integer(1), integer(kMin)).valid());
  CHECK(!div(integer(1), integer(0)).valid());
  CHECK(is(div(integer(0), integer(-5)), 0, 1));
  const Rational bad{};
  CHECK(!add(bad, integer(1)).valid());
  CHECK(!mul(integer(0), bad).valid());
  CHECK(!pow(bad, 0).valid());
  CHECK(!root(bad, 2).valid());
}

TEST(rational_agrees_with_cross_products) {
  std::uint64_t seed = 1;
  const auto next = [&seed](std::int64_t range) {
    seed = mix(seed);
    return static_cast<std::int64_t>(seed % static_cast<std::uint64_t>(2 * range + 1)) - range;
  };
  for (int i = 0; i < 20000; ++i) {
    const std::int64_t range = i % 2 == 0 ? 50 : 1'000'000'000;
    const std::int64_t an = next(range);
    const std::int64_t ad = next(range);
    const std::int64_t bn = next(range);
    const std::int64_t bd = next(range);
    if (ad == 0 || bd == 0) continue;
    const Rational a = make(an, ad);
    const Rational b = make(bn, bd);
    const Wide den = static_cast<Wide>(ad) * bd;
    const Rational sum = add(a, b);
    if (range == 50) CHECK(sum.valid());
    if (sum.valid()) CHECK(same(sum, static_cast<Wide>(an) * bd + static_cast<Wide>(bn) * ad, den));
    const Rational product = mul(a, b);
    if (product.valid()) CHECK(same(product, static_cast<Wide>(an) * bn, den));
    const Rational difference = sub(a, b);
    if (difference.valid()) {
      CHECK((compare(a, b) < 0) == (difference.num < 0));
      CHECK(equal(add(difference, b), a) || !add(difference, b).valid());
    }
    if (bn != 0) {
      const Rational quotient = div(a, b);
      if (quotient.valid()) CHECK(equal(mul(quotient, b), a));
    }
    const Rational whole = floor(a);
    CHECK(compare(whole, a) <= 0 && compare(a, add(whole, integer(1))) < 0);
  }
}

TEST(rational_powers_and_roots) {
  CHECK(is(pow(make(-2, 3), 3), -8, 27));
  CHECK(is(pow(make(-2, 3), -2), 9, 4));
  CHECK(is(pow(integer(0), 0), 1, 1));
  CHECK(!pow(integer(0), -1).valid());
  CHECK(is(pow(integer(-1), kMin), 1, 1));
  CHECK(is(pow(integer(-1), kMax), -1, 1));
  CHECK(is(pow(integer(2), 62), 1LL << 62, 1));
  CHECK(is(pow(integer(-2), 63), kMin, 1));
  CHECK(!pow(integer(2), 63).valid());
  CHECK(!pow(integer(2), kMax).valid());
  CHECK(is(root(make(8, 27), 3), 2, 3));
  CHECK(is(root(integer(-8), 3), -2, 1));
  CHECK(!root(integer(2), 2).valid());
  CHECK(!root(integer(-4), 2).valid());
  CHECK(!root(integer(4), 0).valid());
  CHECK(!root(integer(4), -2).valid());
  CHECK(is(root(integer(1), kMax), 1, 1));
  CHECK(is(root(integer(0), 5), 0, 1));
  CHECK(is(root(integer(kMin), 63), -2, 1));
  CHECK(is(root(integer(kMin), 1), kMin, 1));
  CHECK(!root(integer(kMax), 64).valid());
  for (std::int64_t base = 2; base < 3000; base += 7) {
    for (std::int64_t degree = 2; degree <= 20; ++degree) {
      const Rational power = pow(integer(base), degree);
      if (!power.valid()) break;
      CHECK(is(root(power, degree), base, 1));
      CHECK(!root(add(power, integer(1)), degree).valid());
      CHECK(!root(sub(power, integer(1)), degree).valid());
    }
  }
  const std::int64_t big = 3037000499;  // floor(sqrt(2^63))
  CHECK(is(root(integer(big * big), 2), big, 1));
  CHECK(!root(integer(big * big - 1), 2).valid());
  CHECK(is(floor(make(-7, 2)), -4, 1));
  CHECK(is(floor(integer(kMin)), kMin, 1));
  CHECK(compare(integer(kMin), integer(kMax)) < 0);
  CHECK(compare({1, kMax}, {1, kMax - 1}) < 0);
  CHECK(to_double(make(-1, 8)) == -0.125);
}
