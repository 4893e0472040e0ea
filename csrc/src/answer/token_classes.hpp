// What a token of a text is good for: the questions that the reader of contents asks.
#pragma once

#include <cstdint>

#include "answer/tokens.hpp"

namespace pyverify::answer {

bool is_copula(const TextToken& token) noexcept;
bool is_negation(const TextToken& token) noexcept;
// Words that can't follow an article: before one of them "a" is a name.
bool is_function_word(const TextToken& token) noexcept;
// Days and months are names even in lower case.
bool is_calendar_name(const TextToken& token) noexcept;
bool is_long_word(const TextToken& token) noexcept;  // two letters or more
bool is_single_letter(const TextToken& token) noexcept;
bool is_textual(const TextToken& token) noexcept;  // a long word or a Chinese character
// Could a mark between such tokens be an operator?
bool ends_operand(const TextToken& token) noexcept;
bool begins_operand(const TextToken& token) noexcept;
bool is_punctuation(char32_t code) noexcept;
bool is_ordinal_suffix(const TextToken& token) noexcept;  // the th of 12th

std::uint64_t symbol_hash(char32_t code) noexcept;
// The character that a command stands for (\infty), 0 when it has none.
char32_t character_of(std::uint64_t command_hash) noexcept;
// Singular and plural alike; a letter alone is a name and keeps its case.
std::uint64_t word_hash(const TextToken& token) noexcept;

}  // namespace pyverify::answer
