// Which words of a text count (GRADING 20). A word too many kept costs a right answer, a word too
// many dropped rewards a wrong one: whatever isn't known to be empty of content stays.
#include "answer/content.hpp"

#include <algorithm>
#include <iterator>

#include "answer/hash.hpp"
#include "answer/number_words.hpp"
#include "answer/token_classes.hpp"
#include "answer/words.hpp"

namespace pyverify::answer {
namespace {

// (Monday): brackets around nothing but words are punctuation.
std::string_view without_outer_brackets(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '$'; };
  std::string_view inner = text;
  while (!inner.empty() && is_blank(inner.front())) inner.remove_prefix(1);
  while (!inner.empty() && (is_blank(inner.back()) || inner.back() == '.')) inner.remove_suffix(1);
  if (inner.size() < 4 || inner.front() != '(' || inner.back() != ')') return text;
  inner = inner.substr(1, inner.size() - 2);
  std::size_t letters = 0;
  for (const char c : inner) {
    if (!is_ascii_letter(static_cast<unsigned char>(c)) && c != ' ' && c != '-') return text;
    if (c != ' ') ++letters;
  }
  return letters > 1 ? inner : text;
}

}  // namespace

ContentReader::ContentReader(std::string_view text) noexcept
    : text_(without_outer_brackets(text)), tokens_(text_) {
  tokens_.next(current_);
  tokens_.next(following_);
  tokens_.next(after_);
}

void ContentReader::shift() noexcept {
  previous_ = current_;
  current_ = following_;
  following_ = after_;
  tokens_.next(after_);
}

bool ContentReader::at_text_end() const noexcept {
  const auto empty = [](const TextToken& token) {
    return token.kind == TokenKind::kEnd ||
           (token.kind == TokenKind::kSymbol && is_punctuation(token.code));
  };
  return empty(following_) && empty(after_);
}

bool ContentReader::next(std::uint64_t& hash) noexcept {
  if (has_pending_) {
    has_pending_ = false;
    hash = pending_;
    return true;
  }
  while (current_.kind != TokenKind::kEnd) {
    bool found = false;
    switch (current_.kind) {
      case TokenKind::kWord:
        found = word(hash);
        break;
      case TokenKind::kHan:
        found = han(hash);
        break;
      case TokenKind::kNumber:
        hash = current_.hash;
        found = true;
        shift();
        if (is_ordinal_suffix(current_)) shift();
        negated_ = false;
        break;
      case TokenKind::kCommand: {
        const char32_t code = character_of(current_.hash);
        hash = code != 0 ? symbol_hash(code) : current_.hash;
        found = true;
        shift();
        break;
      }
      case TokenKind::kSymbol:
        found = symbol(hash);
        break;
      case TokenKind::kEnd:
        break;
    }
    if (found) {
      leading_ = false;
      return true;
    }
  }
  return false;
}

bool ContentReader::drops_word() const noexcept {
  const TextToken& token = current_;
  const bool last = following_.kind == TokenKind::kEnd;
  if (token.is("the") || token.is("an")) return !last;
  if (token.code == 'a' || (token.code == 'A' && leading_)) {
    return is_long_word(following_) && following_.space_before && !is_function_word(following_);
  }
  if (is_copula(token)) return !(leading_ && at_text_end());
  if (token.is("all") || token.is("every")) {
    return !negated_ && is_long_word(following_) && !is_function_word(following_);
  }
  if (token.is("there"))
    return is_copula(following_) || following_.is("exist") || following_.is("exists");
  if (!leading_) return false;
  if (token.is("it") || token.is("they")) return is_copula(following_);
  if (token.is("its")) return is_textual(following_) && token.end - token.begin > 3;  // it's
  if (token.is("on") || token.is("at") || token.is("in") || token.is("to")) {
    return following_.is("the") || following_.is("a") ||
           (is_long_word(following_) && (following_.capital || is_calendar_name(following_)));
  }
  if (token.is("by") || token.is("for") || token.is("from") || token.is("of") || token.is("with")) {
    return is_long_word(following_) && following_.capital && !is_calendar_name(following_);
  }
  return false;
}

bool ContentReader::number_words(std::uint64_t& hash) noexcept {
  constexpr int kLongestNumber = 16;
  if (current_.is("and") || current_.code != 0) return false;
  EnglishNumber number;
  if (!number.feed(current_.word(), false)) return false;
  ContentReader probe = *this;
  ContentReader best = *this;
  bool found = false;
  for (int i = 0; i < kLongestNumber; ++i) {
    probe.shift();
    if (number.complete()) {
      const number::Rational value = number.value();
      if (value.valid()) {
        found = true;
        best = probe;
        hash = number_hash(value.num);
        if (!value.is_integer()) hash = hash * 31 + number_hash(value.den);
      }
    }
    if (probe.current_.kind != TokenKind::kWord) break;
    if (!number.feed(probe.current_.word(), probe.current_.hyphen_before)) break;
  }
  if (found) *this = best;
  return found;
}

