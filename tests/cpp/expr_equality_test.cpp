// Equal as numbers, or as functions: what each tier has to see.
#include "check.hpp"
#include "expr_builder.hpp"

namespace {

using expr_test::all_different;
using expr_test::all_same;
using expr_test::decide;
using expr_test::Pair;
using expr_test::same;
using expr_test::undecided;
using pyverify::Reason;
using pyverify::expr::Truth;

}  // namespace

TEST(expr_equal_algebra) {
  const Pair pairs[] = {
      {"(x^2-1)/(x-1)", "x+1"},
      {"x+1", "(x^2-1)/(x-1)"},
      {"(a+b)^3", "a^3+3*a^2*b+3*a*b^2+b^3"},
      {"1/(1+i)", "(1-i)/2"},
      {"(1+i)^8", "16"},
      {"x^0", "1"},
      {"5", "5+0*x"},
      {"x", "x+y-y"},
      {"x^1000000", "x^999999*x"},
      {"(x+1)^100", "(x+1)^99*(x+1)"},
      {"1/2", "50%"},
      {"0.125", "1/8"},
      {"-2", "(-8)^(1/3)"},
      {"4", "(-8)^(2/3)"},
      {"-2", "root(-8,3)"},
      {"log(2,8)", "3"},
      {"3/2", "log(4,8)"},
      {"floor(3.7)", "3"},
      {"floor(pi)", "3"},
      {"mod(17,5)", "2"},
      {"gcd(12,18)", "6"},
      {"100!/98!", "9900"},
      {"re(3+4*i)", "3"},
      {"conj(1+i)", "1-i"},
      {"abs(3+4*i)", "5"},
      {"arg(i)", "pi/2"},
  };
  CHECK(all_same(pairs));
}

TEST(expr_equal_radicals) {
  const Pair pairs[] = {
      {"sqrt(2)+sqrt(3)", "sqrt(5+2*sqrt(6))"},
      {"sqrt(12)", "2*sqrt(3)"},
      {"root(7+5*sqrt(2),3)", "1+sqrt(2)"},
      {"root(2,4)", "sqrt(sqrt(2))"},
      {"2^(1/4)*2^(1/4)", "sqrt(2)"},
      {"root(2,6)^2", "root(2,3)"},
      {"root(3,6)^3", "sqrt(3)"},
      {"sqrt(1000003)*sqrt(1000033)", "sqrt(1000036000099)"},
      {"sqrt(-4)", "2*i"},
      {"(-1+sqrt(-3))/2", "(-1+i*sqrt(3))/2"},
      {"2*sqrt(x)", "2*x^(1/2)"},
      {"sqrt(4*x)", "2*sqrt(x)"},
      {"x^(25/12)", "x^2*x^(1/12)"},
      {"x^(1/3)", "root(x,3)"},
      {"x*sqrt(x)", "sqrt(x^3)"},
      {"sqrt(x)/x", "1/sqrt(x)"},
      {"sqrt(x-1)*sqrt(x+1)", "sqrt(x^2-1)"},
  };
  CHECK(all_same(pairs));
}

TEST(expr_equal_trigonometry) {
  const Pair pairs[] = {
      {"1", "sin(x)^2+cos(x)^2"},
      {"tan(x)", "sin(x)/cos(x)"},
      {"sin(2*x)", "2*sin(x)*cos(x)"},
      {"cos(2*x)", "2*cos(x)^2-1"},
      {"sec(x)^2", "1+tan(x)^2"},
      {"(sqrt(5)-1)/4", "sin(pi/10)"},
      {"(sqrt(5)-1)/4", "sin(deg(18))"},
      {"sin(pi)", "0"},
      {"cos(pi/3)", "1/2"},
      {"arctan(1)", "pi/4"},
      {"4*arctan(1/5)-arctan(1/239)", "pi/4"},
      {"e^(i*pi)", "-1"},
      {"e^(i*x)", "cos(x)+i*sin(x)"},
      {"cos(x)", "(e^(i*x)+e^(-i*x))/2"},
      {"sinh(x)", "(e^x-e^(-x))/2"},
      {"cosh(x)^2-sinh(x)^2", "1"},
      {"tanh(x)", "(e^(2*x)-1)/(e^(2*x)+1)"},
      {"arcsinh(x)", "ln(x+sqrt(x^2+1))"},
      {"arcsin(x)", "pi/2-arccos(x)"},
  };
  CHECK(all_same(pairs));
}

