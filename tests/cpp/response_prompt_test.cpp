#include <string>
#include <string_view>

#include "check.hpp"
#include "extract_test.hpp"
#include "pyverify/response.hpp"
#include "support/end_tokens.hpp"

using extract_test::answer;
using pyverify::response::opens_reasoning;
using pyverify::support::without_end_tokens;

TEST(end_tokens_are_taken_off_the_end_only) {
  CHECK(without_end_tokens("") == "");
  CHECK(without_end_tokens("4 ") == "4 ");
  CHECK(without_end_tokens("4<|im_end|>") == "4");
  CHECK(without_end_tokens("4 </s> \n<pad><pad>\n") == "4 ");
  CHECK(without_end_tokens("<eos>") == "");
  CHECK(without_end_tokens("4</s>5") == "4</s>5");
  CHECK(without_end_tokens("4</S>") == "4</S>");
  CHECK(without_end_tokens("4</answer>") == "4</answer>");
  CHECK(without_end_tokens("\xFF</s>") == "\xFF");
  for (const std::string_view token : pyverify::support::kEndTokens) {
    CHECK(without_end_tokens("4" + std::string(token)) == "4");
    CHECK(answer("The answer is 4." + std::string(token)) == "4");
    CHECK(answer("\\boxed{4}" + std::string(token) + "\n" + std::string(token)) == "4");
  }
}

TEST(prompts_open_reasoning_at_their_end) {
  CHECK(opens_reasoning("<think>"));
  CHECK(opens_reasoning("2+2?\n<think>\n"));
  CHECK(opens_reasoning("Assistant: <think>So, the user"));
  CHECK(opens_reasoning("<|im_start|>assistant\n<think>" + std::string(1000, '\n')));
  CHECK(!opens_reasoning(""));
  CHECK(!opens_reasoning("<think></think>"));
  CHECK(!opens_reasoning("what is <think> for"));
  CHECK(!opens_reasoning("what is <think> for\nAssistant:"));
  CHECK(!opens_reasoning("Assistant: 4\nUser: what is <think> for"));
  CHECK(!opens_reasoning("<|im_start|>assistant\n4<|im_end|> what is <think> for"));
  CHECK(!opens_reasoning("Assistant: <think>" + std::string(1000, 'x')));
}

TEST(prompts_are_any_bytes) {
  constexpr std::string_view kPieces[] = {
      "<think>", "<", ">", "Assistant:", "\xE2\x96", "</s>", " "};
  for (const std::string_view a : kPieces) {
    for (const std::string_view b : kPieces) {
      for (const std::string_view c : kPieces) {
        opens_reasoning(std::string(a) + std::string(b) + std::string(c));
      }
    }
  }
  CHECK(opens_reasoning("\xE2\x96<think>"));
}
