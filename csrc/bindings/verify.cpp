// A gold read once, and the three questions it answers.
#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

using Question = Outcome (Verifier::*)(std::string_view) const noexcept;

class NativeVerifier {
 public:
  NativeVerifier(const py::sequence& alternatives, py::str gold, const Options& options)
      : verifier_(read_spec(alternatives), options), gold_(std::move(gold)) {}

  template <Question kQuestion>
  py::object ask(py::handle str) const {
    const Text text(str, kQuestion == &Verifier::verify ? "completion" : "answer");
    return make_result(run<kQuestion>(text.bytes()), str, text, gold_);
  }

  py::object explain(py::handle str, bool bare) const {
    const Text text(str, bare ? "answer" : "completion");
    Explanation found;
    {
      const py::gil_scoped_release release;
      found = verifier_.explain(text.bytes(), bare);
    }
    const Types& all = types();
    py::tuple candidates(found.candidates.size());
    for (std::size_t i = 0; i < found.candidates.size(); ++i) {
      const Located place = locate(str, text, found.candidates[i].span);
      const py::object none = py::make_tuple(0, 0);
      candidates[i] = all.candidate.make({place.text.is_none() ? py::str("") : place.text,
                                          place.span.is_none() ? none : place.span,
                                          all.kind(found.candidates[i].kind)});
    }
    return all.explanation.make({make_result(found.outcome, str, text, gold_), candidates,
                                 to_str(found.gold_form), to_str(found.answer_form),
                                 to_str(found.difference)});
  }

  py::object gold_problem() const {
    return py::reinterpret_borrow<py::object>(types().reason(verifier_.gold_problem()));
  }

 private:
  template <Question kQuestion>
  Outcome run(std::string_view text) const {
    if (text.size() < kReleaseBytes) return (verifier_.*kQuestion)(text);
    const py::gil_scoped_release release;
    return (verifier_.*kQuestion)(text);
  }

  Verifier verifier_;
  py::str gold_;
};

}  // namespace

void register_verify(py::module_& module) {
  py::class_<NativeVerifier>(module, "NativeVerifier", "A gold read once; immutable.")
      .def(py::init<const py::sequence&, py::str, const Options&>(), py::arg("alternatives"),
           py::arg("gold"), py::arg("options"))
      .def("verify", &NativeVerifier::ask<&Verifier::verify>, py::arg("completion"),
           "Compares the final answer of a completion with the gold.")
      .def("equivalent", &NativeVerifier::ask<&Verifier::equivalent>, py::arg("answer"),
           "Compares a bare answer with the gold.")
      .def("explain", &NativeVerifier::explain, py::arg("text"), py::arg("bare"),
           "Shows how a verdict comes about.")
      .def_property_readonly("gold_problem", &NativeVerifier::gold_problem,
                             "Why the gold cannot be used, or Reason.NONE.");
}

}  // namespace pyverify::bindings
