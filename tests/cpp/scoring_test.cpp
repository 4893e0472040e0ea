#include "pyverify/scoring.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "pyverify/tally.hpp"

using pyverify::Count;
using pyverify::digest;
using pyverify::Judged;
using pyverify::Options;
using pyverify::RowScorer;
using pyverify::Scored;
using pyverify::ScorePlan;
using pyverify::Signature;
using pyverify::Tallies;
using pyverify::Verdict;

namespace {

ScorePlan plan() {
  ScorePlan made;
  made.response = "r";
  made.gold = "g";
  made.id = "id";
  made.prompt = "p";
  made.grader = "test";
  return made;
}

std::uint64_t count(const Tallies& tallies, Count which) {
  return tallies.counts()[static_cast<std::size_t>(which)];
}

void add(Tallies& tallies, std::string_view prompt, Verdict verdict, std::string_view answer) {
  Judged row;
  row.verdict = verdict;
  row.prompt = digest(prompt);
  row.answer = answer;
  const std::optional<std::string_view> label = "set";
  tallies.add({&label, 1}, row, 0);
}

Signature only(const Tallies& tallies) {
  const auto found = tallies.signatures(0, 1);
  CHECK(found.size() == 1 && found[0].size() == 1);
  return found[0].begin()->first;
}

}  // namespace

TEST(lines_are_scored_and_strange_ones_left) {
  const std::string lines =
      R"({"id": 7, "p": "1+1", "r": "so \\boxed{2}", "g": "2"})"
      "\n\n"
      R"({"id": "x", "p": "1+1", "r": ["so \\boxed{3}", "\\boxed{2}"], "g": 2})"
      "\n"
      R"({"id": 9, "p": "1+1", "r": null, "g": "2"})"
      "\nbroken\n"
      R"({"p": "é", "r": "é \\boxed{5}", "g": "5"})";
  Tallies tallies(1, Options{});
  const Scored found = RowScorer(plan()).score_lines(lines, 1, 1, tallies);
  CHECK(found.lines == 6);
  CHECK(found.holes.size() == 2 && found.holes[0].line == 4 && found.holes[1].line == 5);
  CHECK(found.holes[0].row_at == found.holes[1].row_at);
  CHECK(lines.substr(found.holes[1].begin, found.holes[1].end - found.holes[1].begin) == "broken");
  CHECK(found.rows.substr(found.holes[0].row_at).find("\"id\": 6, ") != std::string::npos);
  CHECK(found.rows.find("\"span\": [9, 10]") != std::string::npos);
  CHECK(count(tallies, Count::kRows) == 4);
  CHECK(count(tallies, Count::kRight) == 3);
}

TEST(scoring_does_not_depend_on_threads) {
  std::string lines;
  for (int i = 0; i < 5000; ++i) {
    lines += R"({"id": )" + std::to_string(i) + R"(, "p": ")" + std::to_string(i / 3) +
             R"(", "r": ")" + std::string(200, 'w') + R"( \\boxed{)" + std::to_string(i % 7) +
             R"(}", "g": "3"})" + (i % 100 == 0 ? "x" : "") + "\n";
  }
  Tallies one(1, Options{});
  Tallies four(1, Options{});
  const Scored serial = RowScorer(plan()).score_lines(lines, 1, 1, one);
  const Scored parallel = RowScorer(plan()).score_lines(lines, 1, 4, four);
  CHECK(serial.rows == parallel.rows && serial.lines == 5000);
  CHECK(serial.holes.size() == 50 && parallel.holes.size() == 50);
  CHECK(serial.holes[49].row_at == parallel.holes[49].row_at);
  CHECK(one.dump() == four.dump());
}

