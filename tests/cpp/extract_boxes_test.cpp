#include "extract_test.hpp"

using extract_test::answer;
using extract_test::without;
using pyverify::CandidateKind;
using pyverify::Options;
using pyverify::Reason;

TEST(box_takes_balanced_braces) {
  CHECK(answer("so \\boxed{\\frac{3}{8}} it is") == "\\frac{3}{8}");
  CHECK(answer("\\boxed{\\{1, 5\\}}") == "\\{1, 5\\}");
  CHECK(answer("\\fbox{ $7$ }") == "7");
  CHECK(answer("\\boxed{\\boxed{9}}") == "9");
}

TEST(box_without_braces_takes_one_thing) {
  CHECK(answer("\\boxed 42 apples") == "42");
  CHECK(answer("\\boxed\\frac12$") == "\\frac12");
  CHECK(answer("\\boxed\\sqrt[3]{5}$") == "\\sqrt[3]{5}");
  CHECK(answer("use \\boxed to show it, as the rules of this place demand") ==
        without(Reason::kNoCandidate));
}

TEST(last_box_wins) {
  CHECK(answer("\\boxed{1} no, \\boxed{2}") == "2");
  CHECK(answer("\\boxed{1} then \\boxed{}") == "1");
}

TEST(truncated_box_is_no_answer) {
  CHECK(answer("\\boxed{1} and then \\boxed{2") == without(Reason::kUnclosed));
  CHECK(answer("it is \\boxed") == without(Reason::kUnclosed));
  CHECK(answer("\\boxed{\\boxed{5}") == without(Reason::kUnclosed));
}

TEST(joined_boxes_are_parts) {
  CHECK(answer("$\\boxed{1}$ and $\\boxed{2}$") == "1 | 2");
  CHECK(answer("\\boxed{1}, \\boxed{2}, or \\boxed{3}") == "1 | 2 | 3");
  CHECK(answer("$x=\\boxed{1}$，$y=\\boxed{2}$") == "1 | 2");
  CHECK(answer("\\boxed{1}. And \\boxed{2}") == "2");
  CHECK(answer("\\boxed{1}\n\\boxed{1}") == "1");
}

TEST(placeholders_are_no_answers) {
  CHECK(answer("\\boxed{}") == without(Reason::kEmpty));
  CHECK(answer("\\boxed{?}") == without(Reason::kPlaceholder));
  CHECK(answer("\\boxed{\\text{your answer}}") == without(Reason::kPlaceholder));
  CHECK(answer("\\boxed{6}, in the form \\boxed{answer}") == "6");
  CHECK(answer("\\boxed{A.}") == "A.");
}

TEST(only_what_follows_the_reasoning_counts) {
  CHECK(answer("<think>\\boxed{1}</think>\\boxed{2}") == "2");
  CHECK(answer("<think>\\boxed{1}") == without(Reason::kInReasoning));
  CHECK(answer("\\boxed{1}</think>") == without(Reason::kEmpty));
  CHECK(answer("[THINK]\\boxed{1}[/THINK]\\boxed{2}") == "2");
  CHECK(answer("◁think▷\\boxed{1}◁/think▷\\boxed{2}") == "2");
  CHECK(answer("<|begin_of_thought|>\\boxed{1}") == without(Reason::kInReasoning));
  CHECK(answer("if a<b and x>0, \\boxed{2}") == "2");
}

TEST(prefilled_reasoning_needs_its_closing_tag) {
  Options options;
  options.prefilled_reasoning = true;
  CHECK(answer("\\boxed{2}", options) == without(Reason::kInReasoning));
  CHECK(answer("hm</think>\\boxed{2}", options) == "2");
}

TEST(reasoning_tags_are_found_beyond_the_scanned_bytes) {
  Options options;
  options.limits.scan_bytes = 32;
  CHECK(answer("<think>" + std::string(100, 'a') + "\\boxed{2}", options) ==
        without(Reason::kInReasoning));
  CHECK(answer("\\boxed{2}" + std::string(100, 'a'), options) == without(Reason::kNoCandidate));
}

TEST(answers_have_a_limit) {
  Options options;
  options.limits.answer_bytes = 16;
  CHECK(answer("\\boxed{" + std::string(16, '1') + "}", options) == std::string(16, '1'));
  CHECK(answer("\\boxed{" + std::string(17, '1') + "}", options) == without(Reason::kLimitBytes));
}

TEST(candidates_come_in_text_order) {
  const std::string_view text = "\\boxed{1}. The answer is 2.\n#### 3";
  const auto all = pyverify::candidates(text, {});
  CHECK(all.size() == 3);
  if (all.size() != 3) return;
  CHECK(all[0].kind == CandidateKind::kBoxed && text[all[0].span.begin] == '1');
  CHECK(all[1].kind == CandidateKind::kCue && text[all[1].span.begin] == '2');
  CHECK(all[2].kind == CandidateKind::kHashes && text[all[2].span.begin] == '3');
}
