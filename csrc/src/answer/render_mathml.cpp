#include "answer/render_mathml.hpp"

#include <utility>

#include "answer/render_parts.hpp"
#include "answer/render_walk.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::OperatorKind;

constexpr std::string_view kApply = "<mo>\u2061</mo>";
constexpr std::string_view kComma = "<mo>,</mo>";
constexpr std::string_view kBar = "<mo stretchy=\"true\">|</mo>";
constexpr std::string_view kGap = "<mspace width=\"0.25em\"/>";

class Renderer : private Walk<Renderer> {
 public:
  explicit Renderer(const Reading& reading) : Walk(reading) {}

  std::string run(NodeId root) {
    out_ = "<math>";
    if (!walk(root, kLongestMathml) || unknown_) return {};
    out_ += "</math>";
    return std::move(out_);
  }

 private:
  friend class Walk<Renderer>;
  static constexpr std::string_view kOpen = "<mrow><mo>(</mo>";
  static constexpr std::string_view kClose = "<mo>)</mo></mrow>";
  static constexpr std::size_t kShortest = 10;  // <mn>1</mn>

  // A number that is written as a product must wait for the parenthesis before it.
  static constexpr std::uint32_t kNumberBit = 1u << 31;
  void write_later(std::uint32_t what) {
    if ((what & kNumberBit) != 0) {
      mathml_number(reading_.tree(), reading_.tree().numbers[what & ~kNumberBit], out_);
    } else {
      mathml_unit(reading_, what, out_);
    }
  }

  bool is_power_of_ten(const Node& n) const {
    const expr::Number& number = reading_.tree().numbers[n.a];
    return number.exponent + number.decimals != 0;
  }

  Level level(const Node& n) const {
    switch (n.kind) {
      case Kind::kNumber:
        return is_power_of_ten(n) ? kProduct : kAtom;
      case Kind::kDiv:  // the bar holds it together
        return kFactor;
      case Kind::kFunction:
      case Kind::kLogBase:
      case Kind::kReal:
      case Kind::kImag:
        return kPower;
      case Kind::kOperator:
        return kSum;
      default:
        return level_of(n.kind);
    }
  }

  // ---- pieces
  void slot(NodeId id, int level = kLoose) { say("<mrow>"), show(id, level), say("</mrow>"); }
  void element(std::string_view open, NodeId first, NodeId second, std::string_view close,
               int level = kLoose) {
    say(open), slot(first, level), slot(second), say(close);
  }
  void enclosed(std::string_view open, const Node& n, std::string_view close) {
    say("<mrow>"), say(open), items(n, n.b, kComma, kRelated), say(close), say("</mrow>");
  }
  void fenced(std::string_view open, NodeId inner, std::string_view close) {
    say("<mrow>"), say(open), show(inner, kLoose), say(close), say("</mrow>");
  }
  void called(std::string_view name, NodeId argument) {
    say("<mi>"), say(name), say("</mi>"), say(kApply), fenced("<mo>(</mo>", argument, "<mo>)</mo>");
  }

  void write(const Node& n) {
    if (!write_leaf(n) && !write_arithmetic(n) && !write_call(n)) write_structure(n);
  }

  // Leaves go out at once: nothing of them stands behind another piece.
  bool write_leaf(const Node& n) {
    switch (n.kind) {
      case Kind::kNumber:
        show_later(n.a | kNumberBit);
        break;
      case Kind::kSymbol:
        mathml_name(reading_, n.a, out_);
        break;
      case Kind::kNumberSet:
        say(mathml_number_set(static_cast<expr::NumberSet>(n.sub)));
        break;
      case Kind::kText:
        out_ += "<mtext>";
        mathml_text(reading_.text_of(n), out_);
        out_ += "</mtext>";
        break;
      case Kind::kBased:
        mathml_based(reading_, n, out_);
        break;
      default: {
        const std::string_view sign = mathml_constant(n.kind);
        say(sign);
        return !sign.empty();
      }
    }
    return true;
  }

