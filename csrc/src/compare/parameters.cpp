// Integer parameters: families such as 7k + 3, general solutions (GRADING 13, 18).
#include <algorithm>

#include "compare/comparer.hpp"
#include "compare/real_set_reader.hpp"
#include "compare/residues.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::NumberSet;
using expr::Relation;

namespace {

constexpr std::uint8_t v(Relation relation) { return static_cast<std::uint8_t>(relation); }

bool is_discrete(NumberSet set) {
  return set != NumberSet::kReal && set != NumberSet::kRealPositive && set != NumberSet::kRational;
}

// The letters that parameters go by.
bool is_customary(std::uint64_t name) {
  for (const char letter : {'k', 'n', 'm', 'l', 't', 'p', 'q', 'r', 'j', 'z', 'N', 'K', 'M'}) {
    if (name == number::mix(static_cast<unsigned char>(letter))) return true;
  }
  return false;
}

// The range that words give a parameter: "k is an integer", "for some constant c". False when they
// say more.
bool range_in_words(std::string_view words, NumberSet& range) {
  const auto says = [words](std::string_view word) {
    return words.find(word) != std::string_view::npos;
  };
  for (const std::string_view word :
       {"not", "except", "negative", "positive", "even", "odd", "正", "负", "非", "奇", "偶"}) {
    if (says(word)) return false;
  }
  if (says("integer") || says("整数")) {
    range = NumberSet::kInteger;
    return true;
  }
  range = NumberSet::kReal;
  return says("constant") || says("real") || says("常数") || says("实数");
}

}  // namespace

// Could these roots speak of a parameter? Most answers don't, and cost no more than this look.
bool Comparer::has_parameter_form(const Side& side, NodeId root) const noexcept {
  const Node& n = side[root];
  const auto item = [&](NodeId id) {
    const Node& part = side[id];
    if (part.kind == Kind::kRelation)
      return part.sub == v(Relation::kIn) || part.sub == v(Relation::kEquivalent);
    return part.kind == Kind::kAssumption ||
           (part.kind == Kind::kQuantity && side[part.a].kind == Kind::kSymbol);
  };
  switch (n.kind) {
    case Kind::kRelation:
      return n.sub == v(Relation::kEquivalent);
    case Kind::kChain:
      return side[side.tree().items(n)[n.b - 1]].sub == v(Relation::kEquivalent);
    case Kind::kMod:
      return n.sub == 1;
    case Kind::kAssumption:
    case Kind::kCondition:
      return true;
    case Kind::kList:
    case Kind::kSet:
      return std::any_of(side.tree().items(n), side.tree().items(n) + n.b, item);
    default:
      return false;
  }
}

Comparer::Family Comparer::read_family(const Side& side, NodeId root) const {
  Family out;
  std::vector<NodeId> parts;
  const Node& top = side[root];
  if (top.kind == Kind::kCondition) {  // {x | x = k pi, k in Z}, {k pi | k in Z}
    if (side[top.a].kind != Kind::kSymbol) out.items.push_back(top.a);
    parts = elements(side, top.b);
  } else {
    parts = elements(side, root);
  }
  for (NodeId id : parts) {
    const Node* n = &side[id];
    if (n->kind == Kind::kAssumption) {
      if (range_in_words(side.reading->text_of(side[n->b]), out.range)) {
        out.declared = true;
        id = n->a;
        n = &side[id];
      }
    }
    if (n->kind == Kind::kText && parts.size() > 1 &&
        side.reading->text_of(*n).starts_with("where ") &&
        range_in_words(side.reading->text_of(*n), out.range)) {
      out.declared = true;
      continue;
    }
    NumberSet set{};
    if (n->kind == Kind::kRelation && n->sub == v(Relation::kIn) &&
        side[n->a].kind == Kind::kSymbol && number_set_of(side, n->b, set) &&
        set != NumberSet::kComplex) {
      out.declared = true;
      out.parameter = name_of(side, n->a);
      out.range = set == NumberSet::kNaturalPositive ? NumberSet::kIntegerPositive : set;
      continue;
    }
    if (n->kind == Kind::kQuantity && side[n->a].kind == Kind::kSymbol) {  // "k is an integer"
      const latex::Range unit = side.reading->parsed.units[n->b];
      const auto& tokens = side.reading->parsed.tokens;
      const std::uint32_t begin = tokens[unit.begin].begin;
      const std::string_view words =
          side.reading->text.substr(begin, tokens[unit.end - 1].end - begin);
      if (range_in_words(words, out.range)) {
        out.declared = true;
        out.parameter = name_of(side, n->a);
        continue;
      }
    }
    out.items.push_back(id);
  }
  return out;
}

