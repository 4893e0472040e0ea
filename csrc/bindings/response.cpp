// Features of whole responses, chunk by chunk: this thread, which has the GIL, collects the texts,
// then lets go of it and works on them beside its helpers. Between chunks it looks at signals.
#include "pyverify/response.hpp"

#include <functional>
#include <list>

#include "bindings.hpp"
#include "workers.hpp"

namespace pyverify::bindings {
namespace {

// Per native thread, as for verdicts.
constexpr std::size_t kChunkItems = 2048;
constexpr std::size_t kChunkBytes = 32u << 20;
// Starting a thread costs as much as a feature of so many bytes.
constexpr std::size_t kThreadBytes = 256u << 10;

struct Texts {
  std::vector<Text> texts;
  std::size_t bytes = 0;

  // The item at `index` of the argument `what`.
  void add(py::handle text, const char* what, std::size_t index) {
    if (PyUnicode_Check(text.ptr()) == 0) {
      throw py::type_error(std::string(what) + "[" + std::to_string(index) +
                           "] must be a str, not " + Py_TYPE(text.ptr())->tp_name);
    }
    bytes += texts.emplace_back(text, what).bytes().size();
  }
};

// Takes a text and its place in the batch; any thread calls it.
using Take = std::function<void(std::string_view text, std::size_t index)>;

// The tuple holds its items, so nobody can take a str away while the GIL is free.
void for_each(const py::tuple& texts, unsigned threads, const Take& take,
              const char* what = "completions") {
  threads = std::max(threads, 1u);
  for (std::size_t begin = 0; begin < texts.size();) {
    Texts chunk;
    std::size_t end = begin;
    while (end < texts.size() && end - begin < kChunkItems * threads &&
           chunk.bytes < kChunkBytes * threads) {
      chunk.add(PyTuple_GET_ITEM(texts.ptr(), static_cast<Py_ssize_t>(end)), what, end);
      ++end;
    }
    Slices slices(chunk.texts.size());
    const auto work = [&]() noexcept {
      for (;;) {
        const auto slice = slices.take();
        if (slice.begin == slice.end) return;
        for (std::size_t i = slice.begin; i < slice.end; ++i)
          take(chunk.texts[i].bytes(), begin + i);
      }
    };
    if (chunk.bytes < kReleaseBytes) {
      work();
    } else {
      const py::gil_scoped_release release;
      const std::size_t wanted = std::min<std::size_t>(threads, chunk.bytes / kThreadBytes + 1);
      std::list<Worker> helpers;
      while (helpers.size() + 1 < slices.threads(wanted)) helpers.emplace_back(work);
      work();
    }
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    begin = end;
  }
}

// A byte for each text.
template <typename Feature>
py::bytes bytes_of(const py::tuple& texts, unsigned threads, const Feature& feature,
                   const char* what = "completions") {
  py::bytes made = py::reinterpret_steal<py::bytes>(
      PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(texts.size())));
  if (!made) throw py::error_already_set();
  char* const out = PyBytes_AS_STRING(made.ptr());
  const auto take = [&feature, out](std::string_view text, std::size_t index) {
    out[index] = static_cast<char>(feature(text));
  };
  for_each(texts, threads, take, what);
  return made;
}

// What `convert` makes of the feature of each completion.
template <typename Feature, typename Convert>
py::list list_of(const py::tuple& completions, unsigned threads, const Feature& feature,
                 const Convert& convert) {
  std::vector<decltype(feature(std::string_view()))> values(completions.size());
  for_each(completions, threads, [&feature, &values](std::string_view text, std::size_t index) {
    values[index] = feature(text);
  });
  py::list made(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    py::object one = convert(values[i]);
    PyList_SET_ITEM(made.ptr(), static_cast<Py_ssize_t>(i), one.release().ptr());
  }
  return made;
}

py::object as_int(std::uint64_t value) {
  PyObject* made = PyLong_FromUnsignedLongLong(value);
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

py::bytes has_box(const py::tuple& completions, const Options& options, unsigned threads) {
  return bytes_of(completions, threads,
                  [&](std::string_view text) { return response::has_box(text, options); });
}

py::bytes has_hashes(const py::tuple& completions, const Options& options, unsigned threads) {
  return bytes_of(completions, threads,
                  [&](std::string_view text) { return response::has_hashes(text, options); });
}

// Reads the tails of texts only: no work for a second thread.
py::bytes opens_reasoning(const py::tuple& prompts) {
  return bytes_of(prompts, 1, response::opens_reasoning, "prompts");
}

py::bytes tag_shape(const py::tuple& completions, bool answer, unsigned threads) {
  return bytes_of(completions, threads,
                  [&](std::string_view text) { return response::tag_shape(text, answer); });
}

py::list repetition(const py::tuple& completions, std::uint32_t n, unsigned threads) {
  return list_of(
      completions, threads, [&](std::string_view text) { return response::repetition(text, n); },
      [](double value) { return py::float_(value); });
}

py::list scripts(const py::tuple& completions, unsigned threads) {
  return list_of(completions, threads, response::count_scripts,
                 [](const response::ScriptCounts& counts) {
                   py::tuple all(counts.size());
                   for (std::size_t i = 0; i < counts.size(); ++i) all[i] = as_int(counts[i]);
                   return all;
                 });
}

py::list count_units(const py::tuple& completions, unsigned threads) {
  return list_of(completions, threads, response::count_units, as_int);
}

py::list count_steps(const py::tuple& completions, unsigned threads) {
  return list_of(completions, threads, response::count_steps, as_int);
}

}  // namespace

void register_response(py::module_& module) {
  py::tuple names(response::kScripts);
  for (std::size_t i = 0; i < response::kScripts; ++i)
    names[i] = to_str(response::name(static_cast<response::Script>(i)));
  module.attr("SCRIPTS") = names;
  module.def("has_box", &has_box, py::arg("completions"), py::arg("options"), py::arg("threads"),
             "Is the answer of each completion in a box? A byte each.");
  module.def("has_hashes", &has_hashes, py::arg("completions"), py::arg("options"),
             py::arg("threads"), "Does each completion have a line \"#### value\"? A byte each.");
  module.def("opens_reasoning", &opens_reasoning, py::arg("prompts"),
             "Does each prompt end inside a block of reasoning? A byte each.");
  module.def("tag_shape", &tag_shape, py::arg("completions"), py::arg("answer"), py::arg("threads"),
             "Does each completion have the shape <think>...</think><answer>...</answer>? 0: no, "
             "1: yes, 2: but for the first tag.");
  module.def("repetition", &repetition, py::arg("completions"), py::arg("n"), py::arg("threads"),
             "1 - distinct / total over the n-grams of each completion.");
  module.def("scripts", &scripts, py::arg("completions"), py::arg("threads"),
             "How much prose of each completion is in each of SCRIPTS.");
  module.def("count_units", &count_units, py::arg("completions"), py::arg("threads"),
             "About how many tokens each completion has.");
  module.def("steps", &count_steps, py::arg("completions"), py::arg("threads"),
             "How many explicit steps of each completion say something.");
}

}  // namespace pyverify::bindings
