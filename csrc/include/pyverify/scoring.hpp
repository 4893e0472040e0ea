// Scores rows: lines of JSON or what was read elsewhere in, verdict rows and counts out.
//
// Only plain ones are scored: a response that is a text or a list of texts, a gold that is a text
// or a number. Every other one is a hole, which the caller fills: what it means is decided in one
// place, and not here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pyverify/options.hpp"
#include "pyverify/tally.hpp"
#include "pyverify/verdict.hpp"
#include "pyverify/verify.hpp"

namespace pyverify {

struct ScorePlan {
  // Where things are: dotted paths of keys; of the prompt, several with '+' between them.
  std::string response;
  std::string gold;
  std::optional<std::string> id;
  std::optional<std::string> prompt;
  std::optional<std::string> dataset;
  std::optional<std::string> finish_reason;
  std::vector<std::pair<std::string, std::string>> by;  // names and paths
  std::vector<std::string> cut_words;                   // finish reasons of what was cut off

  Options options;
  std::string grader;
  std::optional<std::string> source;  // written into every row
  std::optional<std::string> table;   // of rows that name no data set
  std::uint64_t source_number = 0;    // among the inputs of a run
  bool prompt_within = false;         // a prompt's name is one only within its input
  bool rows = true;                   // false: only counts are wanted
};

// One response, its texts the reader's.
struct RowView {
  std::uint64_t line = 0;
  std::size_t gold = 0;  // among RowViews::golds
  std::string_view completion;
  bool ascii = false;  // the completion is
  std::optional<std::uint32_t> sample;
  std::string_view id;  // as JSON
  std::optional<std::string_view> dataset;
  std::optional<Digest> prompt;
  std::optional<bool> truncated;
  std::size_t by = 0;  // where its values begin among RowViews::by
};

struct RowViews {
  // Neighbours with the same gold share one.
  void add_gold(std::string_view text);

  std::vector<RowView> rows;
  std::vector<GoldSpec> golds;  // a text each
  std::vector<std::optional<std::string_view>> by;
};

// Whether a gold may be more than its text: a worked solution, alternatives, a choice, a list that
// was printed, or blank. What it is then is for the caller to say.
bool needs_reading(std::string_view gold) noexcept;

// A JSON string, quotes included.
void append_json_text(std::string& out, std::string_view text);

struct Hole {
  std::uint64_t line = 0;
  std::size_t begin = 0;  // in the lines
  std::size_t end = 0;
  std::size_t row_at = 0;  // where its rows belong in Scored::rows
};

struct Scored {
  std::string rows;  // verdict rows, a line each
  std::vector<Hole> holes;
  std::vector<std::pair<std::uint64_t, Reason>> bad_golds;  // lines
  std::uint64_t lines = 0;
};

class RowScorer {
 public:
  explicit RowScorer(ScorePlan plan);

  // Scores whole lines, the first of which has the number `first_line`; what it returns doesn't
  // depend on the number of threads. Blank lines count as lines and are passed over.
  Scored score_lines(std::string_view lines, std::uint64_t first_line, unsigned threads,
                     Tallies& tallies) const;

  // Scores rows that were read elsewhere. `row_ends` gets the place behind each row in
  // Scored::rows.
  Scored score_rows(const RowViews& rows, unsigned threads, Tallies& tallies,
                    std::vector<std::size_t>& row_ends) const;

  // How many values of fields that tables go by a row has.
  std::size_t by_count() const noexcept { return plan_.by.size(); }

  // Where a line stands among all lines of a run.
  static std::uint64_t place(std::uint64_t source_number, std::uint64_t line) noexcept {
    return source_number << 40 | line;
  }

  // What the samples of a line share that names no prompt; no prompt is called so.
  static std::string line_name(std::uint64_t source_number, std::uint64_t line) {
    return "\x1F" + std::to_string(place(source_number, line));
  }

 private:
  ScorePlan plan_;
};

}  // namespace pyverify
