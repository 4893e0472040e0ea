// One gold, read once, and the judgement of an answer text against it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "answer/reading.hpp"
#include "answer/words.hpp"
#include "pyverify/options.hpp"
#include "pyverify/verdict.hpp"
#include "pyverify/verify.hpp"
#include "support/budget.hpp"

namespace pyverify {

class PreparedGold {
 public:
  PreparedGold(std::string_view text, const Options& options);
  PreparedGold(const PreparedGold&) = delete;
  PreparedGold& operator=(const PreparedGold&) = delete;

  // Reads another gold into the memory of this one.
  void read(std::string_view text);

  Reason problem() const noexcept { return problem_; }

  // Fills verdict, reason, unevaluated and work. `explanation` may be null.
  void judge(std::string_view answer, Outcome& out, Explanation* explanation) const noexcept;

 private:
  struct Workspace {
    answer::Reading answer;
    answer::Reading gold;  // a second reading of the gold, when the first doesn't fit
  };
  static Workspace& workspace() noexcept;
  bool judge_integer(std::string_view answer, Outcome& out) const noexcept;
  bool contradicts_option(const answer::Choice& chosen, Outcome& out) const noexcept;
  bool judge_form(std::string_view answer, Outcome& out, Explanation* explanation) const noexcept;
  void judge_reading(std::string_view answer, Workspace& space, support::Budget& budget,
                     Outcome& out, Explanation* explanation) const noexcept;
  bool retry_letters(std::string_view answer, Workspace& space, support::Budget& budget,
                     Outcome& out) const noexcept;
  bool retry_product(std::string_view answer, Workspace& space, support::Budget& budget,
                     Outcome& out) const noexcept;
  bool retry_brackets(std::string_view answer, Workspace& space, support::Budget& budget,
                      Outcome& out) const noexcept;
  void explain_gold(Explanation* explanation) const;

  std::string text_;
  Options options_;
  Reason problem_ = Reason::kNone;
  answer::Reading reading_;
  bool is_integer_ = false;
  std::int64_t integer_ = 0;
  bool is_choice_ = false;
  answer::Choice choice_;
  std::unique_ptr<PreparedGold> option_;  // the text behind the letter
  std::uint32_t statements_ = 0;
  bool is_time_ = false;
  answer::TimeOfDay time_;
  bool is_date_ = false;
  answer::Date date_;
};

}  // namespace pyverify
