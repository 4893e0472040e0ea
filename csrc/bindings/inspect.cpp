// What the engine reads in one text, as tuples and as MathML.
#include "pyverify/inspect.hpp"

#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

py::object as_tuple(const ReadNode& node) {
  py::tuple operands(node.operands.size());
  for (std::size_t i = 0; i < node.operands.size(); ++i) operands[i] = node.operands[i];
  return py::make_tuple(to_str(node.kind), to_str(node.text), operands);
}

py::tuple read_tree(py::handle str, const Options& options) {
  const Text text(str, "text");
  ReadTree read;
  {
    const py::gil_scoped_release release;
    read = inspect(text.bytes(), options);
  }
  py::tuple nodes(read.nodes.size());
  for (std::size_t i = 0; i < read.nodes.size(); ++i) nodes[i] = as_tuple(read.nodes[i]);
  return py::make_tuple(types().reason(read.problem), to_str(read.form), read.evaluated, nodes);
}

py::object read_mathml(py::handle str, const Options& options) {
  const Text text(str, "text");
  std::string made;
  {
    const py::gil_scoped_release release;
    made = mathml(text.bytes(), options);
  }
  return to_str(made);
}

}  // namespace

void register_inspect(py::module_& module) {
  module.def("read_tree", &read_tree, py::arg("text"), py::arg("options"),
             "What is read in a text: the problem, the form, is it evaluated, and the nodes as "
             "(kind, text, operands), the root last.");
  module.def("mathml", &read_mathml, py::arg("text"), py::arg("options"),
             "What is read in a text as presentation MathML; empty where there is none.");
}

}  // namespace pyverify::bindings
