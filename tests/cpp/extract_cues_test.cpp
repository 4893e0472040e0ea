#include "extract_test.hpp"

using extract_test::answer;
using extract_test::without;
using pyverify::Options;
using pyverify::Reason;

TEST(cues_end_with_the_sentence) {
  CHECK(answer("The final answer is 2.5. It is small.") == "2.5");
  CHECK(answer("The answer is $5.$ I hope so.") == "5");
  CHECK(answer("The answer is 6 p.m.") == "6 p.m.");
  CHECK(answer("The answer is $x = 5$ because of that.") == "x = 5");
  CHECK(answer("Answer: B. 42") == "B. 42");
  CHECK(answer("The answer is 4 or 5.") == "4 or 5");
}

TEST(cues_may_stand_above_their_answer) {
  CHECK(answer("## Final Answer\n\n12") == "12");
  CHECK(answer("The answer is:\n\\[\n\\frac{1}{3}\n\\]") == "\\frac{1}{3}");
  CHECK(answer("**Answer:**\n$$7$$") == "7");
}

TEST(denied_and_doubtful_cues_are_none) {
  CHECK(answer("\\boxed{3}. The answer is not 4.") == "3");
  CHECK(answer("\\boxed{3}. The answer is maybe 4.") == "3");
  CHECK(answer("\\boxed{3}. Check the answer: 1+2=3.") == "3");
  CHECK(answer("\\boxed{3}. If the answer is 4, fine.") == "3");
  CHECK(answer("\\boxed{3}. This answer is surprising.") == "3");
}

TEST(sentences_state_their_only_value) {
  CHECK(answer("Answer: There are 74 ways to do so.") == "74");
  CHECK(answer("Answer: The cost of the pens is $12.") == "$12");
  CHECK(answer("Answer: He needs at least 9 of these pens today.") ==
        "He needs at least 9 of these pens today");
}

TEST(chinese_cues) {
  CHECK(answer("所以答案是 145。") == "145");
  CHECK(answer("【答案】$\\frac{1}{2}$<eoa>") == "\\frac{1}{2}");
  CHECK(answer("故选：B。") == "B");
  CHECK(answer("\\boxed{3} 答案不是 4。") == "3");
}

TEST(hashes_are_answers_or_headings) {
  CHECK(answer("so 5.\n#### 5") == "5");
  CHECK(answer("so. #### $1,200 ") == "$1,200");
  CHECK(answer("\\boxed{5}\n#### Step 2\nmore") == "5");
  CHECK(answer("\\boxed{5}\n##### 6") == "5");
}

TEST(answer_tags) {
  CHECK(answer("<answer> 9/4 </answer>") == "9/4");
  CHECK(answer("<answer>so \\boxed{7}</answer>") == "7");
  CHECK(answer("\\boxed{1}<answer></answer>") == "1");
}

TEST(one_short_line_is_an_answer) {
  CHECK(answer("  $x = 3$ \n") == "x = 3");
  CHECK(answer("no solution") == "no solution");
  CHECK(answer("It might be 6") == without(Reason::kNoCandidate));
  CHECK(answer("one\ntwo") == without(Reason::kNoCandidate));
  CHECK(answer("   \n") == without(Reason::kEmpty));
}

TEST(last_number_on_request) {
  const std::string_view prose =
      "She had 20 pens and gave 8 away.\nShe keeps 12 of them for herself.";
  CHECK(answer(prose) == without(Reason::kNoCandidate));
  Options options;
  options.last_number = true;
  CHECK(answer(prose, options) == "12");
  CHECK(answer("It comes to $1,250.75.", options) == "$1,250.75");
  CHECK(answer("So in the end we have $y = \\frac{1}{2}$.", options) == "\\frac{1}{2}");
  CHECK(answer("She pays $20 a day for 3 months.", options) == "$20");
  CHECK(answer("1. Add: 2 + 2 = 4.\n2. Rest.", options) == "4");
}
