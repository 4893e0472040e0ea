// <think>...</think><answer>...</answer>, exactly so.
#include <array>
#include <optional>

#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "support/end_tokens.hpp"

namespace pyverify::response {
namespace {

// In the order of the shape.
enum class Tag : std::uint8_t { kThink, kThinkEnd, kAnswer, kAnswerEnd };
constexpr std::array<std::string_view, 4> kSpelling = {"<think>", "</think>", "<answer>",
                                                       "</answer>"};

struct Occurrence {
  Tag tag = Tag::kThink;
  bool exact = false;
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::size_t skip_spaces(std::string_view text, std::size_t at) noexcept {
  while (at < text.size()) {
    const support::CodePoint point = support::decode_utf8(text, at);
    if (!support::is_space(point.value)) break;
    at += point.size;
  }
  return at;
}

bool same_letters(std::string_view word, std::string_view lower) noexcept {
  if (word.size() != lower.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (support::to_ascii_lower(word[i]) != lower[i]) return false;
  }
  return true;
}

// The tag whose < stands at `at`, in any spelling: other case, blanks, attributes.
std::optional<Occurrence> read_tag(std::string_view text, std::size_t at) noexcept {
  std::size_t name = skip_spaces(text, at + 1);
  const bool closing = name < text.size() && text[name] == '/';
  if (closing) name = skip_spaces(text, name + 1);
  std::size_t stop = name;
  while (stop < text.size() && support::is_ascii_letter(text[stop])) ++stop;
  const std::string_view word = text.substr(name, stop - name);
  const bool think = same_letters(word, "think");
  if (!think && !same_letters(word, "answer")) return std::nullopt;
  std::size_t end = skip_spaces(text, stop);
  if (end > stop || (end < text.size() && text[end] == '/')) {
    while (end < text.size() && text[end] != '>' && text[end] != '<' && text[end] != '\n') ++end;
  }
  if (end >= text.size() || text[end] != '>') return std::nullopt;
  ++end;
  const auto tag =
      think ? (closing ? Tag::kThinkEnd : Tag::kThink) : (closing ? Tag::kAnswerEnd : Tag::kAnswer);
  const bool exact = text.substr(at, end - at) == kSpelling[static_cast<std::size_t>(tag)];
  return Occurrence{tag, exact, at, end};
}

std::optional<Occurrence> next_tag(std::string_view text, std::size_t at) noexcept {
  for (;;) {
    at = text.find('<', at);
    if (at == std::string_view::npos) return std::nullopt;
    if (const auto found = read_tag(text, at)) return found;
    ++at;
  }
}

bool is_blank(std::string_view text) noexcept { return skip_spaces(text, 0) == text.size(); }

bool has_content(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const support::CodePoint point = support::decode_utf8(text, at);
    if (is_content(point.value)) return true;
    at += point.size;
  }
  return false;
}

}  // namespace

TagShape tag_shape(std::string_view response, bool answer) noexcept {
  response = support::without_end_tokens(response);
  constexpr std::size_t kTagsOfThought = 2;
  const std::size_t wanted = answer ? kSpelling.size() : kTagsOfThought;
  std::size_t next = 0;  // the tag that is due
  bool prefilled = false;
  // Since the last tag that counts: content, tags that are text.
  bool filled = false;
  bool tagged = false;
  std::size_t begin = 0;
  for (;;) {
    const auto tag = next_tag(response, begin);
    const std::size_t end = tag ? tag->begin : response.size();
    const std::string_view piece = response.substr(begin, end - begin);
    if (tag && !answer && tag->tag >= Tag::kAnswer) {
      filled = filled || has_content(piece);
      tagged = true;
      begin = tag->end;
      continue;
    }
    if (!tag) {
      if (next != wanted) return TagShape::kOther;
      const bool fits = answer ? is_blank(piece) : filled || has_content(piece);
      if (!fits) return TagShape::kOther;
      return prefilled ? TagShape::kPrefilled : TagShape::kFull;
    }
    if (!tag->exact) return TagShape::kOther;
    if (next == 0 && tag->tag == Tag::kThinkEnd) {
      prefilled = true;
      next = 1;
    }
    if (next == wanted || tag->tag != static_cast<Tag>(next)) return TagShape::kOther;
    const bool body = tag->tag == Tag::kThinkEnd || tag->tag == Tag::kAnswerEnd;
    const bool fits = body ? filled || has_content(piece) : !filled && !tagged && is_blank(piece);
    if (!fits) return TagShape::kOther;
    filled = false;
    tagged = false;
    ++next;
    begin = tag->end;
  }
}

}  // namespace pyverify::response
