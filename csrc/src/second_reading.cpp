// The same letters read another way, when the first reading of an answer doesn't fit the gold.
#include <algorithm>

#include "answer/composed_units.hpp"
#include "compare/comparer.hpp"
#include "judge.hpp"

namespace pyverify {
namespace {

using expr::Kind;
using expr::Truth;

bool only_letters(std::string_view text) noexcept {
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return false;
  }
  return true;
}

bool short_word(const answer::Reading& reading) noexcept {
  if (!reading.is_maths() || reading.tree()[reading.root()].kind != Kind::kText) return false;
  const std::string_view word = reading.text_of(reading.tree()[reading.root()]);
  return word.size() >= 2 && word.size() <= 4 && only_letters(word);
}

// 2000 L may be litres. Two cases of one letter are not one unit when nothing says it is a unit.
bool may_be_quantity(const answer::Reading& reading) noexcept {
  if (reading.text.empty() || reading.text[0] < '0' || reading.text[0] > '9') return false;
  for (const latex::Token& token : reading.parsed.tokens) {
    if (token.kind == latex::Tok::kLetter && token.value == 'l') return false;
  }
  return true;
}

bool has_known_unit(const answer::Reading& reading) noexcept {
  for (const answer::UnitReading& unit : reading.units) {
    auto dims = unit.unit.dims;
    dims[answer::kCurrency] = 0;
    const bool money = unit.unit.dims[answer::kCurrency] != 0;
    if (unit.known && !(money && dims == decltype(dims){})) return true;
  }
  return false;
}

// Letters that are units beside each other rather than lengths, heights, times and masses. A litre
// only above, a gram only below joules.
bool is_unit_letter(char letter, char first, bool leads) noexcept {
  return std::string_view("msNJWVACK").find(letter) != std::string_view::npos ||
         (letter == 'L' && leads) || (letter == 'g' && first == 'J');
}

// What is squared or cubed as a unit, where A^2, s^2 and L^2 may be factors.
bool is_usual_length(std::string_view word) noexcept {
  for (const std::string_view known : {"m", "cm", "mm", "km", "ft", "in"}) {
    if (word == known) return true;
  }
  return false;
}

// 9.8 m/s^2, 12 J/K: letters that are hardly factors, as 2 h/g, 4 L/T and 4 m/L may be. In plain
// answers also 30 m^2 and 5 μm. 12m^2 and 5 m may be factors.
bool has_compound_unit(const answer::Reading& reading, bool in_gold) noexcept {
  using latex::Tok;
  if (reading.tree()[reading.root()].kind != Kind::kQuantity || reading.parsed.units.size() != 1)
    return false;
  const latex::Range range = reading.parsed.units[0];
  const auto& tokens = reading.parsed.tokens;
  if (range.begin == 0 || tokens[range.begin].begin == tokens[range.begin - 1].end) return false;
  bool quotient = false;
  bool power = false;
  bool micro = false;
  bool lengths = true;
  bool unit_letters = true;
  bool words = false;
  char first = 0;
  std::size_t letters = 0;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const latex::Token& token = tokens[i];
    quotient |= token.kind == Tok::kSlash || token.kind == Tok::kMinus ||
                (token.kind == Tok::kSuperscript && (token.value & 0x8000) != 0);
    power |= token.kind == Tok::kCaret || token.kind == Tok::kSuperscript;
    if (token.kind != Tok::kLetter && token.kind != Tok::kWord) continue;
    const std::string_view text = reading.text.substr(token.begin, token.end - token.begin);
    ++letters;
    micro |= token.kind == Tok::kLetter && token.value == 0x3BC;
    lengths = lengths && is_usual_length(text);
    words |= text.size() > 1 && token.kind == Tok::kWord;
    if (letters == 1) first = text.front();
    unit_letters =
        unit_letters && text.size() == 1 && is_unit_letter(text.front(), first, letters == 1);
  }
  if (quotient)
    return letters > 1 && (words || unit_letters) &&
           answer::is_usual_quotient(reading.units[0].unit);
  if (in_gold || !reading.parsed.plain) return false;
  return micro || (power && lengths && letters == 1);
}

bool is_likely(const latex::LetterUse& use) noexcept {
  return use.likely && !use.called && !use.labelled && !use.bare;
}

bool has_likely_argument(const answer::Reading& reading) noexcept {
  const auto& uses = reading.parsed.letter_uses;
  return std::any_of(uses.begin(), uses.end(), is_likely);
}

bool has_call(const answer::Reading& reading) noexcept {
  for (const expr::Node& node : reading.tree().nodes) {
    if (node.kind == Kind::kCall) return true;
  }
  return false;
}

// Does `other` show each letter without a bracket that `side` has before one?
bool factors_shown(const answer::Reading& side, const answer::Reading& other) noexcept {
  for (const latex::LetterUse& use : side.parsed.letter_uses) {
    if (!is_likely(use)) continue;
    const latex::LetterUse* const shown = other.parsed.use_of(use.letter);
    if (shown == nullptr || !shown->bare) return false;
  }
  return true;
}

}  // namespace

