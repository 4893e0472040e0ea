#include "tally/tallies.hpp"

#include <algorithm>
#include <utility>

namespace pyverify {
namespace {

std::uint64_t& at(Tallies::Counts& counts, Count which) noexcept {
  return counts[static_cast<std::size_t>(which)];
}

void count(Tallies::Counts& counts, const Judged& row) noexcept {
  ++at(counts, Count::kRows);
  at(counts, Count::kUnevaluated) += row.unevaluated;
  at(counts, Count::kMissing) += row.missing;
  at(counts, Count::kTruncationKnown) += row.truncated.has_value();
  at(counts, Count::kTruncated) += row.truncated.value_or(false);
  switch (row.verdict) {
    case Verdict::kEqual:
      ++at(counts, Count::kRight);
      break;
    case Verdict::kNotEqual:
      break;
    case Verdict::kNoAnswer:
      ++at(counts, Count::kNoAnswer);
      break;
    case Verdict::kLimit:
      ++at(counts, Count::kLimit);
      break;
    case Verdict::kBadGold:
      ++at(counts, Count::kBadGold);
      break;
    case Verdict::kUndecided:
      ++at(counts, row.reason == Reason::kUnparseable ? Count::kUnparseable : Count::kUndecided);
      break;
  }
}

}  // namespace

std::string_view name(Count count) noexcept {
  constexpr std::string_view kNames[] = {
      "rows",  "right",    "no_answer",    "missing",     "unparseable", "undecided",
      "limit", "bad_gold", "missing_gold", "unevaluated", "truncated",   "truncation_known"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Count::kCount));
  return kNames[static_cast<std::size_t>(count)];
}

std::uint32_t Tallies::Impl::Partition::find(std::optional<std::string_view> name,
                                             std::uint64_t place) {
  const auto same = [&](std::uint32_t index) { return tables[index].name == name; };
  if (latest == tally::kNone || !same(latest)) {
    std::uint32_t found = unnamed;
    if (name.has_value()) {
      const auto known = named.find(*name);
      found = known == named.end() ? tally::kNone : known->second;
    }
    if (found == tally::kNone) {
      found = static_cast<std::uint32_t>(tables.size());
      Table& made = tables.emplace_back();
      made.first = place;
      if (name.has_value()) {
        made.name = std::string(*name);
        named.emplace(*made.name, found);
      } else {
        unnamed = found;
      }
    }
    latest = found;
  }
  tables[latest].first = std::min(tables[latest].first, place);
  return latest;
}

std::vector<std::uint32_t> Tallies::Impl::Partition::order() const {
  std::vector<std::uint32_t> all(tables.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  std::sort(all.begin(), all.end(), [this](std::uint32_t a, std::uint32_t b) {
    if (tables[a].first != tables[b].first) return tables[a].first < tables[b].first;
    return tables[a].name < tables[b].name;
  });
  return all;
}

Tallies::Tallies(std::size_t partitions, const Options& options) : impl_(std::make_unique<Impl>()) {
  impl_->options = options;
  impl_->partitions.resize(partitions);
}
Tallies::~Tallies() = default;
Tallies::Tallies(Tallies&&) noexcept = default;
Tallies& Tallies::operator=(Tallies&&) noexcept = default;

std::size_t Tallies::partitions() const noexcept { return impl_->partitions.size(); }

void Tallies::add(Labels labels, const Judged& row, std::uint64_t place) {
  const bool right = row.verdict == Verdict::kEqual;
  const bool wrong = !right && !row.answer.empty() && row.verdict != Verdict::kNoAnswer;
  for (std::size_t i = 0; i < impl_->partitions.size(); ++i) {
    Impl::Partition& partition = impl_->partitions[i];
    const std::uint32_t found = partition.find(labels[i], place);
    Table& table = partition.tables[found];
    count(table.counts, row);
    if (!row.prompt.has_value()) {
      ++table.singles[right ? 2 : wrong ? 1 : 0];
      continue;
    }
    tally::Prompt& prompt = partition.prompts.find(*row.prompt, found);
    ++prompt.samples;
    prompt.right += right;
    if (wrong) partition.prompts.answer(prompt, row.answer, 1);
  }
}

void Tallies::add_missing_gold(Labels labels, std::uint64_t place) {
  for (std::size_t i = 0; i < impl_->partitions.size(); ++i) {
    Impl::Partition& partition = impl_->partitions[i];
    ++at(partition.tables[partition.find(labels[i], place)].counts, Count::kMissingGold);
  }
}

std::vector<Tallies::Table> Tallies::tables(std::size_t partition) const {
  std::vector<Table> all;
  const Impl::Partition& from = impl_->partitions[partition];
  for (const std::uint32_t index : from.order()) all.push_back(from.tables[index]);
  return all;
}

Tallies::Counts Tallies::counts() const noexcept {
  Counts all{};
  for (const Table& table : impl_->partitions[0].tables) {
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += table.counts[i];
  }
  return all;
}

}  // namespace pyverify
