// The extension module pyverify._core: one register function per category.
#include "bindings.hpp"

#ifndef PYVERIFY_VERSION
#define PYVERIFY_VERSION "0.0.0"
#endif

namespace pyverify::bindings {
namespace {

template <typename Code>
py::tuple names(std::size_t count) {
  py::tuple all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = to_str(name(static_cast<Code>(i)));
  return all;
}

}  // namespace

PYBIND11_MODULE(_core, module, py::mod_gil_not_used()) {
  module.doc() = "The native engine; use the names of the package instead.";
  module.attr("__version__") = PYVERIFY_VERSION;
  const Types& all = types();
  module.attr("VERDICTS") = names<Verdict>(all.verdicts.size());
  module.attr("REASONS") = names<Reason>(all.reasons.size());
  module.attr("KINDS") = names<CandidateKind>(all.kinds.size());
  load_types();
  register_options(module);
  register_extract(module);
  register_verify(module);
  register_batch(module);
  register_inspect(module);
  register_response(module);
  register_scoring(module);
}

}  // namespace pyverify::bindings
