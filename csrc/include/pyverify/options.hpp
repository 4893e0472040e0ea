// What a caller may change: the limits that bound every verdict and the judgement calls of the
// grading policy.
#pragma once

#include <cstdint>

namespace pyverify {

// No input may cost more than these allow. Each protects one resource; docs/limits.md lists them.
struct Limits {
  std::uint32_t scan_bytes = 1u << 20;    // candidates are looked for in the last so many bytes
  std::uint32_t answer_bytes = 8u << 10;  // a longer extracted answer is not read
  std::uint32_t gold_bytes = 64u << 10;   // a longer gold is refused
  std::uint32_t depth = 160;              // nesting of an expression
  std::uint32_t nodes = 4096;             // nodes of an expression
  std::uint32_t elements = 256;           // entries of a list, set or matrix
  std::uint32_t literal_bits = 8u << 10;  // size of one integer literal or exact intermediate value
  std::uint32_t combinatorial = 3000;  // argument of a factorial or binomial that is multiplied out
  std::uint32_t boxes = 64;            // candidate boxes looked at
  std::uint32_t work = 200000;         // work units of one verdict, about 10 ns each
};

// What a unit counts for (GRADING 11).
enum class UnitRule : std::uint8_t {
  kPolicy,    // it may be missing, not wrong; units of one dimension are converted
  kRequired,  // likewise, but a gold with a unit or a currency wants one in the answer
  kIgnored,   // it falls away on both sides, and the figures compare as they are written
};

// What a bare gold (a, b) or [a, b] is (GRADING 15, 17).
enum class PairRule : std::uint8_t {
  kAuto,      // (a, b) is what the answer makes of it, [a, b] with a < b an interval
  kTuple,     // a point
  kInterval,  // an interval, where a < b
};

// Which boxes are the answer (GRADING 27).
enum class BoxRule : std::uint8_t {
  kJoined,  // the last one, with those that its sentence joins to it
  kLast,    // the last one alone
  kAll,     // all of them after the reasoning, as one list
};

// The judgement calls. The defaults are the grading policy, whose paragraph each one names.
struct Options {
  // Where the answer stands.
  bool prefilled_reasoning = false;  // 26: the template already opened the reasoning block
  bool last_line = false;  // 27: without any cue, a value or letter alone in the last line answers
  bool last_number = false;          // 27: prose without any cue answers by its last number
  BoxRule boxes = BoxRule::kJoined;  // 27
  // What it is compared by.
  bool require_evaluated = false;   // 1: refuse unevaluated arithmetic such as 2*3 for 6
  double relative_tolerance = 0.0;  // 2: accepted error of a real constant, of each entry of many
  double absolute_tolerance = 0.0;  // 2: likewise; the larger one counts
  bool round_decimals = true;       // 3: a decimal gold of three or more digits is rounded
  bool percent_either_way = true;   // 5: a bare figure above 1 may stand for the same in percent
  bool base_form = true;  // 7: a gold in a base wants that form; false: or its value in another
  UnitRule units = UnitRule::kPolicy;  // 11
  bool ordered_lists = false;          // 14: bare lists compare in order
  PairRule pairs = PairRule::kAuto;    // 15, 17
  bool choices = true;                 // 21: a gold of one capital A-J is a choice
  bool refuse_doubt = true;            // 24: words of doubt in the answer make it wrong
  // How it is worked out.
  bool text_shortcut = true;  // the same characters are equal unread; false to test the engine
  std::uint64_t seed = 0;     // of the sample points and signatures; one may leave more undecided
  Limits limits;

  bool has_tolerance() const noexcept { return relative_tolerance > 0 || absolute_tolerance > 0; }
};

}  // namespace pyverify