bool ContentReader::word(std::uint64_t& hash) noexcept {
  struct Contraction {
    std::string_view word;
    std::string_view verb;  // empty: a copula
  };
  static constexpr Contraction kContractions[] = {
      {"arent", {}},  {"cannot", "can"}, {"cant", "can"}, {"didnt", "did"}, {"doesnt", "does"},
      {"dont", "do"}, {"isnt", {}},      {"wasnt", {}},   {"werent", {}},   {"wont", "will"},
  };
  // a-b is a difference, x-axis a word.
  if (current_.hyphen_before && current_.code != 0 &&
      (is_single_letter(previous_) || previous_.kind == TokenKind::kNumber)) {
    push(word_hash(current_));
    hash = symbol_hash('-');
    shift();
    return true;
  }
  if (drops_word()) {
    // "There exist no x" says "exist" with "there".
    const bool exists = current_.is("there") && !is_copula(following_);
    shift();
    if (exists) shift();
    return false;
  }
  if (number_words(hash)) {
    negated_ = false;
    return true;
  }
  negated_ = is_negation(current_);
  for (const Contraction& contraction : kContractions) {
    if (!current_.is(contraction.word)) continue;
    negated_ = true;
    hash = hash_ascii("not");
    if (!contraction.verb.empty()) {
      push(hash);
      hash = stem_hash(contraction.verb);
    }
    shift();
    return true;
  }
  if (current_.is("non") && is_long_word(following_) && following_.size > 0 &&
      following_.size + 3u <= TextToken::kLongestWord) {
    char joined[TextToken::kLongestWord] = {'n', 'o', 'n'};
    std::copy_n(following_.bytes, following_.size, joined + 3);
    hash = stem_hash({joined, following_.size + 3u});
    shift();
    shift();
    return true;
  }
  const bool part_of_word =
      current_.hyphen_before || (following_.hyphen_before && is_long_word(following_));
  hash = part_of_word && current_.code < 0x80 && current_.size == 1
             ? symbol_hash(static_cast<unsigned char>(current_.bytes[0]))
             : word_hash(current_);
  shift();
  return true;
}

bool ContentReader::han(std::uint64_t& hash) noexcept {
  const char32_t c = current_.code;
  if (c == U'第') {
    std::int64_t value = 0;
    const bool ordinal = following_.kind == TokenKind::kNumber ||
                         (following_.kind == TokenKind::kHan &&
                          read_han_integer(text_.substr(following_.begin), value) != 0);
    if (ordinal) {
      shift();
      return false;
    }
  }
  const bool goes_on =
      is_textual(following_) || ends_operand(following_) || begins_operand(following_);
  if (leading_ && (c == U'是' || c == U'为' || c == U'在') && goes_on && following_.code != U'的' &&
      following_.code != U'否') {
    shift();
    return false;
  }
  if (c == U'的' && !leading_ && at_text_end()) {
    shift();
    return false;
  }
  // 充分条件: the noun goes without saying
  const bool of_logic = previous_.code == U'分' || previous_.code == U'要';
  if (c == U'条' && following_.code == U'件' && of_logic && after_.kind == TokenKind::kEnd) {
    shift();
    shift();
    return false;
  }
  std::int64_t value = 0;
  if (const std::size_t used = read_han_integer(text_.substr(current_.begin), value); used != 0) {
    const std::size_t end = current_.begin + used;
    do shift();
    while (current_.kind != TokenKind::kEnd && current_.begin < end);
    hash = number_hash(value);
    return true;
  }
  if (c == U'和' || c == U'与' || c == U'及') {
    hash = stem_hash("and");
  } else if (c == U'或') {
    hash = stem_hash("or");
    if (following_.code == U'者') shift();
  } else {
    hash = current_.hash;
  }
  shift();
  return true;
}

bool ContentReader::symbol(std::uint64_t& hash) noexcept {
  const char32_t c = current_.code;
  bool keep = true;
  switch (c) {
    case '"':
    case '`':
      keep = false;
      break;
    case '.':
    case ',':
    case ';':
    case ':':
    case '*':
    case '_':
    case 0xb7:
      keep = ends_operand(previous_) &&
             (begins_operand(following_) || (c == '.' && following_.is_symbol('.')));
      break;
    case '!':  // a factorial, with a blank before it too
      keep = ends_operand(previous_) || (kept_ && previous_.is_symbol(c));
      break;
    case '\'':  // a prime; n'' keeps both
      keep =
          (ends_operand(previous_) || (kept_ && previous_.is_symbol(c))) && !current_.space_before;
      break;
    case '#':
      keep = !leading_;
      break;
    case 0x2013:
    case 0x2014:
    case '-':
      keep = c == '-' ? !(following_.space_before && is_textual(following_) &&
                          (leading_ || is_textual(previous_)))
                      : ends_operand(previous_) || begins_operand(following_);
      break;
    case 0x2026:
      keep = !at_text_end() || ends_operand(previous_);
      break;
    default:
      break;
  }
  hash = symbol_hash(c == 0x2013 || c == 0x2014 ? U'-' : c);
  shift();
  if (keep) negated_ = false;
  kept_ = keep;
  return keep;
}

std::uint64_t content_hash(std::string_view text) noexcept {
  ContentReader reader(text);
  std::uint64_t word = 0;
  std::uint64_t all = 0;
  while (reader.next(word)) all = (all ^ word) * 0x9e3779b97f4a7c15ull + 1;
  return all;
}

}  // namespace pyverify::answer
