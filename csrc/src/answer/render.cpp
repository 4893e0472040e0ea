#include "answer/render.hpp"

#include <algorithm>
#include <utility>

#include "answer/render_parts.hpp"
#include "answer/render_walk.hpp"

namespace pyverify::answer {
namespace {

using expr::Kind;
using expr::Node;
using expr::NodeId;

class Renderer : private Walk<Renderer> {
 public:
  explicit Renderer(const Reading& reading) : Walk(reading) {}

  std::string run(NodeId root) { return walk(root, kLongestRendering) ? std::move(out_) : cut(); }

 private:
  friend class Walk<Renderer>;
  static constexpr std::string_view kOpen = "(";
  static constexpr std::string_view kClose = ")";
  static constexpr std::size_t kShortest = 1;

  static Level level(const Node& n) { return level_of(n.kind); }
  void write_later(std::uint32_t unit) { append_unit(reading_, unit, out_); }

  void enclosed(std::string_view open, const Node& n, std::string_view close) {
    say(open);
    items(n, n.b, ", ", kRelated);
    say(close);
  }

  // Leaves and names go out at once: nothing of them stands behind another piece.
  void write(const Node& n) {
    if (write_leaf(n) || write_scalar(n)) return;
    write_structure(n);
  }

  bool write_leaf(const Node& n) {
    switch (n.kind) {
      case Kind::kNumber:
        append_number(reading_.tree(), reading_.tree().numbers[n.a], out_);
        break;
      case Kind::kSymbol:
        append_name(reading_, n.a, out_);
        break;
      case Kind::kPi:
        say("pi");
        break;
      case Kind::kE:
        say("e");
        break;
      case Kind::kI:
        say("i");
        break;
      case Kind::kInfinity:
        say("inf");
        break;
      case Kind::kNumberSet:
        say(number_set_name(static_cast<expr::NumberSet>(n.sub)));
        break;
      case Kind::kEmptySet:
        say("{}");
        break;
      case Kind::kEllipsis:
        say("...");
        break;
      case Kind::kTime:
        say("time");
        break;
      case Kind::kText:
        say("\"");
        say(reading_.text_of(n));
        say("\"");
        break;
      case Kind::kBased:
        append_based(reading_, n, out_);
        break;
      default:
        return false;
    }
    return true;
  }

  bool write_scalar(const Node& n) {
    switch (n.kind) {
      case Kind::kAdd:
        two(n, kSum, n.sub == 1 ? " " : " + ", kProduct);  // 1 1/2 is a mixed number
        return true;
      case Kind::kSub:
        two(n, kSum, " - ", kProduct);
        return true;
      case Kind::kMul:
        two(n, kProduct, "*", kFactor);
        return true;
      case Kind::kDiv:
        two(n, kProduct, "/", kFactor);
        return true;
      case Kind::kMod:
        two(n, kProduct, " mod ", kFactor);
        return true;
      case Kind::kPow:
        two(n, kAtom, "^", kAtom);
        return true;
      case Kind::kPlusMinus:
        two(n, kSum, n.sub == 0 ? " +- " : " -+ ", kProduct);
        return true;
      case Kind::kNeg:
        say("-"), show(n.a, kProduct);
        return true;
      case Kind::kFactorial:
        show(n.a, kAtom), say("!");
        return true;
      case Kind::kDoubleFactorial:
        show(n.a, kAtom), say("!!");
        return true;
      case Kind::kPercent:
        show(n.a, kAtom), say("%");
        return true;
      case Kind::kDegree:
        show(n.a, kAtom), say(" deg");
        return true;
      case Kind::kLogBase:
        say("log_"), show(n.a, kAtom);
        say("("), show(n.b, kLoose), say(")");
        return true;
      case Kind::kCall:
        if (const expr::Symbol& name = reading_.tree().symbols[n.aux];
            name.text_end > name.text_begin)
          append_name(reading_, n.aux, out_);
        else
          say("product");  // of vectors, matrices or functions
        enclosed("(", n, ")");
        return true;
      default:
        break;
    }
    const std::string_view called = call_name(n);
    if (called.empty()) return false;
    const bool square_root = n.kind == Kind::kRoot && is_two(n.b);
    say(square_root ? "sqrt" : called);
    if (expr::has_items(n.kind)) {
      enclosed("(", n, ")");
      return true;
    }
    say("("), show(n.a, kRelated);
    const bool pair = (n.kind == Kind::kRoot && !square_root) || n.kind == Kind::kBinomial;
    if (pair) say(", "), show(n.b, kRelated);
    say(")");
    return true;
  }