TEST(golds_that_may_be_more_than_their_text_are_left) {
  Tallies tallies(1, Options{});
  for (const std::string_view gold :
       {R"("2+2=4\n#### 4")", R"("\\boxed{4}")", R"("")", R"("  ")", "null", "true", "4.0", "[4]",
        R"({"any_of": ["4"]})", R"("{\"any_of\": [\"4\"]}")", "-0", R"("['4']")",
        R"-("array([\"4\"], dtype=object)")-"}) {
    const std::string line = R"({"r": "\\boxed{4}", "g": )" + std::string(gold) + "}";
    CHECK(RowScorer(plan()).score_lines(line, 1, 1, tallies).holes.size() == 1);
  }
  CHECK(count(tallies, Count::kRows) == 0);
}

TEST(several_fields_tell_prompts_apart) {
  std::string lines;
  for (const std::string_view where :
       {R"("p": "a", "q": 1)", R"("p": "a", "q": "1")", R"("p": "a", "q": 2)", R"("p": "a")",
        R"("q": 1)", R"("p": null)", R"("p": "a", "q": 1, "p+q": "whole")"}) {
    lines += R"({"r": "\\boxed{4}", "g": "4", )" + std::string(where) + "}\n";
  }
  ScorePlan joined = plan();
  joined.prompt = "p+q";
  Tallies tallies(1, Options{});
  const Scored found = RowScorer(joined).score_lines(lines, 1, 1, tallies);
  // The first two are alike, the sixth has a prompt of its own, and the last has such a key.
  CHECK(tallies.signatures(0, 1)[0].at(Signature{2, 2, 2, 2}) == 1);
  CHECK(tallies.signatures(0, 1)[0].at(Signature{1, 1, 1, 1}) == 4);
  CHECK(found.holes.size() == 1 && found.holes[0].line == 7);
}

TEST(prompts_of_one_input_are_told_from_those_of_another) {
  const std::string line = R"({"r": "\\boxed{4}", "g": "4", "p": 1})"
                           "\n";
  for (const bool within : {false, true}) {
    Tallies tallies(1, Options{});
    for (const std::uint64_t source : {0, 1}) {
      ScorePlan numbered = plan();
      numbered.prompt = "p";
      numbered.prompt_within = within;
      numbered.source_number = source;
      RowScorer(numbered).score_lines(line + line, 1, 1, tallies);
    }
    const auto found = tallies.signatures(0, 1)[0];
    CHECK(found.at(within ? Signature{2, 2, 2, 2} : Signature{4, 4, 4, 4}) == (within ? 2 : 1));
  }
}

TEST(rows_that_were_read_elsewhere_are_scored) {
  pyverify::RowViews views;
  for (const std::string_view completion : {"\\boxed{2}", "\\boxed{3}", "2, or é: \\boxed{2}"}) {
    views.add_gold("2");
    pyverify::RowView& row = views.rows.emplace_back();
    row.line = views.rows.size();
    row.completion = completion;
    row.id = "7";
    row.prompt = digest("1+1");
  }
  CHECK(views.golds.size() == 1);
  Tallies tallies(1, plan().options);
  std::vector<std::size_t> ends;
  const Scored found = RowScorer(plan()).score_rows(views, 1, tallies, ends);
  CHECK(ends.size() == 3 && ends.back() == found.rows.size());
  CHECK(found.rows[ends[0] - 1] == '\n' && found.rows[ends[1] - 1] == '\n');
  CHECK(found.rows.find("\"span\": [16, 17]") != std::string::npos);
  CHECK(count(tallies, Count::kRows) == 3);
  CHECK(count(tallies, Count::kRight) == 2);
}

TEST(text_is_written_as_json) {
  std::string out;
  pyverify::append_json_text(out, "a\"\\\n\r\t\b\f\x01\x1f\x7f é中");
  CHECK(out == "\"a\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u001f\x7f é中\"");
}

TEST(answers_of_a_prompt_are_gathered_by_equivalence) {
  Tallies tallies(1, Options{});
  add(tallies, "q", Verdict::kEqual, "7");
  add(tallies, "q", Verdict::kNotEqual, "1/2");
  add(tallies, "q", Verdict::kNotEqual, "0.5");
  add(tallies, "q", Verdict::kNotEqual, "\\frac{2}{4}");
  add(tallies, "q", Verdict::kNotEqual, "3");
  add(tallies, "q", Verdict::kNoAnswer, "");
  CHECK(only(tallies) == (Signature{6, 1, 3, 0, 1, 1, 1, 0}));
}

TEST(tallies_merge_to_the_same_bytes) {
  Tallies whole(1, Options{});
  Tallies first(1, Options{});
  Tallies second(1, Options{});
  for (int i = 0; i < 300; ++i) {
    const std::string prompt = std::to_string(i % 50);
    const std::string answer = std::to_string(i % 11);
    const Verdict verdict = i % 3 == 0 ? Verdict::kEqual : Verdict::kNotEqual;
    add(whole, prompt, verdict, answer);
    add(i % 2 == 0 ? first : second, prompt, verdict, answer);
  }
  Tallies merged(1, Options{});
  CHECK(merged.merge(second.dump()) && merged.merge(first.dump()));
  CHECK(merged.dump() == whole.dump());
  CHECK(merged.signatures(0, 2) == whole.signatures(0, 1));
}

TEST(merge_refuses_what_is_no_dump) {
  Tallies full(1, Options{});
  add(full, "q", Verdict::kNotEqual, "3");
  const std::string dumped = full.dump();
  Tallies empty(1, Options{});
  const std::string untouched = empty.dump();
  for (std::size_t size = 0; size < dumped.size(); ++size)
    CHECK(!empty.merge(dumped.substr(0, size)));
  CHECK(!empty.merge(dumped + "x"));
  CHECK(!Tallies(2, Options{}).merge(dumped));
  CHECK(empty.dump() == untouched);
}

TEST(a_prompt_of_very_many_answers_is_bounded) {
  Tallies tallies(1, Options{});
  for (int i = 0; i < 20000; ++i)
    add(tallies, "q", Verdict::kNotEqual, "\\sqrt{x+" + std::to_string(i) + "}");
  add(tallies, "q", Verdict::kNotEqual, "0.5");
  add(tallies, "q", Verdict::kNotEqual, "0.5");
  add(tallies, "q", Verdict::kNotEqual, "\\frac12");
  add(tallies, "q", Verdict::kNotEqual, "\\frac12");
  const Signature found = only(tallies);
  CHECK(found[0] == 20004 && found[1] == 0);
  CHECK(found[2] == 4 && found[3] == 0);  // the most frequent are compared
  CHECK(found.size() == 2 + 2 * 20001);
}

TEST(samples_of_a_line_share_no_prompt_with_a_text) {
  ScorePlan of_lists = plan();
  const std::string lines = R"({"r": ["\\boxed{1}", "\\boxed{2}"], "g": "1"})"
                            "\n"
                            R"({"p": "1", "r": "\\boxed{2}", "g": "1"})";
  Tallies tallies(1, Options{});
  RowScorer(of_lists).score_lines(lines, 1, 1, tallies);
  CHECK(tallies.signatures(0, 1)[0].size() == 2);
}

TEST(a_line_of_very_many_samples_is_left) {
  std::string line = R"({"r": [)";
  for (int i = 0; i < 20000; ++i) line += i == 0 ? R"("1")" : R"(, "1")";
  line += R"(], "g": "1"})";
  Tallies tallies(1, Options{});
  const Scored found = RowScorer(plan()).score_lines(line, 1, 1, tallies);
  CHECK(found.holes.size() == 1 && found.rows.empty());
}
