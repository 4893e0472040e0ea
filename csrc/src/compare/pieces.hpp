// The pieces of a function given by cases: what each condition says, and where the variable runs.
#pragma once

#include <vector>

#include "compare/real_set_algebra.hpp"

namespace pyverify::compare {

// The line; the integers n as [n, n + 1); the classes of n modulo 2, as [0, 1) and [1, 2).
enum class Scale : std::uint8_t { kReal, kInteger, kParity };

struct Piece {
  expr::NodeId source = expr::kNoNode;  // the value in its own tree
  expr::NodeId value = expr::kNoNode;   // and in the tree of the ends; kNoNode: it is no scalar
  Segments where;
  int parity = -1;    // 0: even, 1: odd
  bool rest = false;  // otherwise
};

struct Pieces {
  std::vector<Piece> items;
  std::uint64_t variable = 0;  // 0: none is named
  bool single = false;         // one expression, defined wherever the other side is
  bool counted = false;        // "n in N" stands in a condition

  bool name(std::uint64_t letter) noexcept {
    if (variable == 0) variable = letter;
    return variable == letter;
  }
};

// "otherwise", "else", 其他
bool is_otherwise(const Side& side, expr::NodeId condition);

// "n is odd", n 为偶数, n = 2k + 1
bool read_parity(const Side& side, expr::NodeId condition, std::uint64_t& letter, int& parity);

// n >= 2, n in N: the condition without what only says that n is an integer.
expr::NodeId without_declaration(const Side& side, expr::NodeId condition);

// Puts every piece on one scale, "otherwise" included. The ends are `side`'s nodes. False when the
// conditions are of different kinds or an order couldn't be shown.
bool settle_pieces(const Side& side, bool integers, Pieces& gold, Pieces& answer, Scale& scale,
                   support::Budget& budget);

}  // namespace pyverify::compare
