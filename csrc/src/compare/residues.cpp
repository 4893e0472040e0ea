#include "compare/residues.hpp"

#include <algorithm>
#include <numeric>

#include "number/field.hpp"

namespace pyverify::compare {

using expr::Decision;
using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::Relation;
using expr::Truth;

namespace {

// A larger common modulus is nobody's answer.
constexpr std::int64_t kLargestModulus = std::int64_t{1} << 30;

constexpr std::uint8_t v(Relation relation) { return static_cast<std::uint8_t>(relation); }

bool linear_within(const Side& side, NodeId id, std::uint64_t symbol, number::Rational& c0,
                   number::Rational& c1, int depth) {
  const number::Rational known = side.values->rational[id];
  const Node& n = side[id];
  if (known.valid()) {
    c0 = known;
    c1 = number::integer(0);
    return true;
  }
  if (depth > 16) return false;
  if (n.kind == Kind::kSymbol) {
    c0 = number::integer(0);
    c1 = number::integer(1);
    return side.tree().symbols[n.a].name == symbol;
  }
  if (n.kind == Kind::kNeg) {
    if (!linear_within(side, n.a, symbol, c0, c1, depth + 1)) return false;
    c0 = number::neg(c0);
    c1 = number::neg(c1);
    return true;
  }
  if (n.kind != Kind::kAdd && n.kind != Kind::kSub && n.kind != Kind::kMul) return false;
  number::Rational a0, a1, b0, b1;
  if (!linear_within(side, n.a, symbol, a0, a1, depth + 1) ||
      !linear_within(side, n.b, symbol, b0, b1, depth + 1))
    return false;
  if (n.kind == Kind::kAdd) {
    c0 = number::add(a0, b0);
    c1 = number::add(a1, b1);
  } else if (n.kind == Kind::kSub) {
    c0 = number::sub(a0, b0);
    c1 = number::sub(a1, b1);
  } else {
    const bool left_constant = a1.num == 0;
    if (!left_constant && b1.num != 0) return false;
    c0 = number::mul(a0, b0);
    c1 = left_constant ? number::mul(a0, b1) : number::mul(a1, b0);
  }
  return c0.valid() && c1.valid();
}

bool modulus_of(const Side& side, NodeId id, number::Rational& remainder,
                number::Rational& modulus) {
  const Node& n = side[id];
  if (n.kind != Kind::kMod) return false;
  remainder = side.values->rational[n.a];
  modulus = side.values->rational[n.b];
  return remainder.valid() && modulus.valid();
}

}  // namespace

std::uint64_t name_of(const Side& side, NodeId id) {
  return side[id].kind == Kind::kSymbol ? side.tree().symbols[side[id].a].name : 0;
}

bool linear(const Side& side, NodeId id, std::uint64_t symbol, number::Rational& c0,
            number::Rational& c1) {
  return linear_within(side, id, symbol, c0, c1, 0);
}

bool Residues::add(number::Rational remainder, number::Rational modulus) {
  if (!remainder.is_integer() || !modulus.is_integer() || modulus.num == 0) return false;
  const std::int64_t m = modulus.num < 0 ? -modulus.num : modulus.num;
  if (m > kLargestModulus) return false;
  classes.emplace_back(((remainder.num % m) + m) % m, m);
  return classes.size() <= kMostResidues;
}

bool Residues::spread(std::int64_t modulus, std::vector<std::int64_t>& out) const {
  for (const auto& [remainder, own] : classes) {
    if (out.size() + static_cast<std::size_t>(modulus / own) > kMostResidues) return false;
    for (std::int64_t r = remainder; r < modulus; r += own) out.push_back(r);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return true;
}

Decision same_residues(const Residues& gold, const Residues& answer) {
  if (gold.name != 0 && answer.name != 0 && gold.name != answer.name)
    return {Truth::kFalse, Reason::kSymbolMismatch};
  std::int64_t modulus = 1;
  for (const Residues* side : {&gold, &answer}) {
    for (const auto& each : side->classes) {
      modulus = std::lcm(modulus, each.second);
      if (modulus > kLargestModulus) return {Truth::kUnknown, Reason::kUndecided};
    }
  }
  std::vector<std::int64_t> mine;
  std::vector<std::int64_t> theirs;
  if (!gold.spread(modulus, mine) || !answer.spread(modulus, theirs))
    return {Truth::kUnknown, Reason::kUndecided};
  return {mine == theirs ? Truth::kTrue : Truth::kFalse, Reason::kStructure};
}

bool is_class(const Side& side, NodeId id) {
  return side[id].kind == Kind::kMod && side[id].sub == 1;
}

bool read_congruences(const Side& side, const std::vector<NodeId>& items, bool loose,
                      Residues& out) {
  std::vector<number::Rational> waiting;  // remainders whose modulus stands further back
  bool any = false;
  for (const NodeId item : items) {
    const Node& n = side[item];
    NodeId last = item;
    if (n.kind == Kind::kRelation || n.kind == Kind::kChain) {
      const NodeId first = n.kind == Kind::kChain ? side.tree().items(n)[0] : item;
      last = n.kind == Kind::kChain ? side.tree().items(n)[n.b - 1] : item;
      const bool congruence = side[last].sub == v(Relation::kEquivalent);
      if (!congruence && !(loose && side[last].sub == v(Relation::kEqual))) return false;
      if (side[first].sub != side[last].sub && !loose) return false;
      const std::uint64_t name = name_of(side, side[first].a);
      if (name == 0 || (out.name != 0 && out.name != name)) return false;
      out.name = name;
      any |= congruence;
      last = side[last].b;
      number::Rational remainder, modulus;
      if (n.kind == Kind::kChain) {
        // every link must hold
        if (!modulus_of(side, last, remainder, modulus) || !modulus.is_integer() ||
            modulus.num == 0)
          return false;
        for (std::uint32_t i = 0; i + 1 < n.b; ++i) {
          const number::Rational other = side.values->rational[side[side.tree().items(n)[i]].b];
          const number::Rational gap =
              other.valid() ? number::sub(other, remainder) : number::Rational{};
          if (!gap.is_integer() || gap.num % modulus.num != 0) return false;
        }
      }
    } else if (out.name == 0 && !loose) {
      return false;
    }
    number::Rational remainder, modulus;
    if (modulus_of(side, last, remainder, modulus)) {
      for (const number::Rational& earlier : waiting) {
        if (!out.add(earlier, modulus)) return false;
      }
      waiting.clear();
      if (!out.add(remainder, modulus)) return false;
    } else if (side.values->rational[last].valid()) {
      waiting.push_back(side.values->rational[last]);
    } else {
      return false;
    }
  }
  return waiting.empty() && !out.classes.empty() && (any || loose);
}

}  // namespace pyverify::compare