  bool write_arithmetic(const Node& n) {
    switch (n.kind) {
      case Kind::kAdd:
        two(n, kSum, n.sub == 1 ? "" : "<mo>+</mo>", kProduct);  // 1 1/2 is a mixed number
        return true;
      case Kind::kSub:
        two(n, kSum, "<mo>−</mo>", kProduct);
        return true;
      case Kind::kMul:
        two(n, kProduct, stands_beside(n.a, n.b) ? "<mo>\u2062</mo>" : "<mo>⋅</mo>", kFactor);
        return true;
      case Kind::kDiv:
        element("<mfrac>", n.a, n.b, "</mfrac>");
        return true;
      case Kind::kMod:
        two(n, kProduct, "<mo lspace=\"0.3em\" rspace=\"0.3em\">mod</mo>", kFactor);
        return true;
      case Kind::kPow:
        element("<msup>", n.a, n.b, "</msup>", kAtom);
        return true;
      case Kind::kRoot:
        if (is_two(n.b)) {
          say("<msqrt>"), show(n.a, kLoose), say("</msqrt>");
        } else {
          element("<mroot>", n.a, n.b, "</mroot>");
        }
        return true;
      case Kind::kPlusMinus:
        two(n, kSum, n.sub == 0 ? "<mo>±</mo>" : "<mo>∓</mo>", kProduct);
        return true;
      case Kind::kNeg:
        say("<mrow><mo>−</mo>"), show(n.a, kProduct), say("</mrow>");
        return true;
      case Kind::kFactorial:
      case Kind::kDoubleFactorial:
      case Kind::kPercent:
      case Kind::kDegree:
        show(n.a, kAtom), say(mathml_postfix(n.kind));
        return true;
      default:
        return false;
    }
  }

  // 2x, x(x+1), but 2 * 3 and x * 2: does the right factor begin with what can't be misread?
  bool stands_beside(NodeId left, NodeId right) const {
    constexpr int kDeepest = 16;
    for (int i = 0; i < kDeepest; ++i) {
      const Node& n = reading_.tree()[right];
      if (level(n) < kFactor) return n.kind != Kind::kNumber;  // in parentheses
      switch (n.kind) {
        case Kind::kMul:
        case Kind::kPow:
        case Kind::kFactorial:
        case Kind::kPercent:
        case Kind::kDegree:
          right = n.a;
          continue;
        case Kind::kSymbol:
          return !is_word(n) && !is_word(reading_.tree()[left]);
        case Kind::kPi:
        case Kind::kE:
        case Kind::kI:
        case Kind::kRoot:
        case Kind::kFunction:
        case Kind::kLogBase:
        case Kind::kBinomial:
          return !is_word(reading_.tree()[left]);
        default:
          return false;
      }
    }
    return false;
  }

