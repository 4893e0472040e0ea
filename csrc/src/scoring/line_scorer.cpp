#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "pyverify/scoring.hpp"
#include "pyverify/verify.hpp"
#include "scoring/line_rows.hpp"
#include "scoring/row_writer.hpp"

namespace pyverify {
namespace {

using scoring::LineRow;
using scoring::LineRows;
using scoring::Roles;
using scoring::RowValues;
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

// A text in a slice's own memory; nothing where `size` is kNoText.
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

struct SliceResult {
  std::string rows;
  std::vector<Hole> holes;
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

// One thread's tools, kept from slice to slice.
class SliceScorer {
 public:
  SliceScorer(const ScorePlan& plan, const Roles& roles, const RowWriter& writer)
      : plan_(plan), writer_(writer), rows_(plan, roles) {}

  void score(const Slice& slice, SliceResult& out) {
    read(slice, out);
    items_.clear();
    for (const LineRow& row : rows_.rows) items_.push_back({row.completion, row.gold});
    outcomes_.resize(items_.size());
    verify_batch(rows_.golds, items_, plan_.options, 1, false, outcomes_.data());
    std::size_t hole = 0;
    for (std::size_t i = 0; i < rows_.rows.size(); ++i) {
      while (hole < out.holes.size() && out.holes[hole].line < rows_.rows[i].line)
        out.holes[hole++].row_at = out.rows.size();
      if (plan_.rows) write(rows_.rows[i], outcomes_[i], out.rows);
      count(rows_.rows[i], outcomes_[i], out);
    }
    while (hole < out.holes.size()) out.holes[hole++].row_at = out.rows.size();
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

  void write(const LineRow& row, const Outcome& outcome, std::string& out) const {
    RowValues values;
    values.completion = row.completion;
    values.ascii = row.ascii;
    values.gold = rows_.golds[row.gold].alternatives[0][0];
    values.id = row.id;
    values.line = row.line;
    values.sample = row.sample;
    values.dataset = row.dataset;
    values.prompt = row.prompt;
    values.truncated = row.truncated;
    values.by = std::span(rows_.by).subspan(row.by, plan_.by.size());
    writer_.write(out, values, outcome);
  }

  void count(const LineRow& row, const Outcome& outcome, SliceResult& out) {
    if (outcome.verdict == Verdict::kBadGold) out.bad_golds.emplace_back(row.line, outcome.reason);
    CountedRow& counted = out.counted.emplace_back();
    counted.judged.verdict = outcome.verdict;
    counted.judged.reason = outcome.reason;
    counted.judged.unevaluated = outcome.unevaluated;
    counted.judged.truncated = row.truncated;
    counted.judged.prompt = row.prompt;
    counted.line = row.line;
    counted.labels = out.labels.size();
    out.labels.push_back(out.keep(row.dataset.value_or("").empty() ? table() : row.dataset));
    for (std::size_t i = 0; i < plan_.by.size(); ++i)
      out.labels.push_back(out.keep(rows_.by[row.by + i]));
    // Right answers are one group whatever they look like: only wrong ones are kept.
    if (outcome.verdict != Verdict::kEqual) {
      const Span span = outcome.answer;
      counted.answer = out.keep(row.completion.substr(span.begin, span.end - span.begin));
    }
  }

  std::optional<std::string_view> table() const {
    if (!plan_.table.has_value()) return std::nullopt;
    return *plan_.table;
  }

  const ScorePlan& plan_;
  const RowWriter& writer_;
  LineRows rows_;
  std::vector<BatchItem> items_;
  std::vector<Outcome> outcomes_;
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

void add_all(const SliceResult& result, std::size_t partitions, std::uint64_t source_number,
             Tallies& tallies) {
  std::vector<std::optional<std::string_view>> labels(partitions);
  for (const CountedRow& row : result.counted) {
    for (std::size_t i = 0; i < partitions; ++i)
      labels[i] = result.view(result.labels[row.labels + i]);
    Judged judged = row.judged;
    judged.answer = result.view(row.answer).value_or("");
    tallies.add(labels, judged, LineScorer::place(source_number, row.line));
  }
}

}  // namespace

LineScorer::LineScorer(ScorePlan plan) : plan_(std::move(plan)) {}

Scored LineScorer::score(std::string_view lines, std::uint64_t first_line, unsigned threads,
                         Tallies& tallies) const {
  const Roles roles(plan_);
  const RowWriter writer(plan_);
  const std::vector<Slice> slices = cut(lines, first_line);
  std::vector<SliceResult> results(slices.size());
  run(slices, results, plan_, roles, writer, threads);
  Scored all;
  if (!slices.empty())
    all.lines = slices.back().first_line + count_lines(slices.back().lines) - first_line;
  for (const SliceResult& result : results) {
    for (Hole hole : result.holes) {
      hole.row_at += all.rows.size();
      all.holes.push_back(hole);
    }
    all.rows += result.rows;
    all.bad_golds.insert(all.bad_golds.end(), result.bad_golds.begin(), result.bad_golds.end());
    add_all(result, 1 + plan_.by.size(), plan_.source_number, tallies);
  }
  return all;
}

}  // namespace pyverify
