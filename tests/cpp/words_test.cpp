// Texts, number words, choices, doubt.
#include "answer/words.hpp"

#include <string>
#include <string_view>

#include "answer/content.hpp"
#include "check.hpp"

namespace {

using namespace pyverify;
using answer::TextClass;

bool same(std::string_view gold, std::string_view answer) {
  return answer::same_text(gold, answer);
}

bool is_number(std::string_view text, std::int64_t num, std::int64_t den = 1) {
  number::Rational value;
  return answer::number_word(text, value) && value.num == num && value.den == den;
}

bool no_number(std::string_view text) {
  number::Rational value;
  return !answer::number_word(text, value);
}

// The letters as a string, "" when it isn't a choice.
std::string letters(std::string_view text) {
  answer::Choice choice;
  std::string result;
  if (!answer::parse_choice(text, choice)) return result;
  for (int i = 0; i < 10; ++i) {
    if (choice.letters >> i & 1u) result += static_cast<char>((choice.lower_case ? 'a' : 'A') + i);
  }
  return result;
}

std::string rest(std::string_view text) {
  answer::Choice choice;
  return answer::parse_choice(text, choice) ? std::string(choice.rest) : "none";
}

std::uint32_t statements(std::string_view text) {
  std::uint32_t mask = 0;
  return answer::parse_statements(text, mask) ? mask : 0;
}

}  // namespace

TEST(text_what_does_not_count) {
  CHECK(same("hyperbola", "a hyperbola"));
  CHECK(same("\\text{hyperbola}", "**Hyperbola**."));
  CHECK(same("\\textbf{The cone}", "cone"));
  CHECK(same("even", "is even"));
  CHECK(same("even", "It is even."));
  CHECK(same("even numbers", "all even numbers"));
  CHECK(same("even numbers", "every even number"));
  CHECK(same("Monday", "on Monday"));
  CHECK(same("Monday", "at monday"));
  CHECK(same("infinitely many", "there are infinitely many"));
  CHECK(same("x-axis", "the $x$-axis"));
  CHECK(same("x-axis", "x axis"));
  CHECK(same("right-angled", "right angled"));
  CHECK(same("Pascal's triangle", "Pascal’s Triangle"));
  CHECK(same("powers of 3", "\\text{powers of three}"));
  CHECK(same("third quadrant", "3rd quadrant"));
  CHECK(same("twenty-one birds", "21 birds"));
  CHECK(same("nonlinear", "non-linear"));
  CHECK(same("point A", "\\text{the point } A"));
  CHECK(same("isn't prime", "is not prime"));
  CHECK(same("Maria", "(Maria)"));
  CHECK(same("red, white", "red; white"));
}

TEST(text_what_counts) {
  CHECK(!same("increasing", "not increasing"));
  CHECK(!same("not increasing", "increasing"));
  CHECK(!same("hyperbola", "The graph is a hyperbola"));
  CHECK(!same("x-axis", "y-axis"));
  CHECK(!same("Monday", "Tuesday"));
  CHECK(!same("Monday", "before Monday"));
  CHECK(!same("2 apples", "2 pears"));
  CHECK(!same("point A", "point B"));
  CHECK(!same("point A", "point"));
  CHECK(!same("point A", "point a"));
  CHECK(!same("5", "((5"));
  CHECK(!same("34", "3.4"));
  CHECK(!same("34", "3,4"));
  CHECK(!same("34", "3 4"));
  CHECK(!same("5 apples", "-5 apples"));
  CHECK(!same("3! ways", "3 ways"));
  CHECK(!same("n!! ways", "n! ways"));
  CHECK(!same("3:45", "3:45 am"));
  CHECK(!same("a-b", "ab"));
  CHECK(!same("a-b", "a b"));
  CHECK(!same("linear", "nonlinear"));
  CHECK(!same("linear", "linear and quadratic"));
  CHECK(!same("not even", "not all are even"));
  CHECK(!same("all of the above", "none of the above"));
  CHECK(!same("all students", "some students"));
  CHECK(!same("", ""));
  CHECK(!same("", "the"));
  CHECK(!same("red", "red?"));
  CHECK(!same("red", "maybe red"));
}

