// Writes verdict rows as Python's json module writes them: sorted keys, text as it is.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pyverify/scoring.hpp"
#include "pyverify/verify.hpp"

namespace pyverify::scoring {

class RowWriter {
 public:
  explicit RowWriter(const ScorePlan& plan);
  void write(std::string& out, const RowViews& all, const RowView& row,
             const Outcome& outcome) const;

 private:
  // What is the same in all rows, as JSON.
  std::string grader_;
  std::string source_;
  std::vector<std::pair<std::string, std::size_t>> by_;  // `"name": ` in order, and which value
};

}  // namespace pyverify::scoring
