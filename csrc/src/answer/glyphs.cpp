#include "answer/glyphs.hpp"

#include <algorithm>
#include <iterator>

#include "answer/hash.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

// Commands whose argument is read as if the command weren't there. Sorted.
constexpr std::string_view kWrappers[] = {
    "bm",           "boldsymbol", "boxed",      "emph",   "ensuremath", "fbox",       "hbox",
    "mathbf",       "mathit",     "mathnormal", "mathrm", "mathsf",     "mathtt",     "mbox",
    "operatorname", "text",       "textbf",     "textit", "textmd",     "textnormal", "textrm",
    "textsc",       "textsf",     "textsl",     "texttt", "textup",     "underline",
};
// Commands that show nothing. Sorted.
constexpr std::string_view kSilent[] = {
    "Big",         "Bigg", "Biggl",     "Biggr",  "Bigl",     "Bigr",  "bf",
    "big",         "bigg", "biggl",     "biggr",  "bigl",     "bigr",  "displaystyle",
    "it",          "left", "limits",    "middle", "nolimits", "right", "rm",
    "scriptstyle", "sf",   "textstyle", "tt",
};
// Commands that are a space. Sorted.
constexpr std::string_view kSpaces[] = {"enspace", "newline", "qquad",
                                        "quad",    "space",   "thinspace"};

template <std::size_t kSize>
constexpr bool sorted(const std::string_view (&names)[kSize]) {
  for (std::size_t i = 1; i < kSize; ++i) {
    if (!(names[i - 1] < names[i])) return false;
  }
  return true;
}
static_assert(sorted(kWrappers) && sorted(kSilent) && sorted(kSpaces));

template <std::size_t kSize>
bool contains(const std::string_view (&names)[kSize], std::string_view name) noexcept {
  return std::binary_search(std::begin(names), std::end(names), name);
}

bool is_space(char32_t c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

bool is_invisible(char32_t c) noexcept {
  return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2064) || c == 0xfeff || (c >= 0xfe00 && c <= 0xfe0f);
}

char32_t canonical(char32_t c) noexcept {
  if (c < 0x80) return c;
  if (c >= 0xff01 && c <= 0xff5e) return c - 0xff01 + '!';
  switch (c) {
    case 0x2010:
    case 0x2011:
    case 0x2212:
    case 0xfe63:
      return '-';
    case 0x2018:
    case 0x2019:
    case 0x02bc:
    case 0x00b4:
      return '\'';
    case 0x201c:
    case 0x201d:
    case 0x300c:
    case 0x300d:
    case 0x00ab:
    case 0x00bb:
      return '"';
    case 0x3001:
      return ',';
    case 0x3002:
    case 0xff61:
      return '.';
    case 0x2236:
      return ':';
    case 0x3010:
      return '[';
    case 0x3011:
      return ']';
    case 0x3014:
      return '(';
    case 0x3015:
      return ')';
    default:
      return c;
  }
}

}  // namespace

void GlyphReader::open(bool visible) noexcept {
  // Beyond 64 levels the outermost bits fall off: their closing braces become invisible, no harm.
  visible_groups_ = visible_groups_ << 1 | (visible ? 1u : 0u);
  ++depth_;
}

// \textcircled{3}: the character for it.
bool GlyphReader::circled_number(Glyph& glyph) noexcept {
  std::size_t at = pos_;
  const bool braced = at < text_.size() && text_[at] == '{';
  if (braced) ++at;
  char32_t number = 0;
  const std::size_t digits = at;
  while (at < text_.size() && at < digits + (braced ? 2 : 1) &&
         support::is_ascii_digit(text_[at])) {
    number = number * 10 + static_cast<char32_t>(text_[at++] - '0');
  }
  if (number < 1 || number > 20) return false;
  if (braced) {
    if (at >= text_.size() || text_[at] != '}') return false;
    ++at;
  }
  glyph.code = 0x2460 + number - 1;
  pos_ = glyph.end = at;
  return true;
}

bool GlyphReader::read_command(Glyph& glyph) noexcept {
  std::size_t end = pos_ + 1;
  while (end < text_.size() && is_ascii_letter(static_cast<unsigned char>(text_[end]))) ++end;
  if (end == pos_ + 1) {  // \, \; \$ \% \{ ...
    if (end >= text_.size()) {
      pos_ = end;
      return false;
    }
    const char c = text_[end];
    glyph.begin = pos_;
    pos_ = glyph.end = end + 1;
    switch (c) {
      case '(':
      case ')':
      case '[':
      case ']':
      case '!':
        return false;
      case ',':
      case ';':
      case ':':
      case '>':
      case ' ':
      case '\\':
      case '/':
      case '\n':
        glyph.code = ' ';
        return true;
      default:
        break;
    }
    if (static_cast<unsigned char>(c) < 0x80) {
      glyph.code = static_cast<unsigned char>(c);
    } else {
      pos_ = end;
      return false;
    }
    return true;
  }
  const std::string_view name = text_.substr(pos_ + 1, end - pos_ - 1);
  glyph.begin = pos_;
  pos_ = glyph.end = end;
  if (contains(kWrappers, name)) {
    while (pos_ < text_.size() && text_[pos_] == ' ') ++pos_;
    if (pos_ < text_.size() && text_[pos_] == '{') {
      open(false);
      ++pos_;
    }
    return false;
  }
  if (contains(kSilent, name)) return false;
  if (name == "textcircled" && circled_number(glyph)) return true;
  if (contains(kSpaces, name)) {
    glyph.code = ' ';
    return true;
  }
  glyph.code = kCommand;
  glyph.command = name;
  return true;
}

bool GlyphReader::next(Glyph& glyph) noexcept {
  glyph.command = {};
  while (pos_ < text_.size()) {
    const char c = text_[pos_];
    if (c == '\\') {
      if (!read_command(glyph)) continue;
      argument_ = glyph.code == kCommand;
      return true;
    }
    glyph.begin = pos_;
    if (c == '{') {
      const bool visible = argument_;
      open(visible);
      glyph.end = ++pos_;
      argument_ = false;
      if (!visible) continue;
      glyph.code = kGroupOpen;
      return true;
    }
    if (c == '}') {
      const bool visible = (visible_groups_ & 1) != 0;
      glyph.end = ++pos_;
      if (depth_ > 0) {
        visible_groups_ >>= 1;
        --depth_;
      }
      if (!visible) continue;
      argument_ = true;  // \frac{1}{2}: the next brace is an argument too
      glyph.code = kGroupClose;
      return true;
    }
    const support::CodePoint point = support::decode_utf8(text_, pos_);
    char32_t code = point.value;
    pos_ += point.size;
    glyph.end = pos_;
    if (code == '$' || is_invisible(code)) continue;
    const bool about = code == '~' && glyph.end == 1;  // ~7; elsewhere a space that doesn't break
    if ((code == '~' && !about) || is_space(code)) code = ' ';
    glyph.code = canonical(code);
    argument_ = glyph.code == '^' || glyph.code == '_';
    return true;
  }
  return false;
}

Glyph GlyphReader::peek() const noexcept {
  GlyphReader copy = *this;
  Glyph glyph;
  if (!copy.next(glyph)) glyph.code = 0;
  return glyph;
}

}  // namespace pyverify::answer
