// Reads a plain notation into a tree, for the tests of expr/ only: 2*x^2, sqrt(x), root(x,3),
// log(2,8), n!, |x| as abs(x), f(x) as call(f,x), oo for infinity.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "expr/equality.hpp"
#include "expr/evaluate.hpp"
#include "expr/tree.hpp"
#include "number/field.hpp"

namespace expr_test {

using namespace pyverify;
using expr::Function;
using expr::Kind;
using expr::NodeId;

class Builder {
 public:
  explicit Builder(expr::Tree& tree) : tree_(tree) {}

  NodeId read(const std::string& text) {
    text_ = text;
    at_ = 0;
    const NodeId id = sum();
    if (at_ < text_.size()) std::printf("builder: cannot read %s\n", text_.substr(at_).c_str());
    return id;
  }

 private:
  void blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  NodeId add(expr::Node node, NodeId lo) {
    node.lo = lo;
    tree_.nodes.push_back(node);
    return static_cast<NodeId>(tree_.nodes.size() - 1);
  }
  NodeId leaf(Kind kind, std::uint32_t a = 0) {
    expr::Node node{kind};
    node.a = a;
    return add(node, static_cast<NodeId>(tree_.nodes.size()));
  }
  NodeId one(Kind kind, NodeId a, std::uint8_t sub = 0) {
    expr::Node node{kind, sub};
    node.a = a;
    return add(node, tree_[a].lo);
  }
  NodeId two(Kind kind, NodeId a, NodeId b) {
    expr::Node node{kind};
    node.a = a;
    node.b = b;
    return add(node, std::min(tree_[a].lo, tree_[b].lo));
  }
  NodeId items(Kind kind, const std::vector<NodeId>& list, std::uint8_t sub = 0,
               std::uint16_t aux = 0) {
    expr::Node node{kind, sub, aux};
    node.a = static_cast<std::uint32_t>(tree_.kids.size());
    node.b = static_cast<std::uint32_t>(list.size());
    NodeId lo = static_cast<NodeId>(tree_.nodes.size());
    for (const NodeId id : list) {
      tree_.kids.push_back(id);
      lo = std::min(lo, tree_[id].lo);
    }
    return add(node, lo);
  }
  std::uint32_t symbol(const std::string& name) {
    std::uint64_t hash = 1;
    for (const char c : name) hash = number::mix(hash, static_cast<unsigned char>(c));
    tree_.symbols.push_back({hash, 0, 0, false});
    return static_cast<std::uint32_t>(tree_.symbols.size() - 1);
  }
  NodeId number_literal() {
    expr::Number number;
    number.digits_begin = static_cast<std::uint32_t>(tree_.digits.size());
    while (at_ < text_.size() &&
           (std::isdigit(static_cast<unsigned char>(text_[at_])) || text_[at_] == '.')) {
      if (text_[at_] == '.') {
        number.decimal_point = true;
      } else {
        tree_.digits += text_[at_];
        if (number.decimal_point) --number.exponent;
      }
      ++at_;
    }
    number.digits_count = static_cast<std::uint32_t>(tree_.digits.size()) - number.digits_begin;
    number::Rational value = number::integer(0);
    for (std::uint32_t i = 0; i < number.digits_count; ++i) {
      value = number::add(number::mul(value, number::integer(10)),
                          number::integer(tree_.digits[number.digits_begin + i] - '0'));
    }
    number.value = number::mul(value, number::pow(number::integer(10), number.exponent));
    tree_.numbers.push_back(number);
    return leaf(Kind::kNumber, static_cast<std::uint32_t>(tree_.numbers.size() - 1));
  }
  NodeId sum() {
    NodeId left = product();
    while (true) {
      if (take('+')) {
        const NodeId right = product();
        left = two(Kind::kAdd, left, right);
      } else if (take('-')) {
        const NodeId right = product();
        left = two(Kind::kSub, left, right);
      } else {
        return left;
      }
    }
  }
  NodeId product() {
    NodeId left = unary();
    while (true) {
      if (take('*')) {
        const NodeId right = unary();
        left = two(Kind::kMul, left, right);
      } else if (take('/')) {
        const NodeId right = unary();
        left = two(Kind::kDiv, left, right);
      } else {
        return left;
      }
    }
  }
  NodeId unary() {
    if (take('-')) return one(Kind::kNeg, unary());
    return power();
  }
  NodeId power() {
    NodeId base = primary();
    while (take('!'))
      base = take('!') ? one(Kind::kDoubleFactorial, base) : one(Kind::kFactorial, base);
    if (take('%')) base = one(Kind::kPercent, base);
    if (!take('^')) return base;
    const NodeId exponent = unary();
    return two(Kind::kPow, base, exponent);
  }
  NodeId primary() {
    blanks();
    if (take('(')) {
      const NodeId inner = sum();
      take(')');
      return inner;
    }
    if (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])))
      return number_literal();
    std::string name;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) {
      name += text_[at_++];
    }
    if (name == "pi") return leaf(Kind::kPi);
    if (name == "e") return leaf(Kind::kE);
    if (name == "i") return leaf(Kind::kI);
    if (name == "oo") return leaf(Kind::kInfinity);
    if (!take('(')) return leaf(Kind::kSymbol, symbol(name));
    std::string called;
    if (name == "call") {
      blanks();
      while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != ')') called += text_[at_++];
      take(',');
    }
    std::vector<NodeId> list;
    do {
      list.push_back(sum());
    } while (take(','));
    take(')');
    return apply(name, called, list);
  }
  NodeId apply(const std::string& name, const std::string& called,
               const std::vector<NodeId>& list) {
    static const std::map<std::string, Function> functions = {
        {"sin", Function::kSin},         {"cos", Function::kCos},
        {"tan", Function::kTan},         {"sec", Function::kSec},
        {"csc", Function::kCsc},         {"cot", Function::kCot},
        {"arcsin", Function::kArcsin},   {"arccos", Function::kArccos},
        {"arctan", Function::kArctan},   {"arcsec", Function::kArcsec},
        {"arccsc", Function::kArccsc},   {"arccot", Function::kArccot},
        {"sinh", Function::kSinh},       {"cosh", Function::kCosh},
        {"tanh", Function::kTanh},       {"arcsinh", Function::kArcsinh},
        {"arccosh", Function::kArccosh}, {"arctanh", Function::kArctanh},
        {"ln", Function::kLn},           {"lg", Function::kLog},
        {"exp", Function::kExp},         {"arg", Function::kArg},
        {"sign", Function::kSign}};
    static const std::map<std::string, Kind> unaries = {
        {"abs", Kind::kAbs}, {"floor", Kind::kFloor}, {"ceil", Kind::kCeil}, {"re", Kind::kReal},
        {"im", Kind::kImag}, {"conj", Kind::kConj},   {"deg", Kind::kDegree}};
    static const std::map<std::string, Kind> lists = {
        {"max", Kind::kMax}, {"min", Kind::kMin}, {"gcd", Kind::kGcd}, {"lcm", Kind::kLcm}};
    if (functions.count(name)) {
      return one(Kind::kFunction, list[0], static_cast<std::uint8_t>(functions.at(name)));
    }
    if (unaries.count(name)) return one(unaries.at(name), list[0]);
    if (lists.count(name)) return items(lists.at(name), list);
    if (name == "sqrt") {
      expr::Number two_literal;
      two_literal.value = number::integer(2);
      two_literal.digits_begin = static_cast<std::uint32_t>(tree_.digits.size());
      two_literal.digits_count = 1;
      tree_.digits += '2';
      tree_.numbers.push_back(two_literal);
      const NodeId degree =
          leaf(Kind::kNumber, static_cast<std::uint32_t>(tree_.numbers.size() - 1));
      return two(Kind::kRoot, list[0], degree);
    }
    if (name == "root") return two(Kind::kRoot, list[0], list[1]);
    if (name == "log") return two(Kind::kLogBase, list[0], list[1]);
    if (name == "binom") return two(Kind::kBinomial, list[0], list[1]);
    if (name == "mod") return two(Kind::kMod, list[0], list[1]);
    if (name == "integral") return items(Kind::kOperator, list, 0);
    if (name == "call")
      return items(Kind::kCall, list, 0, static_cast<std::uint16_t>(symbol(called)));
    std::printf("builder: unknown function %s\n", name.c_str());
    return list[0];
  }

  expr::Tree& tree_;
  std::string text_;
  std::size_t at_ = 0;
};

