#include "answer/nouns.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "answer/hash.hpp"
#include "answer/number_word_table.hpp"
#include "answer/units.hpp"
#include "answer/words.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

constexpr std::size_t kLongestNoun =
    64;  // bytes that are folded; the rest of a longer word is hashed as it is

// Words that never count anything and change what they stand behind, or join something else to it.
// Sorted, like all lists of words here.
constexpr std::string_view kChanging[] = {
    "about",        "above",     "across",     "again",      "almost",    "always",     "among",
    "amongst",      "and",       "anyway",     "approx",     "around",    "backwards",  "base",
    "because",      "below",     "beneath",    "besides",    "beyond",    "bogus",      "both",
    "but",          "circa",     "cubed",      "do",         "does",      "doubled",    "down",
    "downwards",    "either",    "else",       "equals",     "estimate",  "estimated",  "except",
    "excluding",    "exist",     "exists",     "extraneous", "factorial", "false",      "guess",
    "halved",       "hardly",    "hence",      "here",       "however",   "hundreds",   "if",
    "inadmissible", "including", "incorrect",  "infinity",   "invalid",   "inverse",    "inverted",
    "least",        "maybe",     "means",      "minus",      "mod",       "modulo",     "negated",
    "neither",      "never",     "no",         "none",       "nor",       "not",        "nothing",
    "off",          "often",     "or",         "otherwise",  "over",      "perhaps",    "plus",
    "possibly",     "probably",  "quadrupled", "quite",      "rather",    "reciprocal", "recurring",
    "repeating",    "reversed",  "rounded",    "so",         "some",      "sometimes",  "somewhat",
    "spurious",     "such",      "tens",       "then",       "therefore", "though",     "thrice",
    "thus",         "too",       "towards",    "tripled",    "true",      "twice",      "uncertain",
    "undefined",    "under",     "unknown",    "unless",     "unlike",    "unsure",     "until",
    "upwards",      "versus",    "very",       "vs",         "what",      "when",       "whenever",
    "where",        "while",     "without",    "wrong",      "yes",       "yet",
};
// Verbs that tell what a value does wrong: no plurals, though they look like some.
constexpr std::string_view kFailing[] = {
    "contradicts",  "denies",         "differs",     "disagrees",     "disappears", "disproves",
    "disqualifies", "diverges",       "exceeds",     "excludes",      "fails",      "falsifies",
    "forbids",      "ignores",        "invalidates", "lacks",         "misleads",   "misses",
    "negates",      "omits",          "overcounts",  "overestimates", "overshoots", "refutes",
    "undercounts",  "underestimates", "undershoots", "vanishes",      "violates",
};
// Words that say nothing behind a number.
constexpr std::string_view kSilent[] = {
    "a",        "all",       "alone",     "altogether",   "an",     "apart", "apiece",  "away",
    "combined", "daily",     "each",      "exactly",      "hourly", "left",  "monthly", "only",
    "overall",  "precisely", "remaining", "respectively", "the",    "them",  "these",   "this",
    "those",    "together",  "total",     "weekly",       "yearly",
};
// Function words that go on from a noun.
constexpr std::string_view kJoining[] = {
    "after",   "are",        "as",     "at",    "be",   "because", "been",  "before", "being",
    "between", "by",         "during", "for",   "from", "had",     "has",   "have",   "he",
    "her",     "his",        "in",     "into",  "is",   "it",      "its",   "of",     "on",
    "out",     "per",        "she",    "since", "than", "that",    "their", "there",  "they",
    "through", "throughout", "to",     "was",   "we",   "were",    "which", "who",    "whose",
    "with",    "within",     "you",    "your",
};
// Plurals, and abbreviations without one, that don't look like plurals.
constexpr std::string_view kPlurals[] = {
    "aircraft",  "amu",       "bacteria", "bison",   "cattle",    "criteria", "data",
    "db",        "deer",      "dice",     "elk",     "fish",      "folk",     "geese",
    "ksi",       "kva",       "mice",     "moose",   "offspring", "oxen",     "people",
    "personnel", "phenomena", "police",   "poultry", "ppb",       "ppm",      "salmon",
    "sheep",     "shrimp",    "squid",    "swine",   "trout",     "va",
};
constexpr std::string_view kPluralEndings[] = {"children", "feet",   "fish",
                                               "men",      "people", "teeth"};
constexpr std::string_view kComparing[] = {"fewer", "less", "more"};
constexpr std::string_view kNounsInLy[] = {"assembly", "butterfly", "family", "fly"};

// Sorted.
constexpr std::string_view kDenying[] = {
    "base",    "cubed",     "except", "factorial", "fewer",   "negative", "neither",
    "never",   "no",        "none",   "nope",      "nor",     "not",      "off",
    "squared", "undefined", "unless", "unlike",    "without",
};

template <std::size_t kSize>
constexpr bool holds(const std::string_view (&sorted)[kSize], std::string_view word) noexcept {
  return std::binary_search(std::begin(sorted), std::end(sorted), word);
}
static_assert(std::is_sorted(std::begin(kChanging), std::end(kChanging)));
static_assert(std::is_sorted(std::begin(kFailing), std::end(kFailing)));
static_assert(std::is_sorted(std::begin(kSilent), std::end(kSilent)));
static_assert(std::is_sorted(std::begin(kJoining), std::end(kJoining)));
static_assert(std::is_sorted(std::begin(kPlurals), std::end(kPlurals)));
static_assert(std::is_sorted(std::begin(kDenying), std::end(kDenying)));

