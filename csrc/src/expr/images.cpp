#include "expr/images.hpp"

namespace pyverify::expr {
namespace {

using number::F1;
using number::F2;

std::array<SmallPrime, kSmallPrimes> make_small_primes() noexcept {
  std::array<SmallPrime, kSmallPrimes> primes;
  std::size_t count = 0;
  for (std::uint32_t n = 2; count < kSmallPrimes; ++n) {
    bool prime = true;
    for (std::size_t i = 0; i < count && primes[i].value * primes[i].value <= n; ++i) {
      if (n % primes[i].value == 0) {
        prime = false;
        break;
      }
    }
    if (!prime) continue;
    SmallPrime& entry = primes[count++];
    entry.value = n;
    entry.root1 = square_root<F1>(n, entry.square1);
    entry.root2 = square_root<F2>(n, entry.square2);
  }
  return primes;
}

}  // namespace

const Image& image_of(std::uint64_t name, std::uint64_t seed) noexcept {
  struct Entry {
    std::uint64_t name = 0;
    std::uint64_t seed = 0;
    Image image;  // base1 is 0 while the entry is empty: images are at least 2
  };
  static thread_local std::array<Entry, 64> cache;
  const std::uint64_t key = number::mix(name, seed);
  Entry& entry = cache[key % cache.size()];
  if (entry.image.base1 == 0 || entry.name != name || entry.seed != seed) {
    entry.name = name;
    entry.seed = seed;
    entry.image.base1 = F1::random(key);
    entry.image.base2 = F2::random(number::mix(key));
    entry.image.power1 = F1::pow(entry.image.base1, kRootOrder);
    entry.image.power2 = F2::pow(entry.image.base2, kRootOrder);
  }
  return entry.image;
}

const std::array<SmallPrime, kSmallPrimes>& small_primes() noexcept {
  static const std::array<SmallPrime, kSmallPrimes> primes = make_small_primes();
  return primes;
}

Factored factor(std::uint64_t n) noexcept {
  Factored result;
  if (n == 0) return result;
  const auto& primes = small_primes();
  for (std::uint32_t i = 0; i < kSmallPrimes; ++i) {
    const std::uint64_t p = primes[i].value;
    if (p * p > n) break;
    std::uint32_t exponent = 0;
    while (n % p == 0) {
      n /= p;
      ++exponent;
    }
    if (exponent != 0) result.factors[result.count++] = {i, exponent};
  }
  if (n > 1 && n < 1000) {
    // What is left is a prime of the table.
    std::uint32_t low = 0;
    std::uint32_t high = kSmallPrimes - 1;
    while (low < high) {
      const std::uint32_t middle = (low + high) / 2;
      if (primes[middle].value < n) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    result.factors[result.count++] = {low, 1};
    n = 1;
  }
  result.rest = n;
  return result;
}

}  // namespace pyverify::expr
