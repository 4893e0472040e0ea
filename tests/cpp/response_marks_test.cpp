#include <string>
#include <string_view>

#include "check.hpp"
#include "extract_test.hpp"
#include "pyverify/extract.hpp"
#include "pyverify/response.hpp"

namespace response = pyverify::response;
using extract_test::repeat;
using pyverify::Options;
using response::TagShape;

namespace {

bool box(std::string_view text, const Options& options = {}) {
  return response::has_box(text, options);
}
bool hashes(std::string_view text) { return response::has_hashes(text, Options{}); }

}  // namespace

TEST(box_is_a_complete_one_after_the_reasoning) {
  CHECK(box("so \\boxed{5}"));
  CHECK(box("\\fbox{5} and more"));
  CHECK(box("\\boxed 42"));
  CHECK(box("<think>\\boxed{4}</think> \\boxed{5}"));
  CHECK(!box(""));
  CHECK(!box("5"));
  CHECK(!box("\\boxed{}"));
  CHECK(!box("\\boxed{ }"));
  CHECK(!box("\\boxed{?}"));
  CHECK(!box("\\boxed{...}"));
  CHECK(!box("\\boxed{\\boxed{}}"));
  CHECK(!box("\\boxed{\\phantom{4}}"));
  CHECK(!box("\\boxed{\\hspace{1cm}}"));
  CHECK(!box("\\boxed{\\ }"));
  CHECK(box("\\boxed{\\phantom{4}5}"));
  CHECK(box("\\boxed{*}"));
  CHECK(!box("<think>\\boxed{5}"));
  CHECK(!box("<think>\\boxed{5}</think> 5"));
}

TEST(box_may_stand_before_another_mark) {
  CHECK(box("\\boxed{5}. The answer is 6."));
  CHECK(box("\\boxed{5}\n#### 6"));
  CHECK(box("\\boxed{5} is wrong"));
  CHECK(box("1 - \\boxed{5}"));
  CHECK(box("\\boxed{5} then \\boxed{}"));
}

TEST(box_is_none_when_the_response_is_cut_in_one) {
  CHECK(!box("\\boxed{5} then \\boxed{6"));
  CHECK(!box("\\boxed{\\boxed{5}"));
  CHECK(!box("\\boxed{5} then \\boxed"));
}

TEST(box_follows_the_options) {
  Options prefilled;
  prefilled.prefilled_reasoning = true;
  CHECK(!box("\\boxed{5}", prefilled));
  CHECK(box("x</think>\\boxed{5}", prefilled));
  Options small;
  small.limits.answer_bytes = 16;
  CHECK(box("\\boxed{1234567890}", small));
  CHECK(!box("\\boxed{12345678901234567890}", small));
  small.limits.scan_bytes = 16;
  CHECK(!box("\\boxed{5}" + std::string(20, ' '), small));
}

TEST(hashes_are_a_line_with_a_value) {
  CHECK(hashes("so it is\n#### 42"));
  CHECK(hashes("#### 42\nThe answer is 43."));
  CHECK(!hashes("##### 42"));
  CHECK(!hashes("### 42"));
  CHECK(!hashes("#### Solution of the problem"));
  CHECK(!hashes("####"));
  CHECK(!hashes("<think>\n#### 42"));
}

TEST(tags_in_their_shape) {
  const auto both = [](std::string_view text) { return response::tag_shape(text, true); };
  CHECK(both("<think>a</think><answer>b</answer>") == TagShape::kFull);
  CHECK(both(" \n<think>a</think>\n\n<answer>\n7\n</answer>\n") == TagShape::kFull);
  CHECK(both("a</think><answer>b</answer>") == TagShape::kPrefilled);
  CHECK(both("<think>想</think><answer>五</answer>") == TagShape::kFull);
  CHECK(both("<think>a < b, c > d</think><answer>b</answer>") == TagShape::kFull);
  for (const std::string_view bad : {
           "",
           "a",
           "<think>a</think>",
           "<answer>b</answer>",
           "<think>a</think><answer>b",
           "<think>a<answer>b</answer></think>",
           "<answer>b</answer><think>a</think>",
           "<think></think><answer>b</answer>",
           "<think> \xE2\x80\x8B </think><answer>b</answer>",
           "<think>...</think><answer>b</answer>",
           "<think>a</think><answer>?!</answer>",
           "</think><answer>b</answer>",
           "x<think>a</think><answer>b</answer>",
           "<think>a</think>x<answer>b</answer>",
           "<think>a</think><answer>b</answer>x",
           "<think>a<think>b</think><answer>b</answer>",
           "<think>a</think></think><answer>b</answer>",
           "<think>a</think><answer>b</answer><answer>c</answer>",
           "<Think>a</think><answer>b</answer>",
           "<think >a</think><answer>b</answer>",
           "<think>a</think><answer>b</ answer>",
           "<think>a <THINK> </think><answer>b</answer>",
           "<think>a <think id=\"1\"> </think><answer>b</answer>",
           "<think>a < / answer > </think><answer>b</answer>",
           "<think>`<think>`</think><answer>b</answer>",
           "<think>$<answer>$</think><answer>b</answer>",
       }) {
    CHECK(both(bad) == TagShape::kOther);
  }
}

TEST(tags_of_thought_alone) {
  const auto thought = [](std::string_view text) { return response::tag_shape(text, false); };
  CHECK(thought("<think>a</think> b") == TagShape::kFull);
  CHECK(thought("a</think> b") == TagShape::kPrefilled);
  CHECK(thought("<think>a</think><answer>b</answer>") == TagShape::kFull);
  CHECK(thought("<think>a</think>") == TagShape::kOther);
  CHECK(thought("<think>a</think> .") == TagShape::kOther);
  CHECK(thought("<think>a</think><answer></answer>") == TagShape::kOther);
  CHECK(thought("<answer><think>a</think> b") == TagShape::kOther);
  CHECK(thought("<think>a</think> b </think>") == TagShape::kOther);
  CHECK(thought("b") == TagShape::kOther);
}

TEST(marks_without_end) {
  constexpr std::size_t kSize = std::size_t{1} << 20;
  for (const std::string_view unit :
       {"<think>", "</think>", "<answer>", "<", "< ", "</", "<think ", "\\boxed{", "\\boxed{}",
        "\\boxed\\left(", "####", "#### ", "####\n", "ox", "\xff", "\xe7\xad"}) {
    const std::string text = repeat(unit, kSize);
    CHECK(!box(text));
    CHECK(!hashes(text));
    CHECK(response::tag_shape(text, true) == TagShape::kOther);
    CHECK(response::tag_shape(text, false) == TagShape::kOther);
  }
}
