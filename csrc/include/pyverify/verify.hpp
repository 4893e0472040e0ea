// Decides whether a response's final answer is the gold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyverify/extract.hpp"
#include "pyverify/options.hpp"
#include "pyverify/verdict.hpp"

namespace pyverify {

// Any one of the alternatives is right; an alternative of several parts wants them all.
struct GoldSpec {
  std::vector<std::vector<std::string>> alternatives;
};

struct Outcome {
  Verdict verdict = Verdict::kUndecided;
  Reason reason = Reason::kUndecided;
  CandidateKind kind = CandidateKind::kNone;
  bool unevaluated = false;  // equal, but arithmetic was left undone (2*3 for 6)
  Span answer;               // bytes of the completion
  std::uint64_t work = 0;    // work units spent
};

// Everything `explain` shows. Texts are rendered from what the engine read, not from the input.
struct Explanation {
  Outcome outcome;
  std::vector<Candidate> candidates;
  std::string gold_form;
  std::string answer_form;
  std::string difference;  // the first difference found, "" when equal
};

// A gold read once. Immutable: any number of threads may use one.
class Verifier {
 public:
  Verifier(const GoldSpec& gold, const Options& options);
  ~Verifier();
  Verifier(Verifier&&) noexcept;
  Verifier& operator=(Verifier&&) noexcept;

  Outcome verify(std::string_view completion) const noexcept;  // a whole response
  Outcome equivalent(std::string_view answer) const noexcept;  // a bare answer
  Explanation explain(std::string_view completion, bool bare) const;
  Reason gold_problem() const noexcept;  // kNone, or why the gold cannot be used

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

// One item of a batch: completions[i] against golds[gold_index[i]].
struct BatchItem {
  std::string_view completion;
  std::size_t gold_index = 0;
};

// Fills out[i] for every item. `threads` native threads (0: one per core); results don't depend on
// their number. Items with one gold should stand together: a worker reads a gold again only when it
// changes.
void verify_batch(const std::vector<GoldSpec>& golds, std::span<const BatchItem> items,
                  const Options& options, unsigned threads, bool bare, Outcome* out) noexcept;

}  // namespace pyverify
