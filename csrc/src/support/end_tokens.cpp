#include "support/end_tokens.hpp"

#include <algorithm>

#include "support/utf8.hpp"

namespace pyverify::support {
namespace {

std::string_view without_spaces_behind(std::string_view text) noexcept {
  while (!text.empty()) {
    const CodePoint point = decode_utf8_before(text, text.size());
    if (!is_space(point.value)) break;
    text.remove_suffix(point.size);
  }
  return text;
}

}  // namespace

std::string_view without_end_tokens(std::string_view text) noexcept {
  std::string_view said = text;
  for (;;) {
    const std::string_view rest = without_spaces_behind(said);
    // Most texts end in something else.
    if (rest.empty() || (rest.back() != '>' && rest.back() != ']')) return said;
    const auto* const token =
        std::find_if(kEndTokens.begin(), kEndTokens.end(),
                     [&](std::string_view one) { return rest.ends_with(one); });
    if (token == kEndTokens.end()) return said;
    said = rest.substr(0, rest.size() - token->size());
  }
}

}  // namespace pyverify::support
