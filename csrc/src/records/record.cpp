#include "records/record.hpp"

namespace pyverify::records {
std::size_t FieldPlan::child(std::size_t parent, std::string_view key) {
  for (const std::size_t known : nodes_[parent].children) {
    if (nodes_[known].key == key) return known;
  }
  const std::size_t made = nodes_.size();
  nodes_.push_back({std::string(key), {}, false, {}});
  nodes_[parent].children.push_back(made);
  return made;
}

std::size_t FieldPlan::add(std::string_view path) {
  if (path.find('.') != std::string_view::npos) refuse(path);
  std::size_t node = 0;
  for (std::string_view rest = path;;) {
    const std::size_t dot = rest.find('.');
    node = child(node, rest.substr(0, dot));
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  nodes_[node].fields.push_back(fields_);
  return fields_++;
}

bool RecordReader::read(std::string_view line) {
  for (Value& value : values_) value = {};
  at_ = line.data();
  end_ = at_ + line.size();
  skip_blanks(at_, end_);
  if (at_ == end_ || *at_ != '{' || !object(0, 0)) return false;
  skip_blanks(at_, end_);
  return at_ == end_;
}

// Of two keys of one name the later one counts, and what the earlier held is forgotten.
void RecordReader::forget(std::size_t node) {
  for (const std::size_t field : plan_.nodes_[node].fields) values_[field] = {};
  for (const std::size_t child : plan_.nodes_[node].children) forget(child);
}

bool RecordReader::key(Value& out) {
  return at_ != end_ && *at_ == '"' && read_value(at_, end_, out, 0);
}

bool RecordReader::object(std::size_t node, int depth) {
  if (depth >= kMostDepth) return false;
  ++at_;
  skip_blanks(at_, end_);
  if (at_ != end_ && *at_ == '}') {
    ++at_;
    return true;
  }
  for (;;) {
    Value name;
    skip_blanks(at_, end_);
    if (!key(name)) return false;
    skip_blanks(at_, end_);
    if (at_ == end_ || *at_ != ':') return false;
    ++at_;
    const std::string_view text = text_of(name, unescaped_);
    std::size_t found = 0;
    for (const std::size_t child : plan_.nodes_[node].children) {
      if (plan_.nodes_[child].key == text) found = child;
    }
    Value skipped;
    if (found != 0 ? !wanted(found, depth) : !read_value(at_, end_, skipped, depth + 1))
      return false;
    skip_blanks(at_, end_);
    if (at_ == end_) return false;
    const char next = *at_++;
    if (next == '}') return true;
    if (next != ',') return false;
  }
}

bool RecordReader::wanted(std::size_t node, int depth) {
  const FieldPlan::Node& place = plan_.nodes_[node];
  if (place.refused) return false;
  forget(node);
  skip_blanks(at_, end_);
  const char* const begin = at_;
  Value value;
  if (!place.children.empty() && at_ != end_ && *at_ == '{') {
    if (!object(node, depth + 1)) return false;
    value = {Kind::kObject, false, true, {begin, static_cast<std::size_t>(at_ - begin)}};
  } else if (!read_value(at_, end_, value, depth + 1)) {
    return false;
  }
  for (const std::size_t field : place.fields) values_[field] = value;
  return true;
}

}  // namespace pyverify::records
