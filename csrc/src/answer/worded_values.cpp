// Number words read as numbers, with the unit or the thing counted behind them: forty-two, fifty
// percent, five apples, 十二平方厘米.
#include "answer/reading.hpp"
#include "answer/words.hpp"
#include "expr/build.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::NodeId;
using expr::Tree;
using latex::Tok;
using latex::Token;

constexpr std::size_t kMostUnitTokens = 6;

// Words that compare or deny: "five more", "three not four" are no quantities.
bool turns_meaning(std::string_view word) {
  for (const std::string_view known :
       {"not",   "no",    "than",   "more", "less", "fewer", "least", "most",
        "to",    "about", "around", "if",   "when", "but",   "plus",  "minus",
        "times", "point", "over",   "out",  "of",   "is",    "are",   "each"}) {
    if (word == known) return true;
  }
  number::Rational value;
  return number_word(word, value);
}

// The tokens of a unit in source bytes [begin, end); false when they don't look like one.
bool unit_tokens(Reading& reading, std::uint32_t begin, std::uint32_t end, latex::Range& range) {
  std::vector<Token>& tokens = reading.parsed.tokens;
  std::uint32_t first = 0;
  while (first < tokens.size() && tokens[first].end <= begin) ++first;
  std::uint32_t last = first;
  for (; last < tokens.size() && tokens[last].kind != Tok::kEnd && tokens[last].begin < end;
       ++last) {
    const Token& token = tokens[last];
    switch (token.kind) {
      case Tok::kWord:
      case Tok::kLetter:
        if (turns_meaning(reading.text.substr(token.begin, token.end - token.begin))) return false;
        break;
      case Tok::kHan:
      case Tok::kSuperscript:
      case Tok::kCaret:
      case Tok::kSlash:
      case Tok::kPercent:
      case Tok::kDot:
        break;
      case Tok::kNumber:
        if (last == first || tokens[last - 1].kind != Tok::kCaret) return false;
        break;
      default:
        return false;
    }
  }
  if (last == first || last - first > kMostUnitTokens) return false;
  if (tokens[first].begin < begin) {  // 十二 and 厘米 are one run of characters
    if (tokens[first].kind != Tok::kHan) return false;
    tokens[first].begin = begin;
  }
  range = {first, last};
  return true;
}

// A Chinese numeral counts by a classifier or a unit, or it is part of a word: 三个, 五名同学,
// 十二厘米, 第一象限, not 三角形, 一切, 二次函数.
bool counts_by_classifier(std::string_view words, std::string_view counted) {
  static constexpr std::string_view kClassifiers[] = {
      "个", "名", "条", "种", "位", "只", "本", "张", "件", "块", "片", "台", "辆", "组",  "对",
      "双", "枚", "颗", "粒", "根", "支", "棵", "朵", "座", "间", "排", "份", "盒", "袋",  "箱",
      "瓶", "杯", "道", "门", "艘", "架", "把", "头", "匹", "株", "套", "家", "所", "象限"};
  static constexpr std::string_view kAlone[] = {"次", "倍", "人", "项", "步", "层", "页", "回",
                                                "场", "轮", "点", "名", "岁", "局", "题", "队"};
  if (words.starts_with("第") || is_known_unit(counted)) return true;
  for (const std::string_view word : kClassifiers) {
    if (counted.starts_with(word)) return true;
  }
  for (const std::string_view word : kAlone) {
    if (counted == word) return true;
  }
  return false;
}

// The value of a text, an appended node; kNoNode when it is none. `root`: it is the whole answer.
NodeId worded_value(Reading& reading, latex::Range text, bool root) {
  Tree& tree = reading.parsed.tree;
  const std::string_view words = reading.text.substr(text.begin, text.end - text.begin);
  number::Rational value;
  if (number_word(words, value) && value.valid()) return expr::append_rational(tree, value);
  const std::size_t used = leading_number(words, value);
  if (used == 0 || !value.valid()) return expr::kNoNode;
  const auto behind = static_cast<std::uint32_t>(text.begin + used);
  latex::Range unit;
  if (!unit_tokens(reading, behind, text.end, unit)) return expr::kNoNode;
  const latex::Token& first = reading.parsed.tokens[unit.begin];
  if (first.kind == Tok::kHan && !words.empty() && static_cast<unsigned char>(words[0]) >= 0x80 &&
      !counts_by_classifier(words, reading.text.substr(behind, first.end - behind)))
    return expr::kNoNode;
  // a percentage is a scalar, which has to stand before whatever holds it
  const std::uint32_t counted = reading.parsed.tokens[unit.begin].begin;
  if (!root && is_percent_word(reading.text.substr(counted, text.end - counted)))
    return expr::kNoNode;
  const NodeId figure = expr::append_rational(tree, value);
  reading.parsed.units.push_back(unit);
  const auto which = static_cast<std::uint32_t>(reading.parsed.units.size() - 1);
  return expr::append(tree, Kind::kQuantity, figure, which, tree[figure].lo);
}

}  // namespace

void number_words_to_numbers(Reading& reading) {
  Tree& tree = reading.parsed.tree;
  const expr::Node root = tree[tree.root];
  if (root.kind == Kind::kList && root.sub == latex::kByAnd &&
      root.b == 2) {  // two and a half hours
    const expr::Node first = tree[tree.items(root)[0]];
    const expr::Node last = tree[tree.items(root)[1]];
    number::Rational share;
    if (first.kind == Kind::kNumber && last.kind == Kind::kText &&
        number_word(reading.text_of(last), share) && share.den > 1 && share.num < share.den &&
        tree.numbers[first.a].value.is_integer()) {  // 2 and a half
      tree.root = expr::append_binary(tree, Kind::kAdd, tree.items(root)[0],
                                      expr::append_rational(tree, share), 1);
      return;
    }
    if (first.kind == Kind::kText) {
      const latex::Range whole{reading.parsed.texts[first.a].begin,
                               static_cast<std::uint32_t>(reading.text.size())};
      number::Rational value;
      const std::string_view words = reading.text.substr(whole.begin, whole.end - whole.begin);
      const std::size_t first_size = reading.parsed.texts[first.a].end - whole.begin;
      if (leading_number(words, value) > first_size) {
        const NodeId made = worded_value(reading, whole, true);
        if (made != expr::kNoNode) {
          tree.root = made;
          return;
        }
      }
    }
  }
  const auto count = static_cast<NodeId>(tree.nodes.size());
  for (NodeId id = 0; id < count; ++id) {
    if (tree[id].kind != Kind::kText) continue;
    const NodeId made = worded_value(reading, reading.parsed.texts[tree[id].a], id == tree.root);
    if (made == expr::kNoNode) continue;
    if (id == tree.root) {
      tree.root = made;
    } else if (tree[made].kind == Kind::kNumber || tree[made].kind == Kind::kQuantity) {
      tree.nodes[id] = tree[made];
      tree.nodes[id].lo = id;
    }
  }
}

}  // namespace pyverify::answer
