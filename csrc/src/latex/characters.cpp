// What single characters beyond ASCII mean.
#include "expr/tree.hpp"
#include "latex/commands.hpp"

namespace pyverify::latex {
namespace {

using expr::Relation;

constexpr std::uint16_t v(Cmd cmd) { return static_cast<std::uint16_t>(cmd); }
constexpr std::uint16_t v(Relation relation) { return static_cast<std::uint16_t>(relation); }
constexpr std::uint16_t v(Bracket bracket) { return static_cast<std::uint16_t>(bracket); }

struct CharacterEntry {
  char16_t character;
  Tok kind;
  std::uint16_t value;
};
constexpr CharacterEntry kCharacters[] = {
    {u'√', Tok::kCommand, v(Cmd::kSqrt)},
    {u'∫', Tok::kCommand, v(Cmd::kIntegral)},
    {u'∛', Tok::kCommand, v(Cmd::kSqrt)},
    {u'∜', Tok::kCommand, v(Cmd::kSqrt)},
    {u'×', Tok::kTimes, 0},
    {u'·', Tok::kTimes, 0},
    {u'⋅', Tok::kTimes, 0},
    {u'∗', Tok::kTimes, 0},
    {u'•', Tok::kTimes, 0},
    {u'∙', Tok::kTimes, 0},
    {u'÷', Tok::kSlash, 0},
    {u'∕', Tok::kSlash, 0},
    {u'⁄', Tok::kSlash, 0},
    {u'／', Tok::kSlash, 0},
    {u'−', Tok::kMinus, 0},
    {u'–', Tok::kMinus, 0},
    {u'—', Tok::kMinus, 0},
    {u'－', Tok::kMinus, 0},
    {u'‐', Tok::kMinus, 0},
    {u'‑', Tok::kMinus, 0},
    {u'﹣', Tok::kMinus, 0},
    {u'＋', Tok::kPlus, 0},
    {u'∞', Tok::kCommand, v(Cmd::kInfinity)},
    {u'°', Tok::kDegree, 0},
    {u'º', Tok::kDegree, 0},
    {u'˚', Tok::kDegree, 0},
    {u'∘', Tok::kDegree, 0},
    {u'±', Tok::kPlusMinus, 0},
    {u'∓', Tok::kPlusMinus, 1},
    {u'≤', Tok::kRelation, v(Relation::kLessEqual)},
    {u'⩽', Tok::kRelation, v(Relation::kLessEqual)},
    {u'≦', Tok::kRelation, v(Relation::kLessEqual)},
    {u'≥', Tok::kRelation, v(Relation::kGreaterEqual)},
    {u'⩾', Tok::kRelation, v(Relation::kGreaterEqual)},
    {u'≧', Tok::kRelation, v(Relation::kGreaterEqual)},
    {u'≠', Tok::kRelation, v(Relation::kNotEqual)},
    {u'≈', Tok::kRelation, v(Relation::kApprox)},
    {u'≃', Tok::kRelation, v(Relation::kApprox)},
    {u'≡', Tok::kRelation, v(Relation::kEquivalent)},
    {u'∈', Tok::kRelation, v(Relation::kIn)},
    {u'∉', Tok::kRelation, v(Relation::kNotIn)},
    {u'＝', Tok::kRelation, v(Relation::kEqual)},
    {u'＜', Tok::kRelation, v(Relation::kLess)},
    {u'＞', Tok::kRelation, v(Relation::kGreater)},
    {u'→', Tok::kRelation, v(Relation::kTo)},
    {u'⇒', Tok::kRelation, v(Relation::kImplies)},
    {u'⊥', Tok::kRelation, v(Relation::kPerpendicular)},
    {u'∥', Tok::kRelation, v(Relation::kParallel)},
    {u'⊂', Tok::kRelation, v(Relation::kSubset)},
    {u'⊆', Tok::kRelation, v(Relation::kSubset)},
    {u'∪', Tok::kCup, 0},
    {u'∩', Tok::kCap, 0},
    {u'∖', Tok::kSetminus, 0},
    {u'∅', Tok::kCommand, v(Cmd::kEmptySet)},
    {u'Ø', Tok::kCommand, v(Cmd::kEmptySet)},
    {u'，', Tok::kComma, 0},
    {u'、', Tok::kComma, 0},
    {u'；', Tok::kSemicolon, 0},
    {u'：', Tok::kColon, 0},
    {u'∶', Tok::kColon, 0},
    {u'。', Tok::kDot, 0},
    {u'．', Tok::kDot, 0},
    {u'％', Tok::kPercent, 0},
    {u'（', Tok::kOpen, v(Bracket::kRound)},
    {u'）', Tok::kClose, v(Bracket::kRound)},
    {u'［', Tok::kOpen, v(Bracket::kSquare)},
    {u'］', Tok::kClose, v(Bracket::kSquare)},
    {u'【', Tok::kOpen, v(Bracket::kSquare)},
    {u'】', Tok::kClose, v(Bracket::kSquare)},
    {u'｛', Tok::kOpen, v(Bracket::kSet)},
    {u'｝', Tok::kClose, v(Bracket::kSet)},
    {u'⟨', Tok::kOpen, v(Bracket::kAngle)},
    {u'⟩', Tok::kClose, v(Bracket::kAngle)},
    {u'〈', Tok::kOpen, v(Bracket::kAngle)},
    {u'〉', Tok::kClose, v(Bracket::kAngle)},
    {u'⌊', Tok::kOpen, v(Bracket::kFloor)},
    {u'⌋', Tok::kClose, v(Bracket::kFloor)},
    {u'⌈', Tok::kOpen, v(Bracket::kCeil)},
    {u'⌉', Tok::kClose, v(Bracket::kCeil)},
    {u'｜', Tok::kBar, 0},
    {u'∣', Tok::kMid, 0},
    {u'‖', Tok::kBar, 1},
    {u'…', Tok::kEllipsis, 0},
    {u'⋯', Tok::kEllipsis, 0},
    {u'′', Tok::kPrime, 0},
    {u'’', Tok::kPrime, 0},
    {u'″', Tok::kPrime, 2},
    {u'？', Tok::kQuestion, 0},
    {u'！', Tok::kBang, 0},
    {u'＾', Tok::kCaret, 0},
    {u'∧', Tok::kAnd, 0},
    {u'∨', Tok::kOr, 0},
    {u'ℝ', Tok::kCommand, v(Cmd::kNumberSet)},
    {u'ℤ', Tok::kCommand, v(Cmd::kNumberSet)},
    {u'ℕ', Tok::kCommand, v(Cmd::kNumberSet)},
    {u'ℚ', Tok::kCommand, v(Cmd::kNumberSet)},
    {u'ℂ', Tok::kCommand, v(Cmd::kNumberSet)},
    {u'∠', Tok::kCommand, v(Cmd::kAngleMark)},
    {u'△', Tok::kSymbol, 0},
    {u'⊙', Tok::kSymbol, 0},
    {u'☉', Tok::kSymbol, 0},
    {u'⊕', Tok::kSymbol, 0},
    {u'∁', Tok::kSymbol, 0},
    {u'½', Tok::kFraction, 1 * 16 + 2},
    {u'⅓', Tok::kFraction, 1 * 16 + 3},
    {u'⅔', Tok::kFraction, 2 * 16 + 3},
    {u'¼', Tok::kFraction, 1 * 16 + 4},
    {u'¾', Tok::kFraction, 3 * 16 + 4},
    {u'⅕', Tok::kFraction, 1 * 16 + 5},
    {u'⅖', Tok::kFraction, 2 * 16 + 5},
    {u'⅗', Tok::kFraction, 3 * 16 + 5},
    {u'⅘', Tok::kFraction, 4 * 16 + 5},
    {u'⅙', Tok::kFraction, 1 * 16 + 6},
    {u'⅚', Tok::kFraction, 5 * 16 + 6},
    {u'⅛', Tok::kFraction, 1 * 16 + 8},
    {u'⅜', Tok::kFraction, 3 * 16 + 8},
    {u'⅝', Tok::kFraction, 5 * 16 + 8},
    {u'⅞', Tok::kFraction, 7 * 16 + 8},
    {u'€', Tok::kCurrency, u'€'},
    {u'£', Tok::kCurrency, u'£'},
    {u'¥', Tok::kCurrency, u'¥'},
    {u'￥', Tok::kCurrency, u'¥'},
    {u'₹', Tok::kCurrency, u'₹'},
    {u'¢', Tok::kCurrency, u'¢'},
    {u'＄', Tok::kCurrency, u'$'},
    {u'π', Tok::kCommand, v(Cmd::kPi)},
    {u'或', Tok::kOr, 0},
    {u'和', Tok::kAnd, 0},
    {u'且', Tok::kAnd, 0},
    {u'与', Tok::kAnd, 0},
    {u'及', Tok::kAnd, 0},
    {u'比', Tok::kColon, 0},
    {u'∂', Tok::kCommand, v(Cmd::kDifferential)},
};

}  // namespace

CharacterToken find_character(char32_t character) noexcept {
  if (character >= U'①' && character <= U'⑳') {
    return {Tok::kCircled, static_cast<std::uint16_t>(character - U'①' + 1)};
  }
  for (const CharacterEntry& entry : kCharacters) {
    if (entry.character == character) return {entry.kind, entry.value};
  }
  if (character == 0xB5) return {Tok::kLetter, u'μ'};    // the micro sign
  if (character == 0x2126) return {Tok::kLetter, u'Ω'};  // the ohm sign
  if ((character >= 0x391 && character <= 0x3C9) || character == 0x3D1 || character == 0x3D5) {
    if (character == 0x3D5) character = U'φ';
    return {Tok::kLetter, static_cast<std::uint16_t>(character)};
  }
  return {};
}

}  // namespace pyverify::latex
