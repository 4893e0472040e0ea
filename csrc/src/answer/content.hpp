// The content words of a text under GRADING 20, one hash at a time, without allocation: case, outer
// punctuation, articles, copulas, quantifiers and prepositions before a name don't count; \text{},
// \mathrm{}, \textbf{}, $ and ** wrappers are transparent. Digits, operators and letters next to
// digits are kept exactly (3.4 is not 34).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "answer/tokens.hpp"

namespace pyverify::answer {

// Forward only; copy it to look ahead.
class ContentReader {
 public:
  explicit ContentReader(std::string_view text) noexcept;
  // False at the end.
  bool next(std::uint64_t& hash) noexcept;

 private:
  void shift() noexcept;  // to the next token
  bool word(std::uint64_t& hash) noexcept;
  bool han(std::uint64_t& hash) noexcept;
  bool symbol(std::uint64_t& hash) noexcept;
  bool drops_word() const noexcept;
  bool number_words(std::uint64_t& hash) noexcept;
  bool at_text_end() const noexcept;  // only punctuation follows the current token
  void push(std::uint64_t hash) noexcept { pending_ = hash, has_pending_ = true; }

  std::string_view text_;
  TokenReader tokens_;
  TextToken previous_;  // kEnd before the first
  TextToken current_;
  TextToken following_;
  TextToken after_;
  std::uint64_t pending_ = 0;  // a word that gives two: cannot
  bool has_pending_ = false;
  bool leading_ = true;   // no content yet
  bool negated_ = false;  // the last content word was a negation
  bool kept_ = false;     // the last symbol counted
};

// Hash of the whole content in order; 0 without content.
std::uint64_t content_hash(std::string_view text) noexcept;

}  // namespace pyverify::answer
