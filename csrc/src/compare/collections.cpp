// Lists and sets (GRADING 14).
#include <algorithm>

#include "compare/comparer.hpp"
#include "compare/real_set_reader.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

std::vector<NodeId> Comparer::elements(const Side& side, NodeId id) const {
  std::vector<NodeId> out;
  std::vector<NodeId> open{id};
  while (!open.empty()) {
    const NodeId at = open.back();
    open.pop_back();
    const Node& n = side[at];
    // nested lists flatten, nested sets are elements
    const bool descend =
        n.kind == Kind::kList ||
        (at == id && (n.kind == Kind::kSet || n.kind == Kind::kBracket || n.kind == Kind::kUnion ||
                      n.kind == Kind::kIntersection || n.kind == Kind::kCases));
    if (!descend) {
      out.push_back(at);
      continue;
    }
    for (std::uint32_t i = n.b; i-- > 0;) open.push_back(side.tree().items(n)[i]);
  }
  return out;
}

Decision Comparer::ordered(const NodeId* gold, std::size_t gold_count, const NodeId* answer,
                           std::size_t answer_count) noexcept {
  if (gold_count != answer_count) return no(Reason::kCountMismatch);
  const std::vector<NodeId> mine(gold, gold + gold_count);
  const std::vector<NodeId> theirs(answer, answer + answer_count);  // the tree may grow meanwhile
  for (std::size_t i = 0; i < gold_count; ++i) {
    const Decision one = compare(mine[i], theirs[i]);
    if (one.truth != Truth::kTrue)
      return {one.truth, one.truth == Truth::kFalse ? Reason::kStructure : one.reason};
  }
  return yes(Reason::kStructure);
}

// Every gold element has an equal among the answers and the other way round: order and repetition
// don't count. Elements with one signature are tried first, so that a long permuted list costs one
// comparison an element.
Decision Comparer::unordered(const std::vector<NodeId>& gold,
                             const std::vector<NodeId>& answer) noexcept {
  if (gold.empty() || answer.empty())
    return gold.size() == answer.size() ? yes(Reason::kStructure) : no(Reason::kCountMismatch);
  const auto key_of = [](const Side& side, NodeId id) -> std::uint64_t {
    return expr::is_scalar(side[id].kind) ? expr::key(side.scalar(id)) : 0;
  };
  std::vector<std::pair<std::uint64_t, std::size_t>> by_key;
  by_key.reserve(answer.size());
  for (std::size_t i = 0; i < answer.size(); ++i)
    by_key.emplace_back(key_of(answer_, answer[i]), i);
  std::sort(by_key.begin(), by_key.end());
  std::vector<bool> met(answer.size(), false);
  bool doubt = false;
  const auto meets = [&](NodeId g, std::size_t i) {
    const number::Rational exact = gold_.values->rational[g];
    const number::Rational other = answer_.values->rational[answer[i]];
    const bool scalars = expr::is_scalar(gold_[g].kind) && expr::is_scalar(answer_[answer[i]].kind);
    if (scalars && exact.valid() && other.valid() && number::equal(exact, other)) return true;
    const Decision one = compare(g, answer[i]);
    doubt |= one.truth == Truth::kUnknown;
    return one.truth == Truth::kTrue;
  };
  for (const NodeId g : gold) {
    if (!budget_.spend(8)) return unknown(budget_.stopped_by());
    std::size_t partner = answer.size();
    const std::uint64_t key = key_of(gold_, g);
    for (auto at = std::lower_bound(by_key.begin(), by_key.end(), std::pair{key, std::size_t{0}});
         at != by_key.end() && at->first == key && partner == answer.size(); ++at) {
      if (meets(g, at->second)) partner = at->second;
    }
    // unmatched ones first, then a repetition
    for (int pass = 0; pass < 2 && partner == answer.size(); ++pass) {
      for (std::size_t i = 0; i < answer.size() && partner == answer.size(); ++i) {
        if (met[i] == (pass == 0)) continue;
        if (!budget_.spend(4)) return unknown(budget_.stopped_by());
        if (meets(g, i)) partner = i;
      }
    }
    if (partner == answer.size()) {
      if (doubt) return unknown(budget_.stopped() ? budget_.stopped_by() : Reason::kUndecided);
      return differ(g, expr::kNoNode,
                    gold.size() != answer.size() ? Reason::kCountMismatch : Reason::kStructure);
    }
    met[partner] = true;
  }
  for (std::size_t i = 0; i < answer.size(); ++i) {
    if (met[i]) continue;
    bool found = false;
    for (const NodeId g : gold) {
      const Decision one = compare(g, answer[i]);
      found |= one.truth == Truth::kTrue;
      doubt |= one.truth == Truth::kUnknown;
      if (found) break;
    }
    if (!found) return doubt ? unknown() : differ(expr::kNoNode, answer[i], Reason::kCountMismatch);
  }
  return yes(Reason::kStructure);
}

