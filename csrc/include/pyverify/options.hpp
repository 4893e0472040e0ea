// What a caller may change: the limits that bound every verdict and the judgement calls of the grading policy.
#pragma once

#include <cstdint>

namespace pyverify {

// No input may cost more than these allow. Each protects one resource; docs/limits.md lists them.
struct Limits {
  std::uint32_t scan_bytes = 1u << 20;      // candidates are looked for in the last so many bytes of a response
  std::uint32_t answer_bytes = 8u << 10;    // a longer extracted answer is not read
  std::uint32_t gold_bytes = 64u << 10;     // a longer gold is refused
  std::uint32_t depth = 160;                // nesting of an expression
  std::uint32_t nodes = 4096;               // nodes of an expression
  std::uint32_t elements = 256;             // entries of a list, set or matrix
  std::uint32_t literal_bits = 8u << 10;    // size of one integer literal or exact intermediate value
  std::uint32_t combinatorial = 3000;       // argument of a factorial or binomial that is multiplied out
  std::uint32_t boxes = 64;                 // candidate boxes looked at
  std::uint32_t work = 200000;              // work units of one verdict, about 10 ns each
};

// The defaults are the grading policy.
struct Options {
  bool last_number = false;            // prose without any answer cue answers by its last number
  bool prefilled_reasoning = false;    // the template already opened the reasoning block
  bool require_evaluated = false;      // refuse unevaluated arithmetic such as 2*3 for 6
  bool percent_either_way = true;      // a bare figure above 1 may stand for the same figure in percent
  bool choices = true;                 // a gold of one capital A-J is a choice
  bool ordered_lists = false;          // bare lists compare in order
  double relative_tolerance = 0.0;     // 0: exact golds are exact
  double absolute_tolerance = 0.0;
  bool text_shortcut = true;           // maths of the same characters is equal unread; false to test the engine itself
  std::uint64_t seed = 0;              // of the sample points and signatures; verdicts don't depend on it
  Limits limits;
};

}  // namespace pyverify
