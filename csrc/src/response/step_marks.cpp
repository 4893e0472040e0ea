#include "response/step_marks.hpp"

#include <algorithm>
#include <array>

#include "response/characters.hpp"

namespace pyverify::response {
namespace {

using support::is_ascii_digit;
using support::is_ascii_letter;

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kDigits = 3;  // more are a year or a value

bool starts_with(std::string_view text, std::size_t at, std::string_view what) noexcept {
  return text.size() - at >= what.size() && text.compare(at, what.size(), what) == 0;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

// A small number of digits; `at` when there is none or it goes on.
std::size_t skip_number(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  while (end < text.size() && is_ascii_digit(text[end])) ++end;
  return end - at <= kDigits ? end : at;
}

// 一, 十二, or digits.
std::size_t skip_han_number(std::string_view text, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 11> kNumerals = {"一", "二", "三", "四", "五", "六",
                                                                 "七", "八", "九", "十", "百"};
  std::size_t end = at;
  for (std::size_t count = 0; count < kDigits; ++count) {
    const auto numeral = std::find_if(kNumerals.begin(), kNumerals.end(),
                                      [&](auto one) { return starts_with(text, end, one); });
    if (numeral == kNumerals.end()) break;
    end += numeral->size();
  }
  return end != at ? end : skip_number(text, at);
}

template <std::size_t N>
std::size_t skip_one_of(std::string_view text, std::size_t at,
                        const std::array<std::string_view, N>& marks) noexcept {
  for (const std::string_view mark : marks) {
    if (starts_with(text, at, mark)) return at + mark.size();
  }
  return at;
}

// 首先, 第一步, 第二, 步骤3, 三、
std::size_t skip_chinese(std::string_view text, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 10> kOrder = {
      "首先", "其次", "再次", "然后", "接下来", "接着", "随后", "最后", "最终", "综上"};
  static constexpr std::array<std::string_view, 5> kBehindOrdinal = {"步", "，", "：", "、", ":"};
  if (support::decode_utf8(text, at).value < 0x4E00) return at;
  const std::size_t word = skip_one_of(text, at, kOrder);
  if (word != at) return word;
  static constexpr std::array<std::string_view, 2> kStep = {"步骤", "步驟"};
  const std::size_t step = skip_one_of(text, at, kStep);
  if (step != at) {
    const std::size_t number = skip_blanks(text, step);
    const std::size_t end = skip_han_number(text, number);
    return end != number ? end : at;
  }
  const bool ordinal = starts_with(text, at, "第");
  const std::size_t number = ordinal ? skip_blanks(text, at + std::string_view("第").size()) : at;
  const std::size_t end = skip_han_number(text, number);
  if (end == number) return at;
  if (ordinal) {
    const std::size_t behind = skip_one_of(text, skip_blanks(text, end), kBehindOrdinal);
    return behind != skip_blanks(text, end) ? behind : at;
  }
  return starts_with(text, end, "、") ? end + std::string_view("、").size() : at;
}

// The lower-case word at `at`, up to eleven letters; empty for a longer one.
struct SmallWord {
  std::array<char, 12> letters{};
  std::size_t size = 0;
  std::string_view view() const noexcept { return {letters.data(), size}; }
};

SmallWord read_word(std::string_view text, std::size_t at) noexcept {
  SmallWord word;
  while (at < text.size() && is_ascii_letter(text[at])) {
    if (word.size == word.letters.size()) return {};
    word.letters[word.size++] = support::to_ascii_lower(text[at++]);
  }
  return word;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) noexcept {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Step 3, Step IV, Step one
std::size_t skip_step_number(std::string_view text, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 20> kNumbers = {
      "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
      "i",   "ii",  "iii",   "iv",   "v",    "vi",  "vii",   "viii",  "ix",   "x"};
  std::size_t number = skip_blanks(text, at);
  if (number < text.size() && (text[number] == '#' || text[number] == '-')) ++number;
  const std::size_t end = skip_number(text, number);
  if (end != number) return end;
  const SmallWord word = read_word(text, number);
  return number != at && is_one_of(word.view(), kNumbers) ? number + word.size : at;
}

// "Second, ...", "Second we ...", not "Second derivative".
bool is_said_in_order(std::string_view text, std::size_t end) noexcept {
  static constexpr std::array<std::string_view, 5> kSubjects = {"we", "i", "let", "you", "lets"};
  const std::size_t next = skip_blanks(text, end);
  if (next < text.size() && (text[next] == ',' || text[next] == ':')) return true;
  return starts_with(text, next, "，") || is_one_of(read_word(text, next).view(), kSubjects);
}

std::size_t skip_english(std::string_view text, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 12> kOrder = {
      "first", "firstly", "secondly", "thirdly", "fourthly",   "fifthly",
      "next",  "then",    "finally",  "lastly",  "afterwards", "subsequently"};
  static constexpr std::array<std::string_view, 10> kOrdinals = {
      "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "last"};
  const SmallWord word = read_word(text, at);
  const std::size_t end = at + word.size;
  if (word.size < 4 || (end < text.size() && (text[end] == '-' || text[end] == '\''))) {
    return word.view() == "step" ? skip_step_number(text, end) : at;
  }
  if (word.view() == "step") {
    const std::size_t number = skip_step_number(text, end);
    return number != end ? number : at;
  }
  if (is_one_of(word.view(), kOrder)) return end;
  return is_one_of(word.view(), kOrdinals) && is_said_in_order(text, end) ? end : at;
}

// ③ （3） （三）
std::size_t skip_wide_item(std::string_view text, std::size_t at) noexcept {
  const support::CodePoint first = support::decode_utf8(text, at);
  if (first.value >= 0x2460 && first.value <= 0x2473) return at + first.size;
  if (first.value != 0xFF08) return at;
  const std::size_t number = at + first.size;
  const std::size_t end = skip_han_number(text, number);
  return end != number && starts_with(text, end, "）") ? end + std::string_view("）").size() : at;
}

// a) (b)
std::size_t skip_lettered(std::string_view text, std::size_t at) noexcept {
  const std::size_t letter = text[at] == '(' ? at + 1 : at;
  const bool item = letter + 1 < text.size() && text[letter] >= 'a' && text[letter] <= 'j' &&
                    text[letter + 1] == ')';
  return item ? letter + 2 : at;
}

// 3. 3) (3) 3、 (三) - * + •
std::size_t skip_item(std::string_view text, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 6> kBullets = {"-", "*", "+", "•", "·", "–"};
  static constexpr std::array<std::string_view, 5> kBehindNumber = {")", "）", "、", ".", "．"};
  const char first = text[at];
  const bool ascii = static_cast<unsigned char>(first) < 0x80;
  if (ascii && !is_ascii_digit(first) && std::string_view("-*+(").find(first) == kNone) return at;
  const std::size_t bullet = skip_one_of(text, at, kBullets);
  if (bullet != at) {
    const bool blank = bullet < text.size() && (text[bullet] == ' ' || text[bullet] == '\t');
    return blank ? bullet : at;
  }
  const bool bracket = first == '(' || starts_with(text, at, "（");
  const std::size_t number = !bracket ? at : at + (ascii ? 1 : std::string_view("（").size());
  const std::size_t end = bracket ? skip_han_number(text, number) : skip_number(text, number);
  if (end == number) return at;
  const std::size_t behind = skip_one_of(text, end, kBehindNumber);
  if (behind == end) return at;
  const bool decimal = text[end] == '.' && behind < text.size() && is_ascii_digit(text[behind]);
  if (bracket) return text[end] == '.' ? at : behind;
  return decimal ? at : behind;
}

}  // namespace

std::size_t skip_step_mark(std::string_view text, std::size_t at, Start start) noexcept {
  if (start == Start::kNothing) return at;
  // A byte that goes on with a character begins none: a lone surrogate is three odd bytes.
  if ((static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80) return at;
  if (static_cast<unsigned char>(text[at]) >= 0x80) {
    const std::size_t item = skip_wide_item(text, at);
    if (item != at) return item;
  }
  if (start == Start::kClause) {
    static constexpr std::array<std::string_view, 3> kThen = {"然后", "接着", "最后"};
    return skip_one_of(text, at, kThen);
  }
  if (start == Start::kLine) {
    const std::size_t lettered = skip_lettered(text, at);
    if (lettered != at) return lettered;
    const std::size_t item = skip_item(text, at);
    if (item != at) return item;
  }
  return is_ascii_letter(text[at]) ? skip_english(text, at) : skip_chinese(text, at);
}

}  // namespace pyverify::response
