// Spreads the bits of a hash.
#pragma once

#include <cstdint>

namespace pyverify::support {

// Every bit of the result depends on every bit of it.
constexpr std::uint64_t mix(std::uint64_t hash) noexcept {
  hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDull;
  hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53ull;
  return hash ^ (hash >> 33);
}

}  // namespace pyverify::support
