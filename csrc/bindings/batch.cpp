// verify_batch(): views are collected under the GIL, verdicts found without it, results made under
// it again. Between chunks signals are looked at, so Ctrl-C ends a long batch.
#include <algorithm>

#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

// Large enough that starting threads costs nothing, small enough that Ctrl-C is soon heard.
constexpr std::size_t kChunkItems = 16384;
constexpr std::size_t kChunkBytes = 64u << 20;

// The distinct golds of a batch, in order. Neighbours with the same gold share one.
class Golds {
 public:
  explicit Golds(py::handle read) : read_(read) {}

  // `gold` as given by the caller; `read` turns what is not plainly a text into (alternatives,
  // text).
  std::size_t index(py::handle gold) {
    if (!specs_.empty() && same_as_last(gold)) return specs_.size() - 1;
    GoldSpec& spec = specs_.emplace_back();
    last_ = gold;
    if (plain(gold)) {
      spec.alternatives.push_back({std::string(Text(gold, "gold").bytes())});
      texts_.push_back(py::reinterpret_borrow<py::object>(gold));
    } else {
      const py::tuple made = read_(gold);
      for (const py::handle alternative : made[0]) {
        std::vector<std::string>& parts = spec.alternatives.emplace_back();
        for (const py::handle part : alternative) parts.emplace_back(Text(part, "gold").bytes());
      }
      texts_.push_back(made[1]);
    }
    return specs_.size() - 1;
  }

  const std::vector<GoldSpec>& specs() const { return specs_; }
  py::handle text(std::size_t index) const { return texts_[index]; }

 private:
  // A text that cannot be JSON.
  static bool plain(py::handle gold) {
    if (!PyUnicode_CheckExact(gold.ptr())) return false;
    const std::string_view bytes = Text(gold, "gold").bytes();
    return bytes.find('{') == std::string_view::npos ||
           bytes.find("\"any_of\"") == std::string_view::npos;
  }

  bool same_as_last(py::handle gold) const {
    if (gold.is(last_)) return true;
    return PyUnicode_CheckExact(gold.ptr()) && PyUnicode_CheckExact(last_.ptr()) &&
           PyUnicode_Compare(gold.ptr(), last_.ptr()) == 0;
  }

  py::handle read_;
  py::handle last_;
  std::vector<GoldSpec> specs_;
  std::vector<py::object> texts_;
};

// Both tuples hold their items, so nobody can take a str away while the GIL is free.
py::list run_batch(const py::tuple& completions, const py::tuple& golds, py::handle read_gold,
                   const Options& options, unsigned threads, bool bare) {
  const std::size_t size = completions.size();
  Golds distinct(read_gold);
  std::vector<Text> texts(size);
  std::vector<std::size_t> gold_index(size);
  for (std::size_t i = 0; i < size; ++i) {
    const py::handle completion = PyTuple_GET_ITEM(completions.ptr(), static_cast<Py_ssize_t>(i));
    if (PyUnicode_Check(completion.ptr()) == 0) {
      throw py::type_error("completions[" + std::to_string(i) + "] must be a str, not " +
                           Py_TYPE(completion.ptr())->tp_name);
    }
    texts[i] = Text(completion, "completion");
    gold_index[i] = distinct.index(PyTuple_GET_ITEM(golds.ptr(), static_cast<Py_ssize_t>(i)));
  }

  const std::size_t workers = std::max(threads, 1u);
  std::vector<Outcome> outcomes(size);
  std::vector<BatchItem> chunk;
  for (std::size_t begin = 0; begin < size;) {
    chunk.clear();
    std::size_t bytes = 0;
    std::size_t end = begin;
    while (end < size && chunk.size() < kChunkItems * workers && bytes < kChunkBytes * workers) {
      chunk.push_back({texts[end].bytes(), gold_index[end]});
      bytes += texts[end].bytes().size();
      ++end;
    }
    {
      const py::gil_scoped_release release;
      verify_batch(distinct.specs(), chunk, options, threads, bare, outcomes.data() + begin);
    }
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    begin = end;
  }

  py::list results(size);
  for (std::size_t i = 0; i < size; ++i) {
    const py::handle str = PyTuple_GET_ITEM(completions.ptr(), static_cast<Py_ssize_t>(i));
    py::object result = make_result(outcomes[i], str, texts[i], distinct.text(gold_index[i]));
    PyList_SET_ITEM(results.ptr(), static_cast<Py_ssize_t>(i), result.release().ptr());
  }
  return results;
}

}  // namespace

void register_batch(py::module_& module) {
  module.def("verify_batch", &run_batch, py::arg("completions"), py::arg("golds"),
             py::arg("read_gold"), py::arg("options"), py::arg("threads"), py::arg("bare"),
             "Compares many completions with their golds on native threads.");
}

}  // namespace pyverify::bindings
