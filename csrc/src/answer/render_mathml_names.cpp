// Figures, names and units as MathML.
#include <algorithm>

#include "answer/render_mathml.hpp"
#include "answer/render_parts.hpp"
#include "latex/commands.hpp"

namespace pyverify::answer {
namespace {

struct Spelling {
  std::string_view command;
  std::string_view sign;
};

// What stands above a letter.
constexpr Spelling kAccents[] = {
    {"bar", "¯"}, {"overline", "¯"}, {"vec", "→"},   {"overrightarrow", "→"},
    {"hat", "^"}, {"widehat", "^"},  {"tilde", "~"}, {"widetilde", "~"},
    {"dot", "˙"}, {"ddot", "¨"},
};
constexpr Spelling kSymbols[] = {
    {"hbar", "ℏ"},   {"ell", "ℓ"},      {"nabla", "∇"}, {"partial", "∂"}, {"aleph", "ℵ"},
    {"angle", "∠"},  {"triangle", "△"}, {"prime", "′"}, {"circ", "∘"},    {"star", "⋆"},
    {"degree", "°"}, {"cdot", "⋅"},     {"times", "×"},
};
// Commands that only say how their argument looks.
constexpr std::string_view kStyles[] = {"text",    "mathrm", "mathbf",       "mathit",     "mathsf",
                                        "mathcal", "bm",     "operatorname", "boldsymbol", "textbf",
                                        "mbox",    "left",   "right"};

template <std::size_t kSize>
std::string_view sign_of(const Spelling (&table)[kSize], std::string_view command) noexcept {
  for (const Spelling& line : table) {
    if (line.command == command) return line.sign;
  }
  return {};
}

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// U+0370 to U+03FF, which is where Greek letters are.
void append_greek(std::uint16_t letter, std::string& out) {
  out += static_cast<char>(0xC0 | (letter >> 6));
  out += static_cast<char>(0x80 | (letter & 0x3F));
}

std::string_view source(const Reading& reading, std::size_t begin, std::size_t end) {
  if (begin >= end || end > reading.text.size()) return {};
  return reading.text.substr(begin, std::min(end - begin, kLongestRendering));
}

// A name as written, taken apart: \vec{v}_{12}' and the like.
struct Name {
  std::string base;  // plain text, not escaped
  std::string below;
  std::string above;  // primes
  std::string_view accent;
};

class NameReader {
 public:
  explicit NameReader(std::string_view text) noexcept : text_(text) {}

  Name run() {
    for (at_ = 0; at_ < text_.size();) {
      const char c = text_[at_++];
      if (c == '\\') {
        command();
      } else if (c == '_') {
        part_ = &name_.below;
      } else if (c == '^') {
        part_ = &name_.above;
      } else if (c == '\'') {
        name_.above += "′";
      } else if (c != '{' && c != '}') {
        *part_ += c;
      }
    }
    return std::move(name_);
  }