  // A name of several letters needs a sign beside it.
  bool is_word(const Node& n) const {
    if (n.kind != Kind::kSymbol) return false;
    const expr::Symbol& s = reading_.tree().symbols[n.a];
    const auto letter = [&](std::size_t i) {
      const char c = i < s.text_end && i < reading_.text.size() ? reading_.text[i] : ' ';
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return letter(s.text_begin) && letter(std::size_t{s.text_begin} + 1);
  }

  bool write_call(const Node& n) {
    switch (n.kind) {
      case Kind::kAbs:
      case Kind::kFloor:
      case Kind::kCeil: {
        const Fences fences = mathml_fences(n.kind);
        fenced(fences.open, n.a, fences.close);
        return true;
      }
      case Kind::kBinomial:
        say("<mrow><mo>(</mo>");
        element("<mfrac linethickness=\"0\">", n.a, n.b, "</mfrac><mo>)</mo></mrow>");
        return true;
      case Kind::kConj:
        say("<mover accent=\"true\">"), slot(n.a), say("<mo stretchy=\"true\">¯</mo></mover>");
        return true;
      case Kind::kLogBase:
        say("<msub><mi>log</mi>"), slot(n.a), say("</msub>"), say(kApply);
        fenced("<mo>(</mo>", n.b, "<mo>)</mo>");
        return true;
      case Kind::kFunction:
      case Kind::kReal:
      case Kind::kImag:
        called(call_name(n), n.a);
        return true;
      case Kind::kMax:
      case Kind::kMin:
      case Kind::kGcd:
      case Kind::kLcm:
        say("<mi>"), say(call_name(n)), say("</mi>"), say(kApply);
        enclosed("<mo>(</mo>", n, "<mo>)</mo>");
        return true;
      case Kind::kCall:
        mathml_name(reading_, n.aux, out_);
        say(kApply), enclosed("<mo>(</mo>", n, "<mo>)</mo>");
        return true;
      case Kind::kOperator:
        write_operator(n);
        return true;
      default:
        return false;
    }
  }

  void write_operator(const Node& n) {
    const auto kind = static_cast<OperatorKind>(n.sub);
    const bool bounded = n.aux != 0 && n.b == 4;
    if (kind == OperatorKind::kDottedSum || kind == OperatorKind::kDottedProduct) {
      const bool sum = kind == OperatorKind::kDottedSum;
      for (std::uint32_t i = 0; i < shown(n.b); ++i) {
        if (i > 0) say(sum ? "<mo>+</mo>" : "<mo>⋅</mo>");
        if (i + 1 == n.b) say(sum ? "<mo>⋯</mo><mo>+</mo>" : "<mo>⋯</mo><mo>⋅</mo>");
        show(item(n, i), kProduct);
      }
    } else if (bounded && (kind == OperatorKind::kSum || kind == OperatorKind::kProduct)) {
      say("<munderover>"), say(kind == OperatorKind::kSum ? "<mo>∑</mo>" : "<mo>∏</mo>");
      say("<mrow>"), show(item(n, 0), kAtom), say("<mo>=</mo>"), show(item(n, 1), kSum);
      say("</mrow>"), slot(item(n, 2)), say("</munderover>"), show(item(n, 3), kProduct);
    } else if (kind == OperatorKind::kLimit && n.aux != 0 && n.b == 3) {
      say("<munder><mo>lim</mo><mrow>"), show(item(n, 0), kAtom), say("<mo>→</mo>");
      show(item(n, 1), kSum), say("</mrow></munder>"), show(item(n, 2), kProduct);
    } else if (kind == OperatorKind::kIntegral && (bounded || (n.aux != 0 && n.b == 2))) {
      integral(n);
    } else if (kind == OperatorKind::kEvaluation && bounded) {
      say("<msubsup>"), fenced("<mo>[</mo>", item(n, 3), "<mo>]</mo>");
      slot(item(n, 1)), slot(item(n, 2)), say("</msubsup>");
    } else if (kind == OperatorKind::kDeterminant && n.aux != 0) {
      table(n, kBar, kBar);
    } else {
      unknown_ = true;
    }
  }

  void integral(const Node& n) {
    if (n.b == 4) {
      say("<msubsup><mo>∫</mo>"), slot(item(n, 1)), slot(item(n, 2)), say("</msubsup>");
    } else {
      say("<mo>∫</mo>");
    }
    show(item(n, n.b - 1), kProduct);
    say(kGap), say("<mi>d</mi>"), show(item(n, 0), kAtom);
  }

  void write_structure(const Node& n) {
    switch (n.kind) {
      case Kind::kTuple:
      case Kind::kBracket:
      case Kind::kSet: {
        const Fences fences = mathml_fences(n.kind);
        enclosed(fences.open, n, fences.close);
        break;
      }
      case Kind::kList:
        items(n, n.b, list_separator(n), kRelated);
        break;
      case Kind::kInterval:
        say("<mrow>");
        say((n.sub & expr::kClosedLeft) != 0 ? "<mo>[</mo>" : "<mo>(</mo>");
        two(n, kSum, kComma, kSum);
        say((n.sub & expr::kClosedRight) != 0 ? "<mo>]</mo></mrow>" : "<mo>)</mo></mrow>");
        break;
      case Kind::kUnion:
        items(n, n.b, "<mo>∪</mo>", kSum);
        break;
      case Kind::kIntersection:
        items(n, n.b, "<mo>∩</mo>", kSum);
        break;
      case Kind::kDifference:
        two(n, kJoined, "<mo>∖</mo>", kSum);
        break;
      case Kind::kMatrix:
        table(n, "<mo>[</mo>", "<mo>]</mo>");
        break;
      case Kind::kRelation:
        two(n, kJoined, mathml_relation(static_cast<expr::Relation>(n.sub)), kJoined);
        break;
      case Kind::kChain:
        chain(n);
        break;
      case Kind::kCondition:
        say("<mrow><mo>{</mo>"), two(n, kLoose, kBar, kLoose), say("<mo>}</mo></mrow>");
        break;
      case Kind::kCases:
        cases(n);
        break;
      case Kind::kRatio:
        items(n, n.aux != 0 ? std::min<std::uint32_t>(n.aux, n.b) : n.b, "<mo>:</mo>", kSum);
        break;
      case Kind::kQuantity:
        // 2 h 30 min, added up, has no unit that was written
        unknown_ = unknown_ || n.b >= reading_.parsed.units.size();
        show(n.a, kProduct), say(kGap), show_later(n.b);
        break;
      case Kind::kMoney:
        mathml_unit(reading_, n.b, out_), show(n.a, kProduct);
        break;
      case Kind::kQuantitySum:
        items(n, n.b, kGap, kProduct);
        break;
      case Kind::kAssumption:
        two(n, kRelated, "<mspace width=\"1em\"/>", kRelated);
        break;
      default:
        unknown_ = true;
    }
  }

  static std::string_view list_separator(const Node& n) {
    if ((n.sub & latex::kByOr) != 0) return "<mtext>\u00A0or\u00A0</mtext>";
    return n.sub == latex::kByAnd ? "<mtext>\u00A0and\u00A0</mtext>" : kComma;
  }

  void table(const Node& n, std::string_view open, std::string_view close) {
    const std::uint32_t columns = std::max<std::uint32_t>(n.aux, 1);
    say("<mrow>"), say(open), say("<mtable><mtr>");
    for (std::uint32_t i = 0; i < shown(n.b); ++i) {
      if (i > 0 && i % columns == 0) say("</mtr><mtr>");
      say("<mtd>"), show(item(n, i), kRelated), say("</mtd>");
    }
    say("</mtr></mtable>"), say(close), say("</mrow>");
  }

  // The links share their middle members.
  void chain(const Node& n) {
    for (std::uint32_t i = 0; i < shown(n.b); ++i) {
      const Node& link = reading_.tree()[item(n, i)];
      if (link.kind != Kind::kRelation) continue;
      if (i == 0) show(link.a, kJoined);
      say(mathml_relation(static_cast<expr::Relation>(link.sub)));
      show(link.b, kJoined);
    }
  }

  void cases(const Node& n) {
    say("<mrow><mo>{</mo><mtable columnalign=\"left\">");
    for (std::uint32_t i = 0; i < shown(n.b); ++i) {
      const Node& branch = reading_.tree()[item(n, i)];
      if (branch.kind != Kind::kCondition) continue;
      say("<mtr><mtd>"), show(branch.a, kRelated);
      say("</mtd><mtd><mtext>if\u00A0</mtext>"), show(branch.b, kRelated), say("</mtd></mtr>");
    }
    say("</mtable></mrow>");
  }

  bool unknown_ = false;
};

}  // namespace

std::string render_mathml(const Reading& reading, NodeId id) {
  if (id >= reading.tree().nodes.size()) return {};
  return Renderer(reading).run(id);
}

}  // namespace pyverify::answer
