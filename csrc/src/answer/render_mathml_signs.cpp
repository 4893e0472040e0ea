// Constants, brackets and signs as MathML.
#include "answer/render_mathml.hpp"

namespace pyverify::answer {

using expr::Kind;

std::string_view mathml_constant(Kind kind) noexcept {
  switch (kind) {
    case Kind::kPi:
      return "<mi>π</mi>";
    case Kind::kE:
      return "<mi>e</mi>";
    case Kind::kI:
      return "<mi>i</mi>";
    case Kind::kInfinity:
      return "<mi>∞</mi>";
    case Kind::kEmptySet:
      return "<mi>∅</mi>";
    case Kind::kEllipsis:
      return "<mo>…</mo>";
    default:
      return {};
  }
}

std::string_view mathml_postfix(Kind kind) noexcept {
  switch (kind) {
    case Kind::kFactorial:
      return "<mo>!</mo>";
    case Kind::kDoubleFactorial:
      return "<mo>!!</mo>";
    case Kind::kPercent:
      return "<mo lspace=\"0\">%</mo>";
    default:
      return "<mo lspace=\"0\">°</mo>";
  }
}

Fences mathml_fences(Kind kind) noexcept {
  switch (kind) {
    case Kind::kAbs:
      return {"<mo stretchy=\"true\">|</mo>", "<mo stretchy=\"true\">|</mo>"};
    case Kind::kFloor:
      return {"<mo>⌊</mo>", "<mo>⌋</mo>"};
    case Kind::kCeil:
      return {"<mo>⌈</mo>", "<mo>⌉</mo>"};
    case Kind::kBracket:
      return {"<mo>[</mo>", "<mo>]</mo>"};
    case Kind::kSet:
      return {"<mo>{</mo>", "<mo>}</mo>"};
    default:
      return {"<mo>(</mo>", "<mo>)</mo>"};
  }
}

std::string_view mathml_relation(expr::Relation relation) noexcept {
  using expr::Relation;
  switch (relation) {
    case Relation::kEqual:
      return "<mo>=</mo>";
    case Relation::kNotEqual:
      return "<mo>≠</mo>";
    case Relation::kLess:
      return "<mo>&lt;</mo>";
    case Relation::kLessEqual:
      return "<mo>≤</mo>";
    case Relation::kGreater:
      return "<mo>&gt;</mo>";
    case Relation::kGreaterEqual:
      return "<mo>≥</mo>";
    case Relation::kIn:
      return "<mo>∈</mo>";
    case Relation::kNotIn:
      return "<mo>∉</mo>";
    case Relation::kApprox:
      return "<mo>≈</mo>";
    case Relation::kEquivalent:
      return "<mo>≡</mo>";
    case Relation::kSubset:
      return "<mo>⊂</mo>";
    case Relation::kTo:
      return "<mo>→</mo>";
    case Relation::kImplies:
      return "<mo>⟹</mo>";
    case Relation::kParallel:
      return "<mo>∥</mo>";
    case Relation::kPerpendicular:
      return "<mo>⟂</mo>";
    case Relation::kSimilar:
      return "<mo>∼</mo>";
  }
  return "<mo>?</mo>";
}

std::string_view mathml_number_set(expr::NumberSet set) noexcept {
  using expr::NumberSet;
  switch (set) {
    case NumberSet::kReal:
      return "<mi>ℝ</mi>";
    case NumberSet::kRealPositive:
      return "<msup><mi>ℝ</mi><mo>+</mo></msup>";
    case NumberSet::kRealNegative:
      return "<msup><mi>ℝ</mi><mo>−</mo></msup>";
    case NumberSet::kInteger:
      return "<mi>ℤ</mi>";
    case NumberSet::kIntegerPositive:
      return "<msup><mi>ℤ</mi><mo>+</mo></msup>";
    case NumberSet::kIntegerNegative:
      return "<msup><mi>ℤ</mi><mo>−</mo></msup>";
    case NumberSet::kNatural:
      return "<mi>ℕ</mi>";
    case NumberSet::kNaturalPositive:
      return "<msup><mi>ℕ</mi><mo>+</mo></msup>";
    case NumberSet::kRational:
      return "<mi>ℚ</mi>";
    case NumberSet::kComplex:
      return "<mi>ℂ</mi>";
  }
  return "<mi>?</mi>";
}

}  // namespace pyverify::answer
