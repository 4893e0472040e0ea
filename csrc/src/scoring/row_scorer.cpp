#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "pyverify/scoring.hpp"
#include "scoring/line_rows.hpp"
#include "scoring/row_judge.hpp"
#include "scoring/row_writer.hpp"

namespace pyverify {
namespace {

using scoring::JudgedRows;
using scoring::LineRows;
using scoring::Roles;
using scoring::RowJudge;
using scoring::RowWriter;

// Enough that a slice is worth a thread's while, and little enough that its texts stay in the
// cache.
constexpr std::size_t kSliceBytes = 256u << 10;

struct Slice {
  std::string_view lines;
  std::size_t begin = 0;         // in all lines
  std::uint64_t first_line = 0;  // number of its first line
};

// Lines are long: looking for each one's end is faster than looking at every byte.
std::uint64_t count_lines(std::string_view lines) noexcept {
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < lines.size(); ++count) {
    const std::size_t end = lines.find('\n', at);
    if (end == std::string_view::npos) return count + 1;
    at = end + 1;
  }
  return count;
}

std::vector<Slice> cut(std::string_view lines, std::uint64_t first_line) {
  std::vector<Slice> slices;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t newline = lines.find('\n', std::min(at + kSliceBytes, lines.size() - 1));
    const std::size_t end = newline == std::string_view::npos ? lines.size() : newline + 1;
    const std::string_view part = lines.substr(at, end - at);
    slices.push_back({part, at, first_line});
    first_line += count_lines(part);
    at = end;
  }
  return slices;
}

struct SliceResult {
  JudgedRows judged;
  std::vector<Hole> holes;
};

class SliceScorer {
 public:
  SliceScorer(const ScorePlan& plan, const Roles& roles, const RowWriter& writer)
      : rows_(plan, roles), judge_(plan, writer) {}

  void score(const Slice& slice, SliceResult& out) {
    read(slice, out);
    const RowViews& views = rows_.views();
    judge_.judge(views, 1, out.judged);
    std::size_t row = 0;
    for (Hole& hole : out.holes) {
      while (row < views.rows.size() && views.rows[row].line < hole.line) ++row;
      if (row > 0) hole.row_at = out.judged.row_ends[row - 1];
    }
  }

 private:
  void read(const Slice& slice, SliceResult& out) {
    rows_.clear();
    std::uint64_t number = slice.first_line;
    for (std::size_t at = 0; at < slice.lines.size(); ++number) {
      std::size_t end = slice.lines.find('\n', at);
      if (end == std::string_view::npos) end = slice.lines.size();
      const std::string_view line = slice.lines.substr(at, end - at);
      const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
      if (!blank && !rows_.read(line, number))
        out.holes.push_back({number, slice.begin + at, slice.begin + end, 0});
      at = end + 1;
    }
  }

  LineRows rows_;
  RowJudge judge_;
};

void run(std::span<const Slice> slices, std::vector<SliceResult>& results, const ScorePlan& plan,
         const Roles& roles, const RowWriter& writer, unsigned threads) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    SliceScorer scorer(plan, roles, writer);
    for (std::size_t i = next++; i < slices.size(); i = next++) scorer.score(slices[i], results[i]);
  };
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < std::min<std::size_t>(threads, slices.size()); ++i) {
    try {
      helpers.emplace_back(work);
    } catch (const std::system_error&) {
      break;  // no thread to be had: the others do its share
    }
  }
  work();
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace

RowScorer::RowScorer(ScorePlan plan) : plan_(std::move(plan)) {}

Scored RowScorer::score_lines(std::string_view lines, std::uint64_t first_line, unsigned threads,
                              Tallies& tallies) const {
  const Roles roles(plan_);
  const RowWriter writer(plan_);
  const std::vector<Slice> slices = cut(lines, first_line);
  std::vector<SliceResult> results(slices.size());
  run(slices, results, plan_, roles, writer, threads);
  Scored all;
  if (!slices.empty())
    all.lines = slices.back().first_line + count_lines(slices.back().lines) - first_line;
  for (const auto& [judged, holes] : results) {
    for (Hole hole : holes) {
      hole.row_at += all.rows.size();
      all.holes.push_back(hole);
    }
    all.rows += judged.rows;
    all.bad_golds.insert(all.bad_golds.end(), judged.bad_golds.begin(), judged.bad_golds.end());
    scoring::count(judged, plan_, tallies);
  }
  return all;
}

Scored RowScorer::score_rows(const RowViews& rows, unsigned threads, Tallies& tallies,
                             std::vector<std::size_t>& row_ends) const {
  const RowWriter writer(plan_);
  JudgedRows judged;
  scoring::RowJudge(plan_, writer).judge(rows, threads, judged);
  scoring::count(judged, plan_, tallies);
  row_ends = std::move(judged.row_ends);
  Scored all;
  all.rows = std::move(judged.rows);
  all.bad_golds = std::move(judged.bad_golds);
  all.lines = rows.rows.size();
  return all;
}

}  // namespace pyverify
