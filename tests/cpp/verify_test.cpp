// The whole trip, and threads: this is what the thread sanitizer looks at.
#include "pyverify/verify.hpp"

#include <iterator>
#include <thread>
#include <vector>

#include "check.hpp"

namespace {

using namespace pyverify;

struct Case {
  const char* gold;
  const char* completion;
  Verdict verdict;
};

constexpr Case kCases[] = {
    {"\\frac12", "so \\boxed{0.5}", Verdict::kEqual},
    {"\\frac12", "so \\boxed{0.6}", Verdict::kNotEqual},
    {"\\sqrt{12}", "the answer is $2\\sqrt3$", Verdict::kEqual},
    {"\\frac{1+\\sqrt5}4", "\\boxed{\\cos 36^\\circ}", Verdict::kEqual},
    {"\\{1, 2\\}", "\\boxed{x=2 or x=1}", Verdict::kEqual},
    {"6\\text{ cm}", "\\boxed{60\\text{ mm}}", Verdict::kEqual},
    {"\\sin 2x", "\\boxed{2\\sin x\\cos x}", Verdict::kEqual},
    {"(1,2)", "\\boxed{(2,1)}", Verdict::kNotEqual},
    {"B", "\\boxed{C}", Verdict::kNotEqual},
    {"7", "<think>it is 7", Verdict::kNoAnswer},
    {"", "\\boxed{7}", Verdict::kBadGold},
};
constexpr std::size_t kMany = 40 * std::size(kCases);

}  // namespace

TEST(batch_in_threads) {
  std::vector<GoldSpec> golds;
  for (const Case& one : kCases) golds.push_back({{{one.gold}}});
  std::vector<BatchItem> items;
  for (std::size_t i = 0; i < kMany; ++i) {
    items.push_back({kCases[i % std::size(kCases)].completion, i % std::size(kCases)});
  }
  std::vector<Outcome> serial(kMany);
  verify_batch(golds, items, Options{}, 1, false, serial.data());
  for (const unsigned threads : {0u, 2u, 4u}) {
    std::vector<Outcome> parallel(kMany);
    verify_batch(golds, items, Options{}, threads, false, parallel.data());
    for (std::size_t i = 0; i < kMany; ++i) {
      CHECK(parallel[i].verdict == kCases[i % std::size(kCases)].verdict);
      CHECK(parallel[i].verdict == serial[i].verdict);
      CHECK(parallel[i].reason == serial[i].reason);
      CHECK(parallel[i].work == serial[i].work);
    }
  }
}

TEST(one_verifier_for_all_threads) {
  std::vector<Verifier> verifiers;
  for (const Case& one : kCases) verifiers.emplace_back(GoldSpec{{{one.gold}}}, Options{});
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < kMany; ++i) {
        const Case& one = kCases[i % std::size(kCases)];
        const Outcome found = verifiers[i % std::size(kCases)].verify(one.completion);
        count += found.verdict != one.verdict;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : wrong) CHECK(count == 0);
}

// Letters of one word are read from one token: there may be none before a factor. For the
// sanitizer.
TEST(a_word_of_factors_has_no_token_before_it) {
  const Verifier gold(GoldSpec{{{"5"}}}, Options{});
  for (const std::string_view text : {"ex😀", "ex😀 3", "xe☃(2)", "ab😀c", "ex^2😀"}) {
    CHECK(gold.verify(text).verdict != Verdict::kEqual);
    CHECK(gold.equivalent(text).verdict != Verdict::kEqual);
  }
}
