#include <cstring>
#include <memory>

#include "extract_test.hpp"
#include "support/simd_scan.hpp"
#include "support/utf8.hpp"

using extract_test::answer;
using extract_test::repeat;
using pyverify::Options;

namespace support = pyverify::support;

// Texts made of nothing but triggers stay cheap: the work that is counted is linear in the bytes,
// and small.
TEST(triggers_without_end) {
  constexpr std::size_t kSize = std::size_t{1} << 20;
  Options options;
  options.last_number = true;
  for (const std::string_view unit : {"\\b",
                                      "ox",
                                      "\\boxed{",
                                      "\\boxed{}",
                                      "\\boxed",
                                      "\\boxed{?}",
                                      "#",
                                      "####\n",
                                      "answer is ",
                                      "Answer:\n",
                                      "the answer is not 5. ",
                                      "k>",
                                      "think>",
                                      "|>",
                                      "</answer>",
                                      "<answer></answer>",
                                      "答案",
                                      "选",
                                      "rr",
                                      "{",
                                      "}",
                                      "$",
                                      "1",
                                      "1,",
                                      "3. a\n",
                                      "step 1 ",
                                      "H1",
                                      "(1,",
                                      "\n",
                                      " ",
                                      "\\",
                                      "\xff",
                                      "the answer is $1 $ ",
                                      "answer is \\boxed{answer is ? ",
                                      "{\\boxed{",
                                      "Answer: ("}) {
    const auto found = pyverify::extract(repeat(unit, kSize), options);
    CHECK(found.work < 80000);
  }
}

TEST(any_bytes_are_read_within_their_bounds) {
  std::uint64_t state = 12345;
  const auto random = [&] {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::uint32_t>(state >> 33);
  };
  constexpr std::string_view kTokens[] = {
      "\\boxed{", "}",  "$",   "\\(",        "answer is ", "Answer:",  "</answer>", "<answer>",
      "####",     "\n", ".",   "5",          "\xff",       "\xe7\xad", "答案",      "</think>",
      "\\",       "(",  "and", "\\boxed{1}", "in 7 ",      "\xe2\x96"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::uint32_t i = random() % 16; i > 0; --i)
      text += kTokens[random() % std::size(kTokens)];
    // A copy of exactly this size, so that a sanitizer sees a byte too far.
    const auto bytes = std::make_unique<char[]>(text.size());
    std::memcpy(bytes.get(), text.data(), text.size());
    Options options;
    options.last_number = random() % 2 == 0;
    const auto found = pyverify::extract({bytes.get(), text.size()}, options);
    CHECK(found.problem != pyverify::Reason::kNone ||
          (!found.answer.empty() && found.answer.end <= text.size()));
  }
}

TEST(wide_and_portable_search_agree) {
  using Pair = support::FoldedPair<'o', 'x'>;
  std::string text(300, '.');
  for (std::size_t at = 0; at + 1 < text.size(); at += 7)
    text.replace(at, 2, at % 2 == 0 ? "ox" : "OX");
  for (std::size_t begin = 0; begin < 140; ++begin) {
    for (std::size_t end = begin; end <= text.size(); end += 3) {
      const std::size_t wide = support::find_last_pair<Pair>(text, begin, end);
      CHECK(wide == support::find_last_pair_portable<Pair>(text, begin, end));
    }
  }
  support::BackwardPairs<Pair> pairs(text, 0, text.size());
  std::size_t count = 0;
  std::size_t last = text.size();
  for (std::size_t at = pairs.next(); at != support::kNotFound; at = pairs.next()) {
    CHECK(at < last);
    last = at;
    ++count;
  }
  CHECK(count == 43);
}

TEST(pairs_can_be_skipped) {
  const std::string text(500, '#');
  support::BackwardPairs<support::FoldedPair<'#', '#'>> pairs(text, 0, text.size());
  CHECK(pairs.next() == 498);
  pairs.skip_to(490);
  CHECK(pairs.next() == 489);
  pairs.skip_to(100);
  CHECK(pairs.next() == 99);
  pairs.skip_to(0);
  CHECK(pairs.next() == support::kNotFound);
}

TEST(utf8_reads_anything) {
  const auto at = [](std::string_view text, std::size_t i) {
    return support::decode_utf8(text, i);
  };
  CHECK(at("a", 0).value == U'a' && at("a", 0).size == 1);
  CHECK(at("答", 0).value == U'答' && at("答", 0).size == 3);
  CHECK(at("😀", 0).value == U'😀' && at("😀", 0).size == 4);
  CHECK(at("", 0).size == 0);
  for (const std::string_view bad : {"\xff", "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                                     "\xf4\x90\x80\x80", "\xe7\xad", "\xf0\x9f\x98"}) {
    CHECK(at(bad, 0).value == support::kReplacement && at(bad, 0).size == 1);
  }
  CHECK(support::decode_utf8_before("a答", 4).value == U'答');
  CHECK(support::decode_utf8_before("\xad", 1).value == support::kReplacement);
  CHECK(support::is_space(0x3000) && support::is_space(0x200B) && !support::is_space(U'x'));
  CHECK(support::is_han(U'答') && !support::is_han(U'。'));
}