bool Comparer::holds_set(const Side& side, const std::vector<NodeId>& items) const noexcept {
  return std::any_of(items.begin(), items.end(), [&](NodeId id) {
    return side[id].kind == Kind::kSet || side[id].kind == Kind::kEmptySet;
  });
}

namespace {

bool by_or(const Side& side, NodeId list) { return (side[list].sub & latex::kByOr) != 0; }

}  // namespace

Decision Comparer::compare_collections(NodeId gold, NodeId answer) noexcept {
  const Kind g = gold_[gold].kind;
  const Kind a = answer_[answer].kind;
  const bool gold_many = g == Kind::kList || g == Kind::kSet;
  std::vector<NodeId> theirs = elements(answer_, answer);
  if (in_set_ && (g == Kind::kSet) != (a == Kind::kSet)) return no(Reason::kKindMismatch);
  if (g == Kind::kSet && a == Kind::kSet) {
    const bool outer = in_set_;
    in_set_ = true;
    const std::vector<NodeId> members = elements(gold_, gold);
    const Decision same = unordered(members, theirs);
    in_set_ = outer;
    if (same.truth == Truth::kTrue || holds_set(gold_, members) || holds_set(answer_, theirs))
      return same;
  }
  // x = 1, 2, 3: the name belongs to the whole list; x in {1, 2}
  if (a == Kind::kRelation) {
    const Node relation = answer_[answer];
    const bool in = relation.sub == static_cast<std::uint8_t>(expr::Relation::kIn);
    if (in && answer_[relation.b].kind == Kind::kSet) return compare(gold, relation.b);
    const Label label = label_of(answer_, answer);
    if (label.name != expr::kNoNode && gold_many) return compare(gold, label.value);
  }
  std::vector<NodeId> mine = elements(gold_, gold);
  const std::uint64_t gold_letter = common_letter(gold_, mine);
  const std::uint64_t answer_letter = common_letter(answer_, theirs);
  const NodeId answer_name = a == Kind::kList ? spread_name(answer_, theirs) : expr::kNoNode;
  const NodeId gold_name = g == Kind::kList ? spread_name(gold_, mine) : expr::kNoNode;
  // y = 1, 2 isn't x = 1, 2
  const auto letter_of = [](const Side& side, NodeId name, std::uint64_t otherwise) {
    if (name == expr::kNoNode) return otherwise;
    const Node& n = side[name];
    return n.kind == Kind::kSymbol ? side.tree().symbols[n.a].base : std::uint64_t{1};
  };
  const std::uint64_t my_letter = letter_of(gold_, gold_name, gold_letter);
  const std::uint64_t their_letter = letter_of(answer_, answer_name, answer_letter);
  const bool texts = my_letter == 1 && their_letter == 1;
  if (my_letter != 0 && their_letter != 0 &&
      (my_letter != their_letter ||
       (texts && same_label(gold_name, answer_name).truth != Truth::kTrue))) {
    return no(Reason::kSymbolMismatch);
  }
  Decision progression;
  if (compare_progressions(gold, mine, answer, theirs, progression)) return progression;
  if (g == Kind::kSet && a == Kind::kEmptySet) return no(Reason::kKindMismatch);
  if (gold_many && mine.size() == 1 && theirs.size() == 1 &&
      (mine[0] != gold || theirs[0] != answer)) {
    return compare(mine[0], theirs[0]);
  }
  // "or" leaves open what the gold states together: x = 1 or y = 2, Alice or Bob
  const bool open = a == Kind::kList && (answer_[answer].sub & latex::kByOr) != 0 &&
                    (g != Kind::kList || (gold_[gold].sub & latex::kByOr) == 0);
  const auto is_inequality = [&](NodeId id) {
    const Node& n = answer_[id];
    return n.kind == Kind::kRelation && n.sub >= static_cast<std::uint8_t>(expr::Relation::kLess) &&
           n.sub <= static_cast<std::uint8_t>(expr::Relation::kGreaterEqual);
  };
  // short names read as products of letters: Ann and Ben
  const bool letters = g == Kind::kList && (gold_[gold].sub & latex::kByAnd) != 0 &&
                       expr::is_scalar(answer_[theirs.front()].kind) &&
                       has_variables(answer_, theirs.front());
  // k < 0 or k = 1 is no condition and another one
  const bool both = g == Kind::kList && (gold_[gold].sub & latex::kByOr) != 0 && a == Kind::kList &&
                    (answer_[answer].sub & latex::kByOr) == 0;
  if (both && std::any_of(theirs.begin(), theirs.end(), is_inequality))
    return no(Reason::kStructure);
  if (open && (letters || names_differ(answer_, theirs) ||
               answer_[theirs.front()].kind == Kind::kText || is_inequality(theirs.front()))) {
    return no(Reason::kHedged);
  }
  if (gold_many && a == Kind::kSet && names_differ(gold_, mine)) return no(Reason::kKindMismatch);
  // (1, 2), (3, 5) are points, a union holds intervals
  if (gold_many && a == Kind::kUnion && std::all_of(mine.begin(), mine.end(), [&](NodeId id) {
        return gold_[id].kind == Kind::kTuple && !is_infinite_pair(gold_, gold_[id]);
      })) {
    return no(Reason::kKindMismatch);
  }
  if (gold_many) {
    if (a == Kind::kTuple) {
      // x = 1, y = 2 against a tuple: by the gold's order, when the names are several
      if (names_differ(gold_, mine)) {
        const Node t = answer_[answer];
        std::vector<NodeId> entries(answer_.tree().items(t), answer_.tree().items(t) + t.b);
        bool decided = false;
        const Decision decision = labelled_lists(mine, entries, decided);
        if (decided) return decision;
      }
      // a list of one tuple
      return mine.size() == 1 ? compare(mine[0], answer) : no(Reason::kKindMismatch);
    }
    // [-2, 5] may be a list of two, but neither a set nor what a sign or an "or" leaves open
    RealSet interval;
    const bool plain = g == Kind::kList && (gold_[gold].sub & latex::kByOr) == 0 &&
                       !gold_reading_.parsed.has_plus_minus;
    if (a == Kind::kBracket && !plain && to_real_set(answer_, answer, true, interval, budget_))
      return no(Reason::kKindMismatch);
    bool decided = false;
    const Decision labelled = labelled_lists(mine, theirs, decided);
    if (decided) return labelled;
    if (options_.ordered_lists && g == Kind::kList && a == Kind::kList) {
      return ordered(mine.data(), mine.size(), theirs.data(), theirs.size());
    }
    return unordered(mine, theirs);
  }
  // the gold is one thing, the answer several
  if (g == Kind::kTuple ||
      (g == Kind::kBracket && gold_[gold].b == 2 && options_.pairs == PairRule::kTuple)) {
    if (theirs.size() == 1 && answer_[theirs[0]].kind == Kind::kTuple)
      return compare(gold, theirs[0]);
    if (a == Kind::kSet) return no(Reason::kKindMismatch);
    if (a == Kind::kList && by_or(answer_, answer)) return no(Reason::kHedged);
    const Node t = gold_[gold];
    std::vector<NodeId> entries(gold_.tree().items(t), gold_.tree().items(t) + t.b);
    std::vector<std::pair<std::string_view, NodeId>> named;
    for (const NodeId item : theirs) {
      if (answer_[item].kind != Kind::kRelation) break;
      const Label label = label_of(answer_, item);
      if (label.name == expr::kNoNode || answer_[label.name].kind != Kind::kSymbol) break;
      const expr::Symbol& symbol = answer_.tree().symbols[answer_[label.name].a];
      named.emplace_back(
          answer_reading_.text.substr(symbol.text_begin, symbol.text_end - symbol.text_begin),
          label.value);
    }
    if (named.size() == theirs.size() && named.size() >= 2) {
      const auto values = [&] {
        std::vector<NodeId> out;
        for (const auto& [name, value] : named) out.push_back(value);
        return out;
      };
      const std::vector<NodeId> written = values();
      std::stable_sort(named.begin(), named.end(),
                       [](const auto& x, const auto& y) { return x.first < y.first; });
      const std::vector<NodeId> sorted = values();
      const Decision by_name =
          ordered(entries.data(), entries.size(), sorted.data(), sorted.size());
      const bool coordinates =
          named.front().first == "x" || named.back().first == "y" || named.back().first == "z";
      if (by_name.truth == Truth::kTrue || coordinates) return by_name;
      return ordered(entries.data(), entries.size(), written.data(), written.size());
    }
    if (theirs.size() == 1) return compare(gold, theirs[0]);
    return ordered(entries.data(), entries.size(), theirs.data(), theirs.size());
  }
  if (a == Kind::kSet && (g == Kind::kBracket || g == Kind::kEmptySet))
    return no(Reason::kKindMismatch);
  if (g == Kind::kBracket) {
    RealSet interval;
    if (gold_[gold].b == 2 && to_real_set(gold_, gold, true, interval, budget_))
      return no(Reason::kKindMismatch);
    std::vector<NodeId> entries = elements(gold_, gold);
    return unordered(entries, theirs);
  }
  if (theirs.size() == 1 && theirs[0] != answer) return compare(gold, theirs[0]);
  if (g == Kind::kRelation || g == Kind::kChain) {
    const Label label = g == Kind::kRelation ? label_of(gold_, gold) : Label{};
    if (label.name != expr::kNoNode &&
        (gold_[label.value].kind == Kind::kTuple || gold_[label.value].kind == Kind::kSet)) {
      return compare(label.value, answer);
    }
  }
  // repetition doesn't count: every element must be the gold
  for (const NodeId item : theirs) {
    const Decision one = compare(gold, item);
    if (one.truth != Truth::kTrue) return no(Reason::kMultipleAnswers);
  }
  return yes(Reason::kStructure);
}

}  // namespace pyverify::compare
