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

struct LineRow {
  std::uint64_t line = 0;
  std::size_t gold = 0;  // among the golds
  std::string_view completion;
  bool ascii = false;
  std::optional<std::uint32_t> sample;
  std::string_view id;  // as JSON
  std::optional<std::string_view> dataset;
  std::optional<Digest> prompt;
  std::optional<bool> truncated;
  std::size_t by = 0;  // where its values begin among LineRows::by
};

class LineRows {
 public:
  LineRows(const ScorePlan& plan, const Roles& roles)
      : plan_(plan), roles_(roles), reader_(roles.fields) {}

  // Reads a line; false where it is not plain, and then nothing is added.
  bool read(std::string_view line, std::uint64_t number);
  void clear();

  std::vector<LineRow> rows;
  std::vector<GoldSpec> golds;  // neighbours with the same gold share one
  std::vector<std::optional<std::string_view>> by;

 private:
  const records::Value& value(std::size_t field) const noexcept;
  std::string_view keep(const records::Value& value);
  bool word(std::size_t field, std::optional<std::string_view>& out);
  bool read_id(LineRow& row);
  bool read_gold();
  bool read_prompt(LineRow& row, bool several);
  bool read_finish(LineRow& row);
  void add_sample(LineRow row, const records::Value& text);

  const ScorePlan& plan_;
  const Roles& roles_;
  records::RecordReader reader_;
  std::vector<records::Value> samples_;
  std::deque<std::string> kept_;  // what the rows refer to
  std::size_t used_ = 0;
  std::string_view gold_text_;
  std::string prompt_text_;
};

}  // namespace pyverify::scoring