  void write_structure(const Node& n) {
    switch (n.kind) {
      case Kind::kTuple:
        enclosed("(", n, ")");
        break;
      case Kind::kBracket:
        enclosed("[", n, "]");
        break;
      case Kind::kSet:
        enclosed("{", n, "}");
        break;
      case Kind::kList:
        items(n, n.b, list_separator(n), kRelated);
        break;
      case Kind::kInterval:
        say((n.sub & expr::kClosedLeft) != 0 ? "[" : "(");
        two(n, kSum, ", ", kSum);
        say((n.sub & expr::kClosedRight) != 0 ? "]" : ")");
        break;
      case Kind::kUnion:
        items(n, n.b, " U ", kJoined);
        break;
      case Kind::kIntersection:
        items(n, n.b, " intersect ", kSum);
        break;
      case Kind::kDifference:
        two(n, kJoined, " \\ ", kSum);
        break;
      case Kind::kMatrix:
        matrix(n);
        break;
      case Kind::kRelation:
        two(n, kJoined, relation_sign(static_cast<expr::Relation>(n.sub)), kJoined);
        break;
      case Kind::kChain:
        chain(n);
        break;
      case Kind::kCondition:
        say("{"), two(n, kLoose, " : ", kLoose), say("}");
        break;
      case Kind::kCases:
        cases(n);
        break;
      case Kind::kRatio:
        items(n, n.aux != 0 ? std::min<std::uint32_t>(n.aux, n.b) : n.b, ":", kSum);
        break;
      case Kind::kQuantity:
        show(n.a, kProduct), say(" "), show_later(n.b);
        break;
      case Kind::kMoney:
        append_unit(reading_, n.b, out_), show(n.a, kProduct);
        break;
      case Kind::kQuantitySum:
        items(n, n.b, " ", kProduct);
        break;
      case Kind::kAssumption:
        two(n, kRelated, " ", kRelated);
        break;
      default:
        say("?");
    }
  }

  static std::string_view list_separator(const Node& n) {
    if ((n.sub & latex::kByOr) != 0) return " or ";
    return n.sub == latex::kByAnd ? " and " : ", ";
  }

  void matrix(const Node& n) {
    const std::uint32_t columns = std::max<std::uint32_t>(n.aux, 1);
    say("[");
    for (std::uint32_t i = 0; i < shown(n.b); ++i) {
      if (i % columns == 0) say(i == 0 ? "[" : "], [");
      if (i % columns != 0) say(", ");
      show(item(n, i), kRelated);
    }
    say("]]");
  }

  // The links share their middle members.
  void chain(const Node& n) {
    for (std::uint32_t i = 0; i < shown(n.b); ++i) {
      const Node& link = reading_.tree()[item(n, i)];
      if (link.kind != Kind::kRelation) continue;
      if (i == 0) show(link.a, kJoined);
      say(relation_sign(static_cast<expr::Relation>(link.sub)));
      show(link.b, kJoined);
    }
  }

  void cases(const Node& n) {
    say("{");
    for (std::uint32_t i = 0; i < shown(n.b); ++i) {
      const Node& branch = reading_.tree()[item(n, i)];
      if (i > 0) say("; ");
      if (branch.kind == Kind::kCondition) two(branch, kRelated, " if ", kRelated);
    }
    say("}");
  }

  // Whole characters and three dots.
  std::string cut() {
    std::size_t end = std::min(out_.size(), kLongestRendering - 3);
    if (end < out_.size()) {
      while (end > 0 && (static_cast<unsigned char>(out_[end]) & 0xC0) == 0x80) --end;
    }
    out_.resize(end);
    out_ += "...";
    return std::move(out_);
  }
};

}  // namespace

std::string render(const Reading& reading, NodeId id) {
  if (id >= reading.tree().nodes.size()) return {};
  return Renderer(reading).run(id);
}

}  // namespace pyverify::answer
