#include "expr/sample_points.hpp"

#include <algorithm>

#include "expr/borders.hpp"
#include "expr/operands.hpp"
#include "number/field.hpp"

namespace pyverify::expr {
namespace {

using number::mix;
using number::Rational;

// Real points are multiples of 2^-12; this many make 1.
constexpr std::uint64_t kOne = 4096;

// kNear, kFar: the variables of even rank small and the others large, or the other way round.
enum class Shape : std::uint8_t {
  kPlus,
  kMinus,
  kMixed,
  kOpposite,
  kFalling,
  kRising,
  kNear,
  kFar,
};

struct Recipe {
  Shape shape;
  std::uint8_t bit;  // of the rank, for mixed signs
  std::int32_t low;  // in 1 / kOne
  std::int32_t high;
};

constexpr std::int32_t units(double value) noexcept {
  return static_cast<std::int32_t>(value * static_cast<double>(kOne));
}

// An opposite point has the signs of the mixed point before it reversed.
constexpr std::size_t kAlone = 29;  // recipes for one variable; those behind are for several
constexpr std::array<Recipe, 37> kReal = {{
    {Shape::kPlus, 0, units(0.5), units(2.5)},
    {Shape::kMinus, 0, units(0.5), units(3)},
    {Shape::kMixed, 0, units(0.5), units(4)},
    {Shape::kOpposite, 0, units(0.5), units(4)},
    {Shape::kPlus, 0, units(0.125), units(0.95)},
    {Shape::kMinus, 0, units(0.125), units(0.95)},
    {Shape::kPlus, 0, units(10), units(100)},
    {Shape::kMinus, 0, units(10), units(100)},
    {Shape::kFalling, 0, units(3), units(10)},
    {Shape::kRising, 0, units(3), units(10)},
    {Shape::kMixed, 1, units(0.25), units(6)},
    {Shape::kOpposite, 1, units(0.25), units(6)},
    {Shape::kPlus, 0, units(100), units(1000)},
    {Shape::kMinus, 0, units(100), units(1000)},
    {Shape::kMixed, 0, units(0.0625), units(0.9)},
    {Shape::kOpposite, 0, units(0.0625), units(0.9)},
    {Shape::kPlus, 0, units(0.015625), units(0.125)},
    {Shape::kMinus, 0, units(0.015625), units(0.125)},
    {Shape::kPlus, 0, units(4), units(9)},
    {Shape::kMixed, 2, units(1), units(20)},
    {Shape::kOpposite, 2, units(1), units(20)},
    {Shape::kPlus, 0, units(1000), units(60000)},
    {Shape::kPlus, 0, units(20), units(130)},
    {Shape::kPlus, 0, units(0.125), units(0.875)},
    {Shape::kFalling, 0, units(20), units(130)},
    {Shape::kRising, 0, units(20), units(130)},
    {Shape::kPlus, 0, units(0.85), units(0.999)},
    {Shape::kMinus, 0, units(0.85), units(0.999)},
    {Shape::kPlus, 0, units(1.001), units(1.3)},
    // `bit` holds the signs of the even and of the odd ranks.
    {Shape::kNear, 0, units(0.0625), units(0.9)},
    {Shape::kFar, 0, units(0.0625), units(0.9)},
    {Shape::kNear, 3, units(0.0625), units(0.9)},
    {Shape::kFar, 3, units(0.0625), units(0.9)},
    {Shape::kNear, 1, units(0.25), units(2)},
    {Shape::kFar, 1, units(0.25), units(2)},
    {Shape::kNear, 2, units(0.25), units(2)},
    {Shape::kFar, 2, units(0.25), units(2)},
}};
constexpr std::uint64_t kSpread = 40;  // from small to large
// Points around literals come after so many others in rough expressions, last in the rest.
constexpr int kRoughBefore = 12;
constexpr int kPointsPerLiteral = 6;

// Integers among real points, and their closest neighbours, in 1 / kOne: small ones of both signs,
// powers of two and of three.
constexpr std::array<std::int32_t, 22> kWhole = {
    units(1),     units(2),     units(4),  units(3),   -4096,        units(5),
    units(6),     units(8),     units(9),  -8192,      units(10),    units(12),
    units(16),    units(27),    -12288,    units(100), units(3) - 1, units(5) + 1,
    units(7) - 1, units(2) + 1, -4096 - 1, -8192 + 1,
};
// Integers where a jump may lie: multiples of a literal, and what stands before and behind one.
constexpr std::array<std::array<std::int8_t, 2>, 4> kJumps = {{{1, 0}, {2, 0}, {1, 1}, {3, -1}}};

constexpr int kIntegerPoints = 28;
constexpr std::array<std::uint8_t, kIntegerPoints> kIntegers = {
    3,  4,  5,  2,  7,  6,  1,  8,  10, 0,  9, 12, 15, 11,
    20, 30, 13, 17, 24, 14, 19, 23, 27, 16, 5, 6,  21, 22,
};

bool is_symbol(const Tree& tree, NodeId id) noexcept { return tree[id].kind == Kind::kSymbol; }

}  // namespace

SamplePoints::SamplePoints(std::initializer_list<const Subtree*> scalars, bool integers,
                           std::uint64_t salt) noexcept
    : salt_(salt), integers_(integers) {
  for (const Subtree* scalar : scalars) look(*scalar);
  rough_ = rough_ || corners_;
  if (integers_ && !jumps_) literals_ = 0;
  recipes_ = static_cast<int>(variables_ > 1 ? kReal.size() : kAlone);
  before_literals_ = rough_ ? kRoughBefore : recipes_;
  choose(0);
}

void SamplePoints::look(const Subtree& scalar) noexcept {
  const Tree& tree = scalar.tree();
  const Values& values = scalar.values();
  for (const NodeId id : scalar) {
    const Node& node = tree[id];
    if (node.kind == Kind::kSymbol) {
      add_variable(tree.symbols[node.a].name);
      continue;
    }
    if (node.kind == Kind::kNumber) {
      add_literal(values.rational[id]);
      continue;
    }
    if (node.kind == Kind::kCall) holds_call_ = true;
    if ((values.flags[id] & kHasVariable) == 0) continue;
    branches_ = branches_ || has_branches(tree, values, node);
    switch (node.kind) {
      case Kind::kFloor:
      case Kind::kCeil:
      case Kind::kMod:
      case Kind::kGcd:
      case Kind::kLcm:
        corners_ = true;
        jumps_ = true;
        wants_exact_ = true;
        break;
      case Kind::kFactorial:
      case Kind::kDoubleFactorial:
      case Kind::kBinomial:
        wants_exact_ = true;
        break;
      case Kind::kMax:
      case Kind::kMin:
        corners_ = true;
        break;
      case Kind::kAbs:
        if (!is_symbol(tree, node.a)) corners_ = true;
        break;
      case Kind::kPow: {
        const Rational exponent = values.rational[node.b];
        if (!exponent.valid()) wants_exact_ = true;
        if (exponent.den % 2 == 0 && exponent.valid() && !is_symbol(tree, node.a)) rough_ = true;
        break;
      }
      case Kind::kRoot: {
        const Rational degree = values.rational[node.b];
        if (!degree.valid()) wants_exact_ = true;
        if (degree.num % 2 == 0 && !is_symbol(tree, node.a)) rough_ = true;
        break;
      }
      case Kind::kFunction:
        switch (static_cast<Function>(node.sub)) {
          case Function::kArcsin:
          case Function::kArccos:
          case Function::kArctan:
          case Function::kArcsec:
          case Function::kArccsc:
          case Function::kArccot:
            if (!is_symbol(tree, node.a)) rough_ = true;
            break;
          case Function::kArg:
          case Function::kSign:
            if (!is_symbol(tree, node.a)) corners_ = true;
            break;
          default:
            break;
        }
        break;
      default:
        break;
    }
  }
}

void SamplePoints::add_variable(std::uint64_t name) noexcept {
  for (std::uint32_t i = 0; i < ranked_; ++i) {
    if (names_[i] == name) return;
  }
  if (ranked_ < kRanked) {
    names_[ranked_++] = name;
    variables_ = ranked_;
  } else {
    variables_ = kRanked + 1;
  }
}

// Small literals are among the usual points already.
void SamplePoints::add_literal(Rational value) noexcept {
  if (!value.valid() || literals_ >= kMaxLiterals) return;
  if (number::compare(value, number::integer(3)) < 0) return;
  for (std::uint32_t i = 0; i < literals_; ++i) {
    if (number::equal(literal_[i], value)) return;
  }
  literal_[literals_++] = value;
}

int SamplePoints::count() const noexcept {
  if (constant()) return 1;
  if (integers_) return kIntegerPoints + static_cast<int>(kJumps.size() * literals_);
  const int jumps = jumps_ ? static_cast<int>(kWhole.size()) : 0;
  return recipes_ + kPointsPerLiteral * static_cast<int>(literals_) + jumps;
}

int SamplePoints::wanted() const noexcept {
  if (constant()) return 1;
  if (integers_) return jumps_ ? count() : 12;
  if (corners_) return count();
  if (rough_) return kRoughBefore + kPointsPerLiteral * static_cast<int>(literals_);
  return ranked_ <= 1 ? 5 : 7;
}

int SamplePoints::needed() const noexcept {
  if (constant()) return 1;
  if (integers_) return 6;
  return 4;
}

void SamplePoints::choose(int index) noexcept {
  const int usual = count();
  if (index >= usual) {
    const PlacedPoint& placed = placed_[static_cast<std::size_t>(index - usual)];
    choose(placed.others);
    values_[placed.rank] = placed.value;
    return;
  }
  index_ = index;
  for (std::uint32_t rank = 0; rank < ranked_; ++rank) {
    values_[rank] = at(index, rank, names_[rank]);
  }
}

Rational SamplePoints::value(std::uint64_t name) const noexcept {
  for (std::uint32_t rank = 0; rank < ranked_; ++rank) {
    if (names_[rank] == name) return values_[rank];
  }
  return at(index_, kRanked + static_cast<std::uint32_t>(mix(name) % 61), name);
}

Rational SamplePoints::at(int index, std::uint32_t rank, std::uint64_t name) const noexcept {
  const std::uint64_t hash = mix(name ^ salt_, static_cast<std::uint64_t>(index));
  if (integers_) return integer_value(index, rank, hash);
  const int around = kPointsPerLiteral * static_cast<int>(literals_);
  if (index >= before_literals_ && index < before_literals_ + around) {
    return near_literal(index - before_literals_, hash);
  }
  const int usual = index < before_literals_ ? index : index - around;
  return usual < recipes_ ? real_value(usual, rank, hash) : whole(usual - recipes_, rank, hash);
}

Rational SamplePoints::whole(int index, std::uint32_t rank, std::uint64_t hash) const noexcept {
  if (rank != 0) return number::integer(static_cast<std::int64_t>(hash % 12) + 1);
  return number::make(kWhole[static_cast<std::size_t>(index) % kWhole.size()],
                      static_cast<std::int64_t>(kOne));
}

Rational SamplePoints::real_value(int index, std::uint32_t rank,
                                  std::uint64_t hash) const noexcept {
  const Recipe& recipe = kReal[static_cast<std::size_t>(index) % kReal.size()];
  auto low = static_cast<std::uint64_t>(recipe.low);
  auto high = static_cast<std::uint64_t>(recipe.high);
  if (recipe.shape == Shape::kFalling || recipe.shape == Shape::kRising) {
    // One slot for each variable, in order.
    const std::uint64_t slots = std::max<std::uint64_t>(ranked_, 1);
    const std::uint64_t own = rank % slots;
    const std::uint64_t slot = recipe.shape == Shape::kRising ? own : slots - 1 - own;
    const std::uint64_t width = (high - low) / slots;
    low += slot * width;
    high = low + width;
  }
  // Odd multiples of 2^-12 are never integers.
  auto size = static_cast<std::int64_t>((low + hash % (high - low)) | 1);
  bool negative = recipe.shape == Shape::kMinus;
  if (recipe.shape == Shape::kMixed) negative = ((rank >> recipe.bit) & 1) != 0;
  if (recipe.shape == Shape::kOpposite) negative = ((rank >> recipe.bit) & 1) == 0;
  if (recipe.shape == Shape::kNear || recipe.shape == Shape::kFar) {
    const bool even = rank % 2 == 0;
    if (even == (recipe.shape == Shape::kFar)) size = size * static_cast<std::int64_t>(kSpread) | 1;
    negative = (recipe.bit & (even ? 1 : 2)) != 0;
  }
  if (negative) size = -size;
  return {size, static_cast<std::int64_t>(kOne)};
}

// Just above and just below a literal and its negative, by at most an eighth of it, and well above
// it.
Rational SamplePoints::near_literal(int index, std::uint64_t hash) const noexcept {
  const Rational literal = literal_[static_cast<std::size_t>(index / kPointsPerLiteral)];
  constexpr std::array<int, kPointsPerLiteral> kSigns = {1, 1, 1, -1, -1, 1};
  constexpr std::array<int, kPointsPerLiteral> kWhole = {1024, 896, 1024, -1024, -896, 2048};
  const auto side = static_cast<std::size_t>(index % kPointsPerLiteral);
  const auto fraction = static_cast<std::int64_t>(1 + hash % 127);
  const Rational factor = number::make(kWhole[side] + kSigns[side] * fraction, 1024);
  const Rational near = number::mul(literal, factor);
  return near.valid() ? near : number::make(fraction, 128);
}

Rational SamplePoints::integer_value(int index, std::uint32_t rank,
                                     std::uint64_t hash) const noexcept {
  const std::uint64_t slots = std::max<std::uint64_t>(ranked_, 1);
  const std::uint64_t own = rank % slots;
  if (index >= kIntegerPoints) {
    const auto jump = static_cast<std::size_t>(index - kIntegerPoints);
    const Rational literal = literal_[jump / kJumps.size()];
    const auto [times, more] = kJumps[jump % kJumps.size()];
    if (rank == 0 && literal.is_integer() && literal.num < 1000000)
      return number::integer(times * literal.num + more);
    return number::integer(static_cast<std::int64_t>(hash % 13));
  }
  switch (index) {
    case 5:
    case 11:  // decreasing, then increasing in rank: binomials want their arguments in order
      return number::integer(static_cast<std::int64_t>(3 * (slots - 1 - own) + 2 + hash % 3));
    case 6:
    case 12:
      return number::integer(static_cast<std::int64_t>(3 * own + 2 + hash % 3));
    case 4:
    case 24:
      return number::integer(static_cast<std::int64_t>(31 + hash % 40));
    case 25:
    case 26:
      return number::integer(static_cast<std::int64_t>(40 + hash % 100));
    case 27:
      return number::integer(static_cast<std::int64_t>(1000 + hash % 100000));
    default:
      if (rank == 0) return number::integer(kIntegers[static_cast<std::size_t>(index)]);
      return number::integer(static_cast<std::int64_t>(hash % 13));
  }
}

}  // namespace pyverify::expr
