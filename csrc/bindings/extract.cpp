// extract(): the final answer of a completion.
#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

Extraction run(std::string_view completion, const Options& options) {
  if (completion.size() < kReleaseBytes) return pyverify::extract(completion, options);
  const py::gil_scoped_release release;
  return pyverify::extract(completion, options);
}

py::object extract_answer(py::handle completion, const Options& options) {
  const Text text(completion, "completion");
  const Extraction found = run(text.bytes(), options);
  const Types& all = types();
  const Located answer = found.problem == Reason::kNone ? locate(completion, text, found.answer)
                                                        : Located{py::none(), py::none()};
  py::tuple parts(found.parts.size());
  for (std::size_t i = 0; i < found.parts.size(); ++i) {
    parts[i] = locate(completion, text, found.parts[i]).text;
  }
  return all.extraction.make({answer.text, answer.span, all.kind(found.kind),
                              all.reason(found.problem), parts, py::int_(found.work)});
}

}  // namespace

void register_extract(py::module_& module) {
  module.def("extract", &extract_answer, py::arg("completion"), py::arg("options"),
             "Finds the final answer of a completion.");
}

}  // namespace pyverify::bindings
