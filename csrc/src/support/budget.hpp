// One allowance of work per verdict, passed down by reference. No clocks: the same input always
// stops at the same place.
#pragma once

#include <cstdint>

#include "pyverify/options.hpp"
#include "pyverify/verdict.hpp"

namespace pyverify::support {

class Budget {
 public:
  explicit Budget(const Limits& limits) noexcept : limits_(&limits) {}

  // Takes `units` (about 10 ns each); false once the allowance is gone, and from then on.
  bool spend(std::uint32_t units) noexcept {
    used_ += units;
    if (used_ <= limits_->work) return true;
    if (stopped_by_ == Reason::kNone) stopped_by_ = Reason::kLimitWork;
    return false;
  }
  // Records another limit that ran out; the first one is kept.
  void stop(Reason reason) noexcept {
    if (stopped_by_ == Reason::kNone) stopped_by_ = reason;
  }
  bool stopped() const noexcept { return stopped_by_ != Reason::kNone; }
  Reason stopped_by() const noexcept { return stopped_by_; }
  std::uint64_t used() const noexcept { return used_; }
  const Limits& limits() const noexcept { return *limits_; }

 private:
  const Limits* limits_;
  std::uint64_t used_ = 0;
  Reason stopped_by_ = Reason::kNone;
};

}  // namespace pyverify::support
