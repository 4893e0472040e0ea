#include "tally/prompts.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "support/mix.hpp"

namespace pyverify::tally {

Prompt& Prompts::find(const Digest& key, std::uint32_t table) {
  if (3 * (size_ + 1) > 2 * slots_.size()) grow();
  const std::size_t last = slots_.size() - 1;
  for (std::size_t slot = (key.low ^ table) & last;; slot = (slot + 1) & last) {
    Prompt& prompt = slots_[slot];
    if (prompt.table == kNone) {
      prompt.key = key;
      prompt.table = table;
      ++size_;
      return prompt;
    }
    if (prompt.table == table && prompt.key == key) return prompt;
  }
}

void Prompts::grow() {
  std::vector<Prompt> all(std::max<std::size_t>(64, slots_.size() * 2));
  all.swap(slots_);
  const std::size_t last = slots_.size() - 1;
  for (const Prompt& prompt : all) {
    if (prompt.table == kNone) continue;
    std::size_t slot = (prompt.key.low ^ prompt.table) & last;
    while (slots_[slot].table != kNone) slot = (slot + 1) & last;
    slots_[slot] = prompt;
  }
}

void Prompts::answer(Prompt& prompt, std::string_view text, std::uint32_t count) {
  answer(prompt, digest(text).low, text.substr(0, text.size() > kMostAnswerBytes ? 0 : text.size()),
         count);
}

void Prompts::answer(Prompt& prompt, std::uint64_t hash, std::string_view kept,
                     std::uint32_t count) {
  if (3 * (answers_.size() + 1) > 2 * index_.size()) grow_index();
  const std::uint64_t owner = prompt.key.low ^ std::rotl(prompt.key.high, 32) ^ prompt.table;
  const std::uint64_t key = support::mix(hash ^ support::mix(owner));
  const std::size_t found = place(key, kept);
  if (index_[found] != kNone) {
    answers_[index_[found]].count += count;
    return;
  }
  index_[found] = static_cast<std::uint32_t>(answers_.size());
  answers_.push_back(
      {hash, key, keep(kept), static_cast<std::uint32_t>(kept.size()), count, prompt.answers});
  prompt.answers = index_[found];
}

std::size_t Prompts::place(std::uint64_t key, std::string_view kept) const noexcept {
  const std::size_t last = index_.size() - 1;
  for (std::size_t slot = key & last;; slot = (slot + 1) & last) {
    if (index_[slot] == kNone) return slot;
    const Answer& answer = answers_[index_[slot]];
    if (answer.key == key && answer.view() == kept) return slot;
  }
}

void Prompts::grow_index() {
  index_.assign(std::max<std::size_t>(64, index_.size() * 2), kNone);
  for (std::uint32_t i = 0; i < answers_.size(); ++i)
    index_[place(answers_[i].key, answers_[i].view())] = i;
}

const char* Prompts::keep(std::string_view text) {
  if (text.empty()) return nullptr;
  if (left_ < text.size()) {
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
    left_ = kBlockBytes;
  }
  char* const place = blocks_.back().get() + (kBlockBytes - left_);
  std::memcpy(place, text.data(), text.size());
  left_ -= text.size();
  return place;
}

std::vector<const Answer*> Prompts::answers(const Prompt& prompt) const {
  std::vector<const Answer*> all;
  for (std::uint32_t at = prompt.answers; at != kNone; at = answers_[at].next)
    all.push_back(&answers_[at]);
  std::sort(all.begin(), all.end(), [](const Answer* a, const Answer* b) {
    if (a->count != b->count) return a->count > b->count;
    if (a->view() != b->view()) return a->view() < b->view();
    return a->hash < b->hash;
  });
  return all;
}

}  // namespace pyverify::tally
