#include "pyverify/verify.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "judge.hpp"

namespace pyverify {
namespace {

// A gold in all its alternatives.
struct Alternatives {
  Options options;
  std::vector<std::unique_ptr<PreparedGold>> alternatives;
  Reason problem = Reason::kEmpty;

  explicit Alternatives(const Options& chosen) : options(chosen) {}

  // May be called again for the next gold, and then allocates little.
  void read(const GoldSpec& gold) {
    alternatives.resize(gold.alternatives.size());
    problem = Reason::kEmpty;
    std::string joined;
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
      const std::vector<std::string>& parts = gold.alternatives[i];
      if (parts.size() != 1) {
        joined.clear();
        for (const std::string& part : parts) {
          if (!joined.empty()) joined += ", ";
          joined += part;
        }
      }
      const std::string_view text = parts.size() == 1 ? std::string_view(parts[0]) : joined;
      if (alternatives[i] == nullptr) {
        alternatives[i] = std::make_unique<PreparedGold>(text, options);
      } else {
        alternatives[i]->read(text);
      }
      // a gold is bad when no alternative can be used
      if (problem != Reason::kNone) problem = alternatives[i]->problem();
    }
  }

  // Any alternative may be right; without one, the first verdict stands unless a later one was
  // closer to a decision.
  Outcome judge(std::string_view answer, Explanation* explanation) const noexcept {
    Outcome best;
    std::uint64_t work = 0;
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
      Outcome one;
      Explanation shown;
      alternatives[i]->judge(answer, one, explanation != nullptr ? &shown : nullptr);
      work += one.work;
      if (i == 0 || one.verdict == Verdict::kEqual || best.verdict == Verdict::kBadGold) {
        best = one;
        if (explanation != nullptr) {
          explanation->gold_form = std::move(shown.gold_form);
          explanation->answer_form = std::move(shown.answer_form);
          explanation->difference = std::move(shown.difference);
        }
      }
      if (one.verdict == Verdict::kEqual) break;
    }
    best.work = work;
    return best;
  }

  Outcome run(std::string_view text, bool bare, Explanation* explanation) const noexcept {
    Outcome out;
    if (problem != Reason::kNone) {
      out.verdict = Verdict::kBadGold;
      out.reason = problem;
      return out;
    }
    if (bare) {
      out = judge(text, explanation);
      out.answer = {0, text.size()};
      return out;
    }
    const Extraction found = extract(text, options);
    out.kind = found.kind;
    out.answer = found.answer;
    out.work = found.work;
    if (found.problem != Reason::kNone) {
      const bool limit = found.problem >= Reason::kLimitBytes;
      out.verdict = limit ? Verdict::kLimit : Verdict::kNoAnswer;
      out.reason = found.problem;
      return out;
    }
    Outcome judged;
    if (found.parts.size() < 2) {
      judged = judge(text.substr(found.answer.begin, found.answer.end - found.answer.begin),
                     explanation);
    } else {
      // boxes joined in the final sentence are one list
      std::string joined;
      for (const Span& part : found.parts) {
        if (!joined.empty()) joined += ", ";
        joined.append(text.substr(part.begin, part.end - part.begin));
      }
      judged = judge(joined, explanation);
      out.answer = {found.parts.front().begin, found.parts.back().end};
    }
    judged.kind = out.kind;
    judged.answer = out.answer;
    judged.work += out.work;
    return judged;
  }
};

}  // namespace

struct Verifier::Impl : Alternatives {
  using Alternatives::Alternatives;
};

Verifier::Verifier(const GoldSpec& gold, const Options& options) {
  auto impl = std::make_unique<Impl>(options);
  impl->read(gold);
  impl_ = std::move(impl);
}

Verifier::~Verifier() = default;
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;

Outcome Verifier::verify(std::string_view completion) const noexcept {
  return impl_->run(completion, false, nullptr);
}
Outcome Verifier::equivalent(std::string_view answer) const noexcept {
  return impl_->run(answer, true, nullptr);
}
Reason Verifier::gold_problem() const noexcept { return impl_->problem; }

Explanation Verifier::explain(std::string_view completion, bool bare) const {
  Explanation explanation;
  explanation.outcome = impl_->run(completion, bare, &explanation);
  if (!bare) explanation.candidates = pyverify::candidates(completion, impl_->options);
  if (impl_->problem != Reason::kNone || explanation.outcome.verdict == Verdict::kEqual)
    explanation.difference.clear();
  return explanation;
}

void verify_batch(const std::vector<GoldSpec>& golds, std::span<const BatchItem> items,
                  const Options& options, unsigned threads, bool bare, Outcome* out) noexcept {
  constexpr std::size_t kChunk = 64;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    Alternatives gold(options);
    std::size_t current = golds.size();
    for (;;) {
      const std::size_t begin = next.fetch_add(kChunk);
      if (begin >= items.size()) return;
      const std::size_t end = std::min(begin + kChunk, items.size());
      for (std::size_t i = begin; i < end; ++i) {
        if (items[i].gold_index != current) {
          current = items[i].gold_index;
          gold.read(golds[current]);
        }
        out[i] = gold.run(items[i].completion, bare, nullptr);
      }
    }
  };
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::size_t>(threads, items.size() / kChunk + 1));
  if (threads <= 1) {
    work();
    return;
  }
  std::vector<std::thread> pool;
  try {
    for (unsigned i = 1; i < threads; ++i) pool.emplace_back(work);
  } catch (const std::system_error&) {
    // no thread to be had: those there are do the work
  }
  work();
  for (std::thread& thread : pool) thread.join();
}

}  // namespace pyverify
