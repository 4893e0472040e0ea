// Lists whose items are named: x = 1, y = 2 (GRADING 14, 15).
#include <algorithm>

#include "compare/comparer.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

// Letters of unknowns: x, z, t, lambda.
constexpr char16_t kRoots[] = {u'x', u'z', u't', 0x3BB};

// One name for (x, y) wherever it stands.
std::uint64_t Comparer::name_of_tuple(const Side& side, NodeId id) const noexcept {
  std::uint64_t name = static_cast<std::uint64_t>(Kind::kTuple);
  const Node& n = side[id];
  for (std::uint32_t i = 0; i < n.b; ++i) {
    const Node& part = side[side.tree().items(n)[i]];
    if (part.kind == Kind::kSymbol) name = number::mix(name, side.tree().symbols[part.a].name);
  }
  return name;
}

// x = 1, y = 2: every item names something, and not all the same.
bool Comparer::names_differ(const Side& side, const std::vector<NodeId>& items) const noexcept {
  if (items.size() < 2) return false;
  std::uint64_t first = 0;
  bool differ = false;
  for (const NodeId item : items) {
    const Label label = label_of(side, item);
    if (label.name == expr::kNoNode) return false;
    const Node& n = side[label.name];
    std::uint64_t name = n.kind == Kind::kSymbol ? side.tree().symbols[n.a].base
                                                 : static_cast<std::uint64_t>(n.kind);
    if (n.kind == Kind::kCall) name = side.tree().symbols[n.aux].base;
    if (n.kind == Kind::kTuple) name = name_of_tuple(side, label.name);
    if (item == items.front()) first = name;
    differ |= name != first;
  }
  return differ;
}

// Named entries: by name where the gold names them, in the gold's order where it doesn't.
Decision Comparer::labelled_lists(std::vector<NodeId>& gold, std::vector<NodeId>& answer,
                                  bool& decided) noexcept {
  struct Entry {
    std::string_view text;
    std::uint64_t name = 0;
    std::uint64_t base = 0;
    NodeId label = expr::kNoNode;
    NodeId value = expr::kNoNode;
  };
  const auto read = [this](const Side& side, const std::vector<NodeId>& items,
                           std::vector<Entry>& out, bool& distinct, bool& one_base) {
    distinct = one_base = true;
    for (const NodeId item : items) {
      if (side[item].kind != Kind::kRelation) return false;
      const Label label = label_of(side, item);
      if (label.name == expr::kNoNode) return false;
      Entry entry;
      entry.label = label.name;
      entry.value = label.value;
      const Node& n = side[label.name];
      if (n.kind == Kind::kSymbol) {
        const expr::Symbol& symbol = side.tree().symbols[n.a];
        entry.text =
            side.reading->text.substr(symbol.text_begin, symbol.text_end - symbol.text_begin);
        entry.name = symbol.name;
        entry.base = symbol.base;
      } else if (n.kind == Kind::kCall) {
        entry.name = entry.base = side.tree().symbols[n.aux].name;
        for (std::uint32_t i = 0; i < n.b; ++i) {  // f(1) and f(2) are two names
          entry.name = number::mix(entry.name, expr::key(side.scalar(side.tree().items(n)[i])));
        }
      } else if (n.kind == Kind::kTuple) {
        entry.name = entry.base = name_of_tuple(side, label.name);
      } else {
        entry.name = 0x1000 + out.size();
        entry.base = entry.name;
      }
      for (const Entry& other : out) distinct &= other.name != entry.name;
      if (!out.empty()) one_base &= out.front().base == entry.base;
      out.push_back(entry);
    }
    return true;
  };
  decided = false;
  std::vector<Entry> mine;
  std::vector<Entry> theirs;
  bool gold_distinct = false;
  bool answer_distinct = false;
  bool gold_one = false;
  bool answer_one = false;
  const bool gold_named = gold.size() >= 2 && read(gold_, gold, mine, gold_distinct, gold_one);
  const bool answer_named =
      answer.size() >= 2 && read(answer_, answer, theirs, answer_distinct, answer_one);
  const auto values = [](const std::vector<Entry>& entries) {
    std::vector<NodeId> out;
    for (const Entry& entry : entries) out.push_back(entry.value);
    return out;
  };
  if (gold_named && answer_named) {
    if (gold_distinct && answer_distinct &&
        !(gold_one && answer_one && mine.size() != theirs.size())) {
      const bool same_names = std::all_of(mine.begin(), mine.end(), [&](const Entry& entry) {
        return std::any_of(theirs.begin(), theirs.end(), [&](const Entry& other) {
          return same_label(entry.label, other.label).truth == Truth::kTrue;
        });
      });
      // x_1 and x_2 are the roots in any order, a_1 and a_2 terms of a sequence
      const bool roots = std::any_of(std::begin(kRoots), std::end(kRoots), [&](char16_t letter) {
        return mine.front().base == number::mix(letter);
      });
      if ((same_names && !(gold_one && roots)) || !answer_one) {
        decided = true;
        if (mine.size() != theirs.size()) return no(Reason::kCountMismatch);
        for (const Entry& entry : mine) {
          const auto other =
              std::find_if(theirs.begin(), theirs.end(), [&](const Entry& candidate) {
                return same_label(entry.label, candidate.label).truth == Truth::kTrue;
              });
          if (other == theirs.end())
            return differ(entry.label, expr::kNoNode, Reason::kSymbolMismatch);
          const Decision one = compare(entry.value, other->value);
          if (one.truth != Truth::kTrue) return one;
        }
        return yes(Reason::kStructure);
      }
    }
    // numbered roots of one letter are a list
    const bool same_letter = gold_one && answer_one && mine.front().base == theirs.front().base;
    if (same_letter) {
      decided = true;
      // f(t) = t or f(t) = 3 - t: one argument for all
      if (gold_[mine.front().label].kind == Kind::kCall &&
          answer_[theirs.front().label].kind == Kind::kCall) {
        const bool named = std::any_of(mine.begin(), mine.end(), [&](const Entry& entry) {
          return same_label(entry.label, theirs.front().label).truth == Truth::kTrue;
        });
        const bool all = std::all_of(theirs.begin(), theirs.end(), [&](const Entry& entry) {
          return same_label(mine.front().label, entry.label).truth == Truth::kTrue;
        });
        if (!named || !all) return no(Reason::kSymbolMismatch);
      }
      // x_1 and x_9 for x_1 and x_2
      const auto known = [&](const Entry& other) {
        return std::any_of(mine.begin(), mine.end(),
                           [&](const Entry& entry) { return entry.name == other.name; });
      };
      if (gold_distinct && answer_distinct && !std::all_of(theirs.begin(), theirs.end(), known))
        return no(Reason::kSymbolMismatch);
      return unordered(values(mine), values(theirs));
    }
    return unknown();
  }
  if (gold_named && std::none_of(answer.begin(), answer.end(),
                                 [&](NodeId id) { return answer_[id].kind == Kind::kRelation; })) {
    decided = true;
    const std::vector<NodeId> plain = values(mine);
    if (gold_distinct && !gold_one)
      return ordered(plain.data(), plain.size(), answer.data(), answer.size());
    return unordered(plain, answer);
  }
  if (answer_named && std::none_of(gold.begin(), gold.end(),
                                   [&](NodeId id) { return gold_[id].kind == Kind::kRelation; })) {
    decided = true;
    const std::vector<NodeId> plain = values(theirs);
    if (answer_distinct && !answer_one)
      return ordered(gold.data(), gold.size(), plain.data(), plain.size());
    return unordered(gold, plain);
  }
  return unknown();
}