TEST(expr_equal_powers_and_logs) {
  const Pair pairs[] = {
      {"ln(8)/ln(2)", "3"},
      {"ln(6)", "ln(2)+ln(3)"},
      {"lg(100)", "2*lg(10)"},
      {"log(3,7)", "ln(7)/ln(3)"},
      {"2^(n+1)", "2*2^n"},
      {"4^n", "2^(2*n)"},
      {"6^n", "2^n*3^n"},
      {"e^(x+1)", "e*e^x"},
      {"2^x", "e^(x*ln(2))"},
      {"sqrt(2)^n", "2^(n/2)"},
      {"x^(n+1)", "x*x^n"},
      {"a^(x+y)", "a^x*a^y"},
      {"ln(ln(x))", "-ln(1/ln(x))"},
  };
  CHECK(all_same(pairs));
}

TEST(expr_different_values) {
  const Pair pairs[] = {
      {"1/3", "0.333"},
      {"pi", "3.141592653589793"},
      {"pi", "355/113"},
      {"e^(pi*sqrt(163))", "262537412640768744"},
      {"x", "y"},
      {"x^2+1", "x^2"},
      {"(a+b)^3", "a^3+b^3"},
      {"1/(1+i)", "(1+i)/2"},
      {"ln(5)", "ln(2)+ln(3)"},
      {"sin(2*x)", "2*sin(x)"},
      {"e^(i*x)", "cos(x)-i*sin(x)"},
      {"sqrt(5+2*sqrt(6))", "sqrt(2)-sqrt(3)"},
      {"sqrt(a^2-b^2)", "a-b"},
      {"x*sqrt(x)", "sqrt(x^3)*1.0000000001"},
      {"sqrt(1000003)", "1000.0014999988750017"},
      {"2^n", "n^2+1"},
  };
  CHECK(all_different(pairs));
}

// Equality holds on the gold's real domain.
TEST(expr_domain_of_the_gold) {
  const Pair right[] = {
      {"sqrt(x^2)", "abs(x)"},
      {"abs(x)", "sqrt(x^2)"},
      {"2*ln(x)", "ln(x^2)"},
      {"ln(x^2)", "2*ln(abs(x))"},
      {"e^ln(x)", "x"},
      {"sqrt(x)^2", "x"},
      {"sqrt(x-3)", "(x-3)/sqrt(x-3)"},
      {"sqrt(x-1000)", "(x-1000)^(1/2)*2/2"},
      {"ln(x-1000)", "-ln(1/(x-1000))"},
      {"sqrt(x*(1-x))", "sqrt(x-x^2)"},
      {"sqrt(x+1)*sqrt(x-1)", "sqrt(x^2-1)"},
      {"sqrt(x^2*y^2)", "abs(x*y)"},
  };
  CHECK(all_same(right));
  const Pair wrong[] = {
      {"sqrt(x^2)", "x"},       {"x", "sqrt(x^2)"},
      {"ln(x^2)", "2*ln(x)"},   {"x", "e^ln(x)"},
      {"x", "sqrt(x)^2"},       {"sqrt(x^2-1)", "sqrt(x+1)*sqrt(x-1)"},
      {"sqrt(x^2*y^2)", "x*y"}, {"arccos(x)", "arcsin(sqrt(1-x^2))"},
      {"arcsin(sin(x))", "x"},
  };
  CHECK(all_different(wrong));
}

