#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "records/record.hpp"
#include "records/string_scan.hpp"

namespace records = pyverify::records;
using records::FieldPlan;
using records::Kind;
using records::RecordReader;
using records::Value;

namespace {

// The value of one path, as it stands in the line; "<refused>" where the line is.
std::string field(std::string_view line, std::string_view path) {
  FieldPlan plan;
  plan.add(path);
  RecordReader reader(plan);
  if (!reader.read(line)) return "<refused>";
  const Value& value = reader.values()[0];
  if (value.kind == Kind::kMissing) return "<missing>";
  std::string storage;
  return std::string(value.kind == Kind::kString ? records::text_of(value, storage) : value.raw);
}

bool refused(std::string_view line) { return field(line, "a") == "<refused>"; }

}  // namespace

TEST(record_finds_fields_by_path) {
  CHECK(field(R"({"a": "x"})", "a") == "x");
  CHECK(field(R"(  {"b":1,"a":-2.5e3 } )", "a") == "-2.5e3");
  CHECK(field(R"({"a": {"b": {"c": "deep"}}})", "a.b.c") == "deep");
  CHECK(field(R"({"a": {"b": 1}})", "a") == R"({"b": 1})");
  CHECK(field(R"({"a": [1, {"b": [2]}], "b": 3})", "b") == "3");
  CHECK(field(R"({"a": {"x": {"b": 1}}})", "a.b") == "<missing>");
  CHECK(field("{}", "a") == "<missing>");
  CHECK(field(R"({"a": null})", "a") == "null");
  CHECK(field(R"({"\u0061": 1})", "a") == "1");
}

TEST(record_takes_the_last_of_two_keys) {
  CHECK(field(R"({"a": 1, "a": 2})", "a") == "2");
  CHECK(field(R"({"a": {"b": 1}, "a": {"c": 2}})", "a.b") == "<missing>");
  CHECK(field(R"({"a": {"b": 1}, "a": 7})", "a.b") == "<missing>");
}

TEST(record_refuses_a_whole_dotted_path_as_a_key) {
  CHECK(field(R"({"a": {"b": 1}, "a.b": 2})", "a.b") == "<refused>");
}

TEST(record_reads_several_fields_at_once) {
  FieldPlan plan;
  plan.add("m.gold");
  plan.add("text");
  plan.add("m");
  plan.add("text");
  RecordReader reader(plan);
  CHECK(reader.read(R"({"m": {"gold": 5, "x": []}, "text": "t"})"));
  CHECK(reader.values()[0].raw == "5");
  CHECK(reader.values()[1].raw == "t");
  CHECK(reader.values()[2].kind == Kind::kObject);
  CHECK(reader.values()[3].raw == "t");
  CHECK(reader.read("{}"));
  CHECK(reader.values()[1].kind == Kind::kMissing);
}

TEST(strings_are_unescaped) {
  CHECK(field(R"({"a": "\"\\\/\b\f\n\r\t"})", "a") == "\"\\/\b\f\n\r\t");
  CHECK(field(R"({"a": "\u00e9\u4e2d\ud83d\ude00"})", "a") == "é中😀");
  CHECK(field(R"({"a": "\\boxed{\\frac{1}{2}} and more text behind it"})", "a") ==
        R"(\boxed{\frac{1}{2}} and more text behind it)");
  CHECK(field("{\"a\": \"é中😀\"}", "a") == "é中😀");
}

TEST(record_refuses_what_is_not_plainly_json) {
  for (const std::string_view line : {"",
                                      "   ",
                                      "[]",
                                      "1",
                                      "{",
                                      R"({"a"})",
                                      R"({"a":})",
                                      R"({"a":1)",
                                      R"({"a":1,})",
                                      R"({,})",
                                      R"({"a":1} x)",
                                      R"({"a":01})",
                                      R"({"a":+1})",
                                      R"({"a":1.})",
                                      R"({"a":.5})",
                                      R"({"a":1e})",
                                      R"({"a":-})",
                                      R"({"a":NaN})",
                                      R"({"a":Infinity})",
                                      R"({"a":tru})",
                                      R"({"a":"x)",
                                      R"({"a":"\x"})",
                                      R"({"a":"\u12"})",
                                      R"({"a":"\ud800"})",
                                      R"({"a":"\udc00"})",
                                      R"({"a":"\ud800\u0041"})",
                                      R"({a:1})",
                                      R"({'a':1})",
                                      R"({"a":[1,]})",
                                      R"({"a":[1 2]})",
                                      R"({"a":{"b":1})",
                                      R"({"a" 1})",
                                      R"({"a":"\)",
                                      "{\"a\":\"\\"}) {
    CHECK(refused(line));
  }
  CHECK(refused("{\"a\":\"tab\there\"}"));
  CHECK(refused("{\"a\":\"\xff\"}"));
  CHECK(refused("{\"a\":\"\xc0\xaf\"}"));
  CHECK(refused("{\"a\":\"\xed\xa0\x80\"}"));
  CHECK(refused("{\"b\":\"cut \xe4\xb8\"}"));
  CHECK(refused("\xef\xbb\xbf{\"a\":1}"));
}

TEST(record_bounds_nesting) {
  const auto nested = [](int depth) {
    return "{\"b\":" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  CHECK(!refused(nested(records::kMostDepth - 2)));
  CHECK(refused(nested(records::kMostDepth + 1)));
  CHECK(refused(nested(1000000)));
}

TEST(string_elements_are_read_or_refused) {
  std::vector<Value> out;
  CHECK(records::string_elements(R"([])", out) && out.empty());
  CHECK(records::string_elements(R"([ "a" , "b\n" ])", out) && out.size() == 2);
  CHECK(out[1].escaped && out[1].raw == "b\\n");
  CHECK(!records::string_elements(R"(["a", 1])", out));
  CHECK(!records::string_elements(R"([["a"]])", out));
}

TEST(string_scan_is_the_same_with_and_without_wide_lanes) {
  for (std::size_t length = 0; length < 40; ++length) {
    for (std::size_t at = 0; at <= length; ++at) {
      for (const char special : {'"', '\\', '\n', '\x1f', '\0', '\x7f', '\x80', '\xff', ' '}) {
        std::string text(length, 'x');
        if (at < length) text[at] = special;
        const char* const end = text.data() + text.size();
        const records::StringStop wide = records::find_string_stop(text.data(), end);
        const records::StringStop plain = records::find_string_stop_portable(text.data(), end);
        CHECK(wide.at == plain.at && wide.ascii == plain.ascii);
      }
    }
  }
}
