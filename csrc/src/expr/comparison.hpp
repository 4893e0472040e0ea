// The numeric tiers: balls at sample points, doubles to reject, wider ones to accept.
#pragma once

#include <array>
#include <cstdint>

#include "expr/ball_evaluate.hpp"
#include "expr/equality.hpp"
#include "expr/sample_points.hpp"
#include "expr/subtree.hpp"

namespace pyverify::expr {

// What has to hold between the gold's and the answer's values.
enum class Claim : std::uint8_t {
  kEqual,
  kProportional,  // one constant factor at all points
  kShifted,       // one constant difference at all points
};

class Comparison {
 public:
  // `salt` goes into the sample points, see there; 0 will do where nothing is to be accepted.
  Comparison(const Scalar& gold, const Scalar& answer, const Domain& domain, Claim claim,
             std::uint64_t salt, support::Budget& budget) noexcept;

  // All tiers. `bits` is what both sides' literals hold; `agreed` says that the signatures are
  // equal.
  Decision decide(std::uint32_t bits, bool agreed) noexcept;
  // Does a single usable point show a difference? For claims proven otherwise.
  bool objects() noexcept;
  // Sign of answer / gold, 0 if no point shows it.
  int factor_sign() noexcept;

 private:
  enum class Look : std::uint8_t {
    kUnusable,   // the gold has no real value here, as far as this tier can tell
    kLost,       // the answer has none, as far as this tier can tell
    kUndefined,  // the answer has none for certain
    kApart,
    kMeet,
  };
  struct Meeting {
    int agreement = 0;  // bits
    int swallowed = 0;
  };
  // Both sides of the claim at one point.
  template <class Real>
  struct Sides {
    number::Ball<Real> gold;
    number::Ball<Real> answer;
    int swallowed = 0;
  };
  static constexpr int kMaxPoints = 96;     // usual ones
  static constexpr int kMaxMeetings = 256;  // those in cells included
  static constexpr int kMaxHidden = 6;

  template <class Real>
  Look read(int point, Sides<Real>& sides) noexcept;
  template <class Real>
  Look look(int point, Meeting& meeting) noexcept;
  template <class Real>
  Look confirm(int point, int limit, int required, bool& sure) noexcept;
  Decision survey(int wanted) noexcept;
  Decision visit(int point) noexcept;
  Decision visit_cells() noexcept;
  Decision accept(std::uint32_t bits, bool agreed) noexcept;
  Decision run(std::uint32_t bits, bool agreed) noexcept;
  bool find_base(int point) noexcept;

  Subtree gold_;
  Subtree answer_;
  LogBase log_base_;
  Claim claim_;
  support::Budget& budget_;
  bool complex_;
  std::uint64_t salt_;
  SamplePoints points_;
  int base_ = -1;    // the point that other points are compared with; unused by kEqual
  int outside_ = 0;  // points where the gold left the reals
  int lost_ = 0;
  int undefined_ = 0;
  int met_ = 0;
  int next_ = 0;           // the next point to survey
  int confirmed_ = 0;      // of the points met, those looked at more closely
  int agreeing_ = 0;       // of these, those that show the agreement wanted
  int hidden_ = 0;         // and those where too much is swallowed to tell
  bool in_cells_ = false;  // whether the cells have been visited
  bool wide_ = false;      // whether that took more than double-double
  std::array<std::uint8_t, kMaxMeetings> meeting_points_{};
};

}  // namespace pyverify::expr
