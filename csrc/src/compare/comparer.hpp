// Compares two readings kind by kind. One file per kind of answer; dispatch is in comparer.cpp.
#pragma once

#include <optional>
#include <vector>

#include "compare/pieces.hpp"
#include "compare/real_set.hpp"
#include "compare/side.hpp"
#include "pyverify/options.hpp"

namespace pyverify::compare {

using expr::Decision;
using expr::NodeId;
using expr::Truth;

inline Decision yes(Reason reason) noexcept { return {Truth::kTrue, reason}; }
inline Decision no(Reason reason) noexcept { return {Truth::kFalse, reason}; }
inline Decision unknown(Reason reason = Reason::kUndecided) noexcept {
  return {Truth::kUnknown, reason};
}

class Comparer {
 public:
  // The answer's tree may get further nodes; the gold is never written to.
  Comparer(const answer::Reading& gold, answer::Reading& answer, const Options& options,
           support::Budget& budget) noexcept;
  Decision run() noexcept;

  // Where the first difference was seen, kNoNode when none was.
  NodeId gold_difference() const noexcept { return gold_difference_; }
  NodeId answer_difference() const noexcept { return answer_difference_; }

 private:
  using Kind = expr::Kind;
  using Node = expr::Node;
  using Names = std::vector<std::uint64_t>;  // of symbols
  struct Label {
    NodeId name = expr::kNoNode;  // what stands on the left, kNoNode when nothing does
    NodeId value = expr::kNoNode;
  };

  // ---- dispatch
  Decision compare_roots() noexcept;
  Decision compare(NodeId gold, NodeId answer) noexcept;
  Decision dispatch(NodeId gold, NodeId answer) noexcept;
  NodeId unwrap(const Side& side, NodeId id, bool is_answer) const noexcept;

  // ---- scalars.cpp
  Decision compare_scalars(NodeId gold, NodeId answer) noexcept;
  Decision match_value(NodeId gold,
                       NodeId answer) noexcept;  // equal, or within the rounding of a decimal gold
  bool rounding(NodeId gold, number::Rational& centre, number::Rational& radius,
                int& power_of_ten) const noexcept;
  Decision within_rounding(NodeId gold, NodeId answer) noexcept;
  bool figure_above_one(const Side& side, NodeId id) noexcept;
  int infinity_sign(const Side& side, NodeId id) const noexcept;

  // ---- constants.cpp
  Decision match_constants(NodeId gold, NodeId answer) noexcept;
  Names arbitrary_constants(NodeId id, bool& linear) noexcept;
  class Degrees;
  bool is_antiderivative(NodeId id, NodeId label, const Degrees& degrees) noexcept;
  bool is_solution_family(NodeId id, NodeId label, const Degrees& degrees,
                          bool paired) const noexcept;
  bool shares_constants(NodeId id, const Names& names) const noexcept;
  bool has_free_constant(const Side& side, NodeId id, NodeId& constant,
                         number::Rational& coefficient) noexcept;
  NodeId label_before(NodeId value) const noexcept;
  bool holds_call(NodeId id) const noexcept;
  bool holds_unknown(const Side& side, NodeId id) const noexcept;
  const Names& gold_constants() noexcept;
  bool gold_constant(std::uint64_t name) noexcept;
  bool answer_constant(std::uint64_t name) const noexcept;

  // ---- constant_families.cpp
  Decision match_family(NodeId gold, const Names& to, NodeId answer, const Names& from,
                        bool linear) noexcept;
  bool match_linear_family(NodeId gold, const Names& to, NodeId answer, const Names& from) noexcept;
  Decision rename_constants(NodeId gold, Names to, NodeId answer, const Names& from) noexcept;
  NodeId with_constants(NodeId answer, const Names& from, const Names& to,
                        const std::vector<number::Rational>& factors,
                        const std::vector<number::Rational>& shifts) noexcept;

  // ---- operators.cpp
  Decision compare_closed() noexcept;
  Decision compare_written_out(const Decision& as_it_stands) noexcept;
  Decision compare_factorial(NodeId gold) noexcept;
  Decision compare_by_induction(const answer::Induction& series, NodeId closed) noexcept;
  bool ends_evaluated(NodeId answer) const noexcept;
  bool may_jump(NodeId id) const noexcept;
  Decision compare_slopes() noexcept;

  // ---- quantities.cpp
  bool another_power(NodeId gold, NodeId answer) const noexcept;
  Decision compare_quantities(NodeId gold, NodeId answer) noexcept;
  NodeId converted(NodeId value, const answer::Unit& ratio) noexcept;  // an appended node
  NodeId in_degrees(NodeId radians) noexcept;
  const answer::UnitReading* unit_of(const Side& side, NodeId id) const noexcept;

