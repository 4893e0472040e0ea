// Reads chosen fields of one line of JSON without building a tree.
//
// The reader is strict: what is not plainly JSON in UTF-8 (a lone surrogate, NaN, nesting beyond
// kMostDepth, a byte too many) it refuses, and the caller has somebody else look at the line. So it
// never decides what a strange line means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyverify::records {

constexpr int kMostDepth = 64;

enum class Kind : std::uint8_t {
  kMissing,
  kNull,
  kFalse,
  kTrue,
  kInteger,
  kReal,
  kString,
  kArray,
  kObject
};

// A value as it stands in the line.
struct Value {
  Kind kind = Kind::kMissing;
  bool escaped = false;  // a string with escapes
  bool ascii = true;     // a string whose bytes (not its escapes) are all below 0x80
  std::string_view raw;  // a string without its quotes; anything else as it is written
};

// Which fields to read: dotted paths of keys, looked up together in one walk over the line.
class FieldPlan {
 public:
  // Adds a path; its number is the index of its value in Record::values. Paths are read as keys of
  // nested objects; a line that has the whole dotted path as one key is refused.
  std::size_t add(std::string_view path);
  // Has lines refused that have such a key.
  void refuse(std::string_view key) { nodes_[child(0, key)].refused = true; }
  std::size_t size() const noexcept { return fields_; }

 private:
  friend class RecordReader;
  struct Node {
    std::string key;
    std::vector<std::size_t> fields;  // values wanted here; several roles may share a path
    bool refused = false;
    std::vector<std::size_t> children;
  };
  std::size_t child(std::size_t parent, std::string_view key);

  std::vector<Node> nodes_{Node{}};
  std::size_t fields_ = 0;
};

class RecordReader {
 public:
  explicit RecordReader(const FieldPlan& plan) : plan_(plan), values_(plan.size()) {}

  // False: not an object that is plainly JSON. The values refer to `line`.
  bool read(std::string_view line);
  const std::vector<Value>& values() const noexcept { return values_; }

 private:
  bool object(std::size_t node, int depth);
  bool wanted(std::size_t node, int depth);
  void forget(std::size_t node);
  bool key(Value& out);

  const FieldPlan& plan_;
  std::vector<Value> values_;
  std::string unescaped_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

inline void skip_blanks(const char*& at, const char* end) noexcept {
  while (at != end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) ++at;
}

// Reads one value at `at` and moves behind it; false if it is not plainly JSON.
bool read_value(const char*& at, const char* end, Value& out, int depth);

// The elements of an array that holds nothing but strings; false where it holds something else.
bool string_elements(std::string_view array, std::vector<Value>& out);

// The characters of a string, in `storage` where it has escapes.
std::string_view text_of(const Value& value, std::string& storage);

}  // namespace pyverify::records
