// Numerals in a base, ratios, texts, sets of reals.
#include "answer/words.hpp"
#include "compare/comparer.hpp"
#include "compare/real_set_reader.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

std::string_view digits_of(const Side& side, NodeId id) {
  const latex::BasedNumeral& numeral = side.reading->parsed.based[side[id].a];
  return side.reading->text.substr(numeral.digits.begin, numeral.digits.end - numeral.digits.begin);
}

// Equal digits, letters in either case, separators aside.
bool same_digits(std::string_view a, std::string_view b) {
  const auto skip = [](char c) {
    return c == ' ' || c == ',' || c == '$' || c == '\\' || c == '{' || c == '}';
  };
  std::size_t i = 0;
  std::size_t j = 0;
  for (;;) {
    while (i < a.size() && skip(a[i])) ++i;
    while (j < b.size() && skip(b[j])) ++j;
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
    if (upper(a[i++]) != upper(b[j++])) return false;
  }
}

}  // namespace

number::Rational Comparer::value_in_base(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  if (n.kind != Kind::kBased) return side.values->rational[id];
  const number::Rational value =
      answer::based_value(digits_of(side, id), side.reading->parsed.based[n.a].base);
  return n.sub == 1 ? number::neg(value) : value;
}

// The gold's form is the answer: the same base and digits, or the digits alone.
Decision Comparer::compare_based(NodeId gold, NodeId answer) noexcept {
  const Decision form = compare_based_form(gold, answer);
  if (form.truth == Truth::kTrue || options_.base_form) return form;
  const number::Rational mine = value_in_base(gold_, gold);
  const number::Rational theirs = value_in_base(answer_, answer);
  const bool same = mine.valid() && theirs.valid() && number::equal(mine, theirs);
  return same ? yes(Reason::kRational) : form;
}

Decision Comparer::compare_based_form(NodeId gold, NodeId answer) noexcept {
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  if (g.kind == Kind::kBased && a.kind == Kind::kBased) {
    const bool same =
        gold_reading_.parsed.based[g.a].base == answer_reading_.parsed.based[a.a].base &&
        g.sub == a.sub && same_digits(digits_of(gold_, gold), digits_of(answer_, answer));
    return same ? yes(Reason::kTextExact) : no(Reason::kFormMismatch);
  }
  if (g.kind == Kind::kBased) {
    if (a.kind == Kind::kList) return no(Reason::kKindMismatch);  // 2,4,3 for 243_5
    if (answer != answer_reading_.root()) {  // its source is not the whole text
      const number::Rational value = answer_.values->rational[answer];
      if (a.kind != Kind::kNumber || !value.is_integer() || value.num < 0 || g.sub == 1)
        return no(Reason::kFormMismatch);
      char digits[20];
      std::size_t first = sizeof digits;
      for (std::int64_t rest = value.num; rest > 0 || first == sizeof digits; rest /= 10)
        digits[--first] = static_cast<char>('0' + rest % 10);
      const bool same =
          same_digits(digits_of(gold_, gold), {digits + first, sizeof digits - first});
      return same ? yes(Reason::kTextExact) : no(Reason::kFormMismatch);
    }
    std::string_view text = answer_reading_.text;
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    for (const std::string_view wrapper : {"\\text{", "\\mathrm{"}) {
      if (text.size() > wrapper.size() && text.substr(0, wrapper.size()) == wrapper &&
          text.back() == '}') {
        text = text.substr(wrapper.size(), text.size() - wrapper.size() - 1);
      }
    }
    const bool same = negative == (g.sub == 1) && same_digits(digits_of(gold_, gold), text);
    return same ? yes(Reason::kTextExact) : no(Reason::kFormMismatch);
  }
  if (!expr::is_scalar(g.kind)) return no(Reason::kKindMismatch);
  const number::Rational value = value_in_base(answer_, answer);
  if (!value.valid()) return unknown(Reason::kUnsupported);
  const number::Rational wanted = gold_.values->rational[gold];
  if (!wanted.valid()) return unknown(Reason::kUnsupported);
  return number::equal(wanted, value) ? yes(Reason::kRational) : no(Reason::kRational);
}

Decision Comparer::compare_ratios(NodeId gold, NodeId answer) noexcept {
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  const auto members = [](const Node& n) { return static_cast<std::uint32_t>(n.aux); };
  if (g.kind == Kind::kRatio && a.kind == Kind::kRatio) {
    if (members(g) != members(a)) return no(Reason::kCountMismatch);
    const std::uint32_t quotients = g.b - members(g);
    if (quotients == 0 || quotients != a.b - members(a)) {
      return ordered(gold_.tree().items(g), g.b, answer_.tree().items(a), a.b);
    }
    for (std::uint32_t i = members(g); i < g.b; ++i) {
      const Decision one =
          match_value(gold_.tree().items(g)[i], answer_.tree().items(answer_[answer])[i]);
      if (one.truth != Truth::kTrue) return one;
    }
    return yes(Reason::kStructure);
  }
  // a ratio of two is its value
  if (g.kind == Kind::kRatio) {
    if (members(g) != 2 || g.b != 3 || !expr::is_scalar(a.kind)) return no(Reason::kKindMismatch);
    return match_value(gold_.tree().items(g)[2], answer);
  }
  if (members(a) != 2 || a.b != 3 || !expr::is_scalar(g.kind)) return no(Reason::kKindMismatch);
  return match_value(gold, answer_.tree().items(a)[2]);
}

