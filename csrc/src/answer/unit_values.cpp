// The units behind values: scales are multiplied in, every quantity gets its value in base units.
#include "answer/reading.hpp"
#include "answer/unit_words.hpp"
#include "expr/build.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::NodeId;
using latex::Tok;
using latex::Token;

// 3, 12: of which there are several.
bool is_several(const expr::Tree& tree, const expr::Node& node) {
  if (node.kind != Kind::kNumber) return false;
  const expr::Number& literal = tree.numbers[node.a];
  return !literal.decimal_point && !number::equal(literal.value, number::integer(1));
}

// The 12th of 12th floor and 12^{th} \text{ floor}.
bool is_ordinal(const latex::Parsed& parsed, std::uint32_t behind) {
  if (behind > 0 && parsed.tokens[behind - 1].kind == Tok::kClose) --behind;
  if (behind == 0) return false;
  const Token& suffix = parsed.tokens[behind - 1];
  const std::string_view text = parsed.source.substr(suffix.begin, suffix.end - suffix.begin);
  return text == "th" || text == "st" || text == "nd" || text == "rd";
}

bool is_degrees(const Unit& unit) {
  return unit.dims[kAngle] == 1 && unit.pi_over_180 == 1 && number::equal(unit.factor, {1, 1});
}

// 22 degrees 30 minutes, 22度30分: behind degrees they are minutes and seconds of arc.
void arc_of_clock(Reading& reading, const expr::Node& sum) {
  expr::Tree& tree = reading.parsed.tree;
  for (std::uint32_t i = 1; i < sum.b; ++i) {
    const NodeId part = tree.items(sum)[i];
    const std::uint32_t which = tree[part].b;
    const Token& word = reading.parsed.tokens[reading.parsed.units[which].begin];
    const std::string_view text = reading.parsed.source.substr(word.begin, word.end - word.begin);
    UnitReading& unit = reading.units[which];
    const bool clock = same_dimension(unit.unit, find_unit("second", true));
    const bool minutes = text == "分" || (clock && number::equal(unit.unit.factor, {60, 1}));
    if (!minutes && !(clock && number::equal(unit.unit.factor, {1, 1}))) continue;
    unit.unit = find_unit(minutes ? "arcmin" : "arcsec", true);
    const NodeId share = expr::append_rational(tree, unit.unit.factor);
    unit.si = expr::append_unary(tree, Kind::kDegree,
                                 expr::append_binary(tree, Kind::kMul, tree[part].a, share));
  }
}

// 1 h 30 min go on in a smaller unit; 5 cm and 10 cm are two lengths.
bool adds_up(const Reading& reading, const expr::Node& sum) {
  const expr::Tree& tree = reading.tree();
  const auto unit = [&](std::uint32_t i) -> const Unit& {
    return reading.units[tree[tree.items(sum)[i]].b].unit;
  };
  for (std::uint32_t i = 1; i < sum.b; ++i) {
    if (number::compare(unit(i).factor, unit(i - 1).factor) >= 0) return false;
  }
  return true;
}

// Do the words behind a value leave it as it is?
void weigh_words(Reading& reading, const expr::Node& quantity) {
  const latex::Parsed& parsed = reading.parsed;
  const UnitReading& unit = reading.units[quantity.b];
  const expr::Node& value = parsed.tree[quantity.a];
  const std::uint32_t begin = parsed.units[quantity.b].begin;
  const Token& first = parsed.tokens[begin];
  const std::string_view word = parsed.source.substr(first.begin, first.end - first.begin);
  const bool condition =
      value.kind == Kind::kSymbol && (word == "is" || word == "are");  // n is even
  reading.stray_words |= unit.stray && !condition;
  if (!unit.singular) return;
  reading.lone_noun |= is_ordinal(parsed, begin) ? word == "root" || word == "power"
                                                 : is_several(parsed.tree, value);
}

}  // namespace

