// Conversions between the engine's values and Python's.
#include <algorithm>

#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

// Characters of valid or surrogate-holding UTF-8: its bytes that continue no character.
Py_ssize_t count_characters(std::string_view bytes) {
  Py_ssize_t count = 0;
  for (const char byte : bytes) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return count;
}

Types& mutable_types() {
  static Types all;
  return all;
}

// The members of a str enum in the order of the engine's codes.
template <typename Code, std::size_t kCodes>
void load_members(py::handle enumeration, std::array<PyObject*, kCodes>& members) {
  for (std::size_t i = 0; i < kCodes; ++i) {
    const std::string_view text = name(static_cast<Code>(i));
    members[i] = enumeration(py::str(text.data(), text.size())).release().ptr();
  }
}

}  // namespace

Text::Text(py::handle text, const char* what) : text_(text) {
  if (!PyUnicode_Check(text.ptr())) {
    throw py::type_error(std::string(what) + " must be a str, not " + Py_TYPE(text.ptr())->tp_name);
  }
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (data == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError) == 0) throw py::error_already_set();
    PyErr_Clear();
    encoded_ = py::reinterpret_steal<py::object>(
        PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogatepass"));
    if (!encoded_) throw py::error_already_set();
    data = PyBytes_AS_STRING(encoded_.ptr());
    size = PyBytes_GET_SIZE(encoded_.ptr());
  }
  bytes_ = std::string_view(data, static_cast<std::size_t>(size));
}

std::pair<Py_ssize_t, Py_ssize_t> Text::characters(Span span) const {
  const std::size_t end = std::min(span.end, bytes_.size());
  const std::size_t begin = std::min(span.begin, end);
  const Py_ssize_t length = PyUnicode_GET_LENGTH(text_.ptr());
  if (static_cast<std::size_t>(length) == bytes_.size()) {  // ASCII
    return {static_cast<Py_ssize_t>(begin), static_cast<Py_ssize_t>(end)};
  }
  const Py_ssize_t inside = count_characters(bytes_.substr(begin, end - begin));
  // Answers stand near the end of long completions: count the shorter side.
  if (begin > bytes_.size() - end) {
    const Py_ssize_t after = count_characters(bytes_.substr(end));
    return {length - after - inside, length - after};
  }
  const Py_ssize_t before = count_characters(bytes_.substr(0, begin));
  return {before, before + inside};
}

py::object to_str(std::string_view text) {
  PyObject* made =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

const Types& types() { return mutable_types(); }

void load_types() {
  const py::module_ module = py::module_::import("pyverify.types");
  Types& all = mutable_types();
  load_members<Verdict>(module.attr("Verdict"), all.verdicts);
  load_members<Reason>(module.attr("Reason"), all.reasons);
  load_members<CandidateKind>(module.attr("Kind"), all.kinds);
  all.one = py::float_(1.0).release().ptr();
  all.zero = py::float_(0.0).release().ptr();
  all.result = {
      module,
      "Result",
      {"verdict", "reason", "score", "answer", "gold", "span", "kind", "unevaluated", "work"}};
  all.extraction = {module, "Extraction", {"answer", "span", "kind", "reason", "parts", "work"}};
  all.candidate = {module, "CandidateText", {"text", "span", "kind"}};
  all.explanation = {
      module, "Explanation", {"result", "candidates", "gold_form", "answer_form", "difference"}};
}

GoldSpec read_spec(py::handle alternatives) {
  GoldSpec spec;
  for (const py::handle alternative : alternatives) {
    std::vector<std::string>& parts = spec.alternatives.emplace_back();
    for (const py::handle part : alternative) parts.emplace_back(Text(part, "gold").bytes());
  }
  return spec;
}

Located locate(py::handle str, const Text& text, Span span) {
  if (span.empty()) return {py::none(), py::none()};
  const auto [begin, end] = text.characters(span);
  py::object answer = py::reinterpret_steal<py::object>(PyUnicode_Substring(str.ptr(), begin, end));
  py::object first = py::reinterpret_steal<py::object>(PyLong_FromSsize_t(begin));
  py::object second = py::reinterpret_steal<py::object>(PyLong_FromSsize_t(end));
  py::object both = py::reinterpret_steal<py::object>(PyTuple_New(2));
  if (!answer || !first || !second || !both) throw py::error_already_set();
  PyTuple_SET_ITEM(both.ptr(), 0, first.release().ptr());
  PyTuple_SET_ITEM(both.ptr(), 1, second.release().ptr());
  PyObject_GC_UnTrack(both.ptr());  // as the collector would: it holds nothing but integers
  return {std::move(answer), std::move(both)};
}

py::object make_result(const Outcome& outcome, py::handle str, const Text& text, py::handle gold) {
  const Types& all = types();
  const Located answer = locate(str, text, outcome.answer);
  const py::object work =
      py::reinterpret_steal<py::object>(PyLong_FromUnsignedLongLong(outcome.work));
  return all.result.make({all.verdict(outcome.verdict), all.reason(outcome.reason),
                          outcome.verdict == Verdict::kEqual ? all.one : all.zero, answer.text,
                          gold, answer.span, all.kind(outcome.kind),
                          outcome.unevaluated ? Py_True : Py_False, work});
}

}  // namespace pyverify::bindings
