// Tallies as bytes, for parts that are scored apart and merged.
#include <algorithm>
#include <cstring>

#include "tally/tallies.hpp"

namespace pyverify {
namespace {

using tally::Answer;
using tally::Prompt;

constexpr std::string_view kMagic = "pyverify tally 1\n";

class Writer {
 public:
  void number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  }
  void text(std::string_view value) {
    number(value.size());
    out += value;
  }
  std::string out;
};

// What it reads behind the end, or where a number is out of range, is nothing, and `good` is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  std::uint64_t number(std::uint64_t most = ~std::uint64_t{0}) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(8);
    for (std::size_t i = bytes.size(); i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    }
    if (value > most) good = false;
    return good ? value : 0;
  }
  std::uint32_t small(std::uint32_t most = tally::kNone - 1) {
    return static_cast<std::uint32_t>(number(most));
  }
  std::string_view text(std::size_t most) { return take(number(most)); }
  std::string_view take(std::size_t size) {
    if (size > left_.size()) {
      good = false;
      return {};
    }
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }
  bool done() const noexcept { return good && left_.empty(); }

  bool good = true;

 private:
  std::string_view left_;
};

void write_tables(Writer& out, const std::vector<Tallies::Table>& tables) {
  out.number(tables.size());
  for (const Tallies::Table& table : tables) {
    out.number(table.name.has_value());
    out.text(table.name.value_or(""));
    out.number(table.first);
    for (const std::uint64_t count : table.counts) out.number(count);
    for (const std::uint64_t count : table.singles) out.number(count);
  }
}

}  // namespace

std::string Tallies::dump() const {
  Writer out;
  out.out = kMagic;
  out.number(impl_->partitions.size());
  for (std::size_t p = 0; p < impl_->partitions.size(); ++p) {
    const Impl::Partition& partition = impl_->partitions[p];
    write_tables(out, tables(p));
    const std::vector<std::uint32_t> order = partition.order();
    std::vector<std::uint32_t> rank(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
    std::vector<const Prompt*> prompts;
    for (const Prompt& prompt : partition.prompts.slots()) {
      if (prompt.table != tally::kNone) prompts.push_back(&prompt);
    }
    std::sort(prompts.begin(), prompts.end(), [&](const Prompt* a, const Prompt* b) {
      if (rank[a->table] != rank[b->table]) return rank[a->table] < rank[b->table];
      return a->key.low != b->key.low ? a->key.low < b->key.low : a->key.high < b->key.high;
    });
    out.number(prompts.size());
    for (const Prompt* prompt : prompts) {
      out.number(rank[prompt->table]);
      out.number(prompt->key.low);
      out.number(prompt->key.high);
      out.number(prompt->samples);
      out.number(prompt->right);
      const std::vector<const Answer*> answers = partition.prompts.answers(*prompt);
      out.number(answers.size());
      for (const Answer* answer : answers) {
        out.number(answer->hash);
        out.number(answer->count);
        out.text(answer->view());
      }
    }
  }
  return std::move(out.out);
}

namespace {

// Reads what dump() wrote; `into` is null on the first reading, which only looks.
bool read(std::string_view dumped, std::size_t partitions, Tallies::Impl* into) {
  Reader in(dumped);
  if (in.take(kMagic.size()) != kMagic || in.number() != partitions) return false;
  for (std::size_t p = 0; p < partitions && in.good; ++p) {
    std::vector<std::uint32_t> homes;
    const std::uint64_t tables = in.small();
    for (std::uint64_t i = 0; i < tables && in.good; ++i) {
      const bool named = in.number(1) != 0;
      const std::string_view name = in.text(dumped.size());
      const std::uint64_t first = in.number();
      std::uint32_t home = static_cast<std::uint32_t>(i);
      Tallies::Table none;
      Tallies::Table* table = &none;
      if (into != nullptr) {
        Tallies::Impl::Partition& partition = into->partitions[p];
        home = partition.find(named ? std::optional(name) : std::nullopt, first);
        table = &partition.tables[home];
      }
      for (std::uint64_t& count : table->counts) count += in.number();
      for (std::uint64_t& count : table->singles) count += in.number();
      homes.push_back(home);
    }
    const std::uint64_t prompts = in.small();
    for (std::uint64_t i = 0; i < prompts && in.good; ++i) {
      const std::uint32_t home = in.small();
      if (home >= homes.size()) return false;
      const std::uint64_t low = in.number();
      const std::uint64_t high = in.number();
      const std::uint32_t samples = in.small();
      const std::uint32_t right = in.small(samples);
      const std::uint32_t answers = in.small(samples - right);
      Prompt* prompt = nullptr;
      if (into != nullptr) {
        prompt = &into->partitions[p].prompts.find({low, high}, homes[home]);
        prompt->samples += samples;
        prompt->right += right;
      }
      for (std::uint32_t k = 0; k < answers && in.good; ++k) {
        const std::uint64_t hash = in.number();
        const std::uint32_t count = in.small(samples);
        const std::string_view text = in.text(tally::kMostAnswerBytes);
        if (prompt != nullptr) into->partitions[p].prompts.answer(*prompt, hash, text, count);
      }
    }
  }
  return in.done();
}

}  // namespace

bool Tallies::merge(std::string_view dumped) {
  return read(dumped, impl_->partitions.size(), nullptr) &&
         read(dumped, impl_->partitions.size(), impl_.get());
}

}  // namespace pyverify
