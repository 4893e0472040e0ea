// How much of a text repeats itself: n-grams of tokens, counted once each by a rolling hash.
#include <algorithm>
#include <array>

#include "pyverify/response.hpp"
#include "response/characters.hpp"
#include "response/hash_set.hpp"
#include "support/end_tokens.hpp"

namespace pyverify::response {
namespace {

// Longer runs are cut, so that no loop hides in a text without blanks: behind the first four
// characters whose hash says so, so that the pieces of a loop are the same in every round.
constexpr std::size_t kLongestToken = 24;
constexpr std::size_t kShortestPiece = 8;

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
  // Fewer than eight characters wait, so the length has the highest byte for itself.
  std::uint64_t value() const noexcept { return mix(hash_ ^ packed_ ^ length_ << 56); }

 private:
  void flush() noexcept {
    hash_ = mix(hash_ ^ packed_);
    packed_ = 0;
  }

  std::uint64_t hash_ = kHashStart;
  std::uint64_t packed_ = 0;
  std::size_t length_ = 0;
};

enum class Part : std::uint8_t { kLetter, kDigit, kMark, kBlank, kHidden };

// Of ASCII; all other bytes are none of these, so they are hidden here.
constexpr auto kBytes = [] {
  std::array<Part, 0x100> parts{};
  parts.fill(Part::kHidden);
  for (std::size_t i = 0; i < 0x80; ++i) {
    const char c = static_cast<char>(i);
    parts[i] = support::is_ascii_letter(c)  ? Part::kLetter
               : support::is_ascii_digit(c) ? Part::kDigit
               : support::is_ascii_space(c) ? Part::kBlank
               : i < 0x20 || i == 0x7F      ? Part::kHidden
                                            : Part::kMark;
  }
  return parts;
}();

Part part_of(char32_t value) noexcept {
  if (is_common_han(value)) return Part::kLetter;
  switch (class_of(value)) {
    case CharacterClass::kHidden:
      return Part::kHidden;
    case CharacterClass::kMark:
      return Part::kMark;
    case CharacterClass::kContent:
      break;
  }
  return support::is_space(value) ? Part::kBlank : Part::kLetter;
}

bool is_operator(char32_t value) noexcept {
  constexpr std::string_view kOperators = "+-*/=<>^|%&";
  if (value < 0x80) return kOperators.find(static_cast<char>(value)) != std::string_view::npos;
  return value == 0xB1 || value == 0xD7 || value == 0xF7 || (value >= 0x2190 && value <= 0x22FF);
}

struct Token {
  enum class Kind : std::uint8_t {
    kWord,
    kValue,     // with a digit in it, or one Latin letter
    kMarks,     // nothing but punctuation and symbols
    kOperator,  // the same, beginning with an operator
  };
  Kind kind = Kind::kMarks;
  std::uint64_t hash = 0;
};

// The tokens of a text, in order: without the marks at their ends, or nothing but marks.
class Tokens {
 public:
  explicit Tokens(std::string_view text) noexcept : text_(text) {}