TEST(expr_corners) {
  const Pair right[] = {
      {"abs(x-10)", "max(x-10,10-x)"},
      {"max(x,y)", "(x+y+abs(x-y))/2"},
      {"floor(x+1)", "floor(x)+1"},
  };
  CHECK(all_same(right));
  const Pair wrong[] = {
      {"abs(x-10)", "10-x"},
      {"abs(x-10)+abs(x-20)", "2*abs(x-15)"},
      {"sqrt((x-10)^2)", "10-x"},
      {"abs(x-1000)", "1000-x"},
      {"floor(x)", "x"},
      {"x", "floor(x)"},
      {"3", "max(3,1/x)"},
      {"max(4,y/x)", "4"},
      {"arccos(x)", "max(arccos(x),x^3)"},
      {"sqrt(max(0,1/x))", "sqrt(1/x)"},
  };
  CHECK(all_different(wrong));
}

// Differences that show between two neighbouring borders only, wherever these lie.
TEST(expr_cells) {
  const Pair wrong[] = {
      {"abs(x^2+15*x+54)", "x^2+15*x+54"},
      {"abs(3*x^2-3*x*401+3*40200)", "3*x^2-3*x*401+3*40200"},
      {"ln(abs(x^2+11*x+28))", "ln(x^2+11*x+28)"},
      {"ln(x^2+11*x+28)", "ln(x+4)+ln(x+7)"},
      {"sqrt((x^3-41*x^2+559*x-2535)^2)", "x^3-41*x^2+559*x-2535"},
      {"max(x^2+11*x+30,0)", "x^2+11*x+30"},
      {"abs(1/(x-77)+4)", "1/(x-77)+4"},
      {"abs(x+6)+abs(x+5)", "abs(2*x+11)"},
      {"abs(sqrt(x)-1/30)", "sqrt(x)-1/30"},
      {"abs(e^x-3000)", "3000-e^x"},
      {"abs(ln(x)+9)", "ln(x)+9"},
      {"abs(tan(n)+40)", "tan(n)+40"},
      {"abs(abs(x-300)-7)", "7-abs(x-300)"},
      {"abs(x-y+23)", "x-y+23"},
      {"arctan(1/(x-45))", "pi/2-arctan(x-45)"},
      {"((x+33)*(x+34))^(1/4)", "(x+33)^(1/4)*(x+34)^(1/4)"},
      {"abs(x*ln(x)+1/5)", "x*ln(x)+1/5"},
      {"sqrt(x+11-2*sqrt(x+10))", "sqrt(x+10)-1"},
  };
  CHECK(all_different(wrong));
  const Pair right[] = {
      {"abs(x^2+15*x+54)", "abs(x+6)*abs(x+9)"},
      {"sqrt((x-3)^2)", "abs(3-x)"},
      {"ln((x-50)^2)", "2*ln(abs(x-50))"},
      {"ln(x+4)+ln(x+7)", "ln(x^2+11*x+28)"},
      {"sqrt(x+11-2*sqrt(x+10))", "abs(sqrt(x+10)-1)"},
      {"abs(tan(n)+40)", "sqrt((tan(n)+40)^2)"},
      {"max(a,b,c)", "max(c,max(b,a))"},
      // Real in one narrow cell only.
      {"sqrt(73-x)*sqrt(x-71)", "sqrt((73-x)*(x-71))"},
      {"arcsin((x-90)/3)", "pi/2-arccos((x-90)/3)"},
  };
  CHECK(all_same(right));
}

