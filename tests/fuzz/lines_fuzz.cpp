// Fuzzes the reader of lines, the writer of rows and the reader of dumps.
//
// LLVMFuzzerTestOneInput is what libFuzzer and AFL++ call; without one of them, main() replays
// files or mutates the seeds below: lines_fuzz [--runs N] [--seed S] [--keep FILE] [FILE...]
// --keep writes every input to a file before it is run: what is there after a crash is its cause.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "pyverify/scoring.hpp"
#include "pyverify/tally.hpp"
#include "records/record.hpp"

namespace {

using pyverify::Options;
using pyverify::RowScorer;
using pyverify::Scored;
using pyverify::ScorePlan;
using pyverify::Tallies;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "invariant broken: %s\n", what);
  std::abort();
}

ScorePlan plan() {
  ScorePlan made;
  made.response = "r";
  made.gold = "m.g";
  made.id = "id";
  made.prompt = "p";
  made.dataset = "d";
  made.finish_reason = "f";
  made.by = {{"m.g", "m.g"}, {"level", "level"}};
  made.cut_words = {"length"};
  made.grader = "fuzz";
  made.options.limits.work = 20000;
  return made;
}

// Every row is plainly JSON, and there are as many as were counted.
void check_rows(const Scored& found, const Tallies& tallies) {
  pyverify::records::FieldPlan fields;
  fields.add("verdict");
  pyverify::records::RecordReader reader(fields);
  std::uint64_t rows = 0;
  for (std::size_t at = 0; at < found.rows.size(); ++rows) {
    const std::size_t end = found.rows.find('\n', at);
    require(end != std::string::npos, "a row ends with its line");
    require(reader.read(std::string_view(found.rows).substr(at, end - at)), "a row is JSON");
    require(reader.values()[0].kind == pyverify::records::Kind::kString, "a row has a verdict");
    at = end + 1;
  }
  const auto counts = tallies.counts();
  require(counts[static_cast<std::size_t>(pyverify::Count::kRows)] == rows, "rows are counted");
}

void check_holes(const Scored& found, std::string_view lines) {
  std::uint64_t last = 0;
  std::size_t row_at = 0;
  for (const pyverify::Hole& hole : found.holes) {
    require(hole.line > last && hole.line <= found.lines, "holes are in order");
    require(hole.begin < hole.end && hole.end <= lines.size(), "a hole is in the lines");
    require(lines.substr(hole.begin, hole.end - hole.begin).find('\n') == std::string_view::npos,
            "a hole is one line");
    require(hole.row_at >= row_at && hole.row_at <= found.rows.size(),
            "its place is among the rows");
    last = hole.line;
    row_at = hole.row_at;
  }
}

void run(std::string_view input) {
  const RowScorer scorer(plan());
  Tallies tallies(3, Options{});
  const Scored found = scorer.score_lines(input, 1, 1, tallies);
  check_rows(found, tallies);
  check_holes(found, input);
  const std::string dumped = tallies.dump();
  Tallies merged(3, Options{});
  require(merged.merge(dumped) && merged.dump() == dumped, "a dump is read as it was written");
  Tallies other(3, Options{});
  if (!other.merge(input)) require(other.dump() == Tallies(3, Options{}).dump(), "all or nothing");
}

constexpr std::string_view kSeeds[] = {
    R"({"id": 7, "p": "1+1", "r": "so \\boxed{2}", "m": {"g": "2"}, "d": "s", "f": "length"})",
    R"({"r": ["\u00e9 \\boxed{\\frac12}", "x\ud83d\ude00", ""], "m": {"g": 5}, "level": "\"a\""})",
    R"({"a": [1, -2.5e+3, null, true, {"b": []}], "r": "\t\n\/", "m.g": 1, "m": {"g": "4", "g": "5"}})",
    "\n{}\r\n \n{\"r\": \"\xe4\xb8\xad\xf0\x9f\x98\x80 \\\\boxed{3}\", \"m\": {\"g\": \"3\"}}",
};

std::uint64_t next(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

// Some bytes changed, doubled, cut out or brought from another seed.
void mutate(std::string& text, std::uint64_t& state) {
  constexpr std::string_view kBytes = "\"\\{}[]:,\n\r\t u0d8f9-+.eE\x7f\x80\xc2\xed\xf0\xff";
  for (std::uint64_t left = next(state) % 6 + 1; left > 0; --left) {
    const std::size_t at = text.empty() ? 0 : next(state) % text.size();
    const std::size_t size = next(state) % 12;
    switch (next(state) % 6) {
      case 0:
        text.insert(at, 1, kBytes[next(state) % kBytes.size()]);
        break;
      case 1:
        text.erase(at, size);
        break;
      case 2:
        text.insert(at, text.substr(at, size));
        break;
      case 3:
        text.insert(at, std::string(next(state) % 40, kBytes[next(state) % kBytes.size()]));
        break;
      case 4:
        text.insert(at, kSeeds[next(state) % std::size(kSeeds)].substr(0, size * 8));
        break;
      default:
        if (!text.empty()) text[at] = static_cast<char>(next(state));
    }
  }
}

void keep_input(const char* file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  run({reinterpret_cast<const char*>(data), size});
  return 0;
}

#ifndef PYVERIFY_LIBFUZZER
int main(int count, char** arguments) {
  std::uint64_t runs = 20000;
  std::uint64_t state = 88172645463325252ull;
  const char* keep = nullptr;
  std::vector<std::string> files;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--runs" && i + 1 < count) {
      runs = std::strtoull(arguments[++i], nullptr, 10);
    } else if (name == "--seed" && i + 1 < count) {
      state += std::strtoull(arguments[++i], nullptr, 10) * 0x9E3779B97F4A7C15ull;
    } else if (name == "--keep" && i + 1 < count) {
      keep = arguments[++i];
    } else {
      files.emplace_back(name);
    }
  }
  for (const std::string& file : files) {
    std::ifstream stream(file, std::ios::binary);
    run(std::string(std::istreambuf_iterator<char>(stream), {}));
  }
  if (!files.empty()) return 0;
  for (const std::string_view seed : kSeeds) run(seed);
  std::string text;
  for (std::uint64_t i = 0; i < runs; ++i) {
    // Now and then afresh; else on from what the last changes made.
    if (i % 8 == 0 || text.size() > 4096) text = kSeeds[next(state) % std::size(kSeeds)];
    mutate(text, state);
    if (keep != nullptr) keep_input(keep, text);
    run(text);
  }
  std::printf("%llu inputs, no invariant broken\n", static_cast<unsigned long long>(runs));
}
#endif
