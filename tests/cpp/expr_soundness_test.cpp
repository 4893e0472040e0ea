// Attacks on the tiers: multiples of the fields' primes, values too close for a tier, and towers.
#include <string>

#include "check.hpp"
#include "expr_builder.hpp"

namespace {

using expr_test::all_different;
using expr_test::different;
using expr_test::Pair;
using expr_test::same;
using expr_test::undecided;

// The product of the two primes, in digits.
std::string primes_product() {
  unsigned __int128 product =
      static_cast<unsigned __int128>(pyverify::number::F1::kPrime) * pyverify::number::F2::kPrime;
  std::string digits;
  for (; product != 0; product /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + product % 10));
  }
  return digits;
}

bool not_accepted(const std::string& gold, const std::string& answer) {
  return !same(gold, answer) && !same(answer, gold);
}

}  // namespace

TEST(expr_multiples_of_the_primes) {
  const std::string n = primes_product();
  CHECK(different("5", "5+" + n));
  CHECK(different("5", "5+" + n + "/10^60"));
  CHECK(not_accepted("sqrt(2)", "sqrt(2)+" + n + "/10^100"));
  CHECK(not_accepted("x", "x+" + n + "/10^60"));
  CHECK(not_accepted("x", "x+x*" + n + "/10^60"));
  CHECK(not_accepted("sin(x)", "sin(x)*(1+" + n + "/10^80)"));
}

TEST(expr_primes_spelled_as_powers) {
  const char* spellings[] = {
      "(2^61-2373)*(2^61-3153)",
      "(4^(61/2)-2373)*(4^(61/2)-3153)",
      "(sqrt(2)^122-2373)*(sqrt(2)^122-3153)",
      "(root(2,3)^183-2373)*(root(2,3)^183-3153)",
      "(e^(61*ln(2))-2373)*(e^(61*ln(2))-3153)",
      "(exp(61*ln(2))-2373)*(exp(61*ln(2))-3153)",
      "(2^(60+1)-2373)*(2^(60+1)-3153)",
      "((x+x)^61/x^61-2373)*((x+x)^61/x^61-3153)",
      "(2^(60+x)/2^(x-1)-2373)*(2^(60+x)/2^(x-1)-3153)",
      "((1+1)^61-2373)*((1+1)^61-3153)",
      "(8^20*2-2373)*(8^20*2-3153)",
      "(e^(4*ln(e^(4*ln(e^(4*ln(2)))))/8)-2373)*(e^(4*ln(e^(4*ln(e^(4*ln(2)))))/8)-3153)",
      "(e^(x+61*ln(2))/e^x-2373)*(e^(x+61*ln(2))/e^x-3153)",
      "((2*y)^(x+61)/(2*y)^x/y^61-2373)*((2*y)^(x+61)/(2*y)^x/y^61-3153)",
      "(2^(61*y)/2^(61*y-61)-2373)*(2^(61*y)/2^(61*y-61)-3153)",
  };
  for (const char* spelling : spellings) {
    for (const char* scale : {"", "/10^30", "/10^60", "/10^200", "*e^(-400*ln(2))",
                              "*2^(x-400)/2^x", "*e^(-90)", "*exp(-300)"}) {
      CHECK(not_accepted("5", std::string("5+") + spelling + scale));
      CHECK(not_accepted("x", std::string("x+") + spelling + scale));
      CHECK(not_accepted("abs(x)", std::string("abs(x)+") + spelling + scale));
    }
  }
}

