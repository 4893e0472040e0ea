// What is no prose: maths, code, tags, LaTeX commands. One pass from front to back, linear in the
// text: where a region ends is looked for once and remembered.
//
// A region ends with its paragraph at the latest. What never closes is no region: only its mark (or
// the line of a fence) is passed over, so that one $ hides no text and a price opens no formula.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pyverify::response {

// The next occurrence of something, kept until it is passed; positions asked for must not go back.
class NextPlace {
 public:
  using Find = std::size_t (*)(std::string_view text, std::size_t at) noexcept;

  explicit NextPlace(Find find) noexcept : find_(find) {}
  std::size_t after(std::string_view text, std::size_t at) noexcept {
    if (!known_ || place_ < at) place_ = find_(text, at);
    known_ = true;
    return place_;
  }

 private:
  Find find_;
  std::size_t place_ = 0;
  bool known_ = false;
};

class Notation {
 public:
  enum class Kind : std::uint8_t {
    kMark,     // a character or two that open nothing
    kMaths,    // $...$, $$...$$, \(...\), \[...\], \begin{align}...\end{align}
    kCode,     // `...`, fences with ``` and ~~~, \begin{verbatim}...\end{verbatim}, [asy]...[/asy]
    kCommand,  // \frac, \text{...}, \begin{proof}
    kTag,      // <think>, <|im_end|>
  };
  struct Region {
    Kind kind = Kind::kMark;
    std::size_t end = 0;
  };

  explicit Notation(std::string_view text) noexcept;

  // Could a region begin with this byte?
  static constexpr bool opens(char c) noexcept {
    return c == '$' || c == '\\' || c == '`' || c == '~' || c == '<' || c == '[';
  }
  // What begins at `at`, where such a byte stands; goes at least one byte on. Positions must not go
  // back from call to call.
  Region read(std::size_t at) noexcept;

 private:
  Region read_dollars(std::size_t at) noexcept;
  Region read_backslash(std::size_t at) noexcept;
  Region read_environment(std::size_t at, std::size_t name) noexcept;
  Region read_code(std::size_t at) noexcept;
  Region read_asymptote(std::size_t at) noexcept;
  Region read_tag(std::size_t at) const noexcept;
  // A region up to `close`, when that stands in the same paragraph as `at`.
  bool same_paragraph(std::size_t at, std::size_t close) noexcept;

  std::string_view text_;
  NextPlace paragraph_end_;
  NextPlace display_end_;
  NextPlace bracket_end_;
  NextPlace parenthesis_end_;
  NextPlace environment_end_;
  NextPlace backtick_fence_;
  NextPlace tilde_fence_;
  NextPlace asymptote_end_;
};

// Past an address that begins with the word [begin, end): http://..., www...., name@host.com; `end`
// when the word begins none.
std::size_t skip_address(std::string_view text, std::size_t begin, std::size_t end) noexcept;

}  // namespace pyverify::response