  // ---- forms.cpp
  Decision compare_based(NodeId gold, NodeId answer) noexcept;
  Decision compare_based_form(NodeId gold, NodeId answer) noexcept;
  number::Rational value_in_base(const Side& side, NodeId id) const noexcept;
  Decision compare_ratios(NodeId gold, NodeId answer) noexcept;
  Decision compare_texts(NodeId gold, NodeId answer) noexcept;
  Decision compare_real_sets(NodeId gold, NodeId answer) noexcept;
  bool is_bare_pair(NodeId gold) const noexcept;
  bool compare_pair(NodeId gold, NodeId answer, Decision& out) noexcept;

  // ---- side_conditions.cpp
  struct Conditioned {
    NodeId main = expr::kNoNode;   // what the conditions stand behind
    NodeId name = expr::kNoNode;   // its label
    NodeId value = expr::kNoNode;  // and what is behind that
    std::vector<NodeId> conditions;
  };
  Conditioned read_conditions(const Side& side, NodeId root) const;
  bool read_start(const Side& side, const Conditioned& formula, std::int64_t& start) const;
  bool is_dispensable(const Conditioned& gold) const;
  bool is_implied(const Conditioned& gold, NodeId condition) noexcept;
  bool equal_up_to_conditions(NodeId gold, NodeId answer) noexcept;

  // ---- absolute.cpp
  bool read_absolute(NodeId gold, RealSet& out) noexcept;  // ends among the answer's nodes
  bool read_absolute_link(const Node& link, RealSet& out) noexcept;

  // ---- piecewise.cpp
  Decision compare_cases(NodeId gold, NodeId answer) noexcept;
  bool read_pieces(const Side& side, NodeId id, Pieces& out) noexcept;
  Decision compare_pieces(const Pieces& gold, const Pieces& answer, Scale scale) noexcept;
  Decision equal_on(NodeId gold, NodeId answer, std::uint64_t variable, const Segment& segment,
                    Scale scale) noexcept;
  NodeId adopted(const Side& side, NodeId id) noexcept;  // among the answer's nodes

  // ---- collections.cpp
  Decision compare_collections(NodeId gold, NodeId answer) noexcept;
  Decision unordered(const std::vector<NodeId>& gold, const std::vector<NodeId>& answer) noexcept;
  Decision ordered(const NodeId* gold, std::size_t gold_count, const NodeId* answer,
                   std::size_t answer_count) noexcept;
  using Assignments = std::vector<std::pair<std::uint64_t, NodeId>>;
  bool read_assignments(const Side& side, const std::vector<NodeId>& nodes, Assignments& out) const;
  bool compare_assignments(const std::vector<NodeId>& gold, const std::vector<NodeId>& answer,
                           Decision& out) noexcept;
  Decision labelled_lists(std::vector<NodeId>& gold, std::vector<NodeId>& answer,
                          bool& decided) noexcept;
  std::uint64_t name_of_tuple(const Side& side, NodeId id) const noexcept;
  bool holds_set(const Side& side, const std::vector<NodeId>& items) const noexcept;
  bool names_differ(const Side& side, const std::vector<NodeId>& items) const noexcept;
  Decision compare_vectors(NodeId gold, NodeId answer) noexcept;
  bool is_identity(const Side& side, const std::vector<NodeId>& cells, std::uint32_t rows,
                   const Side& named, NodeId symbol) const noexcept;
  bool as_matrix(const Side& side, NodeId id, std::vector<NodeId>& cells, std::uint32_t& rows,
                 std::uint32_t& columns) const;
  std::vector<NodeId> elements(const Side& side, NodeId id) const;

  // ---- parameters.cpp
  // What depends on an integer parameter, its declaration taken out: x = k pi, k in Z.
  struct Family {
    std::vector<NodeId> items;
    std::uint64_t parameter = 0;  // 0: not named
    bool declared = false;
    expr::NumberSet range = expr::NumberSet::kInteger;
  };
  bool compare_families(NodeId gold, NodeId answer,
                        Decision& out) noexcept;  // false: not about parameters
  bool has_parameter_form(const Side& side, NodeId root) const noexcept;
  Family read_family(const Side& side, NodeId root) const;
  std::vector<std::uint64_t> family_symbols(const Side& side, const Family& family) const;
  bool read_linear(const Side& side, const Family& family, std::uint64_t& name,
                   std::vector<std::pair<number::Rational, number::Rational>>& classes) const;
  bool restricts_unknown(const Side& side, const Family& family) const;
  bool name_parameters(Family& mine, Family& theirs) noexcept;
  NodeId spread_name(const Side& side, std::vector<NodeId>& items) const noexcept;
  std::uint64_t common_letter(const Side& side, const std::vector<NodeId>& items) const noexcept;
  Decision compare_items(std::vector<NodeId>& gold, std::vector<NodeId>& answer) noexcept;
  Decision compare_shifted(const Family& mine, const Family& theirs) noexcept;
  Decision compare_parts(const Family& mine, const std::vector<NodeId>& answer) noexcept;
  NodeId substituted(NodeId item, std::uint64_t parameter, number::Rational factor,
                     number::Rational shift) noexcept;