constexpr std::string_view kHanHalf = "半";
constexpr std::string_view kHanDenying[] = {"不", "无", "非", "没", "错", "舍", "否", "的"};
// What Chinese counts with. A noun directly behind a number is rare.
constexpr std::string_view kClassifiers =
    "个個只本名人位条张支枝根把件台辆架艘座栋间所家套双对副组群批排行列层页章节篇首幅幢棵株朵颗粒块"
    "片段"
    "瓶杯碗盘盒箱袋包桶筐篮罐壶勺束捆次回遍趟场届期代步种类样项门级阶题道处点面边角份倍头匹尾口扇床"
    "顶"
    "滴圈轮班年月日天周岁时分秒元字笔画词句局手票号楼户队盏封枚发部筒卷轴生男女车桌班球题数解格枝";
constexpr std::string_view kHanChanging[] = {"以内", "以外", "以上", "以下", "左右", "上下",
                                             "之",   "或许", "也许", "可能", "大约", "除"};
constexpr std::string_view kHanTrailing[] = {"多", "余", "几", "许", "内", "外", "负",
                                             "吧", "呢", "吗", "而", "但", "的"};

std::size_t fold(std::string_view word, char (&folded)[kLongestNoun]) noexcept {
  const std::size_t size = std::min(word.size(), kLongestNoun);
  for (std::size_t i = 0; i < size; ++i) folded[i] = support::to_ascii_lower(word[i]);
  return size;
}

// The general classifier counts anything: 3个 is 3个苹果 less its noun.
constexpr std::string_view kGeneralClassifier = "个";

WordRole role_of_han(std::string_view run) noexcept {
  const std::string_view first = run.substr(0, support::decode_utf8(run, 0).size);
  const auto found = [run](std::string_view part) {
    return run.find(part) != std::string_view::npos;
  };
  const auto ends = [run](std::string_view part) { return run.ends_with(part); };
  if (std::any_of(std::begin(kHanChanging), std::end(kHanChanging), found) ||
      std::any_of(std::begin(kHanTrailing), std::end(kHanTrailing), ends))
    return WordRole::kChanging;
  if (kClassifiers.find(first) != std::string_view::npos) return WordRole::kPlural;
  for (std::size_t end = first.size(); end < run.size() && end <= 12;) {  // 米长
    if (is_known_unit(run.substr(0, end))) return WordRole::kPlural;
    end += support::decode_utf8(run, end).size;
  }
  return WordRole::kSingular;
}

bool looks_plural(std::string_view word) noexcept {
  const auto ends = [word](std::string_view ending) { return word.ends_with(ending); };
  if (holds(kPlurals, word) ||
      std::any_of(std::begin(kPluralEndings), std::end(kPluralEndings), ends))
    return true;
  return word.size() > 2 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") &&
         !word.ends_with("wards");
}

}  // namespace

bool denies(std::string_view word) noexcept {
  if (std::any_of(std::begin(kHanDenying), std::end(kHanDenying),
                  [&](std::string_view start) { return word.starts_with(start); })) {
    return !word.starts_with("不同");
  }
  if (word.ends_with(kHanHalf)) return true;  // 3个半
  if (word.size() > 16) return false;
  char folded[kLongestNoun];
  const std::string_view lower(folded, fold(word, folded));
  if (holds(kDenying, lower)) return true;
  const NumberWord* number = find_number_word(lower);
  return number != nullptr && number->kind != NumberKind::kAnd &&
         number->kind != NumberKind::kArticle;
}

WordRole role_behind_number(std::string_view word) noexcept {
  if (denies(word)) return WordRole::kChanging;
  if (support::is_han(support::decode_utf8(word, 0).value)) return role_of_han(word);
  if (word.size() == 1) return word == "a" ? WordRole::kSilent : WordRole::kChanging;
  char folded[kLongestNoun];
  const std::string_view lower(folded, fold(word, folded));
  if (holds(kSilent, lower)) return WordRole::kSilent;
  if (holds(kJoining, lower)) return WordRole::kJoining;
  if (holds(kComparing, lower)) return WordRole::kAdjective;
  if (holds(kChanging, lower) || holds(kFailing, lower)) return WordRole::kChanging;
  if (lower.ends_with("ly") && !holds(kNounsInLy, lower)) return WordRole::kChanging;
  std::int64_t scale = 0;
  number::Rational value;
  if (is_percent_word(lower) || scale_word(lower, scale) || number_word(lower, value))
    return WordRole::kChanging;
  if (looks_plural(lower)) return WordRole::kPlural;
  return lower.ends_with("ed") ? WordRole::kAdjective : WordRole::kSingular;
}

std::uint64_t noun_hash(std::string_view word) {
  if (word.starts_with(kGeneralClassifier)) {
    word.remove_prefix(kGeneralClassifier.size());
    if (word.empty()) return 0;
  }
  char folded[kLongestNoun];
  const std::size_t size = fold(word, folded);
  const bool ascii = std::all_of(folded, folded + size,
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii && word.size() <= kLongestNoun) return stem_hash({folded, size});
  WordHash hash;
  hash.add(std::string_view(folded, size));
  hash.add(word.substr(size));
  return hash.value();
}

}  // namespace pyverify::answer
