// The rows of plain lines: what is to be judged, and what is to be said of it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyverify/scoring.hpp"
#include "pyverify/verify.hpp"
#include "records/record.hpp"

namespace pyverify::scoring {

// Where each role's value is among those of a record; kNoField where the plan has no such role.
struct Roles {
  static constexpr std::size_t kNoField = static_cast<std::size_t>(-1);

  explicit Roles(const ScorePlan& plan);

  records::FieldPlan fields;
  std::size_t response = kNoField;
  std::size_t gold = kNoField;
  std::size_t id = kNoField;
  std::vector<std::size_t> prompt;  // the fields that tell prompts apart
  std::size_t dataset = kNoField;
  std::size_t finish_reason = kNoField;
  std::vector<std::size_t> by;
};

class LineRows {
 public:
  LineRows(const ScorePlan& plan, const Roles& roles)
      : plan_(plan), roles_(roles), reader_(roles.fields) {}

  // Reads a line; false where it is not plain, and then nothing is added.
  bool read(std::string_view line, std::uint64_t number);
  void clear();

  const RowViews& views() const noexcept { return views_; }

 private:
  const records::Value& value(std::size_t field) const noexcept;
  std::string_view keep(const records::Value& value);
  bool word(std::size_t field, std::optional<std::string_view>& out);
  bool read_id(RowView& row);
  bool read_gold();
  bool read_prompt(RowView& row, bool several);
  bool read_finish(RowView& row);
  void add_sample(RowView row, const records::Value& text);

  const ScorePlan& plan_;
  const Roles& roles_;
  records::RecordReader reader_;
  RowViews views_;
  std::vector<records::Value> samples_;
  std::deque<std::string> kept_;  // what the rows refer to
  std::size_t used_ = 0;
  std::string prompt_text_;
};

}  // namespace pyverify::scoring
