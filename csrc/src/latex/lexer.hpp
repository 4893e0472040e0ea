// The lexer's state; number literals are scanned in numerals.cpp.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "latex/commands.hpp"
#include "latex/token.hpp"

namespace pyverify::latex {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Scans a literal at `position`: digits with separators, point, exponent, a repeating tail. Returns
// its end, or `position` when there is none. `in_brackets`: a comma separates entries instead of
// thousands.
std::size_t scan_number(std::string_view source, std::size_t position, bool in_brackets,
                        std::uint16_t& form) noexcept;

class Lexer {
 public:
  Lexer(std::string_view source, std::vector<Token>& tokens, support::Budget& budget) noexcept;
  bool run() noexcept;  // whether the source is plain

 private:
  // What an open brace in the source belongs to.
  struct Frame {
    std::uint8_t flags;  // style flags inside
    bool style;          // \mathrm{...}: its braces vanish around a single token
    bool text;           // \text{...}: it has no brace tokens at all
    std::uint32_t open;  // its kOpen token
  };

  char at(std::size_t i) const noexcept { return i < source_.size() ? source_[i] : '\0'; }
  std::uint8_t flags() const noexcept {
    return depth_ ? frames_[depth_ - 1].flags : std::uint8_t{0};
  }
  Token& push(Tok kind, std::uint16_t value, std::size_t end) noexcept;
  void push_open(Bracket bracket, std::size_t end) noexcept;
  void push_close(Bracket bracket, std::size_t end) noexcept;
  bool after_number() const noexcept;
  bool argument_ahead(std::size_t i) const noexcept;
  void next() noexcept;
  void ascii(char c) noexcept;
  void relation(char c) noexcept;
  bool factorial_ahead() const noexcept;
  bool opens_angle() const noexcept;
  bool closes_angle() const noexcept;
  void backslash() noexcept;
  bool quantity(std::string_view name, std::size_t end) noexcept;
  std::size_t angstrom_end(std::string_view name, std::size_t end) const noexcept;
  void command(std::string_view name, std::size_t end) noexcept;
  void dispatch(const Command& command, std::size_t end) noexcept;
  void style(Cmd cmd, std::size_t end) noexcept;
  void blackboard(std::size_t end) noexcept;
  void operator_name(std::size_t end) noexcept;
  void environment(bool begin, std::size_t end) noexcept;
  void circled(std::size_t end) noexcept;
  void word() noexcept;
  bool currency_word(std::string_view run, std::size_t end) noexcept;
  bool split_word(std::size_t end) noexcept;
  void open_brace(std::uint8_t flags, bool style, bool text) noexcept;
  void close_brace() noexcept;
  void unicode() noexcept;
  void han() noexcept;
  std::size_t skip_blank(std::size_t i) const noexcept;
  std::size_t group_end(std::size_t open) const noexcept;  // the matching brace, or source_.size()

  static constexpr std::size_t kMaxDepth = 200;
  std::string_view source_;
  std::vector<Token>& tokens_;
  support::Budget& budget_;
  std::size_t position_ = 0;
  std::array<Frame, kMaxDepth> frames_;            // the first depth_ are set
  std::array<std::uint32_t, kMaxDepth> brackets_;  // open brackets that are not source braces
  std::size_t depth_ = 0;
  std::size_t bracket_depth_ = 0;
  std::size_t unit_group_ = std::string_view::npos;  // the second group of \SI{9.8}{m/s^2}
  std::size_t unit_group_end_ = 0;
  std::size_t environment_depth_ = 0;
  std::size_t alignment_depth_ = 0;  // of the innermost environment whose & only align
  std::uint8_t pending_flags_ = 0;   // of a style command without braces: for the next token
  bool space_ = false;
  bool odd_dollars_ = false;
  bool prose_ = false;  // outside the dollars of a source that has some
};

}  // namespace pyverify::latex
