#include "judge.hpp"

#include <algorithm>

#include "answer/render.hpp"
#include "compare/comparer.hpp"
#include "compare/evaluated.hpp"
#include "extract/reading.hpp"

namespace pyverify {
namespace {

using expr::Kind;
using expr::Truth;

// Digits with an optional sign, at most 18 of them.
bool plain_integer(std::string_view text, std::int64_t& value) noexcept {
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) i = 1;
  if (i >= text.size() || text.size() - i > 18) return false;
  std::int64_t read = 0;
  for (; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    read = read * 10 + (text[i] - '0');
  }
  value = negative ? -read : read;
  return true;
}

void decide(Outcome& out, Verdict verdict, Reason reason) noexcept {
  out.verdict = verdict;
  out.reason = reason;
}

bool is_limit(Reason reason) noexcept {
  return reason >= Reason::kLimitBytes && reason < Reason::kCount;
}

// The same characters, spaces and purely typographic commands aside.
bool same_characters(std::string_view a, std::string_view b) noexcept {
  const auto skip = [](std::string_view s, std::size_t& i) {
    for (;;) {
      if (i >= s.size()) return;
      if (s[i] == ' ' || s[i] == '$' || (s[i] >= '\t' && s[i] <= '\r') || (s[i] == '~' && i > 0)) {
        // a space keeps two numbers or words apart
        const auto solid = [](char c) {
          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 c == '.';
        };
        if (i > 0 && i + 1 < s.size() && solid(s[i - 1]) && solid(s[i + 1])) return;
        ++i;
        continue;
      }
      bool command = false;
      for (const std::string_view name :
           {"\\left", "\\right", "\\displaystyle", "\\,", "\\!", "\\;", "\\ "}) {
        const bool word = name.size() > 2;
        if (s.substr(i, name.size()) != name) continue;
        const char next = i + name.size() < s.size() ? s[i + name.size()] : ' ';
        if (word && ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'))) continue;
        const bool digits =
            i > 0 && s[i - 1] >= '0' && s[i - 1] <= '9' && next >= '0' && next <= '9';
        if (!word && digits) return;  // 1\,1 is not 11
        i += name.size();
        command = true;
        break;
      }
      if (!command) return;
    }
  };
  std::size_t i = 0;
  std::size_t j = 0;
  for (;;) {
    skip(a, i);
    skip(b, j);
    if (i >= a.size() || j >= b.size()) return i >= a.size() && j >= b.size();
    if (a[i++] != b[j++]) return false;
  }
}

}  // namespace

PreparedGold::Workspace& PreparedGold::workspace() noexcept {
  // memory kept for reuse only: every judgement clears it first
  static thread_local Workspace space;
  return space;
}

PreparedGold::PreparedGold(std::string_view text, const Options& options) : options_(options) {
  read(text);
}

void PreparedGold::read(std::string_view text) {
  text_.assign(text);
  problem_ = Reason::kNone;
  is_integer_ = is_choice_ = is_time_ = is_date_ = false;
  statements_ = 0;
  if (text_.size() > options_.limits.gold_bytes) {
    problem_ = Reason::kLimitBytes;
    return;
  }
  support::Budget budget(options_.limits);
  answer::read(text_, options_, latex::Letters::kDefault, reading_, budget);
  if (reading_.problem == Reason::kEmpty) {
    problem_ = Reason::kEmpty;
    return;
  }
  if (budget.stopped()) {
    problem_ = budget.stopped_by();
    return;
  }
  if (reading_.parsed.has_operator && reading_.is_maths())
    answer::write_out_operators(reading_, options_, budget);
  const std::string_view gold = reading_.text;
  is_integer_ = plain_integer(gold, integer_);
  if (is_integer_) return;
  if (options_.choices && answer::parse_choice(gold, choice_) && !choice_.lower_case)
    is_choice_ = !choice_.listed && !answer::is_applied(gold, choice_);
  option_.reset();
  if (is_choice_ && !choice_.rest.empty()) {
    Options plain = options_;
    plain.choices = false;  // "A. A. A. 5" is no choice of choices
    option_ = std::make_unique<PreparedGold>(choice_.rest, plain);
    if (option_->problem() != Reason::kNone) option_.reset();
  }
  std::uint32_t mask = 0;
  if (answer::parse_statements(gold, mask) && (mask & (mask - 1)) != 0) statements_ = mask;
  is_time_ = answer::parse_time(gold, time_);
  is_date_ = !is_time_ && answer::parse_date(gold, date_);
}

bool PreparedGold::judge_integer(std::string_view answer, Outcome& out) const noexcept {
  std::int64_t value = 0;
  while (!answer.empty() && answer.front() == ' ') answer.remove_prefix(1);
  while (!answer.empty() && answer.back() == ' ') answer.remove_suffix(1);
  if (!is_integer_ || !plain_integer(answer, value)) return false;
  if (value != integer_ && options_.has_tolerance()) return false;
  decide(out, value == integer_ ? Verdict::kEqual : Verdict::kNotEqual, Reason::kRational);
  return true;
}

// B. 84 against B. 42, B. odd against B. even: the right letter with something else behind it. An
// explanation in words beside a formula says nothing.
bool PreparedGold::contradicts_option(const answer::Choice& chosen, Outcome& out) const noexcept {
  const std::string_view rest = chosen.rest;
  if (rest.empty()) return false;
  if (choice_.rest.empty()) return answer::is_taken_back(chosen);
  if (option_ == nullptr) return false;
  Outcome value;
  option_->judge(rest, value, nullptr);
  out.work += value.work;
  if (value.verdict == Verdict::kEqual) return false;
  if (answer::is_taken_back(chosen)) return true;
  if (!option_->reading_.is_maths() || option_->reading_.parsed.has_text)
    return !answer::says(rest, choice_.rest);
  answer::Reading theirs;
  support::Budget budget(options_.limits);
  answer::read(rest, options_, latex::Letters::kDefault, theirs, budget);
  out.work += budget.used();
  const bool numbers = value.reason == Reason::kRational || value.reason == Reason::kField ||
                       value.reason == Reason::kNumericDisjoint;
  const bool formula = theirs.is_maths() && !theirs.parsed.has_text && theirs.units.empty();
  return value.verdict == Verdict::kNotEqual && (numbers || formula);
}

// Choices, numbered statements, times and dates: forms with a meaning of their own.
bool PreparedGold::judge_form(std::string_view answer, Outcome& out,
                              Explanation* explanation) const noexcept {
  std::string storage;
  const auto verdict = [&](bool same, Reason reason) {
    decide(out, same ? Verdict::kEqual : Verdict::kNotEqual, reason);
    if (explanation != nullptr) explanation->answer_form = std::string(answer.substr(0, 400));
    return true;
  };
  if (is_choice_) {
    answer::Choice chosen;
    const std::string_view text = answer::clean(answer, storage);
    if (answer::parse_choice(text, chosen)) {
      const bool same = chosen.letters == choice_.letters;
      return verdict(same && !contradicts_option(chosen, out), Reason::kChoice);
    }
    // the gold's own option text stands for its letter
    if (option_ != nullptr) {
      option_->judge(answer, out, nullptr);
      return true;
    }
    return verdict(false, Reason::kChoice);
  }
  if (statements_ != 0) {
    std::uint32_t mask = 0;
    const std::string_view text = answer::clean(answer, storage);
    if (answer::parse_statements(text, mask)) return verdict(mask == statements_, Reason::kChoice);
    // (2)(3) is no product
    return verdict(answer::same_text(reading_.text, text), Reason::kChoice);
  }
  if (is_time_) {
    answer::TimeOfDay time;
    const std::string_view text = answer::clean(answer, storage);
    if (answer::parse_time(text, time)) {
      // 5:12:13 and 10:24:26 may be ratios, 1:05:00 is none
      const bool ratios =
          std::count(text.begin(), text.end(), ':') == 2 &&
          text.find_first_not_of("0123456789:") == std::string_view::npos &&
          reading_.text.find_first_not_of("0123456789:") == std::string_view::npos &&
          reading_.text.find(":0") == std::string_view::npos;
      const bool same = answer::same_time(time_, time);
      if (same || !ratios) return verdict(same, Reason::kTextExact);
    }
    // 9:05 am is no ratio
    const bool figure = !text.empty() && text[0] >= '0' && text[0] <= '9';
    if (figure && time_.half >= 0 && !time_.could_be_24h)
      return verdict(answer::same_text(reading_.text, text), Reason::kTextExact);
  }
  if (is_date_) {
    answer::Date date;
    if (answer::parse_date(answer::clean(answer, storage), date))
      return verdict(answer::same_date(date_, date), Reason::kTextExact);
    // 2024-05-17 is no difference
    if (reading_.is_maths())
      return verdict(answer::same_text(reading_.text, answer), Reason::kTextExact);
  }
  return false;
}

void PreparedGold::explain_gold(Explanation* explanation) const {
  if (explanation == nullptr) return;
  explanation->gold_form = reading_.is_maths() ? answer::render(reading_, reading_.root())
                                               : std::string(reading_.text.substr(0, 400));
}

void PreparedGold::judge(std::string_view answer, Outcome& out,
                         Explanation* explanation) const noexcept {
  explain_gold(explanation);
  if (problem_ != Reason::kNone) {
    decide(out, Verdict::kBadGold, problem_);
    return;
  }
  if (answer.size() > options_.limits.answer_bytes) {
    decide(out, Verdict::kLimit, Reason::kLimitBytes);
    return;
  }
  if (!options_.refuse_doubt) answer = answer::without_doubt(answer);
  if (judge_integer(answer, out)) {
    out.work += 1;
    if (explanation != nullptr) {
      explanation->answer_form = std::string(answer);
      if (out.verdict != Verdict::kEqual)
        explanation->difference =
            "answer " + explanation->answer_form + ", gold " + std::string(reading_.text);
    }
    return;
  }
  support::Budget budget(options_.limits);
  if (judge_form(answer, out, explanation)) {
    out.work += 16 + answer.size() / 4;
    return;
  }
  judge_reading(answer, workspace(), budget, out, explanation);
  out.work += budget.used();
}

void PreparedGold::judge_reading(std::string_view answer, Workspace& space, support::Budget& budget,
                                 Outcome& out, Explanation* explanation) const noexcept {
  answer::Reading& theirs = space.answer;
  answer::read(answer, options_, latex::Letters::kDefault, theirs, budget);
  if (theirs.problem == Reason::kEmpty) {
    decide(out, Verdict::kNoAnswer, Reason::kEmpty);
    return;
  }
  if (extraction::is_placeholder(theirs.text) && !same_characters(reading_.text, theirs.text)) {
    decide(out, Verdict::kNoAnswer, Reason::kPlaceholder);
    return;
  }
  expr::Decision decision{Truth::kUnknown, theirs.is_maths() ? Reason::kUndecided : theirs.problem};
  if (theirs.is_maths() && reading_.is_maths()) {
    compare::Comparer comparer(reading_, theirs, options_, budget);
    decision = comparer.run();
    if (explanation != nullptr && decision.truth != Truth::kTrue) {
      std::string& difference = explanation->difference;
      if (comparer.answer_difference() != expr::kNoNode) {
        difference = "answer " + answer::render(theirs, comparer.answer_difference());
      }
      if (comparer.gold_difference() != expr::kNoNode) {
        difference += difference.empty() ? "gold " : ", gold ";
        difference += answer::render(reading_, comparer.gold_difference());
      }
    }
  }
  if (explanation != nullptr) {
    explanation->answer_form = theirs.is_maths() ? answer::render(theirs, theirs.root())
                                                 : std::string(theirs.text.substr(0, 400));
  }
  const bool worded = !reading_.is_maths() || !theirs.is_maths() || reading_.parsed.has_text ||
                      theirs.parsed.has_text || !theirs.units.empty() || !reading_.units.empty();
  const bool compare_texts = options_.text_shortcut || !reading_.is_maths() || !theirs.is_maths();
  // 3 mW is no 3 MW: what stands behind a number was compared with its case
  const bool settled = decision.truth == Truth::kFalse && reading_.is_maths() &&
                       theirs.is_maths() && !reading_.parsed.has_text && !theirs.parsed.has_text;
  if (decision.truth != Truth::kTrue && worded && compare_texts &&
      (!settled || answer::same_case_of_symbols(reading_.text, theirs.text)) &&
      decision.reason != Reason::kUndefinedValue && budget.spend(60) &&
      answer::same_text(reading_.text, theirs.text)) {
    decision = {Truth::kTrue, Reason::kTextExact};
  }
  if (decision.truth == Truth::kUnknown && compare_texts && !budget.stopped() &&
      same_characters(reading_.text, theirs.text)) {
    decision = {Truth::kTrue, Reason::kTextExact};
  }
  if (decision.truth != Truth::kTrue) {
    const bool product = reading_.parsed.has_plain_unit != theirs.parsed.has_plain_unit;
    if (theirs.is_maths() && reading_.is_maths() && retry_brackets(answer, space, budget, out))
      return;
    if (retry_letters(answer, space, budget, out)) return;
    if (product && retry_product(answer, space, budget, out)) return;
  }
  const auto takes_back = [this, &theirs](bool (*says)(std::string_view)) {
    return says(theirs.text) && !says(reading_.text);
  };
  const bool strays =
      (theirs.stray_words && !reading_.stray_words) || (theirs.lone_noun && reading_.units.empty());
  if (decision.truth == Truth::kTrue && worded &&
      ((options_.refuse_doubt && takes_back(answer::says_doubt)) ||
       (decision.reason != Reason::kTextExact && (strays || takes_back(answer::says_bound))))) {
    decision = {Truth::kFalse, Reason::kHedged};
  }
  switch (decision.truth) {
    case Truth::kTrue:
      out.unevaluated = theirs.is_maths() && !compare::is_evaluated(theirs, theirs.root()) &&
                        !(reading_.is_maths() && !compare::is_evaluated(reading_, reading_.root()));
      if (out.unevaluated && options_.require_evaluated) {
        decide(out, Verdict::kNotEqual, Reason::kNotEvaluated);
        return;
      }
      decide(out, Verdict::kEqual, decision.reason);
      return;
    case Truth::kFalse:
      decide(out, Verdict::kNotEqual, decision.reason);
      return;
    case Truth::kUnknown:
      if (budget.stopped())
        decide(out, Verdict::kLimit, budget.stopped_by());
      else if (is_limit(decision.reason))
        decide(out, Verdict::kLimit, decision.reason);
      else
        decide(out, Verdict::kUndecided, decision.reason);
      return;
  }
}

}  // namespace pyverify
