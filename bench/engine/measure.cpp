// Times the engine without Python: what a scan, a reading, a verdict and the whole trip cost per
// case.
//
//   measure FILE [RUNS]
//
// FILE holds groups of cases, written by bench/engine.py: a count of groups; for each its name and
// kind (0 responses, 1 bare answers, 2 responses that are only scanned); then records of group,
// label (0 wrong, 1 right, 2 unknown), gold and text. Numbers are 32-bit little-endian, texts have
// their length before them.
//
// A case's time is the least of RUNS runs, each long enough for the clock; the quantiles are over
// cases. "in turn" is the mean of the fastest pass over all cases one after the other, as a batch
// meets them: caches and branch predictors have seen other cases since.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "answer/reading.hpp"
#include "pyverify/extract.hpp"
#include "pyverify/verify.hpp"
#include "support/budget.hpp"

namespace {

using pyverify::Options;
using pyverify::Verdict;
using Clock = std::chrono::steady_clock;

// A run that lasts as long is timed to within some percent.
constexpr double kRunNanoseconds = 3000;

struct Case {
  std::string gold;
  std::string text;
  std::uint32_t label = 0;
};

struct Group {
  std::string name;
  std::uint32_t kind = 0;
  std::vector<Case> cases;

  bool bare() const { return kind == 1; }
  bool only_scanned() const { return kind == 2; }
};

class Reader {
 public:
  explicit Reader(std::FILE* file) : file_(file) {}

  bool number(std::uint32_t& value) {
    unsigned char bytes[4];
    if (std::fread(bytes, 1, 4, file_) != 4) return false;
    value = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
    return true;
  }

  bool text(std::string& value) {
    std::uint32_t size = 0;
    if (!number(size)) return false;
    value.resize(size);
    return std::fread(value.data(), 1, size, file_) == size;
  }

 private:
  std::FILE* file_;
};

bool load(std::FILE* file, std::vector<Group>& groups) {
  Reader reader(file);
  std::uint32_t count = 0;
  if (!reader.number(count) || count > 1000) return false;
  groups.resize(count);
  for (Group& group : groups) {
    if (!reader.text(group.name) || !reader.number(group.kind) || group.kind > 2) return false;
  }
  std::uint32_t index = 0;
  while (reader.number(index)) {
    Case one;
    if (index >= count || !reader.number(one.label)) return false;
    if (!reader.text(one.gold) || !reader.text(one.text)) return false;
    groups[index].cases.push_back(std::move(one));
  }
  return true;
}

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

template <typename Task>
double time_one(const Task& task, int runs) {
  auto start = Clock::now();
  task();
  const double first = std::max(since(start), 1.0);
  const int repeats = static_cast<int>(std::clamp(kRunNanoseconds / first, 1.0, 1000.0));
  double best = first;
  for (int run = 0; run < runs; ++run) {
    start = Clock::now();
    for (int i = 0; i < repeats; ++i) task();
    best = std::min(best, since(start) / repeats);
  }
  return best;
}

// task(i) for every case.
template <typename Task>
void report(const Group& group, const char* stage, int runs, std::size_t count, const Task& task) {
  if (count == 0) return;
  std::vector<double> times(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    times[i] = time_one([&] { task(i); }, runs);
    sum += times[i];
  }
  double in_turn = 1e300;
  for (int run = 0; run < runs; ++run) {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < count; ++i) task(i);
    in_turn = std::min(in_turn, since(start) / static_cast<double>(count));
  }
  std::sort(times.begin(), times.end());
  const auto quantile = [&](double part) {
    return times[static_cast<std::size_t>(part * static_cast<double>(count - 1))];
  };
  std::printf("| %s | %s | %zu | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f |\n", group.name.c_str(),
              stage, count, quantile(0.5), quantile(0.9), quantile(0.99), times.back(),
              sum / static_cast<double>(count), in_turn);
  std::fflush(stdout);
}

struct Tally {
  int right = 0;
  int labelled_right = 0;
  int false_positives = 0;
  int labelled_wrong = 0;
};

// False if a verdict that is known is another.
bool measure(const Group& group, int runs, std::string& verdicts) {
  const Options options;
  std::vector<std::string_view> answers;
  std::vector<pyverify::Verifier> verifiers;
  Tally tally;
  for (const Case& one : group.cases) {
    verifiers.emplace_back(pyverify::GoldSpec{{{one.gold}}}, options);
    const pyverify::Outcome outcome =
        group.bare() ? verifiers.back().equivalent(one.text) : verifiers.back().verify(one.text);
    const pyverify::Span span = outcome.answer;
    answers.push_back(std::string_view(one.text).substr(span.begin, span.end - span.begin));
    const bool equal = outcome.verdict == Verdict::kEqual;
    tally.labelled_right += one.label == 1;
    tally.labelled_wrong += one.label == 0;
    tally.right += one.label == 1 && equal;
    tally.false_positives += one.label == 0 && equal;
  }
  // Results go here, lest a compiler find that nobody wants them.
  volatile std::uint64_t sink = 0;
  const auto scan = [&](std::size_t i) {
    sink = sink + pyverify::extract(group.cases[i].text, options).answer.end;
  };
  pyverify::answer::Reading reading;
  const auto read = [&](std::size_t i) {
    pyverify::support::Budget budget(options.limits);
    pyverify::answer::read(answers[i], options, pyverify::latex::Letters::kDefault, reading,
                           budget);
    sink = sink + reading.text.size();
  };
  const auto judge = [&](std::size_t i) {
    sink = sink + static_cast<std::uint64_t>(verifiers[i].equivalent(answers[i]).verdict);
  };
  const auto whole = [&](std::size_t i) {
    sink = sink + static_cast<std::uint64_t>(verifiers[i].verify(group.cases[i].text).verdict);
  };
  const auto gold = [&](std::size_t i) {
    const pyverify::Verifier made(pyverify::GoldSpec{{{group.cases[i].gold}}}, options);
    sink = sink + static_cast<std::uint64_t>(made.gold_problem());
  };
  const std::size_t count = group.cases.size();
  if (!group.bare()) report(group, "scan", runs, count, scan);
  // A scan with a box at its end is known to be right.
  if (group.only_scanned()) return tally.right == tally.labelled_right;
  report(group, "read", runs, count, read);
  report(group, "verdict", runs, count, judge);
  if (!group.bare()) report(group, "scan + verdict", runs, count, whole);
  report(group, "prepare gold", runs, count, gold);
  char line[256];
  std::snprintf(line, sizeof line, "| %s | %d of %d | %d of %d |\n", group.name.c_str(),
                tally.right, tally.labelled_right, tally.false_positives, tally.labelled_wrong);
  verdicts += line;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: measure FILE [RUNS]\n");
    return 2;
  }
  const int runs = argc > 2 ? std::atoi(argv[2]) : 20;
  std::FILE* file = std::fopen(argv[1], "rb");
  std::vector<Group> groups;
  const bool loaded = file != nullptr && load(file, groups);
  if (file != nullptr) std::fclose(file);
  if (!loaded || runs < 1) {
    std::fprintf(stderr, "measure: cannot read %s\n", argv[1]);
    return 1;
  }
  std::printf("| cases | stage | n | p50 ns | p90 ns | p99 ns | max ns | mean ns | in turn ns |\n");
  std::printf("|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
  std::string verdicts;
  bool as_known = true;
  for (const Group& group : groups) as_known = measure(group, runs, verdicts) && as_known;
  std::printf("\n| cases | right ones found | false positives |\n|---|--:|--:|\n%s",
              verdicts.c_str());
  return as_known ? 0 : 1;
}
