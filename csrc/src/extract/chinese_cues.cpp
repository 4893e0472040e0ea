// Chinese cues: 答案是, 答案：, 【答案】, 故选 B, 正确选项为.
#include <algorithm>
#include <array>

#include "extract/cues.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

// Past the first of `marks` that stands at `at`; `at` without one.
template <std::size_t N>
std::size_t skip_one(const Scan& scan, std::size_t at,
                     const std::array<std::string_view, N>& marks) noexcept {
  for (const std::string_view mark : marks) {
    if (scan.starts_with(at, mark)) return at + mark.size();
  }
  return at;
}

constexpr std::array<std::string_view, 2> kColons = {"：", ":"};

// One of these shortly before: nobody says that this is the answer.
bool is_foreign(const Scan& scan, std::size_t at) noexcept {
  constexpr std::size_t kNear = 18;
  const std::size_t near = at - std::min(at - scan.begin, kNear);
  std::string_view before = scan.text.substr(near, at - near);
  for (const std::string_view stop : {"。", "，", "\n", "；"}) {
    const std::size_t last = before.rfind(stop);
    if (last != std::string_view::npos) before.remove_prefix(last + stop.size());
  }
  for (const std::string_view word : {"若", "如果", "假设", "假如", "验证", "检查", "核对", "检验",
                                      "可能", "错误", "不", "是否", "别的", "其他"}) {
    if (before.find(word) != std::string_view::npos) return true;
  }
  // 若 x 为负数，则答案为 3: under a condition.
  if (!scan.ends_with(at, "则") && !scan.ends_with(at, "那么")) return false;
  constexpr std::size_t kSentence = 96;
  const std::size_t far = at - std::min(at - scan.begin, kSentence);
  std::string_view sentence = scan.text.substr(far, at - far);
  for (const std::string_view stop : {"。", "\n", "；", "（"}) {
    const std::size_t last = sentence.rfind(stop);
    if (last != std::string_view::npos) sentence.remove_prefix(last + stop.size());
  }
  return sentence.find("若") != std::string_view::npos ||
         sentence.find("如果") != std::string_view::npos;
}

}  // namespace

Finding look_at_chinese_cue(Scan& scan, std::size_t hit) {
  const Finding nothing;
  static constexpr std::array<std::string_view, 16> kVerbs = {
      "应该是", "应该为", "应该选", "应选", "应是", "应为", "就是", "等于",
      "为",     "是",     "即",     "选",   "：",   ":",    "】",   "="};
  if (scan.cues_left == 0) return nothing;
  std::size_t at = hit;
  if (scan.starts_with(hit, "答案")) {
    at += 6;
  } else if (scan.starts_with(hit, "答") && skip_one(scan, hit + 3, kColons) != hit + 3) {
    at += 3;
  } else {
    return nothing;
  }
  while (at < scan.end && scan.text[at] == '*') ++at;
  const std::size_t verb = skip_one(scan, at, kVerbs);
  if (verb == at || is_foreign(scan, hit)) return nothing;
  // 是不是, 为何
  if (scan.starts_with(verb, "不") || scan.starts_with(verb, "何") || scan.starts_with(verb, "否"))
    return nothing;
  at = verb;
  while (at < scan.end && (scan.text[at] == '*' || scan.text[at] == ' ')) ++at;
  at = skip_one(scan, at, kColons);
  static constexpr std::array<std::string_view, 3> kOption = {"选项", "选择", "选"};
  const std::size_t option = skip_one(scan, skip_blanks(scan.text, at, scan.end, false), kOption);
  return read_cue(scan, hit, option > at + 2 ? option : at);
}

Finding look_at_chinese_choice(Scan& scan, std::size_t hit) {
  const Finding nothing;
  if (hit <= scan.begin || !scan.starts_with(hit - 1, "选")) return nothing;
  if (scan.cues_left == 0) return nothing;
  const std::size_t start = hit - 1;
  std::size_t at = start + 3;
  // 正确选项为 B
  if (scan.starts_with(at, "项")) {
    static constexpr std::array<std::string_view, 6> kVerbs = {"应为", "就是", "为",
                                                               "是",   "：",   ":"};
    if (!scan.ends_with(start, "正确") && !scan.ends_with(start, "正确的")) return nothing;
    const std::size_t verb = skip_one(scan, at + 3, kVerbs);
    if (verb == at + 3 || is_foreign(scan, start)) return nothing;
    return read_cue(scan, start, skip_one(scan, verb, kColons));
  }
  // 故选：B
  static constexpr std::array<std::string_view, 8> kBefore = {"故",   "应",   "所以",   "因此",
                                                              "答案", "本题", "综上，", "答："};
  const bool concluded = std::any_of(kBefore.begin(), kBefore.end(), [&](std::string_view word) {
    return scan.ends_with(start, word);
  });
  if (!concluded) return nothing;
  static constexpr std::array<std::string_view, 2> kMore = {"择", "项"};
  at = skip_one(scan, skip_one(scan, at, kMore), kColons);
  at = skip_blanks(scan.text, at, scan.end, false);
  return read_cue(scan, start, at);
}

}  // namespace pyverify::extraction