// A tree with its values.
struct Parsed {
  expr::Tree tree;
  expr::Values values;
  NodeId root = 0;
  explicit Parsed(const std::string& text, support::Budget& budget, std::uint64_t seed = 0,
                  expr::LogBase base = expr::LogBase::kNatural) {
    root = Builder(tree).read(text);
    expr::evaluate(tree, base, seed, values, budget);
  }
  expr::Scalar scalar() const { return {&tree, &values, root}; }
  std::uint16_t flags() const { return values.flags[root]; }
  number::Rational rational() const { return values.rational[root]; }
};

inline expr::Decision decide(const std::string& gold, const std::string& answer,
                             bool integers = false, std::uint64_t seed = 0,
                             expr::LogBase base = expr::LogBase::kNatural) {
  const Limits limits;
  support::Budget budget(limits);
  const Parsed g(gold, budget, seed, base);
  const Parsed a(answer, budget, seed, base);
  return expr::equal(g.scalar(), a.scalar(), {integers, seed, base}, budget);
}
inline bool same(const std::string& gold, const std::string& answer, bool integers = false) {
  return decide(gold, answer, integers).truth == expr::Truth::kTrue;
}
inline bool different(const std::string& gold, const std::string& answer, bool integers = false) {
  return decide(gold, answer, integers).truth == expr::Truth::kFalse;
}
inline bool undecided(const std::string& gold, const std::string& answer) {
  return decide(gold, answer).truth == expr::Truth::kUnknown;
}

// A table of pairs that all have to hold.
struct Pair {
  const char* gold;
  const char* answer;
};
template <std::size_t N>
bool all_same(const Pair (&pairs)[N], bool integers = false) {
  bool good = true;
  for (const Pair& pair : pairs) {
    if (same(pair.gold, pair.answer, integers)) continue;
    std::printf("not shown equal: %s | %s\n", pair.gold, pair.answer);
    good = false;
  }
  return good;
}
template <std::size_t N>
bool all_different(const Pair (&pairs)[N], bool integers = false) {
  bool good = true;
  for (const Pair& pair : pairs) {
    if (different(pair.gold, pair.answer, integers)) continue;
    std::printf("not shown different: %s | %s\n", pair.gold, pair.answer);
    good = false;
  }
  return good;
}

}  // namespace expr_test
