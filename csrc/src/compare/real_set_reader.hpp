// Reads a node as a set of real numbers: intervals, inequalities, set-builders and what joins them.
#pragma once

#include "compare/real_set_algebra.hpp"

namespace pyverify::compare {

// Does this node hold inequalities, memberships or lists of them only?
bool is_condition(const Side& side, expr::NodeId id);

// The number set a node stands for: \mathbb{R}, or a plain R, Z, N where only a set can stand.
bool number_set_of(const Side& side, expr::NodeId id, expr::NumberSet& set) noexcept;

// (-infinity, 1): with an infinity in its place a pair is no point.
bool is_infinite_pair(const Side& side, const expr::Node& n) noexcept;

class SetReader {
 public:
  SetReader(const Side& side, support::Budget& budget) noexcept
      : side_(side), budget_(budget), algebra_(side, budget) {}
  bool read(expr::NodeId id, bool as_interval, RealSet& out);

 private:
  using Kind = expr::Kind;
  using Node = expr::Node;
  using NodeId = expr::NodeId;

  // What a node means depends on where it stands.
  struct Context {
    bool sets = false;      // (a, b), [a, b], {a, b} are sets: in a union, behind "in"
    bool points = false;    // [a, a] is a point: only where nothing but a set can stand
    bool scalars = false;   // so is a lone number: R \ 0
    bool declared = false;  // a set-builder has named its variable
    std::uint64_t variable = 0;
    std::uint32_t depth = 0;
  };

  // A set being put together.
  struct Draft {
    Segments segments;
    bool unordered =
        false;  // one segment with ends that can't be ordered: (-a, a). Nothing may join it.
    bool integers = false;      // only the integers in it
    bool zero_unclear = false;  // \mathbb{N}: does it hold 0?
    bool contradiction = false;
    bool has_variable = false;
    std::uint64_t variable = 0;
  };

  enum class Order : std::uint8_t { kIncreasing, kIncreasingOrPoint, kAny };

  bool node(NodeId id, const Context& context, Draft& out);

  // real_set.cpp: sets
  bool interval(NodeId low, NodeId high, std::uint8_t ends, Order wanted, Draft& out);
  bool pair(const Node& n, std::uint8_t ends, const Context& context, Draft& out);
  bool operation(NodeId id, const Context& context, Draft& out);
  bool operand(Kind kind, const Draft& right, Draft& left);
  bool points(const Node& n, Draft& out);
  bool set(const Node& n, const Context& context, Draft& out);
  bool number_set(expr::NumberSet set, Draft& out);
  bool words(const Node& n, Draft& out);
  bool exceptions(std::string_view text, Draft& out);
  bool end(NodeId id, bool closed, SetEnd& out);

  // real_set_conditions.cpp: inequalities
  struct Link {
    expr::Relation relation;
    NodeId left;
    NodeId right;
  };
  bool relation(const Link& link, const Context& context, Draft& out);
  bool membership(const Link& link, const Context& context, Draft& out);
  bool chain(const Node& n, const Context& context, Draft& out);
  bool conjunction(const std::vector<Link>& links, const Context& context, Draft& out);
  bool between(const Link& first, const Link& second, const Context& context, bool& done,
               Draft& out);
  bool list(const Node& n, const Context& context, Draft& out);
  bool alternatives(const Node& n, const Context& context, Draft& out);
  bool builder(const Node& n, const Context& context, Draft& out);
  bool is_variable(NodeId id, const Context& context, std::uint64_t& name) const noexcept;
  bool mentions(NodeId id, std::uint64_t name);

  // real_set_draft.cpp: drafts
  bool unite(const Draft& right, Draft& left);
  bool intersect(const Draft& right, Draft& left);
  bool complement(Draft& draft);
  bool settle(Draft& draft);
  bool same_variable(const Draft& right, Draft& left) noexcept;
  bool integers_of(const Segments& segments, Segments& out);
  bool floor_of(const SetEnd& end, std::int64_t& value, bool& exact);

  const Side& side_;
  support::Budget& budget_;
  SetAlgebra algebra_;
};

}  // namespace pyverify::compare
