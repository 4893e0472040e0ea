#include "expr/cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "expr/ball_evaluate.hpp"
#include "expr/borders.hpp"
#include "number/field.hpp"

namespace pyverify::expr {
namespace {

using number::Rational;

constexpr std::size_t kMaxPlaced = 160;
// Usual points that fix the other variables: small and large ones of both signs.
constexpr std::array<int, 4> kFixings = {0, 1, 6, 7};
// Where some borders could not be found: points in the cells, borders to look close to, and points
// on a grid.
constexpr std::size_t kUnsure = 64;
constexpr std::size_t kCrowded = 12;
constexpr std::size_t kGrid = 64;

struct Scratch {
  Borders borders;
  std::array<PlacedPoint, kMaxPlaced> points;
  std::size_t count = 0;
};

class Placer {
 public:
  Placer(Scratch& scratch, const SamplePoints& points, std::uint32_t rank, int others) noexcept
      : scratch_(scratch), points_(points), rank_(rank), others_(others) {}

  // Points inside every cell and beyond the ends, spread evenly.
  void fill(int each) noexcept {
    const Borders& borders = scratch_.borders;
    if (borders.size() == 0) return;
    const double first = borders[0];
    const double last = borders[borders.size() - 1];
    spread(first - 1 - std::abs(first), first, each);
    for (std::size_t i = 1; i < borders.size(); ++i) spread(borders[i - 1], borders[i], each);
    spread(last, last + 1 + std::abs(last), each);
  }

  // Far beyond the ends, and on both sides of the borders, the smallest ones first, close to them
  // and closer.
  void crowd() noexcept {
    const Borders& borders = scratch_.borders;
    if (borders.size() == 0) return;
    const double first = borders[0];
    const double last = borders[borders.size() - 1];
    between(first - 16 * (1 + std::abs(first)), first - 4 * (1 + std::abs(first)));
    between(last + 4 * (1 + std::abs(last)), last + 16 * (1 + std::abs(last)));
    std::size_t right = 0;
    while (right < borders.size() && borders[right] < 0) ++right;
    std::size_t left = right;
    for (std::size_t i = 0; i < kCrowded / points_.ranked() && right - left < borders.size(); ++i) {
      const bool up = left == 0 || (right < borders.size() && borders[right] < -borders[left - 1]);
      const double border = up ? borders[right++] : borders[--left];
      for (const double share : {0x1p-6, 0x1p-11}) {
        const double room = share * (border == 0 ? 1 : std::abs(border));
        between(border, border + room);
        between(border - room, border);
      }
    }
  }

  // Half steps from -10 to 10, then small and large values of both signs.
  void scatter() noexcept {
    constexpr std::size_t kSteps = 40;
    for (std::size_t i = 0; i < kGrid; ++i) {
      if (i < kSteps) {
        const double low = static_cast<double>(i) / 2 - 10;
        between(low, low + 0.5);
        continue;
      }
      const auto size = static_cast<int>(i - kSteps) / 2;
      const double low = size < 6 ? std::ldexp(1.0, -2 - 2 * size) : std::ldexp(10.0, size - 6);
      if (i % 2 == 0) {
        between(low, 2 * low);
      } else {
        between(-2 * low, -low);
      }
    }
  }

 private:
  void spread(double low, double high, int each) noexcept {
    const double width = (high - low) / each;
    for (int i = 0; i < each; ++i) between(low + i * width, low + (i + 1) * width);
  }

  // A dyadic number in the middle half; for sequences a whole one, if there is any.
  void between(double low, double high) noexcept {
    if (scratch_.count == kMaxPlaced) return;
    const std::uint64_t hash = number::mix(points_.salt(), scratch_.count);
    const double share = 0.25 + static_cast<double>(hash % 512) / 1024;
    const double place = low + (high - low) * share;
    Rational value;
    if (points_.integers()) {
      value = whole(low, high, place);
    } else {
      constexpr int kMostBits = 40;
      int exponent = 0;
      std::frexp(high - low, &exponent);
      const int bits = std::clamp(8 - exponent, 0, kMostBits);
      value = dyadic(place, bits);
    }
    if (value.valid()) scratch_.points[scratch_.count++] = {value, rank_, others_};
  }

  static Rational dyadic(double place, int bits) noexcept {
    constexpr double kMost = 0x1p52;
    const double scaled = std::floor(std::ldexp(place, bits));
    if (!(std::abs(scaled) < kMost)) return {};
    return number::make(static_cast<std::int64_t>(scaled), std::int64_t{1} << bits);
  }

  static Rational whole(double low, double high, double place) noexcept {
    double value = std::floor(place);
    if (value <= low) ++value;
    return value >= 0 && value < high ? dyadic(value, 0) : Rational{};
  }

  Scratch& scratch_;
  const SamplePoints& points_;
  std::uint32_t rank_;
  int others_;
};

}  // namespace

std::span<const PlacedPoint> cell_points(const Subtree& gold, const Subtree& answer,
                                         SamplePoints& points, LogBase log_base, int each,
                                         support::Budget& budget) noexcept {
  static thread_local Scratch scratch;
  scratch.count = 0;
  const std::uint32_t ranked = points.ranked();
  std::uint32_t incomplete = 0;  // one bit for each variable
  for (const int others : kFixings) {
    if (others != 0 && ranked == 1) break;
    for (std::uint32_t rank = 0; rank < ranked && !budget.stopped(); ++rank) {
      points.choose(others);
      scratch.borders.clear();
      for (const Subtree* side : {&gold, &answer}) {
        sample<double>(*side, points, log_base, budget);
        if (budget.stopped()) return {};
        scratch.borders.collect(*side, points.name(rank), budget);
      }
      scratch.borders.sort();
      Placer placer(scratch, points, rank, others);
      const int share = static_cast<int>(kUnsure / ((scratch.borders.size() + 1) * ranked) + 1);
      const bool unsure = scratch.borders.incomplete() && others == 0;
      placer.fill(unsure ? std::max(each, share) : each);
      if (!unsure) continue;
      incomplete |= 1u << rank;
      placer.crowd();
    }
  }
  for (std::uint32_t rank = 0; rank < ranked; ++rank) {
    if ((incomplete >> rank & 1) != 0) Placer(scratch, points, rank, 0).scatter();
  }
  return {scratch.points.data(), scratch.count};
}

}  // namespace pyverify::expr
