// Options: read once from the Python dataclass, which validated them.
#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

struct Flag {
  const char* name;
  bool Options::* member;
};
constexpr Flag kFlags[] = {
    {"last_line", &Options::last_line},
    {"last_number", &Options::last_number},
    {"require_evaluated", &Options::require_evaluated},
    {"round_decimals", &Options::round_decimals},
    {"percent_either_way", &Options::percent_either_way},
    {"base_form", &Options::base_form},
    {"ordered_lists", &Options::ordered_lists},
    {"choices", &Options::choices},
    {"refuse_doubt", &Options::refuse_doubt},
};

struct Number {
  const char* name;
  double Options::* member;
};
constexpr Number kNumbers[] = {
    {"relative_tolerance", &Options::relative_tolerance},
    {"absolute_tolerance", &Options::absolute_tolerance},
};

// The names of an option with several settings, in the order of its codes.
constexpr const char* kReasoning[] = {"auto", "prefilled"};
constexpr const char* kBoxes[] = {"joined", "last", "all"};
constexpr const char* kUnits[] = {"policy", "required", "ignored"};
constexpr const char* kPairs[] = {"auto", "tuple", "interval"};

template <typename Setting, std::size_t kCount>
Setting read_setting(py::handle source, const char* option, const char* const (&names)[kCount]) {
  const std::string chosen = source.attr(option).cast<std::string>();
  for (std::size_t i = 0; i < kCount; ++i) {
    if (chosen == names[i]) return static_cast<Setting>(i);
  }
  throw py::value_error(std::string(option) + " has no setting " + chosen);
}

template <typename Setting, std::size_t kCount>
const char* name_of(Setting setting, const char* const (&names)[kCount]) {
  return names[static_cast<std::size_t>(setting)];
}

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
  for (const Number& number : kNumbers) {
    options.*number.member = source.attr(number.name).cast<double>();
  }
  options.prefilled_reasoning = read_setting<bool>(source, "reasoning", kReasoning);
  options.boxes = read_setting<BoxRule>(source, "boxes", kBoxes);
  options.units = read_setting<UnitRule>(source, "units", kUnits);
  options.pairs = read_setting<PairRule>(source, "pairs", kPairs);
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
  for (const Number& number : kNumbers) values[number.name] = options.*number.member;
  values["reasoning"] = name_of(options.prefilled_reasoning, kReasoning);
  values["boxes"] = name_of(options.boxes, kBoxes);
  values["units"] = name_of(options.units, kUnits);
  values["pairs"] = name_of(options.pairs, kPairs);
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
