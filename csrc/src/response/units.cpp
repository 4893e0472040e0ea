// About how many tokens a text is.
#include <array>

#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "support/end_tokens.hpp"

namespace pyverify::response {
namespace {

enum class Unit : std::uint8_t { kBlank, kDigit, kLetter, kIdeograph, kMark, kOther };

constexpr auto kAscii = [] {
  std::array<Unit, 0x80> units{};
  for (std::size_t i = 0; i < units.size(); ++i) {
    const char c = static_cast<char>(i);
    units[i] = support::is_ascii_letter(c)  ? Unit::kLetter
               : support::is_ascii_digit(c) ? Unit::kDigit
               : support::is_ascii_space(c) ? Unit::kBlank
                                            : Unit::kMark;
  }
  return units;
}();

Unit unit_of(char32_t value) noexcept {
  if (support::is_space(value)) return Unit::kBlank;
  const auto script = script_of(value);
  if (is_han_or_kana(script)) return Unit::kIdeograph;
  // Alphabets that tokenizers know well; the rest is cut up.
  if (script == Script::kLatin || script == Script::kCyrillic) return Unit::kLetter;
  return Unit::kOther;
}

std::uint64_t units_of_run(Unit unit, std::uint64_t length) noexcept {
  switch (unit) {
    case Unit::kBlank:
      return 0;
    case Unit::kLetter:
      return (length + 7) / 8;
    case Unit::kIdeograph:
      return (2 * length + 2) / 3;
    case Unit::kMark:
      return (length + 1) / 2;
    default:
      return length;
  }
}

}  // namespace

std::uint64_t count_units(std::string_view response) noexcept {
  response = support::without_end_tokens(response);
  std::uint64_t units = 0;
  Unit run = Unit::kBlank;
  std::uint64_t length = 0;
  for (std::size_t at = 0; at < response.size();) {
    const auto byte = static_cast<unsigned char>(response[at]);
    support::CodePoint point{byte, 1};
    if (byte >= 0x80) point = support::decode_utf8(response, at);
    const Unit unit = byte < 0x80 ? kAscii[byte] : unit_of(point.value);
    if (unit != run) {
      units += units_of_run(run, length);
      if (run == Unit::kBlank && length != 0 && unit == Unit::kDigit) ++units;
      run = unit;
      length = 0;
    }
    ++length;
    at += point.size;
  }
  return units + units_of_run(run, length);
}

}  // namespace pyverify::response
