// Equations up to a factor, antiderivatives up to a constant, the order of constants.
#include <cmath>

#include "check.hpp"
#include "expr_builder.hpp"

namespace {

using expr_test::Parsed;
using pyverify::Limits;
using pyverify::expr::Decision;
using pyverify::expr::Domain;
using pyverify::expr::Truth;
using pyverify::number::Rational;
using pyverify::support::Budget;

Truth proportional(const char* gold, const char* answer, int& sign) {
  const Limits limits;
  Budget budget(limits);
  const Parsed g(gold, budget);
  const Parsed a(answer, budget);
  return pyverify::expr::proportional(g.scalar(), a.scalar(), Domain{}, sign, budget).truth;
}

// The sign of the factor, 0 when the two are not proportional.
int factor(const char* gold, const char* answer) {
  int sign = 0;
  return proportional(gold, answer, sign) == Truth::kTrue ? sign : 0;
}

bool not_proportional(const char* gold, const char* answer) {
  int sign = 0;
  return proportional(gold, answer, sign) == Truth::kFalse;
}

Truth shifted(const char* gold, const char* answer) {
  const Limits limits;
  Budget budget(limits);
  const Parsed g(gold, budget);
  const Parsed a(answer, budget);
  return pyverify::expr::differ_by_constant(g.scalar(), a.scalar(), Domain{}, budget).truth;
}

int order(const char* a, const char* b) {
  const Limits limits;
  Budget budget(limits);
  const Parsed x(a, budget);
  const Parsed y(b, budget);
  return pyverify::expr::order(x.scalar(), y.scalar(), budget);
}

Truth within(const char* answer, Rational centre, Rational radius, bool closed) {
  const Limits limits;
  Budget budget(limits);
  const Parsed x(answer, budget);
  return pyverify::expr::within(x.scalar(), centre, radius, closed, budget).truth;
}

}  // namespace

TEST(expr_proportional) {
  CHECK(factor("2*x+4*y-3", "y+x/2-3/4") == 1);
  CHECK(factor("y-2*x-1", "2*x-y+1") == -1);
  CHECK(factor("x-sqrt(2)*y", "sqrt(2)*x-2*y") == 1);
  CHECK(factor("pi*x-1", "x-1/pi") == 1);
  CHECK(factor("sqrt(x)-2*y", "2*sqrt(x)-4*y") == 1);
  CHECK(factor("sqrt(4*x)-y", "y-2*sqrt(x)") == -1);
  CHECK(factor("sin(x)-y", "2*y-2*sin(x)") == -1);
  CHECK(factor("5", "-3") == -1);
  CHECK(not_proportional("x^2+1", "x^2+4"));
  CHECK(not_proportional("2*x-6", "x-4"));
  CHECK(not_proportional("x-5", "(x-5)^2"));
  CHECK(not_proportional("x-5", "(x-5)*x"));
  CHECK(not_proportional("sin(x)-y", "2*y-3*sin(x)"));
  CHECK(not_proportional("x", "0"));
  CHECK(not_proportional("abs(x-10)", "10-x"));
}

TEST(expr_differ_by_constant) {
  CHECK(shifted("ln(abs(3*x))", "ln(abs(x))") == Truth::kTrue);
  CHECK(shifted("x^2/2", "(x+1)^2/2-x") == Truth::kTrue);
  CHECK(shifted("sin(x)^2", "-cos(2*x)/2") == Truth::kTrue);
  CHECK(shifted("-ln(abs(cos(x)))", "ln(abs(sec(x)))") == Truth::kTrue);
  CHECK(shifted("ln(x)", "ln(abs(x))") == Truth::kTrue);
  CHECK(shifted("ln(abs(x))", "ln(x)") == Truth::kFalse);
  CHECK(shifted("x^2", "x^2+x") == Truth::kFalse);
  CHECK(shifted("sin(x)^2", "cos(2*x)/2") == Truth::kFalse);
  CHECK(shifted("arctan(x)", "-arctan(1/x)") == Truth::kFalse);
}

TEST(expr_order) {
  CHECK(order("1/3", "0.333") == 1);
  CHECK(order("sqrt(2)", "1.4142135623730950488016887242096980785696718753769") == 1);
  CHECK(order("sqrt(2)", "1.4142135623730950488016887242096980785696718753770") == -1);
  CHECK(order("sqrt(5+2*sqrt(6))", "sqrt(2)+sqrt(3)") == 0);
  CHECK(order("e^(pi*sqrt(163))", "262537412640768744") == -1);
  CHECK(order("-oo", "5") == -1);
  CHECK(order("oo", "5") == 1);
  CHECK(order("oo", "oo") == 0);
  CHECK(order("x", "5") == 2);
  CHECK(order("i", "5") == 2);
}

TEST(expr_within) {
  const Rational centre = pyverify::number::make(314, 100);
  const Rational radius = pyverify::number::make(5, 1000);
  CHECK(within("pi", centre, radius, false) == Truth::kTrue);
  CHECK(within("3.142", centre, radius, false) == Truth::kTrue);
  CHECK(within("3.145", centre, radius, false) == Truth::kFalse);
  CHECK(within("3.145", centre, radius, true) == Truth::kTrue);
  CHECK(within("sqrt(9.891025)", centre, radius, true) == Truth::kTrue);
  CHECK(within("sqrt(10)", centre, radius, true) == Truth::kFalse);
  CHECK(within("3.14+i", centre, radius, true) == Truth::kFalse);
  CHECK(within("1/0", centre, radius, true) == Truth::kFalse);
}

TEST(expr_approximate) {
  const Limits limits;
  Budget budget(limits);
  double value = 0;
  CHECK(pyverify::expr::approximate(Parsed("sqrt(2)", budget).scalar(), value, budget));
  CHECK(std::fabs(value - 1.4142135623730951) < 1e-12);
  CHECK(!pyverify::expr::approximate(Parsed("i", budget).scalar(), value, budget));
  CHECK(!pyverify::expr::approximate(Parsed("x", budget).scalar(), value, budget));
}

TEST(expr_keys) {
  const Limits limits;
  Budget budget(limits);
  const auto key = [&](const char* text) {
    return pyverify::expr::key(Parsed(text, budget).scalar());
  };
  CHECK(key("1/2") == key("0.5"));
  CHECK(key("(x+1)^2") == key("x^2+2*x+1"));
  CHECK(key("sqrt(12)") == key("2*sqrt(3)"));
  CHECK(key("1/2") != key("1/3"));
}
