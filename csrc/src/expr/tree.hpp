// The expression tree: flat, post-order, append-only. A node's operands stand before it.
//
// Scalar kinds have a value at a point; structural kinds hold scalars. Nothing is ever expanded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "number/rational.hpp"

namespace pyverify::expr {

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = ~0u;

enum class Kind : std::uint8_t {
  // ---- scalars
  kNumber,  // a: index into numbers
  kSymbol,  // a: index into symbols
  kPi,
  kE,
  kI,
  kInfinity,
  kAdd,  // a + b
  kSub,
  kMul,
  kDiv,
  kNeg,       // -a
  kPow,       // a ^ b
  kRoot,      // b-th root of a; sqrt has the number 2 as b
  kFunction,  // sub: Function; a: argument
  kLogBase,   // log of b to base a
  kAbs,
  kFloor,
  kCeil,
  kFactorial,
  kDoubleFactorial,
  kBinomial,  // a over b
  kMod,       // a mod b
  kMax,       // items (a, b): a first index into kids, b count; likewise for all kinds with "items"
  kMin,
  kGcd,
  kLcm,
  kReal,  // real part of a
  kImag,
  kConj,
  kCall,       // sub unused; aux: index into symbols of the function's name; items: arguments
  kDegree,     // a degrees: a * pi / 180
  kPercent,    // a / 100
  kOperator,   // integral, limit, sum, ...: sub: OperatorKind; items: its parts; opaque to
               // evaluation
  kScalarEnd,  // marks the end of the scalar kinds
  // ---- structure
  kTuple,         // items, ordered: (a, b)
  kList,          // items, unordered: a, b
  kBracket,       // items: [a, b, ...]
  kSet,           // items: {a, b}
  kInterval,      // a, b; sub: IntervalEnds
  kUnion,         // items
  kIntersection,  // items
  kDifference,    // a without b
  kMatrix,        // items, row by row; aux: columns
  kRelation,      // a sub b, sub: Relation; aux: 1 when the node before this one is a - b of two
                  // scalars
  kChain,         // items: relations that share their middle members, a < b < c
  kCondition,     // a given b: set-builder bodies, cases rows, "k in Z" side conditions
  kCases,         // items: kCondition
  kNumberSet,     // sub: NumberSet
  kEmptySet,
  kRatio,      // items: aux members a : b : c, then their quotients (a/b for two; b/a, c/a, ... for
               // more)
  kQuantity,   // a with unit; b: index into units
  kMoney,      // a with currency; b: index into units
  kBased,      // numeral text in a base; a: index into based
  kTime,       // a: index into times
  kText,       // a: index into texts
  kPlusMinus,  // a +- b, or +- b when a is kNoNode; sub: 0 for +-, 1 for -+ ; replaced before
               // evaluation
  kEllipsis,
  kQuantitySum,  // items: quantities of one dimension, 1 h 30 min; sub: what joins them
  kAssumption,   // a with a side condition in words or a declared parameter; b: the condition node
};

enum class Function : std::uint8_t {
  kSin,
  kCos,
  kTan,
  kSec,
  kCsc,
  kCot,
  kArcsin,
  kArccos,
  kArctan,
  kArcsec,
  kArccsc,
  kArccot,
  kSinh,
  kCosh,
  kTanh,
  kSech,
  kCsch,
  kCoth,
  kArcsinh,
  kArccosh,
  kArctanh,
  kLn,
  kLog /* no base given */,
  kExp,
  kArg,
  kSign,
};

enum class OperatorKind : std::uint8_t {
  kIntegral,
  kLimit,
  kSum,
  kProduct,
  kDerivative,
  kDeterminant,
  kInverse,
  kTranspose,
  kEvaluation,  // F between two bounds: [F]_a^b
  kOther,
  kDottedSum,  // 1 + 2 + ... + n: the terms shown, then the last one
  kDottedProduct,
};

enum class Relation : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn,
  kApprox,
  kEquivalent,
  kSubset,
  kTo,
  kImplies,
  kParallel,
  kPerpendicular,
  kSimilar,
};

enum IntervalEnds : std::uint8_t {
  kOpenOpen = 0,
  kClosedLeft = 1,
  kClosedRight = 2,
  kClosedBoth = 3
};

enum class NumberSet : std::uint8_t {
  kReal,
  kRealPositive,
  kRealNegative,
  kInteger,
  kIntegerPositive,
  kIntegerNegative,
  kNatural,
  kNaturalPositive,
  kRational,
  kComplex
};

struct Node {
  Kind kind;
  std::uint8_t sub = 0;
  std::uint16_t aux = 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  NodeId lo =
      0;  // first node of this node's subtree: all operands, direct and indirect, lie in [lo, self]
};

// A literal. Its exact value is digits * 10^exponent; `value` is that when it fits.
struct Number {
  number::Rational value;          // invalid when it doesn't fit
  std::uint32_t digits_begin = 0;  // into Tree::digits: decimal digits without separators or point
  std::uint32_t digits_count = 0;
  std::int32_t exponent = 0;      // clamped to +-100000 by the lexer
  std::uint16_t decimals = 0;     // digits written after the point
  std::uint16_t significant = 0;  // significant digits as written
  bool decimal_point = false;
  bool scientific = false;
  bool grouped = false;  // written with thousands separators
};

struct Symbol {
  std::uint64_t name = 0;        // hash of the whole name: base letter, accents, subscripts, primes
  std::uint32_t text_begin = 0;  // where the name stands in the source
  std::uint32_t text_end = 0;
  std::uint64_t base = 0;  // hash of the letter alone
  bool indexed = false;    // carries a subscript
};

struct Tree {
  std::vector<Node> nodes;
  std::vector<NodeId> kids;  // items of n-ary nodes
  std::vector<Number> numbers;
  std::vector<Symbol> symbols;
  std::string digits;
  NodeId root = kNoNode;

  void clear() noexcept {
    nodes.clear();
    kids.clear();
    numbers.clear();
    symbols.clear();
    digits.clear();
    root = kNoNode;
  }
  const Node& operator[](NodeId id) const noexcept { return nodes[id]; }
  const NodeId* items(const Node& node) const noexcept { return kids.data() + node.a; }
};

constexpr bool is_scalar(Kind kind) noexcept { return kind < Kind::kScalarEnd; }
constexpr bool has_items(Kind kind) noexcept {
  switch (kind) {
    case Kind::kMax:
    case Kind::kMin:
    case Kind::kGcd:
    case Kind::kLcm:
    case Kind::kCall:
    case Kind::kOperator:
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kBracket:
    case Kind::kSet:
    case Kind::kUnion:
    case Kind::kIntersection:
    case Kind::kMatrix:
    case Kind::kChain:
    case Kind::kCases:
    case Kind::kRatio:
    case Kind::kQuantitySum:
      return true;
    default:
      return false;
  }
}

}  // namespace pyverify::expr
