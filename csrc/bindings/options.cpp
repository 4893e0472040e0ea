// Options: read once from the Python dataclass, which validated them.
#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

struct Flag {
  const char* name;
  bool Options::* member;
};
constexpr Flag kFlags[] = {
    {"last_number", &Options::last_number},
    {"require_evaluated", &Options::require_evaluated},
    {"percent_either_way", &Options::percent_either_way},
    {"choices", &Options::choices},
    {"ordered_lists", &Options::ordered_lists},
};

struct Limit {
  const char* name;
  std::uint32_t Limits::* member;
};
constexpr Limit kLimits[] = {
    {"scan_bytes", &Limits::scan_bytes},
    {"answer_bytes", &Limits::answer_bytes},
    {"gold_bytes", &Limits::gold_bytes},
    {"depth", &Limits::depth},
    {"nodes", &Limits::nodes},
    {"elements", &Limits::elements},
    {"literal_bits", &Limits::literal_bits},
    {"combinatorial", &Limits::combinatorial},
    {"boxes", &Limits::boxes},
    {"work", &Limits::work},
};

Options read_options(py::handle source, bool text_shortcut) {
  Options options;
  options.text_shortcut = text_shortcut;
  for (const Flag& flag : kFlags) {
    options.*flag.member = source.attr(flag.name).cast<bool>();
  }
  options.prefilled_reasoning = source.attr("reasoning").cast<std::string>() == "prefilled";
  options.relative_tolerance = source.attr("relative_tolerance").cast<double>();
  options.absolute_tolerance = source.attr("absolute_tolerance").cast<double>();
  options.seed = source.attr("seed").cast<std::uint64_t>();
  const py::object limits = source.attr("limits");
  for (const Limit& limit : kLimits) {
    options.limits.*limit.member = limits.attr(limit.name).cast<std::uint32_t>();
  }
  return options;
}

// The engine's own defaults, so that a test can hold the dataclasses to them.
py::dict default_options() {
  const Options options;
  py::dict values;
  for (const Flag& flag : kFlags) values[flag.name] = options.*flag.member;
  values["reasoning"] = options.prefilled_reasoning ? "prefilled" : "auto";
  values["relative_tolerance"] = options.relative_tolerance;
  values["absolute_tolerance"] = options.absolute_tolerance;
  values["seed"] = options.seed;
  py::dict limits;
  for (const Limit& limit : kLimits) limits[limit.name] = options.limits.*limit.member;
  values["limits"] = limits;
  return values;
}

}  // namespace

void register_options(py::module_& module) {
  py::class_<Options>(module, "NativeOptions", "Options as the engine holds them.")
      .def(py::init(&read_options), py::arg("options"), py::arg("text_shortcut") = true);
  module.def("default_options", &default_options, "The engine's defaults, by name.");
}

}  // namespace pyverify::bindings
