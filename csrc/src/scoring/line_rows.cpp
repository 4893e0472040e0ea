#include "scoring/line_rows.hpp"

#include <algorithm>
#include <charconv>

#include "support/utf8.hpp"

namespace pyverify::scoring {
namespace {

using records::Kind;
using records::Value;

// Longer integers are written by Python in its own way, and -0 as 0.
constexpr std::size_t kMostDigits = 18;

// Stands between the parts of a prompt's name, and behind its input's, as io/rows.py joins them.
constexpr char kBetweenParts = '\x1F';

// What a row takes beside its gold, about, and what the rows of one line may take.
constexpr std::size_t kRowBytes = 300;
constexpr std::size_t kMostLineRows = 4u << 20;

bool plain_integer(const Value& value) noexcept {
  return value.kind == Kind::kInteger && value.raw.size() <= kMostDigits && value.raw != "-0";
}

bool absent(const Value& value) noexcept {
  return value.kind == Kind::kMissing || value.kind == Kind::kNull;
}

std::size_t add(records::FieldPlan& fields, const std::optional<std::string>& path) {
  return path.has_value() ? fields.add(*path) : Roles::kNoField;
}

}  // namespace

Roles::Roles(const ScorePlan& plan)
    : response(fields.add(plan.response)),
      gold(fields.add(plan.gold)),
      id(add(fields, plan.id)),
      dataset(add(fields, plan.dataset)),
      finish_reason(add(fields, plan.finish_reason)) {
  for (const auto& [name, path] : plan.by) by.push_back(fields.add(path));
  if (!plan.prompt.has_value()) return;
  std::string_view rest = *plan.prompt;
  // A name may have a plus in it: whether this one does is for others to see.
  if (rest.find('+') != std::string_view::npos) fields.refuse(rest);
  for (;;) {
    const std::size_t plus = rest.find('+');
    prompt.push_back(fields.add(rest.substr(0, plus)));
    if (plus == std::string_view::npos) break;
    rest.remove_prefix(plus + 1);
  }
}

void LineRows::clear() {
  views_.rows.clear();
  views_.golds.clear();
  views_.by.clear();
  used_ = 0;
}

const Value& LineRows::value(std::size_t field) const noexcept {
  static constexpr Value kAbsent{};
  return field == Roles::kNoField ? kAbsent : reader_.values()[field];
}

// The characters of a string or number, for as long as the rows last.
std::string_view LineRows::keep(const Value& value) {
  if (value.kind != Kind::kString || !value.escaped) return value.raw;
  if (used_ == kept_.size()) kept_.emplace_back();
  return records::text_of(value, kept_[used_++]);
}

// A text or an integer; false where it is something else that is there.
bool LineRows::word(std::size_t field, std::optional<std::string_view>& out) {
  const Value& found = value(field);
  out.reset();
  if (absent(found)) return true;
  if (found.kind != Kind::kString && !plain_integer(found)) return false;
  out = keep(found);
  return true;
}

bool LineRows::read_id(RowView& row) {
  const Value& found = value(roles_.id);
  if (plain_integer(found)) {
    row.id = found.raw;
    return true;
  }
  if (!absent(found) && found.kind != Kind::kString) return false;
  std::string storage;
  const std::string_view text =
      absent(found) ? std::string_view{} : records::text_of(found, storage);
  if (used_ == kept_.size()) kept_.emplace_back();
  std::string& json = kept_[used_++];
  json.clear();
  if (absent(found)) {
    json = std::to_string(row.line);
  } else {
    append_json_text(json, text);
  }
  row.id = json;
  return true;
}

bool LineRows::read_gold() {
  const Value& found = value(roles_.gold);
  if (found.kind != Kind::kString && !plain_integer(found)) return false;
  const std::string_view text = keep(found);
  if (needs_reading(text)) return false;
  views_.add_gold(text);
  return true;
}

bool LineRows::read_prompt(RowView& row, bool several) {
  bool told = false;
  prompt_text_.clear();
  if (plan_.prompt_within) {
    prompt_text_ = std::to_string(RowScorer::place(plan_.source_number, 0));
    prompt_text_ += kBetweenParts;
  }
  for (std::size_t i = 0; i < roles_.prompt.size(); ++i) {
    std::optional<std::string_view> text;
    if (!word(roles_.prompt[i], text)) return false;
    if (i != 0) prompt_text_ += kBetweenParts;
    prompt_text_ += text.value_or("");
    told = told || text.has_value();
  }
  if (told) {
    row.prompt = digest(prompt_text_);
  } else if (several) {
    // Samples of one line share a prompt, whether or not the file says which.
    row.prompt = digest(RowScorer::line_name(plan_.source_number, row.line));
  }
  return true;
}

bool LineRows::read_finish(RowView& row) {
  const Value& found = value(roles_.finish_reason);
  if (absent(found)) return true;
  if (found.kind == Kind::kTrue || found.kind == Kind::kFalse) {
    row.truncated = found.kind == Kind::kTrue;
    return true;
  }
  if (found.kind != Kind::kString || found.escaped || !found.ascii) return false;
  std::string lower(found.raw);
  std::transform(lower.begin(), lower.end(), lower.begin(), support::to_ascii_lower);
  row.truncated =
      std::find(plan_.cut_words.begin(), plan_.cut_words.end(), lower) != plan_.cut_words.end();
  return true;
}

void LineRows::add_sample(RowView row, const Value& text) {
  row.completion = keep(text);
  row.ascii = text.ascii && (!text.escaped || text.raw.find("\\u") == std::string_view::npos);
  views_.rows.push_back(row);
}

bool LineRows::read(std::string_view line, std::uint64_t number) {
  if (!reader_.read(line)) return false;
  const Value& response = value(roles_.response);
  const bool several = response.kind == Kind::kArray;
  if (several) {
    if (!records::string_elements(response.raw, samples_) || samples_.empty()) return false;
  } else if (response.kind != Kind::kString) {
    return false;
  }
  // Each sample's row repeats the gold: what one line may grow to is bounded.
  if (several && samples_.size() * (kRowBytes + value(roles_.gold).raw.size()) > kMostLineRows)
    return false;
  const std::size_t by_before = views_.by.size();
  const std::size_t kept_before = used_;
  RowView row;
  row.line = number;
  row.by = by_before;
  bool plain = read_id(row) && word(roles_.dataset, row.dataset) && read_prompt(row, several) &&
               read_finish(row) && (!several || !row.truncated.has_value());
  for (const std::size_t field : roles_.by) plain = plain && word(field, views_.by.emplace_back());
  if (!plain || !read_gold()) {
    views_.by.resize(by_before);
    used_ = kept_before;
    return false;
  }
  row.gold = views_.golds.size() - 1;
  if (!several) {
    add_sample(row, response);
    return true;
  }
  for (std::uint32_t i = 0; i < samples_.size(); ++i) {
    row.sample = i;
    add_sample(row, samples_[i]);
  }
  return true;
}

}  // namespace pyverify::scoring
