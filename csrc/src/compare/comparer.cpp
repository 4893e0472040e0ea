#include "compare/comparer.hpp"

#include <algorithm>

#include "compare/real_set_reader.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

// "for all positive integers n": where a sequence runs anyway.
bool counts_all(std::string_view words) noexcept {
  const auto skip = [&words](std::string_view part) {
    if (!words.starts_with(part)) return false;
    words.remove_prefix(part.size());
    return true;
  };
  if (!skip("for ") || !(skip("all ") || skip("any ") || skip("every ") || skip("each ")))
    return false;
  if (!skip("positive integer") && !skip("natural number")) return false;
  skip("s");
  while (skip(" ") || skip("$") || skip("}")) {
  }
  return words.empty() || words == "n" || words == "n$" || words == "k" || words == "m";
}

bool is_dotted(const Node& n) noexcept {
  return n.kind == Kind::kOperator &&
         (n.sub == static_cast<std::uint8_t>(expr::OperatorKind::kDottedSum) ||
          n.sub == static_cast<std::uint8_t>(expr::OperatorKind::kDottedProduct));
}

bool says_integer(std::string_view words) noexcept {
  for (const std::string_view word : {"integer", "natural number", "整数", "自然数"}) {
    if (words.find(word) != std::string_view::npos &&
        words.find("non-integer") == std::string_view::npos)
      return true;
  }
  return false;
}

// "where k is 3" gives a value. The digits of an index don't.
bool gives_value(std::string_view words) noexcept {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool digit = words[i] >= '0' && words[i] <= '9';
    if (digit && (i == 0 || (words[i - 1] != '_' && words[i - 1] != '{'))) return true;
  }
  return false;
}