  bool next(Token& token) noexcept {
    if (next_plain(token)) return true;
    start();
    while (at_ < text_.size() && state_.hash.length() < kLongestToken) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte >= 0x80) {
        if (!take_wide()) break;
        continue;
      }
      const Part part = kBytes[byte];
      if (part == Part::kBlank && state_.hash.length() != 0) break;
      if (part == Part::kBlank || part == Part::kHidden) {
        ++at_;
      } else {
        take(part, byte);
        ++at_;
        add(static_cast<unsigned char>(support::to_ascii_lower(static_cast<char>(byte))));
      }
    }
    if (state_.hash.length() == 0) return false;
    if (state_.hash.length() == kLongestToken && cut_at_ != 0) {
      state_ = cut_;
      at_ = cut_at_;
    }
    const TokenHash& whole = state_.behind ? state_.before_marks : state_.hash;
    token.kind = kind(whole.length());
    token.hash = whole.value();
    return true;
  }

 private:
  struct State {
    TokenHash hash;
    TokenHash before_marks;  // the hash up to the marks that may end the token
    bool content = false;
    bool digit = false;
    bool letter = false;  // the last one is a Latin letter
    bool operator_first = false;
    bool behind = false;
  };

  void start() noexcept {
    state_ = {};
    cut_at_ = 0;
  }

  void add(char32_t value) noexcept {
    if (value < 0x80) {
      state_.hash.add_ascii(value);
    } else {
      state_.hash.add(value);
    }
    recent_ = recent_ << 16 | (value & 0xFFFF);
    if (cut_at_ == 0 && state_.hash.length() >= kShortestPiece && mix(recent_) % 4 == 0) {
      cut_ = state_;
      cut_at_ = at_;
    }
  }

  Token::Kind kind(std::size_t length) const noexcept {
    if (!state_.content)
      return state_.operator_first ? Token::Kind::kOperator : Token::Kind::kMarks;
    return state_.digit || (state_.letter && length == 1) ? Token::Kind::kValue
                                                          : Token::Kind::kWord;
  }

  // Marks in front of the first letter are forgotten there; those behind the last one, at the end.
  void take(Part part, char32_t value) noexcept {
    if (part == Part::kMark) {
      if (state_.hash.length() == 0) state_.operator_first = is_operator(value);
      if (state_.content && !state_.behind) {
        state_.before_marks = state_.hash;
        state_.behind = true;
      }
      return;
    }
    if (!state_.content) {
      state_.hash = {};
      cut_at_ = 0;
    }
    state_.content = true;
    state_.behind = false;
    state_.digit = state_.digit || part == Part::kDigit;
    state_.letter = part == Part::kLetter;
  }

  // Most tokens, the short way: ASCII letters, a mark behind them perhaps, a blank.
  bool next_plain(Token& token) noexcept {
    while (at_ < text_.size() && part_at(at_) == Part::kBlank) ++at_;
    std::size_t end = at_;
    TokenHash hash;
    for (; hash.length() < kLongestToken && end < text_.size() && part_at(end) == Part::kLetter;
         ++end) {
      hash.add_ascii(static_cast<unsigned char>(support::to_ascii_lower(text_[end])));
    }
    if (end == at_) return false;
    const std::size_t behind = end;
    if (end < text_.size() && part_at(end) == Part::kMark) ++end;
    if (end < text_.size() && part_at(end) != Part::kBlank) return false;
    if (end - at_ >= kLongestToken) return false;
    token.kind = behind - at_ == 1 ? Token::Kind::kValue : Token::Kind::kWord;
    token.hash = hash.value();
    at_ = end;
    return true;
  }

  // What stands there; kHidden for every byte beyond ASCII.
  Part part_at(std::size_t at) const noexcept {
    return kBytes[static_cast<unsigned char>(text_[at])];
  }

  // A character beyond ASCII; false where it ends the token.
  bool take_wide() noexcept {
    const support::CodePoint point = support::decode_utf8(text_, at_);
    const Part part = part_of(point.value);
    const bool alone = part != Part::kHidden && is_unspaced(point.value);
    if (state_.hash.length() != 0 && (part == Part::kBlank || alone)) return false;
    at_ += point.size;
    if (part == Part::kBlank || part == Part::kHidden) return true;
    const char32_t plain = alone ? point.value : to_plain(point.value);
    if (plain >= 0x80) {
      take(part, plain);
      state_.letter = false;
      add(alone ? plain : to_lower(plain));
    } else {
      take(kBytes[plain], plain);
      add(to_lower(plain));
    }
    return !alone;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  State state_;
  State cut_;                 // at the first place where the token may be cut
  std::size_t cut_at_ = 0;    // 0: none so far
  std::uint64_t recent_ = 0;  // the last four characters
};

// The tokens that count. Marks by themselves decorate what stands before them, unless they begin a
// text or are operators behind a value: some are passed over, and more of them are all one.
class Counted {
 public:
  explicit Counted(std::string_view text) noexcept : tokens_(text) {}

  bool next(std::uint64_t& hash) noexcept {
    Token token;
    while (tokens_.next(token)) {
      hash = token.hash;
      if (token.kind == Token::Kind::kWord || token.kind == Token::Kind::kValue) {
        passed_ = 0;
        began_ = true;
        value_ = token.kind == Token::Kind::kValue;
        return true;
      }
      if (!began_ || (value_ && token.kind == Token::Kind::kOperator)) return true;
      if (passed_ == kDecoration) {
        hash = kMarks;
        return true;
      }
      ++passed_;
    }
    return false;
  }

 private:
  static constexpr std::size_t kDecoration = 4;
  static constexpr std::uint64_t kMarks = mix(kHashStart);

  Tokens tokens_;
  std::size_t passed_ = 0;  // since the last word
  bool began_ = false;      // a word was met
  bool value_ = false;      // the last one is a value
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
    std::uint64_t& place = tokens_[place_];
    if (++place_ == n_) place_ = 0;
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
  std::size_t place_ = 0;  // of the oldest token
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
  Counted tokens(support::without_end_tokens(response));
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
