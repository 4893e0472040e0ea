// Sets of reals: intervals, unions, inequalities, set-builders.
#include "compare/real_set.hpp"

#include <string>
#include <string_view>

#include "answer/reading.hpp"
#include "check.hpp"

namespace {

using namespace pyverify;
using compare::RealSet;
using compare::Side;
using expr::Truth;

struct Fixture {
  explicit Fixture(std::string_view source, std::uint32_t elements = 256) {
    options.limits.elements = elements;
    answer::read(source, options, latex::Letters::kDefault, reading, budget);
    side = {&reading, &reading.natural};
    if (!reading.is_maths()) return;
    form = compare::is_set_form(side, reading.root());
    known = compare::to_real_set(side, reading.root(), true, set, budget);
    plainly = compare::to_real_set(side, reading.root(), false, plain_set, budget);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  Options options;
  support::Budget budget{options.limits};
  answer::Reading reading;
  Side side;
  RealSet set;
  RealSet plain_set;
  bool form = false;
  bool known = false;    // with tuples read as intervals
  bool plainly = false;  // without
};

expr::Decision compare_sets(std::string_view gold, std::string_view answer) {
  Fixture left(gold);
  Fixture right(answer);
  if (!left.known || !right.known) return {};
  return compare::equal_sets(left.side, left.set, right.side, right.set, expr::Domain{},
                             right.budget);
}

bool same(std::string_view gold, std::string_view answer) {
  return compare_sets(gold, answer).truth == Truth::kTrue &&
         compare_sets(answer, gold).truth == Truth::kTrue;
}

bool differ(std::string_view gold, std::string_view answer) {
  return compare_sets(gold, answer).truth == Truth::kFalse &&
         compare_sets(answer, gold).truth == Truth::kFalse;
}

bool no_set(std::string_view source) { return !Fixture(source).known; }
bool form(std::string_view source) { return Fixture(source).form; }

std::size_t count(std::string_view source) {
  Fixture read(source);
  return read.known ? read.set.segments.size() : 999;
}

}  // namespace

TEST(real_set_intervals) {
  CHECK(same("(1,2)", "]1,2["));
  CHECK(same("(1,2)", "\\left(1, 2\\right)"));
  CHECK(same("[1,2)", "[1,2["));
  CHECK(same("[\\frac12, \\sqrt{2}]", "[0.5, 2^{1/2}]"));
  CHECK(same("(-\\infty, 3]", "\\left(-\\infty,\\frac{6}{2}\\right]"));
  CHECK(same("(0, \\infty)", "(0,+\\infty)"));
  CHECK(differ("[1,2)", "(1,2)"));
  CHECK(differ("[1,2)", "[1,2]"));
  CHECK(differ("[1,2)", "[1,3)"));
  CHECK(differ("(0,\\infty)", "(-\\infty,0)"));
  CHECK(differ("(0, 3.14)", "(0, \\pi)"));
  CHECK(no_set("(2,1)"));
  CHECK(no_set("[3,3]"));
  CHECK(no_set("(1,2,3)"));
  CHECK(no_set("(0, i)"));
  CHECK(no_set("(0, \\sqrt{-1})"));
  CHECK(no_set("(0, 1/0)"));
  CHECK(count("(2,1]") == 0);
  CHECK(count("[2,2)") == 0);
  CHECK(!Fixture("(1,2)").plainly);
  CHECK(!Fixture("\\{1,2\\}").plainly);
  CHECK(Fixture("[1,2)").plainly);
}

TEST(real_set_close_ends_are_told_apart) {
  // e^(pi sqrt 163) is an integer but for 12 digits
  CHECK(same("(0, e^{\\pi\\sqrt{163}})", "]0, e^{\\sqrt{163}\\pi}["));
  CHECK(differ("(0, e^{\\pi\\sqrt{163}})", "(0, 262537412640768744)"));
  CHECK(count("(262537412640768744, e^{\\pi\\sqrt{163}}) \\cup (0,1)") == 999);
  CHECK(count("(e^{\\pi\\sqrt{163}}, 262537412640768744) \\cup (0,1)") == 2);
}

TEST(real_set_unions) {
  CHECK(same("(1,2)\\cup(3,4)", "(3,4)\\cup(1,2)"));
  CHECK(same("[1,2)\\cup[2,3]", "[1,3]"));
  CHECK(same("(1,2)\\cup\\{2\\}", "(1,2]"));
  CHECK(same("(1,2)\\cup\\{1\\}\\cup\\{2\\}", "[1,2]"));
  CHECK(same("(1,2)\\cup(2,3)\\cup\\{2\\}", "(1,3)"));
  CHECK(same("(1,10)\\cup(2,3)", "(1,10)"));
  CHECK(same("(1,4)\\cup(3,6)\\cup(5,8)", "(1,8)"));
  CHECK(same("(-\\infty,0)\\cup\\{1\\}", "\\{1\\}\\cup(-\\infty,0)"));
  CHECK(differ("(1,2)\\cup(2,3)", "(1,3)"));
  CHECK(differ("(1,2)\\cup(3,4)", "(1,2)\\cup(3,4]"));
  CHECK(count("(1,2)\\cup(2,3)") == 2);
  CHECK(count("\\{3,1,2,1\\}") == 3);
  CHECK(same("(\\sqrt2,2)\\cup[2,\\sqrt5)", "(\\sqrt2,\\sqrt5)"));
  CHECK(same("(0,\\sqrt8)\\cup[2\\sqrt2,3)", "(0,3)"));
  CHECK(no_set("(1,2)\\cup(4,3)"));
  CHECK(no_set("(1,2)\\cup 3"));
  CHECK(no_set("\\{1,2\\}\\cup\\{(1,2)\\}"));
}

TEST(real_set_intersections_and_differences) {
  CHECK(same("(1,5)\\cap(3,8)", "(3,5)"));
  CHECK(same("[1,3]\\cap[3,8]", "\\{3\\}"));
  CHECK(same("(1,3)\\cap(3,8)", "\\emptyset"));
  CHECK(same("\\mathbb{R}\\setminus\\{0\\}", "(-\\infty,0)\\cup(0,\\infty)"));
  CHECK(same("\\mathbb{R}-\\{0, 2\\}", "(-\\infty,0)\\cup(0,2)\\cup(2,\\infty)"));
  CHECK(same("\\mathbb{R}\\setminus[1,2)", "(-\\infty,1)\\cup[2,\\infty)"));
  CHECK(same("[0,5]\\setminus(1,2)", "[0,1]\\cup[2,5]"));
  CHECK(same("[0,5]\\setminus\\{0,5\\}", "(0,5)"));
  CHECK(same("\\mathbb{R}\\setminus\\mathbb{R}", "\\{\\}"));
  CHECK(same("(0,4)\\cap\\mathbb{Z}", "\\{1,2,3\\}"));
}

TEST(real_set_inequalities) {
  CHECK(same("x>3", "3<x"));
  CHECK(same("x>3", "(3,\\infty)"));
  CHECK(same("x\\le -1/2", "(-\\infty,-\\frac12]"));
  CHECK(same("1<x\\le 2", "(1,2]"));
  CHECK(same("2\\ge x>1", "x\\in(1,2]"));
  CHECK(same("x\\ge 1, x\\ge 3", "x\\ge 3"));
  CHECK(same("x>1\\text{ and }x<5", "1<x<5"));
  CHECK(same("x<1\\text{ or }x>4", "(-\\infty,1)\\cup(4,\\infty)"));
  CHECK(same("x>4 or x<1", "x<1 or x>4"));
  CHECK(same("x<0\\text{ or }x=1", "(-\\infty,0)\\cup\\{1\\}"));
  CHECK(same("x\\ne 2", "\\mathbb{R}\\setminus\\{2\\}"));
  CHECK(same("1<x<5, x\\ne 3", "(1,3)\\cup(3,5)"));
  CHECK(same("x\\ne 1, x\\ne 2", "\\mathbb{R}\\setminus\\{1,2\\}"));
  CHECK(same("x\\ne 1, 2", "\\mathbb{R}\\setminus\\{1,2\\}"));
  CHECK(same("x\\ne\\pm 1", "\\mathbb{R}\\setminus\\{-1,1\\}"));
  CHECK(same("x\\notin[1,2]", "x<1 or x>2"));
  CHECK(same("-\\infty<x<5", "x<5"));
  CHECK(same("x \\in (1,2) \\cup (3,4)", "x\\in(1,2) or x\\in(3,4)"));
  CHECK(differ("x>3", "y>3"));
  CHECK(differ("x>3", "x\\ge3"));
  CHECK(differ("x>3", "x<3"));
  CHECK(differ("x<-1\\text{ or }x>3", "x<-1\\text{ and }x>3"));
  CHECK(differ("1<x<2", "2<x<1"));
  CHECK(count("3<x<2") == 0);
}

TEST(real_set_unsolved_is_no_set) {
  for (const std::string_view source : {"2x>6",
                                        "x-2>0",
                                        "|x|<3",
                                        "x^2<9",
                                        "-1<2x+1<3",
                                        "x+y<3",
                                        "x<y",
                                        "x>2x",
                                        "0<1<x",
                                        "x<1, y>2",
                                        "x<1 or y>2",
                                        "1<x=y<3",
                                        "x>2, x=3",
                                        "x\\in\\mathbb{Z}",
                                        "x\\in\\mathbb{Q}",
                                        "x>3, x\\in\\mathbb{Z}",
                                        "(x,y)\\in(1,2)",
                                        "x<1 and x>0 or x>4",
                                        "i<x<2",
                                        "5",
                                        "x+1",
                                        "x\\subset(1,2)",
                                        "\\mathbb{Z}",
                                        "\\mathbb{N}",
                                        "\\mathbb{Q}",
                                        "\\mathbb{C}",
                                        "a<b<c<d",
                                        "x\\in(x,3)",
                                        "x<f(x)"}) {
    CHECK(no_set(source));
  }
}

TEST(real_set_chains_with_union_signs) {
  CHECK(same("x<-1\\cup x>1", "(-\\infty,-1)\\cup(1,\\infty)"));
  CHECK(same("1<x<2\\cup 3<x\\le 4", "(1,2)\\cup(3,4]"));
  CHECK(same("x<0\\cup x=1\\cup x>2", "x<0 or x=1 or x>2"));
  CHECK(same("x>1\\cap x<3", "(1,3)"));
  CHECK(no_set("x<1\\cup y>4"));
  CHECK(no_set("x<1\\cup 4"));
  CHECK(no_set("1\\cup x<4"));
}

TEST(real_set_degrees) {
  CHECK(same("0^\\circ<x<90^\\circ", "0<x<90"));
  CHECK(same("(0^\\circ,90^\\circ)", "(0,\\frac{\\pi}{2})"));
  CHECK(same("[-45^\\circ,45^\\circ)", "[-45,45)"));
  CHECK(differ("(0,90)", "(0,\\frac{\\pi}{2})"));
  CHECK(differ("(0^\\circ,90^\\circ)", "(0,80)"));
}

TEST(real_set_plain_letters) {
  CHECK(same("x\\in R", "\\mathbb{R}"));
  CHECK(same("R\\setminus\\{0\\}", "x\\ne 0"));
  CHECK(same("0<k<3, k\\in Z", "\\{1,2\\}"));
  CHECK(no_set("R"));
  CHECK(no_set("x\\in A"));
}

TEST(real_set_infinite_pairs) {
  CHECK(form("(-\\infty,1)"));
  CHECK(form("[0,\\infty)"));
  CHECK(!form("(\\infty,1)"));
  CHECK(Fixture("(-\\infty,1)").plainly);
  CHECK(same("(-\\infty,1) or (2,3)", "(-\\infty,1)\\cup(2,3)"));
  CHECK(!form("(-\\infty,1), (2,\\infty)"));
}

TEST(real_set_builders) {
  CHECK(same("\\{x\\mid x\\ge 4\\}", "[4,\\infty)"));
  CHECK(same("\\{x\\mid x\\ge 4\\}", "x\\ge 4"));
  CHECK(same("\\{x\\mid x\\ge 4\\}", "\\{t: t\\ge 4\\}"));
  CHECK(same("\\{x\\in\\mathbb{R} : x\\ne 2\\}", "\\mathbb{R}\\setminus\\{2\\}"));
  CHECK(same("\\{x\\in(0,5)\\mid x\\ne 2\\}", "(0,2)\\cup(2,5)"));
  CHECK(same("\\{x | 1<x<2 \\text{ or } x>4\\}", "(1,2)\\cup(4,\\infty)"));
  CHECK(same("\\{x > 2\\}", "x>2"));
  CHECK(no_set("\\{x\\mid y\\ge 4\\}"));
  CHECK(no_set("\\{2x\\mid x\\ge 4\\}"));
  CHECK(no_set("\\{x\\mid x^2<4\\}"));
}

TEST(real_set_integers) {
  CHECK(same("\\{k\\in\\mathbb{Z} : 0<k<4\\}", "\\{1,2,3\\}"));
  CHECK(same("\\{k\\in\\mathbb{Z} : 0<k<4\\}", "1, 2, 3"));
  CHECK(same("\\{k\\in\\mathbb{Z} : 0\\le k<\\sqrt{10}\\}", "\\{0,1,2,3\\}"));
  CHECK(same("0<k<\\frac72, k\\in\\mathbb{Z}", "\\{1,2,3\\}"));
  CHECK(same("\\{n\\in\\mathbb{Z}^+ \\mid n\\le 3\\}", "\\{1,2,3\\}"));
  CHECK(same("\\{n\\in\\mathbb{N} \\mid 2\\le n\\le 3\\}", "\\{2,3\\}"));
  CHECK(same("\\{n\\in\\mathbb{Z} \\mid -\\pi<n<\\sqrt2^2\\}", "\\{-3,-2,-1,0,1\\}"));
  CHECK(same("\\{n\\in\\mathbb{Z} \\mid 1<n<2\\}", "\\emptyset"));
  CHECK(differ("\\{k\\in\\mathbb{Z} : 0\\le k<4\\}", "\\{1,2,3\\}"));
  CHECK(differ("\\{k\\in\\mathbb{Z} : 0<k<4\\}", "(0,4)"));
  CHECK(no_set("\\{n\\in\\mathbb{N} \\mid n\\le 3\\}"));  // is 0 one of them?
  CHECK(no_set("\\{n\\in\\mathbb{Z} \\mid n\\le 3\\}"));
  CHECK(count("\\{n\\in\\mathbb{Z} \\mid 1\\le n\\le 256\\}") == 256);
  CHECK(no_set("\\{n\\in\\mathbb{Z} \\mid 1\\le n\\le 257\\}"));
  CHECK(no_set("\\{n\\in\\mathbb{Z} \\mid 0<n<10^{40}\\}"));
}

TEST(real_set_number_sets) {
  CHECK(same("\\mathbb{R}", "(-\\infty,\\infty)"));
  CHECK(same("\\mathbb{R}^+", "(0,\\infty)"));
  CHECK(same("\\mathbb{R}^-", "x<0"));
  CHECK(same("x\\in\\mathbb{R}", "(-\\infty,+\\infty)"));
  CHECK(same("x\\in\\emptyset", "\\{\\}"));
  CHECK(differ("\\mathbb{R}^+", "[0,\\infty)"));
}

TEST(real_set_symbolic_ends) {
  CHECK(same("(a,b)", "]a,b["));
  CHECK(same("(-a,a)", "-a<x<a"));
  CHECK(same("x\\in[a,2a]", "2a\\ge x\\ge a"));
  CHECK(same("\\{x\\mid x>a\\}", "(a,\\infty)"));
  CHECK(same("\\mathbb{R}\\setminus\\{a\\}", "\\{x\\mid x\\ne a\\}"));
  CHECK(differ("(a,b)", "(b,a)"));
  CHECK(differ("(a,b)", "[a,b)"));
  CHECK(no_set("(a,b)\\cup(c,d)"));
  CHECK(no_set("(-a,a)\\setminus\\{0\\}"));
  CHECK(no_set("\\mathbb{R}\\setminus(a,b)"));
  CHECK(no_set("\\{k\\in\\mathbb{Z}: a<k<b\\}"));
  CHECK(no_set("x>a"));
}

TEST(real_set_forms) {
  for (const std::string_view source : {"[1,2)",
                                        "]1,2[",
                                        "(1,2)\\cup(3,4)",
                                        "x<1",
                                        "2x>6",
                                        "x+y\\le 3",
                                        "1<x<2",
                                        "x\\ne 2",
                                        "x\\in(1,2)",
                                        "x\\in\\mathbb{R}",
                                        "\\mathbb{R}",
                                        "\\mathbb{R}^+",
                                        "\\emptyset",
                                        "\\mathbb{R}\\setminus\\{0\\}",
                                        "x<1 or x>4",
                                        "x>1, x<4",
                                        "x=1 or x>4",
                                        "x\\ne 1, 2",
                                        "\\{x\\mid x>2\\}",
                                        "\\{k\\in\\mathbb{Z}: 0<k<4\\}",
                                        "0<k<4, k\\in\\mathbb{Z}",
                                        "\\{x>2\\}"}) {
    CHECK(form(source));
  }
  for (const std::string_view source :
       {"(1,2)", "[1,2]", "\\{1,2\\}", "1,2", "5", "x", "x=5", "x=1 or x=2", "x=y=0", "\\mathbb{Z}",
        "n\\in\\mathbb{Z}", "(1,2),(3,4)", "x>1, y=2x", "x>1, 5", "\\text{yes}",
        "\\{(x,y)\\mid x>y\\}", "\\{2k\\mid k\\in\\mathbb{Z}\\}", "(x,y)\\in(1,2)"}) {
    CHECK(!form(source));
  }
}

TEST(real_set_contradictions_are_compared_as_written) {
  const expr::Decision decision = compare_sets("x<-1, x>1", "x<0, x>5");
  CHECK(decision.truth == Truth::kUnknown && decision.reason == Reason::kUnsupported);
  CHECK(differ("x<-1, x>1", "x<-1 or x>1"));
}

TEST(real_set_stays_bounded) {
  std::string many = "\\{0\\}";
  for (int i = 1; i < 120; ++i) many += "\\cup\\{" + std::to_string(i * 7 % 120) + "\\}";
  CHECK(count(many) == 120);
  Fixture small(many, 50);
  CHECK(!small.known && small.budget.stopped_by() == Reason::kLimitNodes);

  std::string deep = "(1,2)";
  for (int i = 0; i < 600; ++i) deep = "{" + deep + "}\\cup(3,4)";
  Fixture nested(deep);
  CHECK(!nested.known || nested.set.segments.size() == 2);

  std::string right = "(1,2)";
  for (int i = 0; i < 300; ++i) right = "(3,4)\\setminus{" + right + "}";
  Fixture right_nested(right);
  CHECK(!right_nested.known);

  std::string signs = "x<";
  for (int i = 0; i < 200; ++i) signs += "-(";
  Fixture odd(signs);
  CHECK(!odd.known);
}
