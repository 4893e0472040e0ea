// What a model writes when it stops. Decoded with its special tokens, a response ends in them.
#pragma once

#include <array>
#include <string_view>

namespace pyverify::support {

// Ends of turns and of texts, and what fills up a batch.
inline constexpr std::array<std::string_view, 32> kEndTokens = {
    "<|im_end|>",     // Qwen, ChatML
    "<|endoftext|>",  // GPT-2, Qwen, GLM
    "</s>",           // Llama 2, Mistral
    "<|eot_id|>",     // Llama 3, as the next three
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|finetune_right_pad_id|>",
    "<|eot|>",  // Llama 4
    "<|finetune_right_pad|>",
    "<eos>",  // Gemma
    "<end_of_turn>",
    "<｜end▁of▁sentence｜>",  // DeepSeek
    "<｜▁pad▁｜>",
    "<|EOT|>",
    "<|end|>",  // Phi, gpt-oss
    "<|return|>",
    "<seed:eos>",  // Seed-OSS
    "<seed:pad>",
    "[|endofturn|]",          // EXAONE
    "<|END_OF_TURN_TOKEN|>",  // Command
    "<eoa>",                  // InternLM
    "<|end_of_turn|>",
    "<|eos|>",
    "<EOS>",
    "[EOS]",
    "<pad>",
    "<PAD>",
    "[PAD]",
    "<|pad|>",
    "<|PAD_TOKEN|>",
    "<|vision_pad|>",
    "<|fim_pad|>",
};

// The text without the tokens at its very end, any number of them with white space around: what
// the model said. Spelt exactly so; in the middle of a text they stay. The result begins where the
// text does, so that positions in it are those of the text.
std::string_view without_end_tokens(std::string_view text) noexcept;

}  // namespace pyverify::support