  // ---- progressions.cpp; false: no dots, or they don't say how to go on
  bool compare_progressions(NodeId gold, const std::vector<NodeId>& mine, NodeId answer,
                            const std::vector<NodeId>& theirs, Decision& out) const;

  // ---- relations.cpp
  Decision compare_relations(NodeId gold, NodeId answer) noexcept;
  Decision compare_equations(NodeId gold, NodeId answer) noexcept;
  number::Rational value_at_zero(const Side& side, NodeId id, std::uint64_t symbol,
                                 int depth) const noexcept;
  bool divides_by(const Side& side, NodeId id, std::uint64_t symbol) const noexcept;
  bool by_lasting_factor(NodeId gold, NodeId answer) noexcept;
  bool is_label(const Side& side, NodeId id) const noexcept;
  bool is_gradient(const Side& side, NodeId id) const noexcept;
  bool is_matrix_label(const Side& side, NodeId id, NodeId value) const noexcept;
  std::string_view figure_letters(const Side& side, NodeId id) const noexcept;
  bool same_members(NodeId gold, NodeId answer) noexcept;
  bool same_implicit_family(NodeId gold, NodeId answer) noexcept;
  bool shows_arguments(NodeId gold, NodeId answer) const noexcept;
  bool is_figure(const Side& side, NodeId id) const noexcept;
  bool is_complement(const Side& side, NodeId id) const noexcept;
  bool is_product_of_figures(const Side& side, NodeId id) const noexcept;
  bool is_event(const Side& side, NodeId id) const noexcept;
  bool declares_other_argument(const Label& label) const noexcept;
  bool turns_coordinates(NodeId name) const noexcept;
  bool names_entries(const Label& gold) const noexcept;
  Label label_of(const Side& side, NodeId relation) const noexcept;
  Decision same_label(NodeId gold, NodeId answer) noexcept;
  Decision compare_labels(NodeId gold, NodeId answer) noexcept;
  bool is_function_label(const Side& side, NodeId id) const noexcept;
  bool reduce_chain(NodeId answer, Label& out, Reason& problem) noexcept;
  bool is_identity(NodeId left, NodeId right) const noexcept;
  bool true_link(NodeId left, NodeId right, bool approximate) noexcept;
  bool solved_gold(NodeId gold, const Label& label) const noexcept;
  bool solved_answer(NodeId answer) const noexcept;
  bool identical_unknown_left(NodeId answer) const noexcept;
  bool identical(NodeId left,
                 NodeId right) const noexcept;  // two nodes of the answer, to the letter

  // ---- bound_arguments.cpp
  void rename_arguments() noexcept;
  void rename_derivatives() noexcept;
  Names shown_arguments(const Side& side, NodeId root, std::vector<NodeId>& values) const noexcept;

  // ---- helpers
  bool mentions(const Side& side, NodeId id, std::uint64_t symbol) const noexcept;
  bool has_variables(const Side& side, NodeId id) const noexcept;
  void symbols(const Side& side, NodeId id, std::vector<std::uint64_t>& names) const;
  void rename_answer(std::uint64_t from, std::uint64_t to) noexcept;
  void evaluate_answer() noexcept;    // the nodes that were appended
  void reevaluate_answer() noexcept;  // all nodes: symbols have other names
  Decision differ(NodeId gold, NodeId answer, Reason reason) noexcept;

  const answer::Reading& gold_reading_;
  answer::Reading& answer_reading_;
  const Options& options_;
  support::Budget& budget_;
  Side gold_;
  Side answer_;
  expr::Domain domain_;
  std::uint32_t depth_ = 0;
  bool exact_ = false;  // inside ends and coefficients: no decimal rounding
  bool renamed_ = false;
  std::optional<Names> gold_constants_;
  bool in_set_ = false;  // inside {...}: there {1} is not 1
  NodeId gold_difference_ = expr::kNoNode;
  NodeId answer_difference_ = expr::kNoNode;
};

}  // namespace pyverify::compare
