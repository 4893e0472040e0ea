// The words behind a value become a unit; scales are multiplied in; every quantity gets its value
// in base units.
#include "answer/composed_units.hpp"
#include "answer/nouns.hpp"
#include "answer/reading.hpp"
#include "answer/words.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::NodeId;
using latex::Tok;
using latex::Token;

constexpr Unit plain_unit() {
  Unit unit;
  unit.valid = true;
  return unit;
}

// What a measure is one of: 10 cm long, 5 years old.
bool is_extent(std::string_view word) {
  for (const std::string_view known : {"long", "tall", "wide", "high", "deep", "thick", "old",
                                       "away", "apart", "total", "altogether"}) {
    if (word == known) return true;
  }
  return false;
}

struct Resolver {
  const latex::Parsed& parsed;
  UnitReading made{};
  number::Rational scale{1, 1};
  bool dividing = false;
  bool below = false;   // in the denominator of a fraction
  bool under = false;   // behind a slash
  bool priced = false;  // behind $9
  Unit last{};          // with its power
  bool last_divides = false;
  bool negative_power = false;
  int prefix_power = 0;
  bool any = false;
  bool refused = false;  // words that say another value

  std::string_view text(const Token& token) const {
    return parsed.source.substr(token.begin, token.end - token.begin);
  }

  int exponent(std::uint32_t& i, std::uint32_t end) const {
    return read_exponent(parsed.tokens, parsed.source, i, end);
  }

  void add(Unit unit, int power_of) {
    any = true;
    if (prefix_power != 0) {
      power_of *= prefix_power;
      prefix_power = 0;
    }
    const bool noun = unit.dims[kNoun] != 0;
    if (noun && made.unit.dims[kNoun] != 0) {  // "red marbles" is one noun
      made.unit.noun = number::mix(made.unit.noun, unit.noun);
      return;
    }
    if (!noun) made.known = true;
    if (power_of > 8 || power_of < -8) power_of = 8;
    const Unit raised = power_of == 1 ? unit : power(unit, power_of);
    const bool divisor = dividing != below;
    last = raised;
    last_divides = divisor;
    if (!divisor && is_generic(made.unit)) {  // alone: keep what it may yet mean
      made.unit = raised;
      return;
    }
    made.unit = divisor ? divide(made.unit, raised) : multiply(made.unit, raised);
    dividing = false;
  }

  // Per second squared: a power that is written behind the unit it belongs to.
  void raise_last(int exponent_of) {
    if (!last.valid || exponent_of < -8 || exponent_of > 8) {
      refused = true;
      return;
    }
    const Unit more = power(last, exponent_of - 1);
    made.unit = last_divides ? divide(made.unit, more) : multiply(made.unit, more);
    last = power(last, exponent_of);
  }

  // (mol K) behind a slash, (m/s) under an exponent: a unit of its own. Moves i past it.
  bool bracket(std::uint32_t& i, std::uint32_t end) {
    const Token& open = parsed.tokens[i];
    if (open.value != static_cast<std::uint16_t>(latex::Bracket::kRound)) return false;
    if (open.match <= i || open.match >= end) return false;
    const Tok behind = open.match + 1 < end ? parsed.tokens[open.match + 1].kind : Tok::kEnd;
    if (!dividing && behind != Tok::kCaret && behind != Tok::kSuperscript) return false;
    Resolver inner{parsed};
    inner.made.unit = plain_unit();
    inner.run({i + 1, open.match});
    i = open.match + 1;
    refused = refused || inner.refused || inner.made.percent || inner.made.scaled;
    made.generic = made.generic || inner.made.generic;
    if (inner.any) add(inner.made.unit, exponent(i, end));
    under = false;
    return true;
  }

  void run(latex::Range range) {
    for (std::uint32_t i = range.begin; i < range.end;) {
      const Token& token = parsed.tokens[i];
      switch (token.kind) {
        case Tok::kOpen:
          if (!bracket(i, range.end)) ++i;
          break;
        case Tok::kCurrency:
          ++i;
          add(currency_of_sign(token.value), 1);
          break;
        case Tok::kPrime: {
          ++i;
          const bool twice =
              token.value == 2 || (i < range.end && parsed.tokens[i].kind == Tok::kPrime);
          if (twice && token.value != 2) ++i;
          add(find_unit(twice ? "inch" : "foot", true), 1);
          break;
        }
        case Tok::kDegree: {
          std::uint32_t begin = token.begin;
          ++i;
          if (i < range.end &&
              (parsed.tokens[i].kind == Tok::kLetter || parsed.tokens[i].kind == Tok::kWord)) {
            const std::string_view letter = text(parsed.tokens[i]);
            add(find_unit(letter == "F" ? "\xC2\xB0"
                                          "F"
                                        : "\xC2\xB0"
                                          "C",
                          true),
                1);
            ++i;
          } else {
            add(find_unit(parsed.source.substr(begin, token.end - begin), true), 1);
          }
          break;
        }
        case Tok::kWord:
        case Tok::kHan:
        case Tok::kLetter: {
          if (const Unit unit = composed_unit(parsed, i, range.end); unit.valid) {
            add(unit, exponent(i, range.end));
            break;
          }
          refused |= token.kind == Tok::kLetter && token.value == 0x3BC;
          const std::string_view word = text(token);
          ++i;
          if (i < range.end && parsed.tokens[i].kind == Tok::kPercent) {  // wt%
            made.percent = any = true;
            ++i;
            break;
          }
          // J/kg K, J/mol·K: what is written behind the divisor divides too
          dividing |= under && token.kind == Tok::kLetter;
          word_token(word, i, range.end,
                     latex::has(token, latex::kInText) || latex::has(token, latex::kInRoman) ||
                         word.size() > 1);
          break;
        }
        case Tok::kSlash:
          dividing = under = true;
          ++i;
          break;
        case Tok::kTimes:
          dividing |= under;
          ++i;
          break;
        case Tok::kCaret:
        case Tok::kSuperscript:  // behind \mathrm{m\,s}: it belongs to the s
          raise_last(exponent(i, range.end));
          break;
        case Tok::kCommand: {  // \frac{km}{h}: the parser has seen to the braces
          const std::uint32_t upper = i + 1;
          const std::uint32_t lower = parsed.tokens[upper].match + 1;
          run({upper + 1, lower - 1});
          below = true;
          run({lower + 1, parsed.tokens[lower].match});
          below = false;
          i = parsed.tokens[lower].match + 1;
          break;
        }
        default:
          ++i;
      }
    }
  }

