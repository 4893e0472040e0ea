// What the engine reads in one text, as plain data: for tools that look at golds, and for provers
// that stand outside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pyverify/options.hpp"
#include "pyverify/verdict.hpp"

namespace pyverify {

struct ReadNode {
  std::string_view kind;                // "number", "add", "function", "tuple", ...
  std::string text;                     // what the node holds beside its operands, see inspect.cpp
  std::vector<std::uint32_t> operands;  // earlier nodes of the same tree
};

struct ReadTree {
  Reason problem = Reason::kNone;  // why it is no maths; then there are no nodes
  bool evaluated = false;          // no arithmetic is left undone
  std::string form;                // plain maths for people, or the text itself
  std::vector<ReadNode> nodes;     // operands first, the root last
};

// Reads `text` as a bare answer is read. Bounded by the limits, as a verdict is.
ReadTree inspect(std::string_view text, const Options& options);

// The same reading as presentation MathML, "<math>...</math>", well-formed and with every text of
// the source escaped. Empty for what is no maths, has no such form or would be longer than 12,000
// bytes.
std::string mathml(std::string_view text, const Options& options);

}  // namespace pyverify