// Is the answer right if letters mean something else on one side: "abc" a product, "20 m/s" a
// speed? The side that leaves it open is read again, the other one says how (GRADING 11).
bool PreparedGold::retry_letters(std::string_view answer, Workspace& space, support::Budget& budget,
                                 Outcome& out) const noexcept {
  answer::Reading& theirs = space.answer;
  if (!reading_.is_maths() || !theirs.is_maths()) return false;
  latex::Letters letters = latex::Letters::kDefault;
  bool gold_again = false;
  bool alone = false;  // nothing but one side says that its letters are a unit
  bool both = false;   // 2 m^3 and 2000 L
  const bool gold_word = short_word(reading_);
  if (gold_word != short_word(theirs)) {
    if (!expr::is_scalar(
            (gold_word ? theirs : reading_).tree()[(gold_word ? theirs : reading_).root()].kind))
      return false;
    // "odd" is no product against "dod"
    if (gold_word && theirs.text.size() > 2 && only_letters(theirs.text)) return false;
    letters = latex::Letters::kProduct;
    gold_again = gold_word;
  } else {
    const bool gold_unit = has_known_unit(reading_);
    const bool answer_unit = has_known_unit(theirs);
    if (gold_unit && answer_unit) return false;
    const bool gold_letters = !reading_.tree().symbols.empty();
    const bool answer_letters = !theirs.tree().symbols.empty();
    alone = !gold_unit && !answer_unit && gold_letters != answer_letters;
    both = !gold_unit && !answer_unit && gold_letters && answer_letters &&
           may_be_quantity(reading_) && may_be_quantity(theirs);
    if (!alone && !both && gold_unit == answer_unit) return false;
    gold_again = alone ? gold_letters : !gold_unit;
    if (alone && gold_again && !theirs.units.empty()) return false;  // 12 square units for 12 J/s
    if (!(gold_again ? gold_letters : answer_letters)) return false;
    letters = latex::Letters::kUnit;
  }
  answer::Reading& again = gold_again ? space.gold : theirs;
  answer::read(gold_again ? std::string_view(text_) : answer, options_, letters, again, budget);
  const answer::Reading& mine = gold_again ? again : reading_;
  if (!mine.is_maths() || !theirs.is_maths()) return false;
  if (letters == latex::Letters::kUnit && !has_known_unit(again)) return false;
  if (alone && !has_compound_unit(again, gold_again)) return false;
  if (both) {
    answer::read(answer, options_, letters, theirs, budget);
    if (!theirs.is_maths() || !has_known_unit(theirs)) return false;
  }
  compare::Comparer comparer(mine, theirs, options_, budget);
  const expr::Decision decision = comparer.run();
  const bool by_unit = decision.reason == Reason::kUnit || decision.reason == Reason::kTolerance ||
                       options_.units == UnitRule::kIgnored;
  if (decision.truth != Truth::kTrue || (letters == latex::Letters::kUnit && !by_unit))
    return false;
  out.verdict = Verdict::kEqual;
  out.reason = decision.reason;
  return true;
}

// 2mg against a product of letters: what could be a unit is one no longer.
bool PreparedGold::retry_product(std::string_view answer, Workspace& space, support::Budget& budget,
                                 Outcome& out) const noexcept {
  answer::Reading& theirs = space.answer;
  const bool gold_again = reading_.parsed.has_plain_unit;
  const auto letters = [](bool again) {
    return again ? latex::Letters::kProduct : latex::Letters::kDefault;
  };
  answer::read(answer, options_, letters(!gold_again), theirs, budget);
  if (gold_again) answer::read(text_, options_, letters(true), space.gold, budget);
  const answer::Reading& mine = gold_again ? space.gold : reading_;
  if (!mine.is_maths() || !theirs.is_maths()) return false;
  if (mine.tree().symbols.empty() || theirs.tree().symbols.empty()) return false;
  if (!mine.units.empty() || !theirs.units.empty()) return false;
  compare::Comparer comparer(mine, theirs, options_, budget);
  const expr::Decision decision = comparer.run();
  if (decision.truth != Truth::kTrue) return false;
  out.verdict = Verdict::kEqual;
  out.reason = decision.reason;
  return true;
}

// P(n-1) + 2 against P(n) = P(n-1) + 2, m(2v) against 2mv: brackets that one side leaves open are
// read as the other one shows them, on both sides alike.
bool PreparedGold::retry_brackets(std::string_view answer, Workspace& space,
                                  support::Budget& budget, Outcome& out) const noexcept {
  answer::Reading& theirs = space.answer;
  const auto equal_as = [&](latex::Letters letters) {
    answer::read(answer, options_, letters, theirs, budget);
    answer::read(text_, options_, letters, space.gold, budget);
    if (!space.gold.is_maths() || !theirs.is_maths()) return false;
    if (letters == latex::Letters::kFactors &&
        !(factors_shown(space.gold, theirs) && factors_shown(theirs, space.gold)))
      return false;
    compare::Comparer comparer(space.gold, theirs, options_, budget);
    const expr::Decision decision = comparer.run();
    if (decision.truth != Truth::kTrue) return false;
    out.verdict = Verdict::kEqual;
    out.reason = decision.reason;
    return true;
  };
  const bool open = reading_.parsed.has_open_bracket || theirs.parsed.has_open_bracket;
  const bool likely = has_likely_argument(reading_) || has_likely_argument(theirs);
  const bool called = has_call(reading_) || has_call(theirs);
  if (!(open && called) && !likely) return false;
  if (open && called && equal_as(latex::Letters::kApplied)) return true;
  if (likely && equal_as(latex::Letters::kFactors)) return true;
  answer::read(answer, options_, latex::Letters::kDefault, theirs, budget);
  return false;
}

}  // namespace pyverify
