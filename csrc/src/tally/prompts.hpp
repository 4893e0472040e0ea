// The prompts of one partition in a flat table, with the wrong answers that were given to each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "pyverify/tally.hpp"

namespace pyverify::tally {

// A longer answer counts as itself, but no other is found equivalent to it.
constexpr std::size_t kMostAnswerBytes = 1024;

constexpr std::uint32_t kNone = 0xFFFFFFFFu;

struct Prompt {
  Digest key;
  std::uint32_t table = kNone;  // kNone: an empty slot
  std::uint32_t samples = 0;
  std::uint32_t right = 0;
  std::uint32_t answers = kNone;  // the latest wrong answer
};

struct Answer {
  std::uint64_t hash = 0;  // of the whole text
  std::uint64_t key = 0;   // of the text and its prompt
  const char* text = nullptr;
  std::uint32_t bytes = 0;  // of the text kept
  std::uint32_t count = 0;
  std::uint32_t next = kNone;

  std::string_view view() const noexcept { return {text, bytes}; }
};

class Prompts {
 public:
  Prompt& find(const Digest& key, std::uint32_t table);
  // Counts a wrong answer of a prompt.
  void answer(Prompt& prompt, std::string_view text, std::uint32_t count);
  void answer(Prompt& prompt, std::uint64_t hash, std::string_view kept, std::uint32_t count);

  const std::vector<Prompt>& slots() const noexcept { return slots_; }
  std::size_t size() const noexcept { return size_; }
  // The wrong answers of a prompt, in an order that depends on nothing but themselves.
  std::vector<const Answer*> answers(const Prompt& prompt) const;

 private:
  void grow();
  void grow_index();
  // Where an answer is in the index, or the empty place where it would be.
  std::size_t place(std::uint64_t key, std::string_view kept) const noexcept;
  const char* keep(std::string_view text);

  static constexpr std::size_t kBlockBytes = 1u << 20;

  std::vector<Prompt> slots_;
  std::size_t size_ = 0;
  std::vector<Answer> answers_;
  std::vector<std::uint32_t> index_;  // of answers by key; a prompt may have any number of them
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;  // bytes free in the last block
};

}  // namespace pyverify::tally
