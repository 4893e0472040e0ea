// Finds the final answer in a response: the last candidate after the reasoning, in one backward
// pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pyverify/options.hpp"
#include "pyverify/verdict.hpp"

namespace pyverify {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool empty() const noexcept { return begin >= end; }
};

enum class CandidateKind : std::uint8_t {
  kNone,
  kBoxed,       // \boxed{...}, \fbox{...}
  kAnswerTag,   // <answer>...</answer>
  kHashes,      // #### ...
  kCue,         // the answer is ..., 答案：...
  kWholeLine,   // the response is nothing but one short line
  kLastNumber,  // asked for by Options::last_number
};

std::string_view name(CandidateKind kind) noexcept;

struct Extraction {
  CandidateKind kind = CandidateKind::kNone;
  Reason problem = Reason::kNoCandidate;  // kNone when an answer was found
  Span answer;                            // bytes of the response
  std::vector<Span> parts;                // several boxes joined in the final sentence, else empty
  std::uint64_t work = 0;
};

// Linear in the response; never throws, never looks at a clock.
Extraction extract(std::string_view response, const Options& options) noexcept;

// Every candidate in text order, for explanations.
struct Candidate {
  CandidateKind kind = CandidateKind::kNone;
  Span span;
};
std::vector<Candidate> candidates(std::string_view response, const Options& options);

}  // namespace pyverify