// "where k is an odd integer" says more than which letters are variables.
bool narrows(std::string_view words) noexcept {
  if (counts_all(words)) return false;
  if (gives_value(words)) return true;
  for (const std::string_view word :
       {"odd",   "even",     "positive", "negative", "non",     "not",   "except",  "only",
        "prime", "multiple", "least",    "most",     "greater", "less",  "between", "equal",
        "zero",  " one",     " two",     "half",     "twice",   "double"}) {
    if (words.find(word) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

Comparer::Comparer(const answer::Reading& gold, answer::Reading& answer, const Options& options,
                   support::Budget& budget) noexcept
    : gold_reading_(gold), answer_reading_(answer), options_(options), budget_(budget) {
  gold_ = {&gold, &gold.natural};
  answer_ = {&answer, &answer.natural};
  domain_.seed = options.seed;
  // the gold itself says that its variables are integers
  for (const std::uint16_t flags : gold.natural.flags)
    domain_.integers |= (flags & expr::kIntegerOnly) != 0;
  for (const Node& node : gold.tree().nodes) {
    domain_.integers |= node.kind == Kind::kEllipsis || is_dotted(node) ||
                        (node.kind == Kind::kNumberSet &&
                         (node.sub == static_cast<std::uint8_t>(expr::NumberSet::kInteger) ||
                          node.sub == static_cast<std::uint8_t>(expr::NumberSet::kNatural)));
    if (node.kind == Kind::kAssumption && gold.tree()[node.b].kind == Kind::kText)
      domain_.integers |= says_integer(gold.text_of(gold.tree()[node.b]));
  }
}

Decision Comparer::run() noexcept {
  const Decision decision = compare_roots();
  const bool log = !gold_reading_.ten.flags.empty() || !answer_reading_.ten.flags.empty();
  if (decision.truth == Truth::kTrue || !log) return decision;
  // log without base: ln throughout, or log10 throughout
  domain_.log_base = expr::LogBase::kTen;
  if (!gold_reading_.ten.flags.empty()) gold_.values = &gold_reading_.ten;
  if (!answer_reading_.ten.flags.empty()) answer_.values = &answer_reading_.ten;
  const Decision ten = compare_roots();
  return ten.truth == Truth::kTrue ? ten : decision;
}

Decision Comparer::compare_roots() noexcept {
  const NodeId gold = gold_reading_.root();
  const NodeId answer = answer_reading_.root();
  Decision decision;
  rename_arguments();
  rename_derivatives();
  if (equal_up_to_conditions(gold, answer)) return yes(Reason::kStructure);
  if (compare_families(gold, answer, decision)) return decision;
  decision = compare(gold, answer);
  if (!gold_reading_.parsed.has_operator) {
    if (!answer_reading_.parsed.has_operator) return decision;
    const Decision written = compare_written_out(decision);
    if (written.truth == Truth::kTrue) return written;
    const Decision factorial = compare_factorial(gold);
    return factorial.truth == Truth::kTrue ? factorial : written;
  }
  if (decision.truth == Truth::kTrue) return decision;
  const Decision closed = compare_closed();
  return closed.truth == Truth::kTrue || decision.truth == Truth::kUnknown ? closed : decision;
}

Decision Comparer::differ(NodeId gold, NodeId answer, Reason reason) noexcept {
  if (gold_difference_ == expr::kNoNode && answer_difference_ == expr::kNoNode) {
    gold_difference_ = gold;
    answer_difference_ = answer;
  }
  return no(reason);
}

Decision Comparer::compare(NodeId gold, NodeId answer) noexcept {
  if (depth_ >= 48 || !budget_.spend(8)) {
    return unknown(budget_.stopped() ? budget_.stopped_by() : Reason::kLimitDepth);
  }
  ++depth_;
  const bool was_exact = exact_;
  if (options_.units == UnitRule::kIgnored) {  // money is exact without its sign too
    const answer::UnitReading* unit = unit_of(gold_, gold);
    exact_ = exact_ || (unit != nullptr && unit->unit.dims[answer::kCurrency] != 0);
  }
  const Decision decision = another_power(gold, answer) ? no(Reason::kUnitMismatch)
                                                        : dispatch(unwrap(gold_, gold, false),
                                                                   unwrap(answer_, answer, true));
  exact_ = was_exact;
  --depth_;
  if (decision.truth == Truth::kFalse) differ(gold, answer, decision.reason);
  return decision;
}

// Takes off what doesn't change the meaning: "units", a side condition that only names the
// variable; any unit where units are to be ignored.
NodeId Comparer::unwrap(const Side& side, NodeId id, bool is_answer) const noexcept {
  for (int i = 0; i < 8; ++i) {
    const Node& n = side[id];
    if (n.kind == Kind::kQuantity || n.kind == Kind::kMoney) {
      const answer::UnitReading& unit = side.reading->units[n.b];
      const bool plain = (!unit.known && unit.unit.dims[answer::kNoun] == 0) ||
                         options_.units == UnitRule::kIgnored;
      if (!plain) return id;
      id = n.a;
    } else if (n.kind == Kind::kAssumption) {
      if (is_answer) {
        const std::string_view words = side.reading->text_of(side[n.b]);
        if (words.substr(0, 3) != "for" && words.substr(0, 5) != "where") return id;
        if (narrows(words)) return id;
      }
      id = n.a;
    } else {
      return id;
    }
  }
  return id;
}

Decision Comparer::dispatch(NodeId gold, NodeId answer) noexcept {
  const Kind g = gold_[gold].kind;
  const Kind a = answer_[answer].kind;
  const auto either = [&](auto... kinds) { return ((g == kinds || a == kinds) || ...); };
  if (expr::is_scalar(g) && expr::is_scalar(a)) return compare_scalars(gold, answer);
  if (g == Kind::kEllipsis || a == Kind::kEllipsis) {
    return g == a ? yes(Reason::kStructure) : no(Reason::kKindMismatch);
  }
  if (either(Kind::kAssumption)) return unknown(Reason::kUnsupported);
  if (either(Kind::kNumberSet)) {
    expr::NumberSet mine{};
    expr::NumberSet theirs{};
    if (number_set_of(gold_, gold, mine) && number_set_of(answer_, answer, theirs)) {
      const auto positive = [](expr::NumberSet set) {
        return set == expr::NumberSet::kNaturalPositive ? expr::NumberSet::kIntegerPositive : set;
      };
      return positive(mine) == positive(theirs) ? yes(Reason::kStructure) : no(Reason::kStructure);
    }
  }
  if (options_.pairs != PairRule::kAuto && is_bare_pair(gold)) {
    Decision decision;
    if (compare_pair(gold, answer, decision)) return decision;
  }
  if (is_set_form(gold_, gold) || is_set_form(answer_, answer)) {
    const Decision sets = compare_real_sets(gold, answer);
    if (sets.truth != Truth::kUnknown || sets.reason != Reason::kUnsupported) return sets;
  }
  Decision assignments;
  if (either(Kind::kChain, Kind::kRelation) && compare_assignments({gold}, {answer}, assignments))
    return assignments;
  if (either(Kind::kList, Kind::kSet)) return compare_collections(gold, answer);
  if (either(Kind::kRelation, Kind::kChain)) return compare_relations(gold, answer);
  if (either(Kind::kText)) return compare_texts(gold, answer);
  if (either(Kind::kTuple, Kind::kMatrix, Kind::kBracket)) return compare_vectors(gold, answer);
  if (either(Kind::kQuantity, Kind::kMoney)) return compare_quantities(gold, answer);
  if (either(Kind::kBased)) return compare_based(gold, answer);
  if (either(Kind::kRatio)) return compare_ratios(gold, answer);
  if (either(Kind::kCases)) return compare_cases(gold, answer);
  if (g != a) return no(Reason::kKindMismatch);
  switch (g) {
    case Kind::kEmptySet:
      return yes(Reason::kStructure);
    case Kind::kUnion:
    case Kind::kIntersection:
      return unordered(elements(gold_, gold), elements(answer_, answer));
    case Kind::kDifference:
    case Kind::kCondition: {
      const Decision first = compare(gold_[gold].a, answer_[answer].a);
      return first.truth == Truth::kTrue ? compare(gold_[gold].b, answer_[answer].b) : first;
    }
    default:
      return unknown(Reason::kUnsupported);
  }
}

// ---- helpers

bool Comparer::mentions(const Side& side, NodeId id, std::uint64_t symbol) const noexcept {
  for (NodeId i = side[id].lo; i <= id; ++i) {
    const Node& n = side[i];
    if (n.kind == Kind::kSymbol && side.tree().symbols[n.a].name == symbol) return true;
  }
  return false;
}

bool Comparer::has_variables(const Side& side, NodeId id) const noexcept {
  for (NodeId i = side[id].lo; i <= id; ++i) {
    if (side[i].kind == Kind::kSymbol || side[i].kind == Kind::kCall) return true;
  }
  return false;
}

void Comparer::symbols(const Side& side, NodeId id, std::vector<std::uint64_t>& names) const {
  for (NodeId i = side[id].lo; i <= id; ++i) {
    if (side[i].kind == Kind::kSymbol) names.push_back(side.tree().symbols[side[i].a].name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

void Comparer::rename_answer(std::uint64_t from, std::uint64_t to) noexcept {
  for (expr::Symbol& symbol : answer_reading_.parsed.tree.symbols) {
    if (symbol.name == from) symbol.name = to;
  }
  reevaluate_answer();
  renamed_ = true;
}

void Comparer::reevaluate_answer() noexcept {
  answer_reading_.natural.clear();
  answer_reading_.ten.clear();
  answer::evaluate_reading(answer_reading_, options_, budget_);
}

void Comparer::evaluate_answer() noexcept {
  expr::evaluate(answer_.tree(), expr::LogBase::kNatural, options_.seed, answer_reading_.natural,
                 budget_);
  if (!answer_reading_.ten.flags.empty()) {
    expr::evaluate(answer_.tree(), expr::LogBase::kTen, options_.seed, answer_reading_.ten,
                   budget_);
  }
}

}  // namespace pyverify::compare
