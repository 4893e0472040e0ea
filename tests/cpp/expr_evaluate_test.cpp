// Exact values and flags.
#include "check.hpp"
#include "expr_builder.hpp"

namespace {

using namespace pyverify::expr;
using expr_test::Parsed;
using pyverify::Limits;
using pyverify::number::Rational;
using pyverify::support::Budget;

bool is(const char* text, std::int64_t num, std::int64_t den = 1) {
  const Limits limits;
  Budget budget(limits);
  const Rational value = Parsed(text, budget).rational();
  return value.num == num && value.den == den;
}

std::uint16_t flags(const char* text) {
  const Limits limits;
  Budget budget(limits);
  return Parsed(text, budget).flags();
}

bool has(const char* text, int flag) { return (flags(text) & flag) != 0; }

}  // namespace

TEST(expr_exact_values) {
  CHECK(is("2/4", 1, 2));
  CHECK(is("2^10", 1024));
  CHECK(is("2^(-2)", 1, 4));
  CHECK(is("(4/9)^(3/2)", 8, 27));
  CHECK(is("root(-27,3)", -3));
  CHECK(is("abs(-5/3)", 5, 3));
  CHECK(is("floor(-1/2)", -1));
  CHECK(is("ceil(-1/2)", 0));
  CHECK(is("20!", 2432902008176640000));
  CHECK(is("7!!", 105));
  CHECK(is("binom(10,3)", 120));
  CHECK(is("binom(3,10)", 0));
  CHECK(is("binom(1/2,2)", -1, 8));
  CHECK(is("mod(-7,3)", 2));
  CHECK(is("max(1,5/2,2)", 5, 2));
  CHECK(is("min(1,5/2,-2)", -2));
  CHECK(is("gcd(12,18,8)", 2));
  CHECK(is("lcm(4,6,10)", 60));
  CHECK(is("50%", 1, 2));
  CHECK(is("log(2,1/8)", -3));
  CHECK(is("log(1/2,8)", -3));
  CHECK(is("ln(e)", 1));
  CHECK(is("cos(0)+e^0-0!", 1));
  CHECK(!Parsed(
             "21!",
             *[] {
               static const Limits limits;
               static Budget budget(limits);
               return &budget;
             }())
             .rational()
             .valid());
}

TEST(expr_flags) {
  CHECK(flags("2*3") == 0);
  CHECK(flags("sqrt(2)") == 0);
  CHECK(flags("pi+e") == 0);
  CHECK(flags("x+1") == kHasVariable);
  CHECK(has("sqrt(x)", kEqualityUnproven));
  CHECK(!has("sqrt(x)", kDifferenceUnproven));
  CHECK(has("sin(x)", kDifferenceUnproven));
  CHECK(!has("sin(x)", kEqualityUnproven));
  CHECK(has("ln(x)", kEqualityUnproven));
  CHECK(has("n!", kIntegerOnly));
  CHECK(has("binom(n,k)", kIntegerOnly));
  CHECK(has("(-2)^n", kIntegerOnly));
  CHECK(!has("floor(x)", kIntegerOnly));
  CHECK(has("call(f,2)", kOpaque));
  CHECK(has("integral(x,x)", kHasOperator));
  CHECK(has("1+oo", kHasInfinity));
  CHECK(has("1+i", kHasImaginary));
  CHECK(has("sqrt(-2)", kHasImaginary));
  CHECK(has("1/0", kUndefined));
  CHECK(has("1+0^0", kUndefined));
  CHECK(has("ln(1-1)", kUndefined));
  CHECK(has("1/(x-x)", kUndefined));
  CHECK(has("log(1,5)", kUndefined));
  CHECK(!has("1/(x-1)", kUndefined));
}

TEST(expr_appended_nodes) {
  const Limits limits;
  Budget budget(limits);
  Parsed parsed("sqrt(2)+x", budget);
  const auto before = parsed.values.field1;
  Node node{Kind::kAdd};
  node.a = parsed.root;
  node.b = parsed.root;
  node.lo = 0;
  parsed.tree.nodes.push_back(node);
  evaluate(parsed.tree, LogBase::kNatural, 0, parsed.values, budget);
  CHECK(parsed.values.done == parsed.tree.nodes.size());
  CHECK(before[0].a == parsed.values.field1[0].a);
  const Scalar twice{&parsed.tree, &parsed.values,
                     static_cast<NodeId>(parsed.tree.nodes.size() - 1)};
  const Parsed other("2*x+sqrt(8)", budget);
  CHECK(equal(other.scalar(), twice, Domain{}, budget).truth == Truth::kTrue);
}
