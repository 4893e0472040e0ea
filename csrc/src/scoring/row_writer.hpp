// Writes verdict rows as Python's json module writes them: sorted keys, text as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pyverify/scoring.hpp"
#include "pyverify/verify.hpp"

namespace pyverify::scoring {

// A JSON string, quotes included.
void append_text(std::string& out, std::string_view text);

struct RowValues {
  std::string_view completion;
  bool ascii = false;  // the completion is
  std::string_view gold;
  std::string_view id;  // as JSON
  std::uint64_t line = 0;
  std::optional<std::uint32_t> sample;
  std::optional<std::string_view> dataset;
  std::optional<Digest> prompt;
  std::optional<bool> truncated;
  std::span<const std::optional<std::string_view>> by;
};

class RowWriter {
 public:
  explicit RowWriter(const ScorePlan& plan);
  void write(std::string& out, const RowValues& row, const Outcome& outcome) const;

 private:
  // What is the same in all rows, as JSON.
  std::string grader_;
  std::string source_;
  std::vector<std::pair<std::string, std::size_t>> by_;  // `"name": ` in order, and which value
};

}  // namespace pyverify::scoring