TEST(text_chinese) {
  CHECK(same("增函数", "是增函数。"));
  CHECK(same("第一象限", "第1象限"));
  CHECK(same("第一象限", "第Ⅰ象限"));
  CHECK(same("第一象限", "一象限"));
  CHECK(same("若x减小,则y增大", "若 $x$ 减小，则 $y$ 增大"));
  CHECK(same("7和8之间", "在7与8之间"));
  CHECK(same("红色", "\\text{红色的}"));
  CHECK(!same("增函数", "不是增函数"));
  CHECK(!same("增函数", "减函数"));
  CHECK(!same("第一象限", "第二象限"));
  CHECK(!same("第一象限", "第一、二象限"));
  CHECK(!same("充要条件", "充分必要条件"));
  CHECK(!same("小红", "小红和小刚"));
  CHECK(!same("小红", "可能是小红"));
}

TEST(text_classes) {
  CHECK(same("undefined", "does not exist"));
  CHECK(same("DNE", "\\text{doesn't exist}"));
  CHECK(same("does not exist", "不存在"));
  CHECK(same("no solution", "There are no real solutions."));
  CHECK(same("无解", "none"));
  CHECK(same("empty set", "\\emptyset"));
  CHECK(same("all real numbers", "the set of real numbers"));
  CHECK(same("all reals", "全体实数"));
  CHECK(!same("all real numbers", "real"));
  CHECK(!same("no solution", "no"));
  CHECK(!same("no", "no solution"));
  CHECK(!same("undefined", "no solution"));
  CHECK(!same("all integers", "all positive integers"));
  CHECK(answer::classify_text("negative infinity") == TextClass::kNegativeInfinity);
  CHECK(answer::classify_text("-\\infty") == TextClass::kNegativeInfinity);
  CHECK(answer::classify_text("+∞") == TextClass::kInfinity);
  CHECK(answer::classify_text("infinitely many") == TextClass::kOther);
  CHECK(answer::classify_text("any number") == TextClass::kAnyNumber);
  CHECK(answer::classify_text("positive integers") == TextClass::kPositiveIntegers);
  CHECK(answer::classify_text("正实数") == TextClass::kPositiveReals);
  CHECK(answer::classify_text("整数") == TextClass::kIntegers);
  CHECK(answer::classify_text("5") == TextClass::kOther);
  CHECK(answer::classify_text("") == TextClass::kOther);
}

TEST(text_yes_and_no) {
  CHECK(same("Yes", "yes."));
  CHECK(same("Yes", "Yes, it converges"));
  CHECK(same("No", "**No.**"));
  CHECK(same("No", "No, because 4 is even"));
  CHECK(same("Yes, it converges", "Yes"));
  CHECK(same("True", "\\text{true}"));
  CHECK(same("是", "是的。"));
  CHECK(same("错误", "错误"));
  CHECK(!same("Yes", "No"));
  CHECK(!same("yes", "true"));
  CHECK(!same("Yes", "yes and no"));
  CHECK(!same("Yes", "Yes, if n is even"));
  CHECK(!same("Yes", "Yes, but only sometimes"));
  CHECK(!same("No", "not sure"));
  CHECK(!same("No", "None of the above"));
  CHECK(!same("No triangles", "No"));
  CHECK(!same("Yes, 12", "Yes, 13"));
  CHECK(!same("True", "untrue"));
  CHECK(!same("True", "True or false"));
  CHECK(!same("是", "不是"));
}

TEST(text_hashes) {
  CHECK(answer::content_hash("the red cars") == answer::content_hash("Red cars."));
  CHECK(answer::content_hash("the red cars") != answer::content_hash("the cars red"));
  CHECK(answer::content_hash("((5") != answer::content_hash("(5"));
  CHECK(answer::content_hash("  ") == 0);
}

