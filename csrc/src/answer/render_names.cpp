#include "answer/render_parts.hpp"

namespace pyverify::answer {
namespace {

using expr::Function;
using expr::Kind;
using expr::NumberSet;
using expr::OperatorKind;
using expr::Relation;

std::string_view function_name(Function function) noexcept {
  switch (function) {
    case Function::kSin:
      return "sin";
    case Function::kCos:
      return "cos";
    case Function::kTan:
      return "tan";
    case Function::kSec:
      return "sec";
    case Function::kCsc:
      return "csc";
    case Function::kCot:
      return "cot";
    case Function::kArcsin:
      return "arcsin";
    case Function::kArccos:
      return "arccos";
    case Function::kArctan:
      return "arctan";
    case Function::kArcsec:
      return "arcsec";
    case Function::kArccsc:
      return "arccsc";
    case Function::kArccot:
      return "arccot";
    case Function::kSinh:
      return "sinh";
    case Function::kCosh:
      return "cosh";
    case Function::kTanh:
      return "tanh";
    case Function::kSech:
      return "sech";
    case Function::kCsch:
      return "csch";
    case Function::kCoth:
      return "coth";
    case Function::kArcsinh:
      return "arcsinh";
    case Function::kArccosh:
      return "arccosh";
    case Function::kArctanh:
      return "arctanh";
    case Function::kLn:
      return "ln";
    case Function::kLog:
      return "log";
    case Function::kExp:
      return "exp";
    case Function::kArg:
      return "arg";
    case Function::kSign:
      return "sign";
  }
  return "f";
}

std::string_view operator_name(OperatorKind kind) noexcept {
  switch (kind) {
    case OperatorKind::kIntegral:
      return "integral";
    case OperatorKind::kLimit:
      return "limit";
    case OperatorKind::kSum:
    case OperatorKind::kDottedSum:
      return "sum";
    case OperatorKind::kProduct:
    case OperatorKind::kDottedProduct:
      return "product";
    case OperatorKind::kDerivative:
      return "derivative";
    case OperatorKind::kDeterminant:
      return "det";
    case OperatorKind::kInverse:
      return "inverse";
    case OperatorKind::kTranspose:
      return "transpose";
    case OperatorKind::kEvaluation:
      return "evaluation";
    case OperatorKind::kOther:
      return "operator";
  }
  return "operator";
}

}  // namespace

std::string_view call_name(const expr::Node& node) noexcept {
  switch (node.kind) {
    case Kind::kFunction:
      return function_name(static_cast<Function>(node.sub));
    case Kind::kOperator:
      return operator_name(static_cast<OperatorKind>(node.sub));
    case Kind::kRoot:
      return "root";
    case Kind::kBinomial:
      return "binom";
    case Kind::kAbs:
      return "abs";
    case Kind::kFloor:
      return "floor";
    case Kind::kCeil:
      return "ceil";
    case Kind::kMax:
      return "max";
    case Kind::kMin:
      return "min";
    case Kind::kGcd:
      return "gcd";
    case Kind::kLcm:
      return "lcm";
    case Kind::kReal:
      return "Re";
    case Kind::kImag:
      return "Im";
    case Kind::kConj:
      return "conj";
    default:
      return {};
  }
}

std::string_view relation_sign(Relation relation) noexcept {
  switch (relation) {
    case Relation::kEqual:
      return " = ";
    case Relation::kNotEqual:
      return " != ";
    case Relation::kLess:
      return " < ";
    case Relation::kLessEqual:
      return " <= ";
    case Relation::kGreater:
      return " > ";
    case Relation::kGreaterEqual:
      return " >= ";
    case Relation::kIn:
      return " in ";
    case Relation::kNotIn:
      return " not in ";
    case Relation::kApprox:
      return " ~ ";
    case Relation::kEquivalent:
      return " == ";
    case Relation::kSubset:
      return " subset of ";
    case Relation::kTo:
      return " -> ";
    case Relation::kImplies:
      return " => ";
    case Relation::kParallel:
      return " parallel to ";
    case Relation::kPerpendicular:
      return " perpendicular to ";
    case Relation::kSimilar:
      return " similar to ";
  }
  return " ? ";
}

std::string_view number_set_name(NumberSet set) noexcept {
  switch (set) {
    case NumberSet::kReal:
      return "R";
    case NumberSet::kRealPositive:
      return "R+";
    case NumberSet::kRealNegative:
      return "R-";
    case NumberSet::kInteger:
      return "Z";
    case NumberSet::kIntegerPositive:
      return "Z+";
    case NumberSet::kIntegerNegative:
      return "Z-";
    case NumberSet::kNatural:
      return "N";
    case NumberSet::kNaturalPositive:
      return "N+";
    case NumberSet::kRational:
      return "Q";
    case NumberSet::kComplex:
      return "C";
  }
  return "?";
}

}  // namespace pyverify::answer
