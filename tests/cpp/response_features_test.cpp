#include <cmath>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "check.hpp"
#include "extract_test.hpp"
#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "response/hash_set.hpp"

namespace response = pyverify::response;
using extract_test::repeat;
using response::count_steps;
using response::count_units;
using response::repetition;
using response::Script;

namespace {

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

// Exactly these scripts and no others.
bool scripts_are(std::string_view text,
                 std::initializer_list<std::pair<Script, std::uint64_t>> wanted) {
  response::ScriptCounts counts{};
  for (const auto& [script, count] : wanted) counts[static_cast<std::size_t>(script)] = count;
  return response::count_scripts(text) == counts;
}

}  // namespace

TEST(repetition_counts_ngrams_once) {
  CHECK(repetition("", 4) == 0.0);
  CHECK(repetition("a b c d e f", 4) == 0.0);
  CHECK(near(repetition("a b a b a b", 2), 1 - 2.0 / 5));
  CHECK(near(repetition("A\u00A0b a\u3000B", 2), 1 - 2.0 / 3));
  CHECK(near(repetition("我我我我我", 2), 1 - 1.0 / 4));
  CHECK(near(repetition("ÄÖ äö ÄÖ", 1), 1 - 1.0 / 3));
}

TEST(repetition_of_short_texts) {
  CHECK(repetition("ha", 4) == 0.0);
  CHECK(repetition("ha ha", 4) == 0.0);
  CHECK(near(repetition("ha ha ha", 4), 0.5));
  CHECK(near(repetition("ha ha", 1), 0.5));
  CHECK(repetition("one two three", 4) == 0.0);
  CHECK(near(repetition("x x x x x", 1000), 0.5));
}

TEST(repetition_of_runs_without_blanks) {
  CHECK(repetition(repeat("a", 240), 4) > 0.8);
  CHECK(repetition(repeat("abcde", 2400), 4) > 0.8);
}

TEST(repetition_sees_through_decoration) {
  CHECK(near(repetition("go, go! \"go\"", 1), 1 - 1.0 / 3));
  CHECK(near(repetition("go , go ; go", 1), 1 - 1.0 / 3));
  CHECK(near(repetition("g\u200bo go\uFE0F g\u0301o", 1), 1 - 1.0 / 3));
  CHECK(near(repetition("ｇｏ 𝐠𝐨 GO", 1), 1 - 1.0 / 3));
  CHECK(repetition("x^2+1 x^2-1 x^2*1", 1) == 0.0);
  CHECK(repetition("1 + 2 - 3", 1) == 0.0);
  CHECK(near(repetition("! ! !", 1), 1 - 1.0 / 3));
}

TEST(distinct_ngrams_beyond_a_million_are_estimated) {
  std::string text;
  for (std::uint32_t i = 0; i < 3'000'000; ++i) text += std::to_string(i % 2'000'000) + " ";
  CHECK(std::abs(repetition(text, 1) - 1.0 / 3) < 0.01);
}