TEST(number_words_english) {
  CHECK(is_number("five", 5));
  CHECK(is_number("Forty-two", 42));
  CHECK(is_number("twenty one", 21));
  CHECK(is_number("one hundred and five", 105));
  CHECK(is_number("nineteen hundred", 1900));
  CHECK(is_number("two million three hundred thousand and six", 2300006));
  CHECK(is_number("a dozen", 12));
  CHECK(is_number("half a dozen", 6));
  CHECK(is_number("third", 3));
  CHECK(is_number("twenty-third", 23));
  CHECK(is_number("12th", 12));
  CHECK(is_number("two thirds", 2, 3));
  CHECK(is_number("one half", 1, 2));
  CHECK(is_number("three and a half", 7, 2));
  CHECK(is_number("three and three quarters", 15, 4));
  CHECK(is_number("minus seven", -7));
  CHECK(is_number("\\text{seven}", 7));
  CHECK(is_number("zero", 0));
  CHECK(no_number("five and six"));
  CHECK(no_number("five six"));
  CHECK(no_number("one second"));
  CHECK(no_number("hundred and"));
  CHECK(no_number("and"));
  CHECK(no_number("a"));
  CHECK(no_number("12st"));
  CHECK(no_number("five apples"));
  CHECK(no_number("thousand million billion"));
  CHECK(no_number(""));
  std::int64_t factor = 0;
  CHECK(answer::scale_word("Million", factor) && factor == 1000000);
  CHECK(answer::scale_word("dozens", factor) && factor == 12);
  CHECK(answer::scale_word("亿", factor) && factor == 100000000);
  CHECK(!answer::scale_word("five", factor));
}

TEST(number_words_chinese) {
  CHECK(is_number("十二", 12));
  CHECK(is_number("三百零五", 305));
  CHECK(is_number("三百五", 350));
  CHECK(is_number("三万五千", 35000));
  CHECK(is_number("一亿三千万", 130000000));
  CHECK(is_number("二〇二四", 2024));
  CHECK(is_number("三分之二", 2, 3));
  CHECK(is_number("百分之二十五", 1, 4));
  CHECK(is_number("一点五", 3, 2));
  CHECK(is_number("负三", -3));
  CHECK(no_number("三个"));
  CHECK(no_number("三三百"));
  CHECK(no_number("个"));
}

TEST(choice_single) {
  CHECK(letters("B") == "B");
  CHECK(letters("(B)") == "B");
  CHECK(letters("[B]") == "B");
  CHECK(letters("\\text{(B)}") == "B");
  CHECK(letters("\\textbf{B}") == "B");
  CHECK(letters("$\\mathrm{(B)}$") == "B");
  CHECK(letters("**B**") == "B");
  CHECK(letters("B.") == "B");
  CHECK(letters("b") == "b");
  CHECK(letters("b)") == "b");
  CHECK(letters("(b)") == "b");
  CHECK(letters("Option B") == "B");
  CHECK(letters("option (B)") == "B");
  CHECK(letters("Choice: B") == "B");
  CHECK(letters("选B") == "B");
  CHECK(letters("选项 B。") == "B");
  CHECK(letters("B. 42") == "B");
  CHECK(rest("B. 42") == "42");
  CHECK(rest("B) 42") == "42");
  CHECK(rest("B (42)") == "(42)");
  CHECK(rest("\\textbf{(B)}\\ 42") == "42");
  CHECK(rest("\\text{C. } x^2") == "x^2");
  CHECK(rest("E: A closed curve") == "A closed curve");
  CHECK(letters("D\\left(\\frac12\\right)") == "D");
}