// The symbols behind the labels of the items.
std::vector<std::uint64_t> Comparer::family_symbols(const Side& side, const Family& family) const {
  std::vector<std::uint64_t> names;
  for (const NodeId item : family.items) {
    const Label label = label_of(side, item);
    std::vector<std::uint64_t> own;
    symbols(side, label.name == expr::kNoNode ? item : label.value, own);
    names.insert(names.end(), own.begin(), own.end());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// 4k + 3, n = 4k + 3
bool Comparer::read_linear(
    const Side& side, const Family& family, std::uint64_t& name,
    std::vector<std::pair<number::Rational, number::Rational>>& classes) const {
  if (family.declared && family.range != NumberSet::kInteger) return false;
  const std::vector<std::uint64_t> names = family_symbols(side, family);
  if (names.size() != 1 || (family.parameter != 0 && family.parameter != names[0])) return false;
  for (const NodeId item : family.items) {
    const Label label = label_of(side, item);
    if (label.name != expr::kNoNode) {
      const std::uint64_t own = name_of(side, label.name);
      if (own == 0 || own == names[0] || (name != 0 && own != name)) return false;
      name = own;
    }
    const NodeId value = label.name == expr::kNoNode ? item : label.value;
    number::Rational c0, c1;
    if (!expr::is_scalar(side[value].kind) || !linear(side, value, names[0], c0, c1)) return false;
    classes.emplace_back(c0, c1);
  }
  return !classes.empty();
}

bool Comparer::compare_families(NodeId gold, NodeId answer, Decision& out) noexcept {
  if (!has_parameter_form(gold_, gold) && !has_parameter_form(answer_, answer)) return false;
  Family mine = read_family(gold_, gold);
  Family theirs = read_family(answer_, answer);
  if (mine.items.empty() || theirs.items.empty()) return false;
  if (restricts_unknown(gold_, mine) || restricts_unknown(answer_, theirs)) return false;
  // sin(pi x), x in Z: integers only, where the gold says nothing of the kind
  if (!mine.declared && theirs.declared && theirs.range != NumberSet::kReal &&
      theirs.parameter != 0 && !is_customary(theirs.parameter))
    return false;
  if (mine.items.size() > kMostResidues || theirs.items.size() > kMostResidues) return false;
  Residues gold_classes;
  Residues answer_classes;
  const bool gold_class = read_congruences(gold_, mine.items, is_class(gold_, gold), gold_classes);
  if (!gold_class) gold_classes = {};
  const bool answer_class = read_congruences(
      answer_, theirs.items, gold_class || is_class(answer_, answer), answer_classes);
  if (gold_class || answer_class) {
    const auto from_family = [this](const Side& side, const Family& family, Residues& classes) {
      classes = {};
      std::vector<std::pair<number::Rational, number::Rational>> pairs;
      if (!read_linear(side, family, classes.name, pairs)) return false;
      return std::all_of(pairs.begin(), pairs.end(),
                         [&](const auto& pair) { return classes.add(pair.first, pair.second); });
    };
    const bool readable = (gold_class || from_family(gold_, mine, gold_classes)) &&
                          (answer_class || from_family(answer_, theirs, answer_classes));
    out = readable ? same_residues(gold_classes, answer_classes) : no(Reason::kKindMismatch);
    return true;
  }
  if (!mine.declared && !theirs.declared) return false;
  if (mine.declared && theirs.declared && mine.range != theirs.range) {
    out = no(Reason::kStructure);
    return true;
  }
  if (!name_parameters(mine, theirs)) {
    out = no(Reason::kSymbolMismatch);
    return true;
  }
  domain_.integers |= is_discrete(mine.declared ? mine.range : theirs.range);
  spread_name(gold_, mine.items);
  spread_name(answer_, theirs.items);
  out = compare_items(mine.items, theirs.items);
  const bool whole = mine.declared && mine.range == NumberSet::kInteger;
  if (out.truth != Truth::kTrue && whole && mine.parameter != 0) {
    const Decision shifted = compare_shifted(mine, theirs);
    if (shifted.truth == Truth::kTrue) out = shifted;
  }
  return true;
}

// x > 2, x in Z: what is declared is the unknown itself, no parameter of it.
bool Comparer::restricts_unknown(const Side& side, const Family& family) const {
  if (family.parameter == 0) return false;
  return std::all_of(family.items.begin(), family.items.end(), [&](NodeId item) {
    const Kind kind = side[item].kind;
    if (kind != Kind::kRelation && kind != Kind::kChain) return false;
    const Label label = label_of(side, item);  // f(x) = 2x, x in R: its argument
    if (label.name != expr::kNoNode && side[label.name].kind == Kind::kCall) return false;
    std::vector<std::uint64_t> names;
    symbols(side, item, names);
    return names.size() == 1 && names[0] == family.parameter;
  });
}

// Finds the parameters that only words declare, or nothing at all, and gives the answer's the
// gold's name.
bool Comparer::name_parameters(Family& mine, Family& theirs) noexcept {
  const std::vector<std::uint64_t> gold_names = family_symbols(gold_, mine);
  const std::vector<std::uint64_t> answer_names = family_symbols(answer_, theirs);
  const auto has = [](const std::vector<std::uint64_t>& names, std::uint64_t name) {
    return std::binary_search(names.begin(), names.end(), name);
  };
  // "for some constant a": any letter will do when each side has just one of its own
  if (mine.parameter == 0 && theirs.declared && theirs.range == NumberSet::kReal &&
      !has(gold_names, theirs.parameter)) {
    const auto lonely = [&](const std::vector<std::uint64_t>& names,
                            const std::vector<std::uint64_t>& others) {
      std::uint64_t found = 0;
      for (const std::uint64_t name : names) {
        if (has(others, name)) continue;
        if (found != 0) return std::uint64_t{0};
        found = name;
      }
      return found;
    };
    mine.parameter = lonely(gold_names, answer_names);
    if (theirs.parameter == 0) theirs.parameter = lonely(answer_names, gold_names);
  }
  if (mine.parameter == 0) {
    if (has(gold_names, theirs.parameter)) {
      mine.parameter = theirs.parameter;
    } else if (gold_names.size() == 1 && (mine.declared || gold_names[0] == number::mix('k'))) {
      mine.parameter = gold_names[0];
    }
  }
  if (theirs.parameter == 0 || !has(answer_names, theirs.parameter)) {
    theirs.parameter = 0;
    if (has(answer_names, mine.parameter)) {
      theirs.parameter = mine.parameter;
    } else {
      for (const std::uint64_t name : answer_names) {
        if (has(gold_names, name) || !is_customary(name)) continue;
        if (theirs.parameter != 0) return false;
        theirs.parameter = name;
      }
    }
  }
  if (mine.parameter == 0 || theirs.parameter == 0 || mine.parameter == theirs.parameter)
    return true;
  if (renamed_ || has(answer_names, mine.parameter)) return false;
  rename_answer(theirs.parameter, mine.parameter);
  return true;
}

// x = 1, 2, 3: the name belongs to the whole list. Gives the name, kNoNode when there is none.
NodeId Comparer::spread_name(const Side& side, std::vector<NodeId>& items) const noexcept {
  if (items.size() < 2 || side[items[0]].kind != Kind::kRelation) return expr::kNoNode;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Kind kind = side[items[i]].kind;
    if (kind == Kind::kRelation || kind == Kind::kChain) return expr::kNoNode;
  }
  const Label label = label_of(side, items[0]);
  if (label.name == expr::kNoNode) return expr::kNoNode;
  const Kind kind = side[label.name].kind;
  if (kind != Kind::kSymbol && kind != Kind::kText) return expr::kNoNode;
  items[0] = label.value;
  return label.name;
}

// The letter that names every item: x = 1, x = 2, or x_1 = 1, x_2 = 2; 0 when there is none.
std::uint64_t Comparer::common_letter(const Side& side,
                                      const std::vector<NodeId>& items) const noexcept {
  std::uint64_t letter = 0;
  for (const NodeId item : items) {
    const Label label = label_of(side, item);
    if (label.name == expr::kNoNode || side[label.name].kind != Kind::kSymbol) return 0;
    const std::uint64_t base = side.tree().symbols[side[label.name].a].base;
    if (letter != 0 && base != letter) return 0;
    letter = base;
  }
  return letter;
}

Decision Comparer::compare_items(std::vector<NodeId>& gold, std::vector<NodeId>& answer) noexcept {
  if (gold.size() == 1 && answer.size() == 1) return compare(gold[0], answer[0]);
  Decision named;
  if (compare_assignments(gold, answer, named)) return named;
  if (gold.size() == 1 &&
      gold_[gold[0]].kind == Kind::kTuple) {  // x = 3 + t, y = 2t for (3 + t, 2t)
    const NodeId list =
        expr::append_items(answer_reading_.parsed.tree, Kind::kList, answer, latex::kByComma);
    evaluate_answer();
    return compare(gold[0], list);
  }
  bool decided = false;
  const Decision labelled = labelled_lists(gold, answer, decided);
  return decided ? labelled : unordered(gold, answer);
}

}  // namespace pyverify::compare
