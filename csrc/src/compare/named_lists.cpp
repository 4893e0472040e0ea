// Lists whose items are named: x = 1, y = 2 (GRADING 14, 15).
#include <algorithm>

#include "compare/comparer.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

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
      if (same_names || !answer_one) {
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

}  // namespace pyverify::compare
