// Limits of scalars at infinity, where they are evident.
#pragma once

#include "answer/terms.hpp"

namespace pyverify::answer {

class AtInfinity : public Terms {
 public:
  // towards: 1 for infinity, -1 for minus infinity.
  AtInfinity(Reading& reading, NodeId variable, int towards, const Options& options,
             support::Budget& budget)
      : Terms(reading, variable, options, budget), towards_(towards) {}
  NodeId limit(NodeId id, int depth = 0);  // kNoNode: not known

 private:
  int sign(NodeId id);
  int growth(NodeId id) {
    bool ignored = false;
    return growth(id, ignored, 0);
  }
  int growth(NodeId id, bool& power, int depth);
  int exponential(NodeId id);
  bool vanishes(NodeId id, bool& exponent, int depth);

  int towards_;
};

}  // namespace pyverify::answer