void resolve_units(Reading& reading) {
  expr::Tree& tree = reading.parsed.tree;
  for (const latex::Range range : reading.parsed.units) {
    UnitWords words = read_unit_words(reading.parsed, range);
    if (words.refused) reading.problem = Reason::kUnsupported;
    if (words.reading.scaled) words.reading.si = expr::append_rational(tree, words.scale);
    reading.units.push_back(words.reading);
  }
  const auto count = static_cast<NodeId>(tree.nodes.size());
  for (NodeId id = 0; id < count; ++id) {
    const Kind kind = tree[id].kind;
    if (kind == Kind::kQuantitySum) {
      const expr::Node sum = tree[id];
      const NodeId first = tree.items(sum)[0];
      if (is_degrees(reading.units[tree[first].b].unit)) arc_of_clock(reading, sum);
      if (sum.sub != 0 && !adds_up(reading, sum)) {
        tree.nodes[id].kind = Kind::kList;
        continue;
      }
      NodeId total = expr::kNoNode;
      bool same = true;
      for (std::uint32_t i = 0; i < sum.b; ++i) {
        const expr::Node& part = tree[tree.items(sum)[i]];
        const UnitReading& unit = reading.units[part.b];
        same &= same_dimension(unit.unit, reading.units[tree[first].b].unit) &&
                unit.si != expr::kNoNode;
        if (!same) break;
        total = total == expr::kNoNode ? unit.si
                                       : expr::append_binary(tree, Kind::kAdd, total, unit.si);
      }
      if (!same) {
        reading.problem = Reason::kUnsupported;
        return;
      }
      // in base units already: the unit is one of size 1
      UnitReading joined = reading.units[tree[first].b];
      joined.unit.factor = number::integer(1);
      joined.unit.pi_over_180 = 0;
      joined.si = total;
      reading.units.push_back(joined);
      expr::Node& node = tree.nodes[id];
      node.kind = Kind::kQuantity;
      node.a = total;
      node.b = static_cast<std::uint32_t>(reading.units.size() - 1);
      continue;
    }
    if (kind != Kind::kQuantity && kind != Kind::kMoney) continue;
    UnitReading& unit = reading.units[tree[id].b];
    NodeId value = tree[id].a;
    weigh_words(reading, tree[id]);
    if (tree[value].kind ==
        Kind::kMoney) {  // $2.4 million: the money's unit, the scale of the words
      const Unit currency = reading.units[tree[value].b].unit;
      if (unit.unit.dims[kCurrency] == 0 && unit.unit.dims[kNoun] == 0)
        unit.unit = multiply(unit.unit, currency);
      unit.known = true;
      value = tree[value].a;
    }
    if (!expr::is_scalar(tree[value].kind)) continue;
    if (unit.scaled) value = expr::append_binary(tree, Kind::kMul, value, unit.si);
    if (unit.percent && unit.unit.dims == std::array<std::int8_t, kBaseCount>{}) {
      tree.nodes[id] = {Kind::kPercent, 0, 0, value, 0, std::min(tree[value].lo, id)};
      if (value > id) tree.nodes[id].kind = Kind::kQuantity, reading.problem = Reason::kUnsupported;
      continue;
    }
    tree.nodes[id].a = value;
    NodeId si = value;
    if (unit.unit.exponent10 != 0) {
      const NodeId ten = expr::append_rational(tree, number::integer(10));
      const NodeId exponent = expr::append_rational(tree, number::integer(unit.unit.exponent10));
      si = expr::append_binary(tree, Kind::kMul, si,
                               expr::append_binary(tree, Kind::kPow, ten, exponent));
    }
    if (!number::equal(unit.unit.factor, number::integer(1))) {
      si = expr::append_binary(tree, Kind::kMul, si, expr::append_rational(tree, unit.unit.factor));
    }
    if (unit.unit.pi_over_180 != 0) si = expr::append_unary(tree, Kind::kDegree, si);
    if (unit.unit.offset.num != 0)
      si = expr::append_binary(tree, Kind::kAdd, si, expr::append_rational(tree, unit.unit.offset));
    unit.si = si;
  }
}

}  // namespace pyverify::answer