  void word_token(std::string_view word, std::uint32_t& i, std::uint32_t end, bool in_text) {
    std::int64_t factor = 1;
    if (is_percent_word(word)) {
      made.percent = true;
      any = true;
      return;
    }
    if (scale_word(word, factor)) {
      scale = number::mul(scale, number::integer(factor));
      made.scaled = true;
      any = true;
      return;
    }
    if (word == "per") {
      under = false;
      const bool cent = i < end && text(parsed.tokens[i]) == "cent";
      dividing = !cent;
      if (cent) {
        ++i;
        made.percent = any = true;
      }
      return;
    }
    const bool inch = word == "in" && (i >= end || parsed.tokens[i].kind == Tok::kCaret ||
                                       parsed.tokens[i].kind == Tok::kSuperscript);
    if (word == "of" || (word == "in" && !inch) || word == "for" || word == "on" || word == "at") {
      if (made.known) i = end;  // "5 inches of rain"
      return;
    }
    if (word == "a" || word == "an" || word == "the") {
      // 60 miles an hour, $9 an hour; "half an hour" has nothing before it
      dividing |= word != "the" && (made.known || priced) && i < end &&
                  is_known_unit(text(parsed.tokens[i]));
      return;
    }
    const std::uint32_t next = i < end && parsed.tokens[i].kind == Tok::kMinus ? i + 1 : i;
    if (next < end && parsed.tokens[next].kind == Tok::kWord) {  // light years, light-years
      const Unit pair = find_unit_pair(word, text(parsed.tokens[next]));
      if (pair.valid) {
        i = next + 1;
        add(pair, exponent(i, end));
        return;
      }
    }
    if (const int p = power_prefix(word); p != 0) {
      prefix_power = p;
      return;
    }
    if (word == "unit" || word == "units") {
      made.generic = true;
      any = true;
      exponent(i, end);
      prefix_power = 0;
      return;
    }
    if (made.known && is_extent(word)) return;  // 10 cm long
    if (word == "least" || word == "most") {    // 5 at most
      refused = true;
      return;
    }
    if (const int p = power_suffix(word); p != 0) {
      raise_last(p);  // refuses "5 squared"
      return;
    }
    std::uint32_t behind = i;
    if (const int e = exponent(behind, end); e < 0) {
      if (const std::size_t first = glued_product(word); first != 0) {  // ms^{-1}
        add(find_unit(word.substr(0, first), true), 1);
        add(find_unit(word.substr(first), true), e);
        i = behind;
        return;
      }
    }
    const Unit unit = find_unit(word, in_text);
    if (!unit.valid) {
      // 5 never; 12 cm x, where the x is a factor
      refused = refused || denies(word) || (!in_text && word.size() == 1);
      return;
    }
    add(unit, exponent(i, end));
  }
};

}  // namespace

namespace {

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

}  // namespace

void resolve_units(Reading& reading) {
  expr::Tree& tree = reading.parsed.tree;
  for (const latex::Range range : reading.parsed.units) {
    Resolver resolver{reading.parsed};
    resolver.made.unit = plain_unit();
    resolver.priced =
        range.begin > 1 && reading.parsed.tokens[range.begin - 2].kind == Tok::kCurrency;
    resolver.run(range);
    if (resolver.refused) reading.problem = Reason::kUnsupported;
    reading.units.push_back(resolver.made);
    reading.units.back().unit.valid = true;
    if (resolver.made.scaled) reading.units.back().si = expr::append_rational(tree, resolver.scale);
  }
  const auto count = static_cast<NodeId>(tree.nodes.size());
  for (NodeId id = 0; id < count; ++id) {
    const Kind kind = tree[id].kind;
    if (kind == Kind::kQuantitySum) {
      const expr::Node sum = tree[id];
      if (sum.sub != 0 && !adds_up(reading, sum)) {
        tree.nodes[id].kind = Kind::kList;
        continue;
      }
      const NodeId first = tree.items(sum)[0];
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