// x = 1, y = 2; (x, y) = (1, 2); x = y = 3: a value for each of several letters.
bool Comparer::read_assignments(const Side& side, const std::vector<NodeId>& nodes,
                                Assignments& out) const {
  const auto add = [&](NodeId letter, NodeId value) {
    std::uint64_t name = 0;
    for (const char c : figure_letters(side, letter))  // AB = CD = 2
      name = number::mix(name, static_cast<unsigned char>(c));
    if (side[letter].kind == Kind::kSymbol) name = side.tree().symbols[side[letter].a].name;
    if (name == 0) return false;
    const bool known = std::any_of(out.begin(), out.end(),
                                   [name](const auto& entry) { return entry.first == name; });
    out.emplace_back(name, value);
    return !known;
  };
  const auto is_equation = [&](NodeId relation) {
    return side[relation].kind == Kind::kRelation &&
           side[relation].sub == static_cast<std::uint8_t>(expr::Relation::kEqual);
  };
  const bool alone = nodes.size() == 1;
  const NodeId id = nodes.front();
  const Node& n = side[id];
  const NodeId* items = alone ? side.tree().items(n) : nodes.data();
  const auto count = alone ? n.b : static_cast<std::uint32_t>(nodes.size());
  if (alone && n.kind == Kind::kRelation && is_equation(id)) {
    const Node& letters = side[n.a];
    const Node& values = side[n.b];
    if (letters.kind != Kind::kTuple || letters.b != values.b ||
        (values.kind != Kind::kTuple && values.kind != Kind::kBracket))
      return false;
    for (std::uint32_t i = 0; i < letters.b; ++i) {
      if (!add(side.tree().items(letters)[i], side.tree().items(values)[i])) return false;
    }
  } else if (alone && n.kind == Kind::kChain) {
    for (std::uint32_t i = 0; i < n.b; ++i) {
      if (!is_equation(items[i]) || !add(side[items[i]].a, side[items[n.b - 1]].b)) return false;
    }
  } else if (!alone || (n.kind == Kind::kList && (n.sub & latex::kByOr) == 0)) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!is_equation(items[i]) || !add(side[items[i]].a, side[items[i]].b)) return false;
    }
  }
  return out.size() >= 2;
}

// False when one side is something else, or both are lists.
bool Comparer::compare_assignments(const std::vector<NodeId>& gold,
                                   const std::vector<NodeId>& answer, Decision& out) noexcept {
  const Kind g = gold.size() == 1 ? gold_[gold.front()].kind : Kind::kList;
  const Kind a = answer.size() == 1 ? answer_[answer.front()].kind : Kind::kList;
  if (g == Kind::kList && a == Kind::kList) return false;
  Assignments mine;
  Assignments theirs;
  const bool named = read_assignments(gold_, gold, mine);
  if (named && g == Kind::kChain && a == Kind::kTuple) {  // (0, 0) for x = y = 0
    const Node t = answer_[answer.front()];
    std::vector<NodeId> values;
    for (const auto& [name, value] : mine) values.push_back(value);
    out = ordered(values.data(), values.size(), answer_.tree().items(t), t.b);
    return true;
  }
  if (!named || !read_assignments(answer_, answer, theirs)) {
    // x = 2 and x = 2y = 2 leave a part of x = y = 2 out
    out = no(Reason::kStructure);
    return named && g == Kind::kChain && (a == Kind::kRelation || a == Kind::kChain);
  }
  out = no(Reason::kCountMismatch);
  if (mine.size() != theirs.size()) return true;
  for (const auto& [name, value] : mine) {
    const auto other = std::find_if(theirs.begin(), theirs.end(),
                                    [name](const auto& entry) { return entry.first == name; });
    out = other == theirs.end() ? no(Reason::kSymbolMismatch) : compare(value, other->second);
    if (out.truth != Truth::kTrue) return true;
  }
  return true;
}

}  // namespace pyverify::compare
