// Verdicts of rows that are read: written, and kept for the counting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pyverify/scoring.hpp"
#include "scoring/row_writer.hpp"

namespace pyverify::scoring {

// A text in a result's own memory; nothing where `size` is kNoText.
struct Kept {
  static constexpr std::size_t kNoText = static_cast<std::size_t>(-1);
  std::size_t at = 0;
  std::size_t size = kNoText;
};

struct CountedRow {
  Judged judged;  // without its answer
  Kept answer;
  std::uint64_t line = 0;
  std::size_t labels = 0;  // where they begin
};

struct JudgedRows {
  std::string rows;
  std::vector<std::size_t> row_ends;  // in `rows`
  std::vector<std::pair<std::uint64_t, Reason>> bad_golds;
  std::vector<CountedRow> counted;
  std::vector<Kept> labels;
  std::string texts;

  Kept keep(std::optional<std::string_view> text) {
    if (!text.has_value()) return {};
    texts += *text;
    return {texts.size() - text->size(), text->size()};
  }
  std::optional<std::string_view> view(Kept kept) const noexcept {
    if (kept.size == Kept::kNoText) return std::nullopt;
    return std::string_view(texts).substr(kept.at, kept.size);
  }
};

// One thread's tools, kept from rows to rows.
class RowJudge {
 public:
  RowJudge(const ScorePlan& plan, const RowWriter& writer) : plan_(plan), writer_(writer) {}

  void judge(const RowViews& views, unsigned threads, JudgedRows& out);

 private:
  void keep(const RowViews& views, const RowView& row, const Outcome& outcome,
            JudgedRows& out) const;

  const ScorePlan& plan_;
  const RowWriter& writer_;
  std::vector<BatchItem> items_;
  std::vector<Outcome> outcomes_;
};

// Counts what was kept.
void count(const JudgedRows& judged, const ScorePlan& plan, Tallies& tallies);

}  // namespace pyverify::scoring
