#include "answer/unit_table.hpp"

#include <cstddef>
#include <iterator>

#include "answer/hash.hpp"
#include "answer/unit_definitions.hpp"
#include "answer/unit_definitions_physics.hpp"

namespace pyverify::answer {
namespace {

constexpr std::size_t kEverydayCount = std::size(kEverydayUnits);
constexpr std::size_t kUnitCount = kEverydayCount + std::size(kPhysicalUnits);

constexpr const UnitDefinition& definition_at(std::size_t i) {
  return i < kEverydayCount ? kEverydayUnits[i] : kPhysicalUnits[i - kEverydayCount];
}

struct Entry {
  std::string_view text;
  std::uint16_t definition = 0;
  Spelling kind = Spelling::kSymbol;
};

// Calls visit(text, definition, kind) for every spelling of every unit.
template <typename Visit>
constexpr void for_each_spelling(Visit visit) {
  for (std::size_t i = 0; i < kUnitCount; ++i) {
    const UnitDefinition& unit = definition_at(i);
    const std::string_view lists[] = {unit.symbols, unit.words, unit.han};
    const Spelling kinds[] = {Spelling::kSymbol, Spelling::kWord, Spelling::kHan};
    for (std::size_t k = 0; k < 3; ++k) {
      std::size_t begin = 0;
      while (begin < lists[k].size()) {
        std::size_t end = lists[k].find(' ', begin);
        if (end == std::string_view::npos) end = lists[k].size();
        visit(lists[k].substr(begin, end - begin), static_cast<std::uint16_t>(i), kinds[k]);
        begin = end + 1;
      }
    }
  }
}

constexpr std::size_t kEntryCount = [] {
  std::size_t count = 0;
  for_each_spelling([&](std::string_view, std::uint16_t, Spelling) { ++count; });
  return count;
}();

constexpr std::size_t kSlots = 1024;
static_assert(kEntryCount * 2 < kSlots, "keep the hash table half empty");

constexpr std::size_t slot_of(std::string_view text, Spelling kind) {
  std::uint32_t h = 2166136261u + static_cast<std::uint32_t>(kind);
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return (h ^ (h >> 15)) % kSlots;
}

struct Table {
  std::array<Entry, kEntryCount> entries{};
  std::array<std::uint16_t, kSlots> slots{};  // index + 1; open addressing
  bool unique = true;
};

constexpr Table build() {
  Table table;
  std::size_t count = 0;
  for_each_spelling([&](std::string_view text, std::uint16_t definition, Spelling kind) {
    table.entries[count] = {text, definition, kind};
    std::size_t slot = slot_of(text, kind);
    while (table.slots[slot] != 0) {
      const Entry& other = table.entries[table.slots[slot] - 1u];
      if (other.kind == kind && other.text == text) table.unique = false;
      slot = (slot + 1) % kSlots;
    }
    table.slots[slot] = static_cast<std::uint16_t>(++count);
  });
  return table;
}

constexpr Table kTable = build();
static_assert(kTable.unique, "one spelling, one unit");

constexpr UnitPrefix kSymbolPrefixes[] = {
    {"Ki", 0, kBinary, 1024},
    {"Mi", 0, kBinary, 1048576},
    {"Gi", 0, kBinary, 1073741824},
    {"Ti", 0, kBinary, 1099511627776},
    {"da", 1, kHecto},
    {"µ", -6, kSmall},
    {"μ", -6, kSmall},
    {"u", -6, kSmall},
    {"f", -15, kSmall},
    {"p", -12, kSmall},
    {"n", -9, kSmall},
    {"m", -3, kSmall},
    {"c", -2, kCenti},
    {"d", -1, kDeci},
    {"h", 2, kHecto},
    {"k", 3, kLarge},
    {"M", 6, kLarge},
    {"G", 9, kLarge},
    {"T", 12, kLarge},
    {"P", 15, kBinary},
};

constexpr UnitPrefix kWordPrefixes[] = {
    {"femto", -15, kSmall}, {"pico", -12, kSmall}, {"nano", -9, kSmall},  {"micro", -6, kSmall},
    {"milli", -3, kSmall},  {"centi", -2, kCenti}, {"deci", -1, kDeci},   {"deca", 1, kHecto},
    {"deka", 1, kHecto},    {"hecto", 2, kHecto},  {"kilo", 3, kLarge},   {"mega", 6, kLarge},
    {"giga", 9, kLarge},    {"tera", 12, kLarge},  {"peta", 15, kBinary},
};

template <std::size_t kSize>
const UnitPrefix* find_prefix(const UnitPrefix (&prefixes)[kSize], std::string_view text) noexcept {
  for (const UnitPrefix& prefix : prefixes) {
    if (text.size() > prefix.text.size() && text.starts_with(prefix.text)) return &prefix;
  }
  return nullptr;
}

}  // namespace

const UnitDefinition* find_definition(std::string_view text, Spelling kind) noexcept {
  for (std::size_t slot = slot_of(text, kind); kTable.slots[slot] != 0;
       slot = (slot + 1) % kSlots) {
    const Entry& entry = kTable.entries[kTable.slots[slot] - 1u];
    if (entry.kind == kind && entry.text == text) return &definition_at(entry.definition);
  }
  return nullptr;
}

const UnitPrefix* symbol_prefix(std::string_view symbol) noexcept {
  return find_prefix(kSymbolPrefixes, symbol);
}
const UnitPrefix* word_prefix(std::string_view word) noexcept {
  return find_prefix(kWordPrefixes, word);
}

}  // namespace pyverify::answer
