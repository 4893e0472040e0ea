// Figures, names and units as plain text.
#include "answer/render_parts.hpp"

#include <algorithm>

namespace pyverify::answer {

using latex::Tok;
using latex::Token;

namespace {

std::string_view source(const Reading& reading, std::size_t begin, std::size_t end) {
  if (begin >= end || end > reading.text.size()) return {};
  return reading.text.substr(begin, std::min(end - begin, kLongestRendering));
}

// Without the signs that only TeX needs: x_{12} is x_12, \theta is theta, \$ is $.
void append_plain(std::string_view text, std::string& out) {
  static constexpr std::string_view kStyles[] = {"text{", "mathrm{", "mathbf{", "mathit{",
                                                 "operatorname{"};
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    ++i;
    if (c == '{' || c == '}') continue;
    if (c != '\\') {
      out += c;
      continue;
    }
    for (const std::string_view style : kStyles) {
      if (text.substr(i, style.size()) == style) {
        i += style.size();
        break;
      }
    }
  }
}

}  // namespace

// Digits with their point, or as a power of ten when they were written so.
void append_number(const expr::Tree& tree, const expr::Number& number, std::string& out) {
  const std::string_view digits =
      std::string_view(tree.digits).substr(number.digits_begin, number.digits_count);
  const std::size_t decimals = number.decimals;
  if (digits.size() > decimals) {
    out += digits.substr(0, std::min(digits.size() - decimals, kLongestRendering));
  } else {
    out += '0';
  }
  if (decimals > 0) {
    out += '.';
    if (digits.size() < decimals)
      out.append(std::min(decimals - digits.size(), kLongestRendering), '0');
    const std::size_t shown = std::min(digits.size(), decimals);
    out += digits.substr(digits.size() - shown, kLongestRendering);
  }
  const std::int64_t power = std::int64_t{number.exponent} + number.decimals;
  if (power == 0) return;
  out += 'e';
  out += std::to_string(power);
}

void append_name(const Reading& reading, std::uint32_t symbol, std::string& out) {
  const expr::Symbol& s = reading.tree().symbols[symbol];
  const std::string_view text = source(reading, s.text_begin, s.text_end);
  if (text.empty()) {
    out += '?';
  } else if (text.find('|') != std::string_view::npos) {
    out += "norm";
  } else {
    append_plain(text, out);
  }
}

void append_based(const Reading& reading, const expr::Node& node, std::string& out) {
  const latex::BasedNumeral& numeral = reading.parsed.based[node.a];
  if (node.sub == 1) out += '-';
  append_plain(source(reading, numeral.digits.begin, numeral.digits.end), out);
  out += '_';
  out += std::to_string(numeral.base);
}

void append_unit(const Reading& reading, std::uint32_t unit, std::string& out) {
  if (unit >= reading.parsed.units.size()) {  // 1 h 30 min, added up
    out += "base units";
    return;
  }
  const latex::Range range = reading.parsed.units[unit];
  const std::vector<Token>& tokens = reading.parsed.tokens;
  const std::size_t most = out.size() + kLongestRendering;
  for (std::size_t i = range.begin; i < range.end && i < tokens.size() && out.size() < most; ++i) {
    const Token& token = tokens[i];
    const bool word = token.kind == Tok::kWord || token.kind == Tok::kLetter;
    if (i > range.begin && word && latex::has(token, latex::kSpaceBefore)) out += ' ';
    if (token.kind == Tok::kTimes) {
      out += '*';
    } else if (token.kind == Tok::kDegree) {
      out += "deg ";
    } else {
      append_plain(source(reading, token.begin, token.end), out);
    }
  }
}

}  // namespace pyverify::answer
