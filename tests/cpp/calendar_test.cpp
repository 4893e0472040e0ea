// Times of day and dates.
#include <string_view>

#include "answer/words.hpp"
#include "check.hpp"

namespace {

using namespace pyverify;

bool same_clock(std::string_view gold, std::string_view answer) {
  answer::TimeOfDay left;
  answer::TimeOfDay right;
  return answer::parse_time(gold, left) && answer::parse_time(answer, right) &&
         answer::same_time(left, right);
}

bool no_time(std::string_view text) {
  answer::TimeOfDay time;
  return !answer::parse_time(text, time);
}

bool same_day(std::string_view gold, std::string_view answer) {
  answer::Date left;
  answer::Date right;
  return answer::parse_date(gold, left) && answer::parse_date(answer, right) &&
         answer::same_date(left, right);
}

bool no_date(std::string_view text) {
  answer::Date date;
  return !answer::parse_date(text, date);
}

}  // namespace

TEST(times) {
  CHECK(same_clock("4:20 pm", "16:20"));
  CHECK(same_clock("4:20 pm", "4:20\\text{ p.m.}"));
  CHECK(same_clock("4:20 pm", "4:20"));
  CHECK(same_clock("4:20 pm", "4.20 PM"));
  CHECK(same_clock("4:20 pm", "4:20 in the afternoon"));
  CHECK(same_clock("4:20 pm", "下午4点20分"));
  CHECK(same_clock("4:30 pm", "half past four in the afternoon"));
  CHECK(same_clock("8:45 am", "quarter to nine"));
  CHECK(same_clock("16:20", "4:20 PM"));
  CHECK(same_clock("9:05 am", "09:05"));
  CHECK(same_clock("12:00 am", "00:00"));
  CHECK(same_clock("12:00 pm", "noon"));
  CHECK(same_clock("9 a.m.", "9:00 am"));
  CHECK(same_clock("9 a.m.", "nine o'clock"));
  CHECK(same_clock("2:05", "02:05"));
  CHECK(!same_clock("16:20", "4:20"));
  CHECK(!same_clock("4:20 pm", "4:20 am"));
  CHECK(!same_clock("4:20 pm", "4:02 pm"));
  CHECK(!same_clock("9:05 pm", "09:05"));
  CHECK(!same_clock("12:00 am", "12:00 pm"));
  CHECK(!same_clock("2:05", "2:50"));
  CHECK(no_time("2:4"));
  CHECK(no_time("25:00"));
  CHECK(no_time("3:75"));
  CHECK(no_time("5"));
  CHECK(no_time("5 hours"));
  CHECK(no_time("16:20 am"));
  CHECK(no_time("4:20 pm or 5:20 pm"));
  CHECK(no_time("1:2:3"));
}

TEST(dates) {
  CHECK(same_day("July 9, 2019", "9 July 2019"));
  CHECK(same_day("July 9, 2019", "2019-07-09"));
  CHECK(same_day("July 9, 2019", "the 9th of July, 2019"));
  CHECK(same_day("July 9, 2019", "Jul. 9 2019"));
  CHECK(same_day("July 9, 2019", "2019年7月9日"));
  CHECK(same_day("July 9", "\\text{July 9th}"));
  CHECK(same_day("July 9", "July ninth"));
  CHECK(same_day("7月9日", "七月九日"));
  CHECK(same_day("December 25, 2021", "25/12/2021"));
  CHECK(!same_day("July 9, 2019", "July 9, 2018"));
  CHECK(!same_day("July 9, 2019", "July 9"));
  CHECK(!same_day("July 9", "June 9"));
  CHECK(no_date("7/9/2019"));
  CHECK(no_date("February 30"));
  CHECK(no_date("February 29, 2019"));
  CHECK(no_date("July"));
  CHECK(no_date("July 45"));
  CHECK(no_date("7-9"));
  CHECK(no_date("July 9 or 10"));
}
