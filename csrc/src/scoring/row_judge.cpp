#include "scoring/row_judge.hpp"

#include "pyverify/verify.hpp"

namespace pyverify::scoring {

void RowJudge::judge(const RowViews& views, unsigned threads, JudgedRows& out) {
  items_.clear();
  for (const RowView& row : views.rows) items_.push_back({row.completion, row.gold});
  outcomes_.resize(items_.size());
  verify_batch(views.golds, items_, plan_.options, threads, false, outcomes_.data());
  for (std::size_t i = 0; i < views.rows.size(); ++i) {
    if (plan_.rows) writer_.write(out.rows, views, views.rows[i], outcomes_[i]);
    out.row_ends.push_back(out.rows.size());
    keep(views, views.rows[i], outcomes_[i], out);
  }
}

void RowJudge::keep(const RowViews& views, const RowView& row, const Outcome& outcome,
                    JudgedRows& out) const {
  std::optional<std::string_view> table;
  if (plan_.table.has_value()) table = *plan_.table;
  if (outcome.verdict == Verdict::kBadGold) out.bad_golds.emplace_back(row.line, outcome.reason);
  CountedRow& counted = out.counted.emplace_back();
  counted.judged.verdict = outcome.verdict;
  counted.judged.reason = outcome.reason;
  counted.judged.unevaluated = outcome.unevaluated;
  counted.judged.truncated = row.truncated;
  counted.judged.prompt = row.prompt;
  counted.line = row.line;
  counted.labels = out.labels.size();
  out.labels.push_back(out.keep(row.dataset.value_or("").empty() ? table : row.dataset));
  for (std::size_t i = 0; i < plan_.by.size(); ++i)
    out.labels.push_back(out.keep(views.by[row.by + i]));
  // Right answers are one group whatever they look like: only wrong ones are kept.
  if (outcome.verdict != Verdict::kEqual) {
    const Span span = outcome.answer;
    counted.answer = out.keep(row.completion.substr(span.begin, span.end - span.begin));
  }
}

void count(const JudgedRows& judged, const ScorePlan& plan, Tallies& tallies) {
  std::vector<std::optional<std::string_view>> labels(1 + plan.by.size());
  for (const CountedRow& row : judged.counted) {
    for (std::size_t i = 0; i < labels.size(); ++i)
      labels[i] = judged.view(judged.labels[row.labels + i]);
    Judged whole = row.judged;
    whole.answer = judged.view(row.answer).value_or("");
    tallies.add(labels, whole, RowScorer::place(plan.source_number, row.line));
  }
}

}  // namespace pyverify::scoring
