// The answers of each prompt gathered into groups of equivalent ones.
#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "pyverify/verify.hpp"
#include "tally/tallies.hpp"

namespace pyverify {
namespace {

using tally::Answer;
using tally::Prompt;
using tally::Prompts;

constexpr std::size_t kSlice = 64;
// So many different wrong answers of one prompt, the most frequent ones, are compared with each
// other; any further one is a group by itself. What is compared grows with the square of it.
constexpr std::size_t kMostCompared = 128;

using Found = std::map<std::pair<std::uint32_t, Signature>, std::uint64_t>;

struct Group {
  std::string_view first;
  std::uint32_t size = 0;
  std::unique_ptr<Verifier> as_gold;
};

bool equal(const Verifier& gold, std::string_view answer) noexcept {
  return gold.equivalent(answer).verdict == Verdict::kEqual;
}

std::unique_ptr<Verifier> gold_of(std::string_view text, const Options& options) {
  return std::make_unique<Verifier>(GoldSpec{{{std::string(text)}}}, options);
}

// The wrong answers, each in the first group whose first answer it is equivalent to, read either
// way: an answer may leave out what a gold may not.
std::vector<std::uint32_t> group_sizes(const std::vector<const Answer*>& answers,
                                       const Options& options) {
  std::vector<Group> groups;
  std::vector<std::uint32_t> sizes;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Answer* const answer = answers[i];
    if (i >= kMostCompared) {
      sizes.push_back(answer->count);
      continue;
    }
    const std::string_view text = answer->view();
    std::unique_ptr<Verifier> own;
    if (answers.size() > 1) own = gold_of(text, options);
    Group* home = nullptr;
    for (Group& group : groups) {
      if (text.empty() || group.first.empty()) continue;
      if (equal(*group.as_gold, text) || equal(*own, group.first)) {
        home = &group;
        break;
      }
    }
    if (home == nullptr) home = &groups.emplace_back(Group{text, 0, std::move(own)});
    home->size += answer->count;
  }
  for (const Group& group : groups) sizes.push_back(group.size);
  return sizes;
}

Signature signature_of(const Prompts& prompts, const Prompt& prompt, const Options& options) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> groups;
  if (prompt.right != 0) groups.emplace_back(prompt.right, prompt.right);
  for (const std::uint32_t size : group_sizes(prompts.answers(prompt), options))
    groups.emplace_back(size, 0);
  std::sort(groups.begin(), groups.end(), std::greater<>());
  Signature signature{prompt.samples, prompt.right};
  for (const auto& [size, right] : groups) {
    signature.push_back(size);
    signature.push_back(right);
  }
  return signature;
}

// Takes slices of the table until none is left.
void collect(const Prompts& prompts, const Options& options, std::atomic<std::size_t>& next,
             Found& found) {
  for (;;) {
    const std::size_t begin = next.fetch_add(kSlice);
    if (begin >= prompts.slots().size()) return;
    const std::size_t end = std::min(begin + kSlice, prompts.slots().size());
    for (std::size_t i = begin; i < end; ++i) {
      const Prompt& prompt = prompts.slots()[i];
      if (prompt.table == tally::kNone) continue;
      ++found[{prompt.table, signature_of(prompts, prompt, options)}];
    }
  }
}

Found collect_all(const Prompts& prompts, const Options& options, unsigned threads) {
  std::atomic<std::size_t> next{0};
  std::vector<Found> parts(std::max(threads, 1u));
  std::vector<std::thread> helpers;
  const std::size_t useful = prompts.slots().size() / kSlice;
  for (std::size_t i = 1; i < parts.size() && i <= useful; ++i) {
    try {
      helpers.emplace_back([&, i] { collect(prompts, options, next, parts[i]); });
    } catch (const std::system_error&) {
      break;  // no thread to be had: the others do its share
    }
  }
  collect(prompts, options, next, parts[0]);
  for (std::thread& helper : helpers) helper.join();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    for (const auto& [key, count] : parts[i]) parts[0][key] += count;
  }
  return std::move(parts[0]);
}

}  // namespace

std::vector<std::map<Signature, std::uint64_t>> Tallies::signatures(std::size_t partition,
                                                                    unsigned threads) const {
  const Impl::Partition& from = impl_->partitions[partition];
  std::vector<std::map<Signature, std::uint64_t>> by_table(from.tables.size());
  for (const auto& [key, count] : collect_all(from.prompts, impl_->options, threads))
    by_table[key.first][key.second] += count;
  const Signature kSingle[] = {{1, 0}, {1, 0, 1, 0}, {1, 1, 1, 1}};
  for (std::size_t i = 0; i < by_table.size(); ++i) {
    for (std::size_t kind = 0; kind < std::size(kSingle); ++kind) {
      const std::uint64_t count = from.tables[i].singles[kind];
      if (count != 0) by_table[i][kSingle[kind]] += count;
    }
  }
  std::vector<std::map<Signature, std::uint64_t>> ordered;
  for (const std::uint32_t index : from.order()) ordered.push_back(std::move(by_table[index]));
  return ordered;
}

}  // namespace pyverify
