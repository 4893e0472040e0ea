// A set of 64-bit hashes in a flat table, kept for the next text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "support/mix.hpp"

namespace pyverify::response {

using support::mix;

constexpr std::uint64_t kHashStart = 0xCBF29CE484222325ull;
constexpr std::uint64_t kHashStep = 0x100000001B3ull;
constexpr std::uint64_t hash_on(std::uint64_t hash, char32_t value) noexcept {
  return (hash ^ value) * kHashStep;
}

class HashSet {
 public:
  // Empties it; a large table is given back.
  void clear() noexcept {
    if (slots_.size() > kKept) {
      slots_ = std::vector<std::uint64_t>(kLeast);
    } else if (size_ != 0 || slots_.empty()) {
      slots_.assign(slots_.empty() ? kLeast : slots_.size(), 0);
    }
    size_ = 0;
  }

  std::size_t size() const noexcept { return size_; }

  // False when it is there already. The hash must be mixed. A text made so that all its hashes meet
  // in one place would make each search long: after many steps a hash counts as there.
  bool insert(std::uint64_t hash) noexcept {
    if (hash == 0) hash = 1;  // an empty slot
    if (2 * size_ >= slots_.size()) grow();
    const std::size_t last = slots_.size() - 1;
    std::size_t slot = hash & last;
    for (std::size_t step = 0; step < kLongestSearch; ++step, slot = (slot + 1) & last) {
      if (slots_[slot] == hash) return false;
      if (slots_[slot] == 0) {
        slots_[slot] = hash;
        ++size_;
        return true;
      }
    }
    return false;
  }

  // Takes out what `keep` is false of.
  template <class Keep>
  void retain(const Keep& keep) noexcept {
    std::vector<std::uint64_t> all(slots_.size());
    all.swap(slots_);
    size_ = 0;
    for (const std::uint64_t hash : all) {
      if (hash != 0 && keep(hash)) insert(hash);
    }
  }

 private:
  static constexpr std::size_t kLeast = 1024;
  static constexpr std::size_t kKept = std::size_t{1} << 13;
  static constexpr std::size_t kLongestSearch = 256;

  void grow() noexcept {
    std::vector<std::uint64_t> all(slots_.empty() ? kLeast : 2 * slots_.size());
    all.swap(slots_);
    size_ = 0;
    for (const std::uint64_t hash : all) {
      if (hash != 0) insert(hash);
    }
  }

  std::vector<std::uint64_t> slots_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace pyverify::response
