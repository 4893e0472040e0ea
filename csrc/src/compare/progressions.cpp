// Lists with dots in them: 2, 4, ..., 20 and {..., -1, 0, 1, ...} as what they go on with.
#include <algorithm>

#include "compare/comparer.hpp"
#include "compare/real_set_reader.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::NumberSet;

namespace {

// first, first + step, ... up to last; open where dots run on for ever.
struct Progression {
  number::Rational first;
  number::Rational last;
  number::Rational step;
  bool from_below = false;
  bool for_ever = false;
};

bool is_multiple(number::Rational value, number::Rational step) {
  return number::div(value, step).is_integer();
}

// At least two numbers must stand before dots between numbers, and three where no dots are.
bool read(const Side& side, const std::vector<NodeId>& items, Progression& out) {
  std::vector<number::Rational> before;
  std::vector<number::Rational> behind;
  bool dots = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (side[items[i]].kind == Kind::kEllipsis) {
      if (i == 0) {
        out.from_below = true;
      } else if (i + 1 == items.size()) {
        out.for_ever = true;
      } else if (dots) {
        return false;
      } else {
        dots = true;
      }
      continue;
    }
    const number::Rational value = side.values->rational[items[i]];
    if (!value.valid()) return false;
    (dots ? behind : before).push_back(value);
  }
  const bool any_dots = dots || out.from_below || out.for_ever;
  if (before.size() < (any_dots ? 2u : 3u) || (dots && behind.empty())) return false;
  if (!any_dots) {
    std::sort(before.begin(), before.end(),
              [](const auto& a, const auto& b) { return number::compare(a, b) < 0; });
    before.erase(std::unique(before.begin(), before.end(),
                             [](const auto& a, const auto& b) { return number::equal(a, b); }),
                 before.end());
    if (before.size() < 3) return false;
  }
  out.step = number::sub(before[1], before[0]);
  if (!out.step.valid() || out.step.num <= 0) return false;
  for (const auto* run : {&before, &behind}) {
    for (std::size_t i = 1; i < run->size(); ++i) {
      if (!number::equal(number::sub((*run)[i], (*run)[i - 1]), out.step)) return false;
    }
  }
  out.first = before.front();
  out.last = dots ? behind.back() : before.back();
  if (!dots) return true;
  const number::Rational gap = number::sub(behind.front(), before.back());
  return gap.valid() && gap.num > 0 && is_multiple(gap, out.step);
}

// Z, the positive and the negative integers; whether 0 is in N is anybody's guess.
bool read_number_set(const Side& side, NodeId id, Progression& out) {
  NumberSet set{};
  if (side[id].kind != Kind::kNumberSet || !number_set_of(side, id, set)) return false;
  out.step = number::integer(1);
  out.from_below = set == NumberSet::kInteger || set == NumberSet::kIntegerNegative;
  out.for_ever = set != NumberSet::kIntegerNegative;
  out.first = out.last = number::integer(set == NumberSet::kIntegerNegative ? -1 : 1);
  return set == NumberSet::kInteger || set == NumberSet::kIntegerPositive ||
         set == NumberSet::kNaturalPositive || set == NumberSet::kIntegerNegative;
}

bool same(const Progression& a, const Progression& b) {
  if (a.from_below != b.from_below || a.for_ever != b.for_ever || !number::equal(a.step, b.step))
    return false;
  if (a.from_below && a.for_ever) return is_multiple(number::sub(a.first, b.first), a.step);
  if (!a.from_below && !number::equal(a.first, b.first)) return false;
  return a.for_ever || number::equal(a.last, b.last);
}

}  // namespace

bool Comparer::compare_progressions(NodeId gold, const std::vector<NodeId>& mine, NodeId answer,
                                    const std::vector<NodeId>& theirs, Decision& out) const {
  const auto has_dots = [](const Side& side, const std::vector<NodeId>& items) {
    return std::any_of(items.begin(), items.end(),
                       [&](NodeId id) { return side[id].kind == Kind::kEllipsis; });
  };
  if (!has_dots(gold_, mine) && !has_dots(answer_, theirs)) return false;
  Progression left;
  Progression right;
  if (!read_number_set(gold_, gold, left) && !read(gold_, mine, left)) return false;
  if (!read_number_set(answer_, answer, right) && !read(answer_, theirs, right)) return false;
  out = same(left, right) ? yes(Reason::kStructure) : no(Reason::kStructure);
  return true;
}

}  // namespace pyverify::compare
