// Features of a whole response, for rewards: what is marked as an answer, which shape it has, how
// much of it repeats itself, which scripts its prose is in, how long it is, how many steps it
// names. Tokens that end a turn (<|im_end|>, </s>) at the very end of a response are as if they
// weren't there.
//
// Every function is linear in the response, never throws, and reads any bytes: what is no UTF-8
// counts as replacement characters, which are neither letters nor blanks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pyverify/options.hpp"

namespace pyverify::response {

// Is a box the answer's mark: a complete \boxed{...} or \fbox{...}, neither empty nor a
// placeholder, after the reasoning, and no later box that never closes (GRADING 25-28)? True
// wherever extract() takes a box, and also where a later cue or tag is taken, or where the answer
// is taken back.
bool has_box(std::string_view response, const Options& options) noexcept;

// Likewise for a line "#### value", the mark of GSM8K. A later box that was cut off doesn't matter.
bool has_hashes(std::string_view response, const Options& options) noexcept;

// Does the prompt end inside a block of reasoning, so that the response begins there: is the last
// tag of reasoning among its last kPromptTail bytes one that opens a block, by the tags that
// extract() knows? What follows it, if anything but white space does, must belong to the model's
// turn: a mark of a chat template opened that before the tag, and none ended it. So a tag that the
// question mentions doesn't count.
inline constexpr std::size_t kPromptTail = 256;
bool opens_reasoning(std::string_view prompt) noexcept;

// The shape <think>...</think><answer>...</answer>.
enum class TagShape : std::uint8_t {
  kOther,
  kFull,
  kPrefilled,  // full but for <think>: the chat template opened it
};
// Each tag once, spelt exactly so, in this order, around bodies with a letter or digit, and nothing
// but blanks elsewhere. A tag in another spelling (<THINK>, < /answer >, <think id="1">) spoils the
// shape wherever it stands, in code too. Without `answer` the shape is <think>...</think> and a
// rest that isn't empty; the answer's tags are text then.
TagShape tag_shape(std::string_view response, bool answer) noexcept;

// 1 - distinct / total over the n-grams of tokens, 0 for fewer than two n-grams. Tokens, in lower
// case: runs between blanks (of any script), longer than 24 characters cut where their content says
// so; every character of Han, kana, Thai, Lao, Khmer and Myanmar by itself. Decoration doesn't make
// them new: punctuation and symbols at the ends of a token don't count, nor do accents, joiners,
// controls and whatever else shows nothing, anywhere; full-width forms and the alphabets for maths
// are the letters they show. Punctuation and symbols by themselves are tokens at the start of a
// text, and where they are operators behind a number or a single letter; else the first four behind
// a word are passed over and more of them are all the same. A text too short for two n-grams is
// measured by the largest m-grams that it has two of, pairs at least unless n is 1: "ha ha ha"
// repeats itself, "ha ha" doesn't. `n` counts as 1 to kLongestNgram. Exact up to a million distinct
// n-grams, from there on estimated (within a percent) from a share of them, so that memory stays
// bounded.
inline constexpr std::uint32_t kLongestNgram = 64;
double repetition(std::string_view response, std::uint32_t n) noexcept;

enum class Script : std::uint8_t {
  kLatin,
  kHan,
  kKana,
  kHangul,
  kCyrillic,
  kGreek,
  kArabic,
  kHebrew,
  kDevanagari,
  kThai,
  kOther,
};
inline constexpr std::size_t kScripts = 11;
std::string_view name(Script script) noexcept;

// How much prose is in which script: characters of Han, kana and Thai, words of all others. What is
// notation doesn't count: maths, code, addresses, tags, LaTeX commands; Latin words below three
// letters, naming a function or a unit, or in capitals unless three of them stand in a row; lone
// Greek letters. Notation ends with its paragraph, and what never closes hides nothing beyond its
// line. Inside of it every script counts but Latin and Greek; in maths Latin does, too, from four
// words in a row on. Letters of the alphabets for maths are Latin; what shows nothing ends no word.
using ScriptCounts = std::array<std::uint64_t, kScripts>;
ScriptCounts count_scripts(std::string_view response) noexcept;

// About how many tokens a model's tokenizer makes of it, for data without token counts: one for
// each digit, and for a blank in front of one; for each 8 letters of a word or part of 8; for each
// 2 marks of a run of punctuation or part of 2; 2 for each 3 Chinese or Japanese characters of a
// run, rounded up; one for any other character. Blanks are free elsewhere.
std::uint64_t count_units(std::string_view response) noexcept;

// Explicit steps of the reasoning that say something: "Step 3:", items of lists, "First, ...",
// 第一步, 首先. A step counts if it has two words, two Chinese characters or a formula before the
// next mark, and repeats none before it. At most kMostSteps are counted.
inline constexpr std::size_t kMostSteps = std::size_t{1} << 20;
std::uint64_t count_steps(std::string_view response) noexcept;

}  // namespace pyverify::response
