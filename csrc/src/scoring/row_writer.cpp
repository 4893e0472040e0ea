#include "scoring/row_writer.hpp"

#include <algorithm>
#include <charconv>

#include "records/string_scan.hpp"
#include "support/utf8.hpp"

namespace pyverify {
namespace {

void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto written = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, written.ptr);
}

void append_escape(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += kHex[static_cast<unsigned char>(c) >> 4];
  out += kHex[static_cast<unsigned char>(c) & 0xF];
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    const char* const stop = records::find_string_stop(at, end).at;
    out.append(at, stop);
    if (stop == end) break;
    append_escape(out, *stop);
    at = stop + 1;
  }
  out += '"';
}

namespace scoring {
namespace {

void append_flag(std::string& out, bool value) { out += value ? "true" : "false"; }

void append_digest(std::string& out, const Digest& digest) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (int shift = 60; shift >= 0; shift -= 4) out += kHex[digest.low >> shift & 0xF];
  out += '"';
}

void append_optional(std::string& out, std::optional<std::string_view> text) {
  if (text.has_value()) {
    append_json_text(out, *text);
  } else {
    out += "null";
  }
}

}  // namespace

RowWriter::RowWriter(const ScorePlan& plan) {
  append_json_text(grader_, plan.grader);
  if (plan.source.has_value()) append_json_text(source_, *plan.source);
  for (std::size_t i = 0; i < plan.by.size(); ++i) by_.emplace_back(plan.by[i].first, i);
  std::sort(by_.begin(), by_.end());
  for (auto& [key, index] : by_) {
    std::string quoted;
    append_json_text(quoted, key);
    key = quoted + ": ";
  }
}

void RowWriter::write(std::string& out, const RowViews& all, const RowView& row,
                      const Outcome& outcome) const {
  const char* separator = "{";
  if (!by_.empty()) {
    out += separator;
    out += "\"by\": ";
    const char* before = "{";
    for (const auto& [key, index] : by_) {
      out += before;
      out += key;
      append_optional(out, all.by[row.by + index]);
      before = ", ";
    }
    out += '}';
    separator = ", ";
  }
  if (row.dataset.has_value()) {
    out += separator;
    out += "\"dataset\": ";
    append_json_text(out, *row.dataset);
    separator = ", ";
  }
  out += separator;
  out += "\"extracted\": ";
  const Span span = outcome.answer;
  if (span.empty()) {
    out += "null";
  } else {
    append_json_text(out, row.completion.substr(span.begin, span.end - span.begin));
  }
  out += ", \"gold\": ";
  append_json_text(out, all.golds[row.gold].alternatives[0][0]);
  out += ", \"grader\": ";
  out += grader_;
  out += ", \"id\": ";
  out += row.id;
  out += ", \"kind\": \"";
  out += name(outcome.kind);
  out += "\", \"line\": ";
  append_number(out, row.line);
  out += ", \"prompt\": ";
  if (row.prompt.has_value()) {
    append_digest(out, *row.prompt);
  } else {
    out += "null";
  }
  out += ", \"reason\": \"";
  out += name(outcome.reason);
  if (row.sample.has_value()) {
    out += "\", \"sample\": ";
    append_number(out, *row.sample);
    out += ", \"score\": ";
  } else {
    out += "\", \"score\": ";
  }
  out += outcome.verdict == Verdict::kEqual ? "1.0" : "0.0";
  if (!source_.empty()) {
    out += ", \"source\": ";
    out += source_;
  }
  out += ", \"span\": ";
  if (span.empty()) {
    out += "null";
  } else {
    const std::size_t begin =
        row.ascii ? span.begin : support::count_characters(row.completion.substr(0, span.begin));
    const std::size_t length =
        row.ascii
            ? span.end - span.begin
            : support::count_characters(row.completion.substr(span.begin, span.end - span.begin));
    out += '[';
    append_number(out, begin);
    out += ", ";
    append_number(out, begin + length);
    out += ']';
  }
  out += ", \"truncated\": ";
  if (row.truncated.has_value()) {
    append_flag(out, *row.truncated);
  } else {
    out += "null";
  }
  out += ", \"unevaluated\": ";
  append_flag(out, outcome.unevaluated);
  out += ", \"verdict\": \"";
  out += name(outcome.verdict);
  out += "\"}\n";
}

}  // namespace scoring
}  // namespace pyverify
