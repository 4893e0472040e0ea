#include "expr/build.hpp"

namespace pyverify::expr {
namespace {

NodeId append_natural(Tree& tree, std::uint64_t value) {
  Number n;
  n.value = {static_cast<std::int64_t>(value), 1};
  n.digits_begin = static_cast<std::uint32_t>(tree.digits.size());
  char buffer[24];
  std::uint32_t count = 0;
  do {
    buffer[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  n.digits_count = count;
  while (count > 0) tree.digits.push_back(buffer[--count]);
  tree.numbers.push_back(n);
  const auto index = static_cast<std::uint32_t>(tree.numbers.size() - 1);
  return append(tree, Kind::kNumber, index, 0, static_cast<NodeId>(tree.nodes.size()));
}

}  // namespace

NodeId append_rational(Tree& tree, number::Rational value) {
  const bool negative = value.num < 0;
  const auto magnitude = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(value.num)
                                  : static_cast<std::uint64_t>(value.num);
  NodeId made = append_natural(tree, magnitude);
  if (value.den != 1) {
    const NodeId bottom = append_natural(tree, static_cast<std::uint64_t>(value.den));
    made = append_binary(tree, Kind::kDiv, made, bottom);
  }
  return negative ? append_unary(tree, Kind::kNeg, made) : made;
}

}  // namespace pyverify::expr
