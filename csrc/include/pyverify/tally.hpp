// Counts verdicts by data set and by any other label, and keeps of every prompt what metrics need:
// how many samples it has, how many are right, and which wrong answers were given how often.
//
// Nothing depends on the order in which rows come, nor on how they are spread over tallies that are
// merged later.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyverify/options.hpp"
#include "pyverify/verdict.hpp"

namespace pyverify {

// Stands for a prompt of any length. No cryptography: who makes two prompts meet spoils the figures
// of a file of his own.
struct Digest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Digest&, const Digest&) = default;
};
Digest digest(std::string_view text) noexcept;

enum class Count : std::uint8_t {
  kRows,
  kRight,
  kNoAnswer,  // without a final answer, missing responses included
  kMissing,   // responses that the file does not have
  kUnparseable,
  kUndecided,  // the unparseable left out
  kLimit,
  kBadGold,
  kMissingGold,  // not among the rows
  kUnevaluated,
  kTruncated,
  kTruncationKnown,  // rows whose file says whether they were cut off
  kCount
};
std::string_view name(Count count) noexcept;

// What is counted of one row.
struct Judged {
  Verdict verdict = Verdict::kNoAnswer;
  Reason reason = Reason::kNone;
  bool unevaluated = false;
  bool missing = false;           // there is no response
  std::optional<bool> truncated;  // unless the file doesn't say
  std::optional<Digest> prompt;   // unless the row shares its prompt with none
  std::string_view answer;        // "" where there is none; of a right row it doesn't matter
};

// How one prompt was answered: its samples, those right, then the size of each group of equivalent
// answers and how many of it are right, largest first.
using Signature = std::vector<std::uint32_t>;

class Tallies {
 public:
  // A name and whether it is there at all, for every partition in order. The first partition is the
  // data set.
  using Labels = std::span<const std::optional<std::string_view>>;
  using Counts = std::array<std::uint64_t, static_cast<std::size_t>(Count::kCount)>;
  struct Table {
    std::optional<std::string> name;
    std::uint64_t first = 0;  // where it was met first; tables are listed in this order
    Counts counts{};
    std::array<std::uint64_t, 3> singles{};  // rows of no prompt: without answer, wrong, right
  };

  // The options decide which answers of one prompt are equivalent.
  Tallies(std::size_t partitions, const Options& options);
  ~Tallies();
  Tallies(Tallies&&) noexcept;
  Tallies& operator=(Tallies&&) noexcept;

  // `place` orders the rows of a run.
  void add(Labels labels, const Judged& row, std::uint64_t place);
  void add_missing_gold(Labels labels, std::uint64_t place);

  std::size_t partitions() const noexcept;
  // In the order in which they were met.
  std::vector<Table> tables(std::size_t partition) const;
  // How many prompts of each table, in the order of tables(), were answered so.
  std::vector<std::map<Signature, std::uint64_t>> signatures(std::size_t partition,
                                                             unsigned threads) const;
  // Of all rows.
  Counts counts() const noexcept;

  // What merge() reads; the bytes depend only on what was added.
  std::string dump() const;
  // False if `dumped` is not what dump() of a tally with as many partitions writes; then nothing
  // has changed.
  bool merge(std::string_view dumped);

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyverify
