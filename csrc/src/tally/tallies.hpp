// What stands behind Tallies.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pyverify/tally.hpp"
#include "tally/prompts.hpp"

namespace pyverify {

struct Tallies::Impl {
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return static_cast<std::size_t>(digest(text).low);
    }
  };
  struct Partition {
    std::vector<Table> tables;
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> named;
    std::uint32_t unnamed = tally::kNone;
    std::uint32_t latest = tally::kNone;
    tally::Prompts prompts;

    std::uint32_t find(std::optional<std::string_view> name, std::uint64_t place);
    // Tables in the order in which they were met.
    std::vector<std::uint32_t> order() const;
  };

  Options options;
  std::vector<Partition> partitions;
};

}  // namespace pyverify