TEST(choice_several) {
  CHECK(letters("ACD") == "ACD");
  CHECK(letters("DCA") == "ACD");
  CHECK(letters("A, C, D") == "ACD");
  CHECK(letters("A、C、D") == "ACD");
  CHECK(letters("A C D") == "ACD");
  CHECK(letters("A and C") == "AC");
  CHECK(letters("A, C, and D.") == "ACD");
  CHECK(letters("(A)(C)") == "AC");
  CHECK(letters("(A), (C)") == "AC");
  CHECK(letters("Options A and C") == "AC");
  CHECK(letters("\\text{ACD}") == "ACD");
  CHECK(letters("AA") == "");
  CHECK(letters("ABDX") == "");
}

TEST(choice_refused) {
  CHECK(letters("A dog") == "");
  CHECK(letters("a triangle") == "");
  CHECK(letters("Bob") == "");
  CHECK(letters("K") == "");
  CHECK(letters("42") == "");
  CHECK(letters("A=5") == "");
  CHECK(letters("A_1") == "");
  CHECK(letters("A+B") == "");
  CHECK(letters("(A)^2") == "");
  CHECK(letters("A or B") == "");
  CHECK(letters("(A) or (B)") == "");
  CHECK(letters("A/B/C") == "");
  CHECK(letters("A:B") == "");
  CHECK(letters("Not B") == "");
  CHECK(letters("B?") == "");
  CHECK(letters("(A) 3 (B) 4 (C) 5") == "");
  CHECK(letters("A. 3 B. 4 C. 5") == "");
  CHECK(letters("B. 3 or C") == "");
  CHECK(letters("(A") == "");
  CHECK(letters("") == "");
}

TEST(choice_statements) {
  CHECK(statements("②③") == 6);
  CHECK(statements("(2)(3)") == 6);
  CHECK(statements("③②") == 6);
  CHECK(statements("③和②") == 6);
  CHECK(statements("(1), (3)") == 5);
  CHECK(statements("（2）、（3）") == 6);
  CHECK(statements("\\textcircled{2}\\textcircled{3}") == 6);
  CHECK(statements("②②") == 0);
  CHECK(statements("2,3") == 0);
  CHECK(statements("(2)x") == 0);
  CHECK(statements("(x)") == 0);
}

TEST(doubt) {
  CHECK(answer::says_doubt("maybe 6"));
  CHECK(answer::says_doubt("7?"));
  CHECK(answer::says_doubt("7？"));
  CHECK(answer::says_doubt("I think it is 4"));
  CHECK(answer::says_doubt("I'm not sure"));
  CHECK(answer::says_doubt("4 \\text{ or maybe } 5"));
  CHECK(answer::says_doubt("可能是5"));
  CHECK(answer::says_doubt("4 if you like"));
  CHECK(!answer::says_doubt("4 or 5"));
  CHECK(!answer::says_doubt("approximately 5"));
  CHECK(!answer::says_doubt("equally likely"));
  CHECK(!answer::says_doubt("不可能"));
  CHECK(!answer::says_doubt("\\maybe"));
}

TEST(words_hostile_bytes) {
  const std::string braces(50000, '{');
  const std::string wrappers = [] {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "\\text{";
    return text;
  }();
  const std::string numbers = [] {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "one hundred and ";
    return text;
  }();
  const std::string digits(100000, '1');
  const std::string dots(100000, '.');
  const std::string labels = [] {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "A. ";
    return text;
  }();
  const std::string bytes = "\xff\xfe\x80 \xe4\xb8 \xf0\x9f" + std::string(3, '\0') + "\xc0\x80\\";
  for (const std::string* text : {&braces, &wrappers, &numbers, &digits, &dots, &labels, &bytes}) {
    answer::content_hash(*text);
    answer::same_text(*text, *text);
    answer::classify_text(*text);
    answer::says_doubt(*text);
    answer::Choice choice;
    answer::parse_choice(*text, choice);
    answer::TimeOfDay time;
    CHECK(!answer::parse_time(*text, time));
    answer::Date date;
    CHECK(!answer::parse_date(*text, date));
    number::Rational value;
    CHECK(!answer::number_word(*text, value));
    CHECK(statements(*text) == 0);
  }
}
