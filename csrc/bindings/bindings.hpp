// Shared by the binding files: they convert arguments, let go of the GIL where it pays, and convert
// results back. What needs a decision of its own belongs in the engine.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "pyverify/extract.hpp"
#include "pyverify/options.hpp"
#include "pyverify/verdict.hpp"
#include "pyverify/verify.hpp"

namespace pyverify::bindings {

namespace py = pybind11;

void register_options(py::module_& module);
void register_extract(py::module_& module);
void register_verify(py::module_& module);
void register_batch(py::module_& module);
void register_inspect(py::module_& module);
void register_response(py::module_& module);
void register_scoring(py::module_& module);

// Below this many bytes a verdict takes less time than two threads need to hand over the GIL.
constexpr std::size_t kReleaseBytes = 16u << 10;

// A Python str as UTF-8. Nothing is copied but where the str holds lone surrogates: those become
// three bytes each, which the engine reads as replacement characters. The str must outlive this.
class Text {
 public:
  Text() = default;
  // Throws TypeError, naming the argument `what`, unless `text` is a str.
  Text(py::handle text, const char* what);

  std::string_view bytes() const { return bytes_; }
  // Whether it holds no lone surrogates.
  bool whole() const { return !encoded_; }
  // Where a span of bytes() lies in the str, in characters.
  std::pair<Py_ssize_t, Py_ssize_t> characters(Span span) const;

 private:
  py::handle text_;
  py::object encoded_;  // keeps the bytes of a str with surrogates
  std::string_view bytes_;
};

// Strings of the engine are UTF-8, but may quote what a response has; decoding never fails.
py::object to_str(std::string_view text);

// Makes instances of a frozen slots dataclass by filling its slots, several times faster than its
// __init__ does.
template <std::size_t kFields>
class Record {
 public:
  Record() = default;
  Record(py::handle module, const char* name, const std::array<const char*, kFields>& fields)
      : type_(module.attr(name).ptr()) {
    Py_INCREF(type_);
    for (std::size_t i = 0; i < kFields; ++i) {
      slots_[i] = PyObject_GetAttrString(type_, fields[i]);
      if (slots_[i] == nullptr) throw py::error_already_set();
      if (Py_TYPE(slots_[i])->tp_descr_set == nullptr) throw py::type_error(fields[i]);
    }
  }

  py::object make(const std::array<py::handle, kFields>& values) const {
    auto* type = reinterpret_cast<PyTypeObject*>(type_);
    py::object made = py::reinterpret_steal<py::object>(type->tp_alloc(type, 0));
    if (!made) throw py::error_already_set();
    for (std::size_t i = 0; i < kFields; ++i) {
      if (Py_TYPE(slots_[i])->tp_descr_set(slots_[i], made.ptr(), values[i].ptr()) < 0) {
        throw py::error_already_set();
      }
    }
    // The values can't refer back, so the collector need not look at a million of these.
    PyObject_GC_UnTrack(made.ptr());
    return made;
  }

 private:
  // Never released: the interpreter may be gone before static objects are.
  PyObject* type_ = nullptr;
  std::array<PyObject*, kFields> slots_{};
};

// The Python side's classes and enum members, looked up once when the module is loaded and read
// only afterwards.
struct Types {
  std::array<PyObject*, static_cast<std::size_t>(Verdict::kLimit) + 1> verdicts{};
  std::array<PyObject*, static_cast<std::size_t>(Reason::kCount)> reasons{};
  std::array<PyObject*, static_cast<std::size_t>(CandidateKind::kLastNumber) + 1> kinds{};
  PyObject* one = nullptr;
  PyObject* zero = nullptr;
  Record<9> result;
  Record<6> extraction;
  Record<3> candidate;
  Record<5> explanation;

  py::handle verdict(Verdict value) const { return verdicts[static_cast<std::size_t>(value)]; }
  py::handle reason(Reason value) const { return reasons[static_cast<std::size_t>(value)]; }
  py::handle kind(CandidateKind value) const { return kinds[static_cast<std::size_t>(value)]; }
};
const Types& types();
void load_types();

// A gold as Python normalised it: a sequence of alternatives, each a sequence of str.
GoldSpec read_spec(py::handle alternatives);

// An answer's text and its span in characters, or two Nones.
struct Located {
  py::object text;
  py::object span;
};
Located locate(py::handle str, const Text& text, Span span);

py::object make_result(const Outcome& outcome, py::handle str, const Text& text, py::handle gold);

}  // namespace pyverify::bindings