Decision Comparer::compare_texts(NodeId gold, NodeId answer) noexcept {
  const bool gold_text = gold_[gold].kind == Kind::kText;
  const bool answer_text = answer_[answer].kind == Kind::kText;
  if (gold_text && answer_text) {
    const bool same = answer::same_text(gold_reading_.text_of(gold_[gold]),
                                        answer_reading_.text_of(answer_[answer]));
    return same ? yes(Reason::kTextExact) : no(Reason::kTextExact);
  }
  // a word for a mathematical object
  const Side& worded = gold_text ? gold_ : answer_;
  const Side& other = gold_text ? answer_ : gold_;
  const NodeId word_id = gold_text ? gold : answer;
  const NodeId id = gold_text ? answer : gold;
  const answer::TextClass meaning = answer::classify_text(worded.reading->text_of(worded[word_id]));
  const Node& n = other[id];
  const auto is_set = [&](expr::NumberSet set) {
    return n.kind == Kind::kNumberSet && n.sub == static_cast<std::uint8_t>(set);
  };
  using answer::TextClass;
  bool same = false;
  switch (meaning) {
    case TextClass::kNoSolution:
      same = n.kind == Kind::kEmptySet;
      break;
    case TextClass::kAllReals: {
      expr::NumberSet set{};
      same = number_set_of(other, id, set) && set == expr::NumberSet::kReal;
      break;
    }
    case TextClass::kPositiveReals:
      same = is_set(expr::NumberSet::kRealPositive);
      break;
    case TextClass::kNegativeReals:
      same = is_set(expr::NumberSet::kRealNegative);
      break;
    case TextClass::kIntegers:
      same = is_set(expr::NumberSet::kInteger);
      break;
    case TextClass::kPositiveIntegers:
      same = is_set(expr::NumberSet::kIntegerPositive) || is_set(expr::NumberSet::kNaturalPositive);
      break;
    case TextClass::kInfinity:
      same = infinity_sign(other, id) == 1;
      break;
    case TextClass::kNegativeInfinity:
      same = infinity_sign(other, id) == -1;
      break;
    default:
      break;
  }
  return same ? yes(Reason::kTextExact) : no(Reason::kKindMismatch);
}

Decision Comparer::compare_real_sets(NodeId gold, NodeId answer) noexcept {
  const Kind g = gold_[gold].kind;
  const Kind a = answer_[answer].kind;
  // a point or a list of points against an interval: tuples and brackets of two may be intervals
  const auto points_only = [](Kind kind) {
    return expr::is_scalar(kind) || kind == Kind::kList || kind == Kind::kText;
  };
  const bool gold_form = is_set_form(gold_, gold);
  const bool answer_form = is_set_form(answer_, answer);
  if (!gold_form && points_only(g) && a != Kind::kText && g != Kind::kText) {
    if (g == Kind::kList) return unknown(Reason::kUnsupported);
    return no(Reason::kHedged);  // a range that contains the gold
  }
  RealSet gold_set;
  RealSet answer_set;
  const Side* gold_side = &gold_;
  if (!to_real_set(gold_, gold, true, gold_set, budget_)) {
    if (!read_absolute(gold, gold_set)) return unknown(Reason::kUnsupported);
    gold_side = &answer_;
  }
  if (!answer_form && expr::is_scalar(a)) return no(Reason::kKindMismatch);
  // "all real numbers" for (-inf, inf), "no solution" for the empty set
  if (!to_real_set(answer_, answer, true, answer_set, budget_)) {
    const bool relation = a == Kind::kRelation || a == Kind::kChain;
    return relation && answer_form && gold_side == &gold_ ? no(Reason::kUnsolved)
                                                          : unknown(Reason::kUnsupported);
  }
  const bool was_exact = exact_;
  exact_ = true;
  const Decision decision = equal_sets(*gold_side, gold_set, answer_, answer_set, domain_, budget_);
  exact_ = was_exact;
  return decision;
}

// (a, b) or [a, b], which may be a point or an interval.
bool Comparer::is_bare_pair(NodeId gold) const noexcept {
  const Node& n = gold_[gold];
  const bool pair = n.kind == Kind::kTuple || n.kind == Kind::kBracket;
  return pair && n.b == 2 && n.sub == 0 && !is_set_form(gold_, gold);
}

// A pair that the caller's option calls a point or an interval. False: what the answer is doesn't
// depend on that.
bool Comparer::compare_pair(NodeId gold, NodeId answer, Decision& out) noexcept {
  const Kind a = answer_[answer].kind;
  const bool set_form = is_set_form(answer_, answer);
  if (options_.pairs == PairRule::kTuple) {
    out = no(Reason::kKindMismatch);
    if (set_form) return true;
    if ((a != Kind::kTuple && a != Kind::kBracket) || answer_[answer].b != 2) return false;
    const Node g = gold_[gold];
    out = ordered(gold_.tree().items(g), 2, answer_.tree().items(answer_[answer]), 2);
    return true;
  }
  RealSet interval;
  const bool may_be_set =
      set_form || a == Kind::kTuple || a == Kind::kBracket || a == Kind::kList || a == Kind::kSet;
  if (!may_be_set || !to_real_set(gold_, gold, true, interval, budget_)) return false;
  out = compare_real_sets(gold, answer);
  if (out.truth == Truth::kUnknown && out.reason == Reason::kUnsupported)
    out = no(Reason::kKindMismatch);
  return true;
}

}  // namespace pyverify::compare
