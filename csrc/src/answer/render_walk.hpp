// Walks a tree and lets a writer say it, piece by piece: what all renderings have in common.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "answer/reading.hpp"

namespace pyverify::answer {

// How tightly a form holds together; a looser one inside gets parentheses.
enum Level : int { kLoose, kRelated, kJoined, kSum, kProduct, kFactor, kPower, kAtom };

constexpr Level level_of(expr::Kind kind) noexcept {
  using expr::Kind;
  switch (kind) {
    case Kind::kList:
    case Kind::kAssumption:
      return kLoose;
    case Kind::kRelation:
    case Kind::kChain:
    case Kind::kRatio:
      return kRelated;
    case Kind::kUnion:
    case Kind::kIntersection:
    case Kind::kDifference:
      return kJoined;
    case Kind::kAdd:
    case Kind::kSub:
    case Kind::kNeg:
    case Kind::kPlusMinus:
      return kSum;
    case Kind::kMul:
    case Kind::kDiv:
    case Kind::kMod:
    case Kind::kQuantity:
    case Kind::kQuantitySum:
      return kProduct;
    case Kind::kPow:
    case Kind::kFactorial:
    case Kind::kDoubleFactorial:
    case Kind::kPercent:
    case Kind::kDegree:
      return kPower;
    default:
      return kAtom;
  }
}

// A Writer has kOpen and kClose, its parentheses, kShortest, the bytes of its shortest item, and
//   Level level(const Node&)          of a node as it writes it
//   void write(const Node&)           says the pieces of a node in order; leaves may go out at once
//   void write_later(std::uint32_t)   appends what show_later() announced, in its turn
template <class Writer>
class Walk {
 protected:
  using Kind = expr::Kind;
  using Node = expr::Node;
  using NodeId = expr::NodeId;

  explicit Walk(const Reading& reading) : reading_(reading) {}

  // False when the text gets longer than `longest`: it is incomplete then. An explicit stack: the
  // tree may be deep. Trees may share parts, so steps are counted too; no text of that length needs
  // more.
  bool walk(NodeId root, std::size_t longest) {
    auto& writer = static_cast<Writer&>(*this);
    most_ = longest;
    show(root, kLoose);
    for (std::size_t step = 0; !pending_.empty(); ++step) {
      if (out_.size() > longest || step > 8 * longest) return false;
      const Piece piece = pending_.back();
      pending_.pop_back();
      if (piece.node == expr::kNoNode) {
        out_ += piece.text;
        if (piece.later != kNothing) writer.write_later(piece.later);
        continue;
      }
      first_ = pending_.size();
      const Node& n = reading_.tree()[piece.node];
      const bool wrap = writer.level(n) < piece.level;
      if (wrap) say(Writer::kOpen);
      writer.write(n);
      if (wrap) say(Writer::kClose);
      std::reverse(pending_.begin() + static_cast<std::ptrdiff_t>(first_), pending_.end());
    }
    return out_.size() <= longest;
  }

  // ---- the pieces of one node, in order
  void say(std::string_view text) { pending_.push_back({expr::kNoNode, kLoose, text, kNothing}); }
  void show(NodeId id, int level) {
    if (id != expr::kNoNode) pending_.push_back({id, level, {}, kNothing});
  }
  void show_later(std::uint32_t what) { pending_.push_back({expr::kNoNode, kLoose, {}, what}); }
  void two(const Node& n, int left, std::string_view sign, int right) {
    show(n.a, left);
    say(sign);
    show(n.b, right);
  }
  void items(const Node& n, std::uint32_t count, std::string_view separator, int level) {
    count = shown(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i > 0) say(separator);
      show(item(n, i), level);
    }
  }
  NodeId item(const Node& n, std::uint32_t i) const { return reading_.tree().items(n)[i]; }
  // More items than these make the text too long, whatever they are.
  std::uint32_t shown(std::uint32_t count) const {
    return static_cast<std::uint32_t>(std::min<std::size_t>(count, most_ / Writer::kShortest + 1));
  }

  bool is_two(NodeId id) const {
    const auto& values = reading_.natural.rational;
    return number::equal(id < values.size() ? values[id] : number::Rational{}, number::integer(2));
  }

  const Reading& reading_;
  std::string out_;

 private:
  static constexpr std::uint32_t kNothing = ~0u;
  struct Piece {
    NodeId node = expr::kNoNode;
    int level = kLoose;
    std::string_view text;  // of a constant or of the reading
    std::uint32_t later = kNothing;
  };

  std::vector<Piece> pending_;
  std::size_t first_ = 0;  // where the pieces of the node at hand begin
  std::size_t most_ = 0;
};

}  // namespace pyverify::answer
