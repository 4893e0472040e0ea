// Readings as plain maths.
#include "answer/render.hpp"

#include <string>
#include <string_view>

#include "check.hpp"

namespace {

using namespace pyverify;

std::string plain(std::string_view source) {
  const Options options;
  support::Budget budget(options.limits);
  answer::Reading reading;
  answer::read(source, options, latex::Letters::kDefault, reading, budget);
  return reading.is_maths() ? answer::render(reading, reading.root()) : "no maths";
}

bool shows(std::string_view source, std::string_view wanted) {
  const std::string found = plain(source);
  if (found != wanted) std::printf("%s: %s\n", std::string(source).c_str(), found.c_str());
  return found == wanted;
}

}  // namespace

TEST(render_numbers) {
  CHECK(shows("\\frac13", "1/3"));
  CHECK(shows("-\\frac{1}{3}", "-1/3"));
  CHECK(shows("1\\frac12", "1 1/2"));
  CHECK(shows("3.140", "3.140"));
  CHECK(shows(".05", "0.05"));
  CHECK(shows("1{,}000", "1000"));
  CHECK(shows("1.2e-3", "1.2e-3"));
  CHECK(shows("0", "0"));
  CHECK(shows("50\\%", "50%"));
  CHECK(shows("30^\\circ", "30 deg"));
  CHECK(shows("1010_2", "1010_2"));
}

TEST(render_expressions) {
  CHECK(shows("x^2+2x+1", "x^2 + 2*x + 1"));
  CHECK(shows("(x+1)(x-1)", "(x + 1)*(x - 1)"));
  CHECK(shows("a-(b-c)", "a - (b - c)"));
  CHECK(shows("\\frac{a}{bc}", "a/(b*c)"));
  CHECK(shows("2^{-1}", "2^(-1)"));
  CHECK(shows("x^{1/2}", "x^(1/2)"));
  CHECK(shows("(-2)^2", "(-2)^2"));
  CHECK(shows("2\\cdot(-3)", "2*(-3)"));
  CHECK(shows("\\sqrt{2}+\\sqrt[3]{x}", "sqrt(2) + root(x, 3)"));
  CHECK(shows("\\sin 2\\theta", "sin(2*theta)"));
  CHECK(shows("\\log_2 x", "log_2(x)"));
  CHECK(shows("|x|+n!", "abs(x) + n!"));
  CHECK(shows("\\binom{n}{k}", "binom(n, k)"));
  CHECK(shows("x_{12}", "x_12"));
  CHECK(shows("2e^{i\\pi}", "2*e^(i*pi)"));
  CHECK(shows("f(x)", "f(x)"));
}

TEST(render_structures) {
  CHECK(shows("(1,2)", "(1, 2)"));
  CHECK(shows("[0,\\infty)", "[0, inf)"));
  CHECK(shows("\\{1,2\\}", "{1, 2}"));
  CHECK(shows("1, 2", "1, 2"));
  CHECK(shows("x=1 or x=2", "x = 1 or x = 2"));
  CHECK(shows("(-\\infty,1)\\cup(2,3]", "(-inf, 1) U (2, 3]"));
  CHECK(shows("\\mathbb{R}\\setminus\\{0\\}", "R \\ {0}"));
  CHECK(shows("\\emptyset", "{}"));
  CHECK(shows("x=5", "x = 5"));
  CHECK(shows("1<x\\le 2", "1 < x <= 2"));
  CHECK(shows("x\\in(1,2)", "x in (1, 2)"));
  CHECK(shows("\\{x\\mid x>2\\}", "{x : x > 2}"));
  CHECK(shows("\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "[[1, 2], [3, 4]]"));
  CHECK(shows("2:3", "2:3"));
  CHECK(shows("5\\text{ cm}", "5 cm"));
  CHECK(shows("5\\ \\text{cm}^2", "5 cm^2"));
  CHECK(shows("\\$5", "$5"));
  CHECK(shows("\\text{no solution}", "\"no solution\""));
}

TEST(render_is_bounded) {
  std::string sum = "x";
  for (int i = 0; i < 500; ++i) sum += "+x";
  const std::string shown = plain(sum);
  CHECK(shown.size() <= 400);
  CHECK(shown.substr(shown.size() - 3) == "...");

  std::string text = "\\text{";
  for (int i = 0; i < 300; ++i) text += "é";
  const std::string letters = plain(text + "}");
  CHECK(letters.size() <= 400 && letters.size() > 390);
  CHECK((letters.size() - 1 - 3) % 2 == 0);  // no half characters

  CHECK(plain(std::string(600, '7')).size() == 400);
  const answer::Reading empty;
  CHECK(answer::render(empty, expr::kNoNode).empty());
  CHECK(answer::render(empty, 0).empty());
}