TEST(expr_swallowed_summands) {
  const Pair pairs[] = {
      {"abs(x)", "abs(x)+10^(-25)"},
      {"abs(x)", "abs(x)+e^(-1000000*x^2)"},
      {"sin(1)", "sin(1)+10^(-60)"},
      {"sin(x)", "sin(x)+10^(-60)"},
      {"sin(x)", "sin(x)+(1/10)^60"},
      {"sin(x)", "sin(x)+0.00000000000000000000000000000000000000001"},
      {"cos(x)", "cos(x)*cos(10^(-13))"},
      {"pi/2", "arctan(10^30)"},
      {"1", "cos(e^(-300))"},
  };
  CHECK(all_different(pairs));
  CHECK(not_accepted("abs(x)", "abs(x)+e^(-1000000)"));
  CHECK(not_accepted("1", "cos(e^(-1000*pi))"));
  CHECK(not_accepted("1", "tanh(1000)"));
  CHECK(not_accepted("abs(x)", "abs(x)*(1+2^(-500))"));
}

TEST(expr_saturation) {
  const Pair pairs[] = {
      {"x", "x*tanh(60)"},
      {"x*cosh(67)", "x*sinh(67)"},
      {"abs(x)*tanh(-92)", "abs(x)*tanh(-93)"},
      {"abs(x)", "abs(x)/tanh(45)"},
      {"x*e^60/2", "x*sinh(60)"},
      {"abs(x)", "abs(x)+1/cosh(55)"},
      {"x*i", "x*tan(x+40*i)"},
      {"x", "x^(1+1/cosh(60))"},
      {"abs(x)", "abs(x)*(1/cosh(60)+1)"},
  };
  CHECK(all_different(pairs));
  // The difference is the square of what 1 - tanh 50 swallows, or its cube.
  CHECK(not_accepted("abs(x)^2", "(abs(x)+1-tanh(50))*(abs(x)-1+tanh(50))"));
  CHECK(not_accepted("abs(x)^2", "(abs(x)+1/cosh(70))*(abs(x)-1/cosh(70))"));
  CHECK(not_accepted("abs(x)^3", "(abs(x)-1/cosh(50))*(x^2+abs(x)*(1/cosh(50))+(1/cosh(50))^2)"));
  CHECK(not_accepted("abs(x)", "root(x^4+(1/cosh(99))^4,4)"));
  CHECK(not_accepted("abs(x)", "abs(x+i*1/cosh(60))"));
  CHECK(not_accepted("1", "x^(1/cosh(60))"));
  CHECK(same("x*tanh(60)", "x*sinh(60)/cosh(60)"));
  CHECK(same("x*sinh(20)", "x*(e^20-e^(-20))/2"));
}

TEST(expr_huge_integers) {
  CHECK(same("2^100", "1267650600228229401496703205376"));
  CHECK(different("2^100", "1267650600228229401496703205377"));
  CHECK(same("1267650600228229401496703205376", "4^50"));
  CHECK(same("30!", "265252859812191058636308480000000"));
  CHECK(different("30!", "265252859812191058636308480000001"));
  CHECK(different("3000!", "3000!+1"));
  CHECK(same("3000!", "3000!"));
}

TEST(expr_towers) {
  CHECK(undecided("9^9^9^9", "5"));
  CHECK(undecided("5", "9^9^9^9"));
  CHECK(same("9^9^9^9", "9^9^9^9"));
  CHECK(same("9^9^9", "3^(2*9^9)"));
  CHECK(different("9^9^9", "9^9^9+1"));
  CHECK(same("2^10000", "16^2500"));
  CHECK(different("2^10000", "16^2501"));
}

TEST(expr_work_is_bounded) {
  std::string text = "1";
  for (int i = 0; i < 300; ++i) text += "+3000!/(3000!+" + std::to_string(i) + ")";
  const pyverify::Limits limits;
  pyverify::support::Budget budget(limits);
  const expr_test::Parsed gold(text, budget);
  const expr_test::Parsed answer("5", budget);
  const auto decision = pyverify::expr::equal(gold.scalar(), answer.scalar(), {}, budget);
  CHECK(budget.stopped());
  CHECK(decision.truth != pyverify::expr::Truth::kTrue);
  CHECK(budget.used() < 2 * limits.work);
}
