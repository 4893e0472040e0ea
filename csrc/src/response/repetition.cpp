// How much of a text repeats itself: n-grams of tokens, counted once each by a rolling hash.
#include <algorithm>
#include <array>

#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "response/hash_set.hpp"

namespace pyverify::response {
namespace {

// Longer runs are cut, so that no loop hides in a text without blanks.
constexpr std::size_t kLongestToken = 24;

// The hash of one token, taken in eight ASCII characters at a time.
class TokenHash {
 public:
  void add_ascii(char32_t value) noexcept {
    packed_ = packed_ << 8 | value;
    if (++length_ % 8 == 0) flush();
  }
  void add(char32_t value) noexcept {
    flush();
    hash_ = hash_on(hash_, value);
    ++length_;
  }
  std::size_t length() const noexcept { return length_; }
  std::uint64_t value() noexcept {
    flush();
    return mix(hash_ ^ length_);
  }

 private:
  void flush() noexcept {
    hash_ = mix(hash_ ^ packed_);
    packed_ = 0;
  }

  std::uint64_t hash_ = kHashStart;
  std::uint64_t packed_ = 0;
  std::size_t length_ = 0;
};

// The hashes of the tokens, in order.
class Tokens {
 public:
  explicit Tokens(std::string_view text) noexcept : text_(text) {}

  bool next(std::uint64_t& token) noexcept {
    TokenHash hash;
    while (at_ < text_.size() && hash.length() < kLongestToken) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x80) {
        ++at_;
        if (!support::is_ascii_space(c)) {
          hash.add_ascii(static_cast<unsigned char>(support::to_ascii_lower(c)));
        } else if (hash.length() != 0) {
          break;
        }
        continue;
      }
      const support::CodePoint point = support::decode_utf8(text_, at_);
      const bool space = support::is_space(point.value);
      const bool alone = !space && is_unspaced(point.value);
      if (hash.length() != 0 && (space || alone)) break;
      at_ += point.size;
      if (space) continue;
      hash.add(to_lower(point.value));
      if (alone) break;
    }
    token = hash.value();
    return hash.length() != 0;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Counts distinct hashes: all of them up to a million, from there on a share of them.
class Distinct {
 public:
  explicit Distinct(HashSet& seen) noexcept : seen_(seen) { seen_.clear(); }

  void add(std::uint64_t hash) noexcept {
    if (!is_counted(hash) || !seen_.insert(hash)) return;
    if (seen_.size() <= kExact) return;
    ++halvings_;
    seen_.retain([this](std::uint64_t one) { return is_counted(one); });
  }
  double count() const noexcept {
    return static_cast<double>(seen_.size()) * static_cast<double>(std::uint64_t{1} << halvings_);
  }

 private:
  static constexpr std::size_t kExact = std::size_t{1} << 20;

  // The table goes by the low bits, the share by the high ones.
  bool is_counted(std::uint64_t hash) const noexcept {
    return halvings_ == 0 || hash >> (64 - halvings_) == 0;
  }

  HashSet& seen_;
  unsigned halvings_ = 0;
};

// The last tokens, and the hash of as many of them as an n-gram has.
class Window {
 public:
  explicit Window(std::size_t n) noexcept : n_(n) {
    for (std::size_t i = 0; i < n; ++i) leaving_ *= kBase;
  }
  // Takes in a token; true when a whole n-gram is there.
  bool push(std::uint64_t token) noexcept {
    hash_ = hash_ * kBase + token;
    std::uint64_t& place = tokens_[count_ % n_];
    if (count_ >= n_) hash_ -= leaving_ * place;
    place = token;
    return ++count_ >= n_;
  }
  std::uint64_t hash() const noexcept { return mix(hash_); }
  std::size_t count() const noexcept { return count_; }
  std::uint64_t token(std::size_t index) const noexcept { return tokens_[index]; }

 private:
  static constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15ull;

  std::size_t n_;
  std::size_t count_ = 0;
  std::uint64_t hash_ = 0;
  std::uint64_t leaving_ = 1;  // kBase to the power n
  std::array<std::uint64_t, kLongestNgram> tokens_{};
};

double repeated(double distinct, std::size_t total) noexcept {
  const double all = static_cast<double>(total);
  return std::max(0.0, all - distinct) / all;
}

}  // namespace

double repetition(std::string_view response, std::uint32_t n) noexcept {
  thread_local HashSet seen;
  n = std::clamp<std::uint32_t>(n, 1, kLongestNgram);
  Window window(n);
  Tokens tokens(response);
  std::uint64_t token = 0;
  Distinct distinct(seen);
  while (tokens.next(token)) {
    if (window.push(token)) distinct.add(window.hash());
  }
  if (window.count() > n) return repeated(distinct.count(), window.count() - n + 1);
  // All tokens are still in the window; shorter n-grams give two.
  if (window.count() < 3) return 0.0;
  Window shorter(window.count() - 1);
  Distinct pair(seen);
  for (std::size_t i = 0; i < window.count(); ++i) {
    if (shorter.push(window.token(i))) pair.add(shorter.hash());
  }
  return repeated(pair.count(), 2);
}

}  // namespace pyverify::response
