// What the strategies share. Each looks at one place of the text where its trigger stands and says
// what it found there; extract.cpp walks the triggers backwards and stops at the first answer,
// which is the last in the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pyverify/extract.hpp"
#include "pyverify/options.hpp"

// Not `extract`: that name is the public function.
namespace pyverify::extraction {

enum class Found : std::uint8_t {
  kNothing,  // the trigger means nothing here
  kAnswer,
  kWords,  // a cue followed by a word or two without any maths: an answer if nothing better stands
           // in the text
  kProse,  // a cue followed by a sentence: likewise, and the last number is better
  kEmpty,  // a candidate without content
  kPlaceholder,  // a template that was never filled in
  kTruncated,    // a box that never closes
  kWithdrawn,    // an answer that the next sentence takes back
};

struct Finding {
  Found found = Found::kNothing;
  Span answer;
  std::size_t start = 0;  // where the candidate begins, its command or cue included
  std::size_t end = 0;    // past the candidate, 0 when nothing looks further
  std::size_t resume =
      static_cast<std::size_t>(-1);  // no trigger from here on needs a look any more
  std::vector<Span> parts;
};

// One search. `begin` and `end` bound the bytes that count; nothing outside is an answer.
struct Scan {
  std::string_view text;
  std::size_t begin = 0;
  std::size_t end = 0;
  const Options* options = nullptr;
  bool inside_tag = false;  // this is the content of an answer tag: tags are not looked for again
  bool no_opening_tag = false;   // nothing before here opens an answer tag
  std::uint32_t boxes_left = 0;  // candidates that may still be looked at, each kind on its own
  std::uint32_t cues_left = 0;
  std::uint32_t triggers_left = 0;
  std::uint64_t bytes_read = 0;

  std::string_view view(Span span) const noexcept {
    return text.substr(span.begin, span.empty() ? 0 : span.end - span.begin);
  }
  bool starts_with(std::size_t at, std::string_view what) const noexcept {
    return at <= end && end - at >= what.size() && text.compare(at, what.size(), what) == 0;
  }
  // `what` ends just before `at`.
  bool ends_with(std::size_t at, std::string_view what) const noexcept {
    return at >= begin && at - begin >= what.size() &&
           text.compare(at - what.size(), what.size(), what) == 0;
  }
};

// A search of the response from `begin` on, or of as much of its end as the limits allow.
Scan make_scan(std::string_view response, std::size_t begin, const Options& options) noexcept;

// What the strategies do at a trigger: the position of its first byte.
Finding look_at_box(Scan& scan, std::size_t hit);
Finding look_at_answer_tag(Scan& scan, std::size_t hit);
Finding look_at_hashes(Scan& scan, std::size_t hit);
Finding look_at_answer_cue(Scan& scan, std::size_t hit);      // answer
Finding look_at_option_cue(Scan& scan, std::size_t hit);      // correct option
Finding look_at_chinese_cue(Scan& scan, std::size_t hit);     // 答案
Finding look_at_chinese_choice(Scan& scan, std::size_t hit);  // 故选

// Fallbacks for a text without any candidate.
Finding whole_line(Scan& scan);
Finding last_line(Scan& scan);  // only a value or a choice that stands alone
Finding last_number(Scan& scan);

// The last answer of a scan by the strategies above; kNothing, or why there is none.
struct Candidates {
  Finding best;
  CandidateKind kind = CandidateKind::kNone;
};
Candidates find_last_candidate(Scan& scan);

// The last tag that opens or closes a block of reasoning; `end` is past it, 0 without one.
struct ReasoningTag {
  bool opens = false;
  std::size_t end = 0;
};
ReasoningTag last_reasoning_tag(std::string_view text) noexcept;

// Where the answer part of a response begins.
struct Reasoning {
  bool open = false;  // a block was opened and never closed
  std::size_t end = 0;
};
Reasoning find_reasoning(std::string_view text, bool prefilled) noexcept;

// The values that a block of lines lists from `begin` on, one a line, bullets and numbers in front
// left out; none when the block is not such a list. A single one only from behind a bullet.
std::vector<Span> listed_values(const Scan& scan, std::size_t begin);

// Does what follows take the answer back: "is wrong", "No, C", "I don't know"?
bool is_withdrawn(const Scan& scan, const Finding& finding) noexcept;

// What the sentence in front makes of a candidate that begins at `start`.
enum class Mention : std::uint8_t {
  kNone,
  kExample,  // for example, such as
  kDenied,   // I doubt that, it is not true that
};
Mention mention_before(const Scan& scan, std::size_t start) noexcept;

// The value that the finding is an alternative to, behind it or in front: "\boxed{5} or 6". `open`:
// the alternative has no value, "or more".
Span alternative_to(const Scan& scan, const Finding& finding, bool& open) noexcept;
Span alternative_before(const Scan& scan, const Finding& finding, bool& open) noexcept;

// Is `at` inside the braces of a box that begins shortly before? Then the box's content; else an
// empty span. `truncated`: such a box is open and never closes.
Span enclosing_box(const Scan& scan, std::size_t at, bool& truncated);

}  // namespace pyverify::extraction