TEST(hash_set_survives_hashes_that_meet) {
  response::HashSet set;
  set.clear();
  for (std::uint64_t i = 1; i <= 100'000; ++i) set.insert(i << 40);
  CHECK(set.size() == 256);
}

TEST(scripts_of_prose) {
  CHECK(scripts_are("Hello there, it isn't much", {{Script::kLatin, 4}}));
  CHECK(scripts_are("因为你好", {{Script::kHan, 4}}));
  CHECK(scripts_are("カード", {{Script::kKana, 3}}));
  CHECK(scripts_are("한국어 문장", {{Script::kHangul, 2}}));
  CHECK(scripts_are("Привет и", {{Script::kCyrillic, 2}}));
  CHECK(scripts_are("αβ γ", {{Script::kGreek, 1}}));
  CHECK(scripts_are("नमस्ते दुनिया", {{Script::kDevanagari, 2}}));
  CHECK(scripts_are("مُحَمَّد", {{Script::kArabic, 1}}));
  CHECK(scripts_are("ქართული ენა", {{Script::kOther, 2}}));
  CHECK(scripts_are("\uFE2E\uFE2F", {{Script::kCyrillic, 1}}));
  CHECK(scripts_are("ＡＢｃ ＡＢＣ", {{Script::kLatin, 1}}));
}

TEST(scripts_leave_notation_out) {
  for (const std::string_view text :
       {"$x + foo$", "$$foo\nbar$$", "\\(foo\\)", "\\[ foo \\text{bar} \\]", "$ foo $",
        "\\begin{align*} foo &= bar \\end{align*}", "\\text{foo} \\frac \\alpha",
        "```python\nfoo bar\n```", "~~~\nfoo\n~~~", "`foo bar`", "``foo bar``",
        "https://foo.bar/baz?x", "www.foo.com", "<think></answer><|im_end|><foo bar=\"baz\">",
        "ABC a ab", "sin Cos MOD kwh", "\\begin{proof}\\end{proof}", "１２３ ℝ ＋"}) {
    CHECK(scripts_are(text, {}));
  }
}

TEST(scripts_of_prose_in_notation) {
  CHECK(scripts_are("$中$ `文` \\text{字}", {{Script::kHan, 3}}));
  CHECK(scripts_are("$\\text{we find that this is it}$", {{Script::kLatin, 3}}));
  CHECK(scripts_are("THE SUM OF ALL", {{Script::kLatin, 3}}));
  CHECK(scripts_are("𝐓𝐡𝐞 H\u200bel\u200blo", {{Script::kLatin, 2}}));
  CHECK(scripts_are("⼀⺁", {{Script::kHan, 2}}));
}

TEST(scripts_see_what_no_notation_hides) {
  CHECK(scripts_are("it costs $5 and that costs $6", {{Script::kLatin, 4}}));
  CHECK(scripts_are("$5 for eggs (each $2$)", {{Script::kLatin, 3}}));
  CHECK(scripts_are("\\[ foo\n\nbar \\]", {{Script::kLatin, 2}}));
  CHECK(scripts_are("$ foo\nbar $", {{Script::kLatin, 2}}));
  CHECK(scripts_are("```foo\nbar", {{Script::kLatin, 1}}));
  CHECK(scripts_are("foo ` bar", {{Script::kLatin, 2}}));
  CHECK(scripts_are("a <foo and bar> baz", {{Script::kLatin, 4}}));
  CHECK(scripts_are("\\begin{proof} foo \\end{proof}", {{Script::kLatin, 1}}));
  CHECK(scripts_are("\\textbf{Foo bar}", {{Script::kLatin, 2}}));
  CHECK(scripts_are("\\text{foo", {{Script::kLatin, 1}}));
}

TEST(units_by_the_rule) {
  CHECK(count_units("") == 0);
  CHECK(count_units(" \n\t") == 0);
  CHECK(count_units("the answer") == 2);
  CHECK(count_units("consideration") == 2);
  CHECK(count_units("123") == 3);
  CHECK(count_units("x = 12") == 5);
  CHECK(count_units("\\frac{1}{2}") == 7);
  CHECK(count_units("今天天气") == 3);
  CHECK(count_units("😀😀") == 2);
}

TEST(steps_that_say_something) {
  CHECK(count_steps("") == 0);
  CHECK(count_steps("Step 1: add the two numbers\nStep 2: x = 3") == 2);
  CHECK(count_steps("**Step 1**: add two numbers\n### Step 2\nthen halve them both") == 2);
  CHECK(count_steps("1. add the numbers\n2) halve all of it\n(3) x+1=2") == 3);
  CHECK(count_steps("- add the numbers\n* halve all of it\n• $\\frac12$") == 3);
  CHECK(count_steps("First, add the numbers. Then we halve it. Finally, x = 3.") == 3);
  CHECK(count_steps("首先，计算三角形面积。然后代入数值。最后得到答案。") == 3);
  CHECK(count_steps("第一步：先把数字排序\n步骤2：再求中位数吧\n三、写出最后答案") == 3);
}

TEST(steps_of_two_words_and_other_marks) {
  CHECK(count_steps("Step 1: add two\n1. Double it.\n首先，求导数。") == 3);
  CHECK(count_steps("第 1 步：求导\n步驟一 代入\n（一）化简\n(二) 求和") == 4);
  CHECK(count_steps("(a) add them\nb) halve all") == 2);
  CHECK(count_steps("先求和，然后求导，接着代入；最后化简。") == 3);
  CHECK(count_steps("①求和，②求导；（3）代入") == 3);
  CHECK(count_steps("by (1) and (2) it follows, then we see") == 0);
  CHECK(count_steps("Step 1: x\n1. Yes\n首先，求") == 0);
}

TEST(steps_that_say_nothing) {
  CHECK(count_steps("Step 1: Step 2: Step 3:") == 0);
  CHECK(count_steps("First, Next, Then, Finally,") == 0);
  CHECK(count_steps("1.\n2.\n3.\n- - -\n---\n* * *") == 0);
  CHECK(count_steps("Step 1: add two numbers\nStep 2: add two numbers\nStep 3: ADD two numbers") ==
        1);
  CHECK(count_steps("Second derivatives are positive here. 3.14 is a number.") == 0);
  CHECK(count_steps("2020. was a good year for all") == 0);
  CHECK(count_steps("$$\n- x foo bar baz\n- y = 3\n$$") == 0);
  CHECK(count_steps("```\n- x foo bar baz\n1. y = 3\n```") == 0);
  CHECK(count_steps("| - foo bar baz | 1. foo bar baz |") == 0);
  CHECK(count_steps("no step at all, x = 3, then more") == 0);
}

TEST(features_read_any_bytes_within_their_bounds) {
  std::uint64_t state = 99;
  const auto random = [&] {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::uint32_t>(state >> 33);
  };
  constexpr std::string_view kTokens[] = {"$",
                                          "$$",
                                          "\\(",
                                          "\\)",
                                          "\\[",
                                          "\\]",
                                          "\\begin{align}",
                                          "\\end{",
                                          "\\",
                                          "`",
                                          "```",
                                          "~~~",
                                          "\n",
                                          " ",
                                          "\t",
                                          "<think>",
                                          "</",
                                          "<",
                                          "answer>",
                                          "Step ",
                                          "1",
                                          ".",
                                          "- ",
                                          "First",
                                          "第",
                                          "一",
                                          "步",
                                          "\xff",
                                          "\xe7\xad",
                                          "é",
                                          "\\text{",
                                          "}",
                                          "http",
                                          "://",
                                          "www.",
                                          "don't",
                                          "'",
                                          "(",
                                          "\xe2\x80\x8b",
                                          "Then",
                                          "\\boxed",
                                          "{5}",
                                          "\xf0\x9f",
                                          "मस्",
                                          "|",
                                          "=",
                                          "**",
                                          "####",
                                          "<|im_end|>",
                                          "\\phantom{",
                                          "ABC ",
                                          "\u0301",
                                          "𝐚"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::uint32_t i = random() % 16; i > 0; --i)
      text += kTokens[random() % std::size(kTokens)];
    // A copy of exactly this size, so that a sanitizer sees a byte too far.
    const auto bytes = std::make_unique<char[]>(text.size());
    std::memcpy(bytes.get(), text.data(), text.size());
    const std::string_view view(bytes.get(), text.size());
    const pyverify::Options options;
    const double share = repetition(view, random() % 8);
    CHECK(share >= 0.0 && share < 1.0);
    CHECK(count_steps(view) <= text.size() / 2);
    CHECK(count_units(view) <= text.size());
    std::uint64_t all = 0;
    for (const std::uint64_t count : response::count_scripts(view)) all += count;
    CHECK(all <= text.size());
    response::tag_shape(view, round % 2 == 0);
    response::has_box(view, options);
    response::has_hashes(view, options);
  }
}
