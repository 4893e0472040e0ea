// verify_batch(): chunk by chunk. While other native threads find the verdicts of one chunk, this
// thread, which has the GIL, makes the results of the chunk before and collects the texts of the
// next; then it lets go of the GIL and helps them. Between chunks it looks at signals, so Ctrl-C
// ends a long batch.
#include <algorithm>
#include <list>
#include <optional>
#include <span>

#include "bindings.hpp"
#include "workers.hpp"

namespace pyverify::bindings {
namespace {

// Per native thread: enough to make starting it cost nothing, few enough that Ctrl-C is soon heard.
constexpr std::size_t kChunkItems = 2048;
constexpr std::size_t kChunkBytes = 32u << 20;

// The distinct golds of a chunk, in order. Neighbours with the same gold share one.
class Golds {
 public:
  explicit Golds(py::handle read) : read_(read) {}

  // `read` turns a gold that is not plainly a text into (alternatives, text).
  std::size_t index(py::handle gold) {
    if (!specs_.empty() && same_as_last(gold)) return specs_.size() - 1;
    GoldSpec& spec = specs_.emplace_back();
    last_ = gold;
    if (plain(gold)) {
      spec.alternatives.push_back({std::string(Text(gold, "gold").bytes())});
      texts_.push_back(py::reinterpret_borrow<py::object>(gold));
    } else {
      const py::tuple made = read_(gold);
      spec = read_spec(made[0]);
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
    const Text text(gold, "gold");
    return text.bytes().find("\"any_of\"") == std::string_view::npos &&
           text.bytes().find("\"choice\"") == std::string_view::npos;
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

class Batch {
 public:
  // The tuples hold their items, so nobody can take a str away while the GIL is free.
  Batch(const py::tuple& completions, const py::tuple& golds, py::handle read_gold,
        const Options& options, unsigned threads, bool bare)
      : completions_(completions),
        golds_(golds),
        read_gold_(read_gold),
        options_(options),
        threads_(threads),
        bare_(bare),
        results_(completions.size()) {}

  py::list run() {
    Chunk before(read_gold_);
    Chunk current = collect(0);
    for (;;) {
      const bool last = current.end == completions_.size();
      Chunk next(read_gold_);
      Slices slices(current.items.size());
      {
        std::list<Worker> helpers;
        while (helpers.size() + 1 < slices.threads(threads_)) {
          helpers.emplace_back([&] { verify(current, slices); });
        }
        finish(before);
        if (!last) next = collect(current.end);
        // To take it up again is dear where many threads ask for one verdict each.
        std::optional<py::gil_scoped_release> release;
        if (current.bytes >= kReleaseBytes) release.emplace();
        verify(current, slices);
        helpers.clear();
      }
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      before = std::move(current);
      if (last) break;
      current = std::move(next);
    }
    finish(before);
    return std::move(results_);
  }

 private:
  struct Chunk {
    explicit Chunk(py::handle read_gold) : golds(read_gold) {}
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t bytes = 0;
    Golds golds;
    std::vector<Text> texts;
    std::vector<BatchItem> items;
    std::vector<Outcome> outcomes;
  };

  Chunk collect(std::size_t begin) const {
    Chunk chunk(read_gold_);
    chunk.begin = begin;
    chunk.end = begin;
    while (chunk.end < completions_.size() && chunk.items.size() < kChunkItems * threads_ &&
           chunk.bytes < kChunkBytes * threads_) {
      const py::handle completion = at(completions_, chunk.end);
      if (PyUnicode_Check(completion.ptr()) == 0) {
        throw py::type_error("completions[" + std::to_string(chunk.end) + "] must be a str, not " +
                             Py_TYPE(completion.ptr())->tp_name);
      }
      const Text& text = chunk.texts.emplace_back(completion, "completion");
      chunk.items.push_back({text.bytes(), chunk.golds.index(at(golds_, chunk.end))});
      chunk.bytes += text.bytes().size();
      ++chunk.end;
    }
    chunk.outcomes.resize(chunk.items.size());
    return chunk;
  }

  // Run by several threads at once, each of which takes slices until none is left: neighbours often
  // share a gold.
  void verify(Chunk& chunk, Slices& slices) noexcept {
    const std::span<const BatchItem> items = chunk.items;
    for (;;) {
      const auto [begin, end] = slices.take();
      if (begin == end) return;
      verify_batch(chunk.golds.specs(), items.subspan(begin, end - begin), options_, 1, bare_,
                   chunk.outcomes.data() + begin);
    }
  }

  void finish(const Chunk& chunk) {
    for (std::size_t i = 0; i < chunk.items.size(); ++i) {
      const std::size_t at_batch = chunk.begin + i;
      py::object result = make_result(chunk.outcomes[i], at(completions_, at_batch), chunk.texts[i],
                                      chunk.golds.text(chunk.items[i].gold_index));
      PyList_SET_ITEM(results_.ptr(), static_cast<Py_ssize_t>(at_batch), result.release().ptr());
    }
  }

  static py::handle at(const py::tuple& tuple, std::size_t index) {
    return PyTuple_GET_ITEM(tuple.ptr(), static_cast<Py_ssize_t>(index));
  }

  const py::tuple& completions_;
  const py::tuple& golds_;
  py::handle read_gold_;
  const Options& options_;
  unsigned threads_;
  bool bare_;
  py::list results_;
};

py::list run_batch(const py::tuple& completions, const py::tuple& golds, py::handle read_gold,
                   const Options& options, unsigned threads, bool bare) {
  return Batch(completions, golds, read_gold, options, std::max(threads, 1u), bare).run();
}

}  // namespace

void register_batch(py::module_& module) {
  module.def("verify_batch", &run_batch, py::arg("completions"), py::arg("golds"),
             py::arg("read_gold"), py::arg("options"), py::arg("threads"), py::arg("bare"),
             "Compares many completions with their golds on native threads.");
}

}  // namespace pyverify::bindings
