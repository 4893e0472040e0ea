// What a text is read as, exported node by node.
#include "pyverify/inspect.hpp"

#include "check.hpp"
#include "pyverify/verify.hpp"

namespace pyverify {
namespace {

TEST(inspect_puts_operands_before_their_node) {
  const ReadTree read = inspect(R"(\frac{x_1+2}{\sin y})", Options{});
  CHECK(read.problem == Reason::kNone);
  CHECK(read.form == "(x_1 + 2)/sin(y)");
  CHECK(!read.nodes.empty() && read.nodes.back().kind == "div");
  for (std::size_t i = 0; i < read.nodes.size(); ++i) {
    for (const std::uint32_t operand : read.nodes[i].operands) CHECK(operand < i);
  }
}

TEST(inspect_lets_no_source_text_into_names) {
  for (const std::string_view text : {"x_{abc}+1", "\\alpha", "\\mathrm{open}'(3)", "f(2)"}) {
    for (const ReadNode& node : inspect(text, Options{}).nodes) {
      if (node.kind != "symbol" && node.kind != "call") continue;
      CHECK(node.text.size() == 1 || (node.text.size() == 17 && node.text[0] == '#'));
    }
  }
}

TEST(inspect_says_why_a_text_is_no_maths) {
  CHECK(inspect("", Options{}).problem == Reason::kEmpty);
  CHECK(inspect("12 +", Options{}).problem == Reason::kUnparseable);
  CHECK(inspect(std::string(70000, '1'), Options{}).problem == Reason::kLimitBytes);
  CHECK(inspect(std::string(9000, '('), Options{}).nodes.empty());
  CHECK(inspect("2\\cdot3", Options{}).evaluated == false);
}

TEST(without_the_text_shortcut_maths_must_be_understood) {
  Options options;
  options.text_shortcut = false;
  const GoldSpec undefined{{{"\\forall x, x=7"}}};
  CHECK(Verifier(undefined, Options{}).equivalent("\\forall x, x=7").verdict == Verdict::kEqual);
  const GoldSpec value{{{"\\sqrt{12}"}}};
  CHECK(Verifier(value, options).equivalent("2\\sqrt3").verdict == Verdict::kEqual);
  const GoldSpec word{{{"no solution"}}};
  CHECK(Verifier(word, options).equivalent("no solution").verdict == Verdict::kEqual);
}

}  // namespace
}  // namespace pyverify