 private:
  void command() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (std::find(std::begin(kStyles), std::end(kStyles), word) != std::end(kStyles)) return;
    if (const std::string_view accent = sign_of(kAccents, word); !accent.empty()) {
      name_.accent = accent;
      return;
    }
    const std::string_view sign = sign_of(kSymbols, word);
    const latex::Command* known = latex::find_command(word);
    if (!sign.empty()) {
      *part_ += sign;
    } else if (known != nullptr && known->kind == latex::Tok::kLetter && known->value >= 0x370) {
      append_greek(known->value, *part_);
    } else {
      *part_ += word;
    }
    // The space that ends a command isn't seen.
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Name name_;
  std::string* part_ = &name_.base;
};

// theta, written without its backslash.
bool is_plain_greek(const std::string& word) {
  const latex::Command* known = word.size() > 1 ? latex::find_command(word) : nullptr;
  return known != nullptr && known->kind == latex::Tok::kLetter && known->value >= 0x370;
}

void append_part(const std::string& part, std::string& out) {
  const bool figures = std::all_of(part.begin(), part.end(), is_digit);
  out += figures ? "<mn>" : "<mi>";
  mathml_text(part, out);
  out += figures ? "</mn>" : "</mi>";
}

void append_base(const Name& name, std::string& out) {
  if (!name.accent.empty()) out += "<mover accent=\"true\">";
  std::string greek;
  if (is_plain_greek(name.base)) append_greek(latex::find_command(name.base)->value, greek);
  append_part(greek.empty() ? name.base : greek, out);
  if (!name.accent.empty()) {
    out += "<mo>";
    out += name.accent;
    out += "</mo></mover>";
  }
}

void append_power(std::string_view word, std::string_view power, std::string& out) {
  if (word.empty()) return;
  if (!power.empty()) out += "<msup>";
  out += "<mi mathvariant=\"normal\">";
  mathml_text(word, out);
  out += "</mi>";
  if (power.empty()) return;
  const bool negative = power.front() == '-';
  if (negative) power.remove_prefix(1);
  out += negative ? "<mrow><mo>−</mo><mn>" : "<mn>";
  mathml_text(power, out);
  out += negative ? "</mn></mrow></msup>" : "</mn></msup>";
}

}  // namespace

void mathml_text(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
    } else if (text.substr(i, 2) == "\xEF\xBF" &&
               (text.substr(i + 2, 1) == "\xBE" || text.substr(i + 2, 1) == "\xBF")) {
      out += "\uFFFD";  // U+FFFE and U+FFFF are no characters of XML
      i += 2;
    } else {
      out += c;
    }
  }
}

void mathml_number(const expr::Tree& tree, const expr::Number& number, std::string& out) {
  std::string plain;
  append_number(tree, number, plain);
  const std::size_t mark = plain.find('e');
  out += "<mn>";
  out += plain.substr(0, mark);
  out += "</mn>";
  if (mark == std::string::npos) return;
  std::string_view power = std::string_view(plain).substr(mark + 1);
  const bool negative = power.substr(0, 1) == "-";
  if (negative) power.remove_prefix(1);
  out += "<mo>⋅</mo><msup><mn>10</mn><mrow>";
  if (negative) out += "<mo>−</mo>";
  out += "<mn>";
  out += power;
  out += "</mn></mrow></msup>";
}

void mathml_name(const Reading& reading, std::uint32_t symbol, std::string& out) {
  const expr::Symbol& s = reading.tree().symbols[symbol];
  std::string_view text = source(reading, s.text_begin, s.text_end);
  if (text.empty()) text = "?";
  if (text.find('|') != std::string_view::npos) text = "norm";
  const Name name = NameReader(text).run();
  const bool below = !name.below.empty();
  const bool above = !name.above.empty();
  const std::string_view script = below && above ? "msubsup" : below ? "msub" : "msup";
  if (below || above) (out += '<').append(script) += '>';
  append_base(name, out);
  if (below) append_part(name.below, out);
  if (above) append_part(name.above, out);
  if (below || above) (out += "</").append(script) += '>';
}

// kg*m^2/s: names with powers, and what stands between them.
void mathml_unit(const Reading& reading, std::uint32_t unit, std::string& out) {
  std::string plain;
  append_unit(reading, unit, plain);
  const std::string_view text = plain;
  const auto ends_name = [](char c) { return c == '^' || c == '*' || c == '/' || c == '.'; };
  for (std::size_t i = 0; i < text.size();) {
    if (ends_name(text[i])) {
      out += text[i] == '/' ? "<mo lspace=\"0\" rspace=\"0\">/</mo>" : "<mo>⋅</mo>";
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && !ends_name(text[i])) ++i;
    std::size_t end = i;
    if (i < text.size() && text[i] == '^') {
      ++i;
      while (i < text.size() && (is_digit(text[i]) || text[i] == '-')) ++i;
    }
    const std::size_t power = std::min(end + 1, i);
    append_power(text.substr(begin, end - begin), text.substr(power, i - power), out);
  }
}

void mathml_based(const Reading& reading, const expr::Node& node, std::string& out) {
  std::string plain;
  append_based(reading, node, plain);
  const std::size_t mark = plain.rfind('_');
  out += "<msub><mn>";
  mathml_text(plain.substr(0, mark), out);
  out += "</mn><mn>";
  out += plain.substr(mark + 1);
  out += "</mn></msub>";
}

}  // namespace pyverify::answer
