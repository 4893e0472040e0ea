// Does a prompt leave the response inside a block of reasoning?
#include <algorithm>
#include <array>

#include "extract/strategy.hpp"
#include "pyverify/response.hpp"
#include "support/end_tokens.hpp"
#include "support/utf8.hpp"

namespace pyverify::response {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// What chat templates write in front of the model's turn.
constexpr std::array<std::string_view, 18> kModelTurns = {
    "<|im_start|>assistant",
    "<|start_header_id|>assistant<|end_header_id|>",
    "<|header_start|>assistant<|header_end|>",
    "[/INST]",
    "<start_of_turn>model",
    "<|assistant|>",
    "<|Assistant|>",
    "<｜Assistant｜>",
    "<|start|>assistant",
    "<seed:bos>assistant",
    "<|im_assistant|>assistant",
    "<|start_of_role|>assistant",
    "[|assistant|]",
    "<|CHATBOT_TOKEN|>",
    "Assistant:",
    "ASSISTANT:",
    "### Response:",
    "### Assistant:",
};

// What they write in front of somebody else's: behind one of these, or behind the end of a turn,
// the model's turn is over.
constexpr std::array<std::string_view, 19> kOtherTurns = {
    "<|im_start|>user",
    "<|im_start|>tool",
    "<|start_header_id|>user",
    "<|header_start|>user",
    "[INST]",
    "<start_of_turn>user",
    "<|user|>",
    "<|User|>",
    "<｜User｜>",
    "<|start|>user",
    "<seed:bos>user",
    "<|im_user|>user",
    "<|start_of_role|>user",
    "[|user|]",
    "<|USER_TOKEN|>",
    "User:",
    "USER:",
    "Human:",
    "### Instruction:",
};

// Past the last of these marks in the text; 0 without any.
template <std::size_t N>
std::size_t end_of_last(std::string_view text,
                        const std::array<std::string_view, N>& marks) noexcept {
  std::size_t last = 0;
  for (const std::string_view mark : marks) {
    // Only what stands behind the last one found so far.
    const std::string_view rest = text.substr(last);
    const std::size_t at = rest.rfind(mark);
    if (at != kNone) last += at + mark.size();
  }
  return last;
}

std::size_t end_without_spaces(std::string_view text) noexcept {
  std::size_t end = text.size();
  while (end > 0) {
    const support::CodePoint point = support::decode_utf8_before(text, end);
    if (!support::is_space(point.value)) break;
    end -= point.size;
  }
  return end;
}

}  // namespace

bool opens_reasoning(std::string_view prompt) noexcept {
  const std::string_view text = prompt.substr(0, end_without_spaces(prompt));
  const std::size_t begin = text.size() - std::min(text.size(), kPromptTail);
  const extraction::ReasoningTag tag = extraction::last_reasoning_tag(text.substr(begin));
  if (!tag.opens) return false;
  const std::size_t end = begin + tag.end;
  if (end == text.size()) return true;
  // Words follow: the model's own, if its turn has begun before the tag and isn't over.
  const std::size_t turn = end_of_last(text, kModelTurns);
  if (turn == 0 || turn > end) return false;
  const std::string_view said = text.substr(turn);
  return end_of_last(said, kOtherTurns) == 0 && end_of_last(said, support::kEndTokens) == 0;
}

}  // namespace pyverify::response