TEST(expr_integer_variables) {
  const Pair right[] = {
      {"(-1)^n", "cos(pi*n)"},
      {"(-1)^n", "(-1)^(n+2)"},
      {"(-1)^(2*n)", "1"},
      {"binom(n,2)", "n*(n-1)/2"},
      {"n*(n-1)/2", "binom(n,2)"},
      {"binom(n,k)", "n!/(k!*(n-k)!)"},
      {"binom(n,k)", "binom(n,n-k)"},
      {"(n+1)!", "(n+1)*n!"},
      {"((1+sqrt(5))/2)^n-((1-sqrt(5))/2)^n", "((1+sqrt(5))^n-(1-sqrt(5))^n)/2^n"},
  };
  CHECK(all_same(right));
  const Pair wrong[] = {
      {"(-1)^n", "(-1)^(n+1)"},       {"1", "(-1)^n"}, {"binom(n,2)", "n*(n+1)/2"},
      {"binom(n,k)", "binom(n,k+1)"}, {"n!", "n^2"},   {"0", "sin(n*pi)"},
  };
  CHECK(all_different(wrong));
  const Pair declared[] = {
      {"cos(n*pi)", "(-1)^n"},  {"0", "sin(n*pi)"},
      {"n+1", "(n+1)!/n!"},     {"floor(n/2)", "(2*n-1+(-1)^n)/4"},
      {"n+1", "(n^2-1)/(n-1)"},
  };
  CHECK(all_same(declared, true));
}

TEST(expr_undefined_equals_nothing) {
  const Pair pairs[] = {
      {"1/0", "1/0"},     {"5", "5+0/0"}, {"5", "1/(sqrt(2)-sqrt(2))"},         {"0", "ln(0)"},
      {"x", "x+1/(x-x)"}, {"1", "0^0"},   {"5", "5+0*x/(sin(x)^2+cos(x)^2-1)"},
  };
  CHECK(all_different(pairs));
  CHECK(decide("5", "1/0").reason == Reason::kUndefinedValue);
}

TEST(expr_infinity) {
  CHECK(same("oo", "oo"));
  CHECK(expr_test::different("oo", "-oo"));
  CHECK(expr_test::different("oo", "5"));
}

TEST(expr_unknown_functions) {
  CHECK(same("call(f,2)+1", "1+call(f,2)"));
  CHECK(same("call(f,x+1)", "call(f,1+x)"));
  CHECK(undecided("call(f,2)", "call(g,2)"));
  CHECK(undecided("call(f,2)", "7"));
  CHECK(same("integral(x,x)", "integral(x,x)"));
  CHECK(undecided("integral(x,x)", "5"));
}

TEST(expr_reasons) {
  CHECK(decide("1/2", "0.5").reason == Reason::kRational);
  CHECK(decide("sqrt(12)", "2*sqrt(3)").reason == Reason::kField);
  CHECK(decide("x+1", "x").reason == Reason::kField);
  CHECK(decide("x*sqrt(x)", "sqrt(x^3)").reason == Reason::kFieldNumeric);
  CHECK(decide("sin(x)", "cos(x)").reason == Reason::kNumericDisjoint);
  CHECK(decide("sin(2*x)", "2*sin(x)*cos(x)").reason == Reason::kNumericDd);
  CHECK(decide("1", "tan(pi/4)").reason == Reason::kNumericHp);
  CHECK(decide("100!/98!", "9900").reason == Reason::kExact);
}

TEST(expr_bare_logs_follow_the_base) {
  using pyverify::expr::LogBase;
  CHECK(decide("lg(100)", "2", false, 0, LogBase::kTen).truth == Truth::kTrue);
  CHECK(decide("lg(100)", "2", false, 0, LogBase::kNatural).truth == Truth::kFalse);
  CHECK(decide("lg(x)", "ln(x)", false, 0, LogBase::kNatural).truth == Truth::kTrue);
  CHECK(decide("lg(x)", "ln(x)", false, 0, LogBase::kTen).truth == Truth::kFalse);
}

TEST(expr_verdicts_ignore_the_seed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CHECK(decide("sqrt(x^2*y^2)", "abs(x*y)", false, seed).truth == Truth::kTrue);
    CHECK(decide("sqrt(x^2*y^2)", "x*y", false, seed).truth == Truth::kFalse);
    CHECK(decide("(x+y)^2", "x^2+2*x*y+y^2", false, seed).truth == Truth::kTrue);
    CHECK(decide("sqrt(5+2*sqrt(6))", "sqrt(2)+sqrt(3)", false, seed).truth == Truth::kTrue);
  }
}
