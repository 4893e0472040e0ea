// Readings as MathML; what they look like line by line is in tests/golden/mathml.jsonl.
#include <string>
#include <string_view>

#include "check.hpp"
#include "pyverify/inspect.hpp"

namespace {

using namespace pyverify;

bool shows(std::string_view source, std::string_view wanted) {
  const std::string found = mathml(source, Options{});
  const std::string whole = wanted.empty() ? "" : "<math>" + std::string(wanted) + "</math>";
  if (found != whole) std::printf("%s: %s\n", std::string(source).c_str(), found.c_str());
  return found == whole;
}

}  // namespace

TEST(mathml_keeps_precedence) {
  CHECK(
      shows("a-(b-c)",
            "<mi>a</mi><mo>−</mo><mrow><mo>(</mo><mi>b</mi><mo>−</mo><mi>c</mi><mo>)</mo></mrow>"));
  CHECK(shows("x\\cdot 2", "<mi>x</mi><mo>⋅</mo><mn>2</mn>"));
  CHECK(shows("2x", "<mn>2</mn><mo>\u2062</mo><mi>x</mi>"));
  CHECK(shows("(1e3)^2",
              "<msup><mrow><mrow><mo>(</mo><mn>1</mn><mo>⋅</mo><msup><mn>10</mn><mrow><mn>3</mn>"
              "</mrow></msup><mo>)</mo></mrow></mrow><mrow><mn>2</mn></mrow></msup>"));
}

TEST(mathml_escapes_the_text_of_the_source) {
  CHECK(shows("x_{a&b}", "<msub><mi>x</mi><mi>a&amp;b</mi></msub>"));
  for (const std::string_view text :
       {"\\text{<b>no</b>}", "\\mathrm{<i>}", "x_{<b>}", "5\\text{ <b>cm</b>}", "\\text{a \x01 b}",
        "\\text{\xEF\xBF\xBE}", "\\text{</mtext><script>}"}) {
    const std::string found = mathml(text, Options{});
    for (const std::string_view bad : {"<b>", "<i>", "<script>", "\x01", "\xEF\xBF\xBE"}) {
      CHECK(found.find(bad) == std::string::npos);
    }
  }
}

TEST(mathml_is_empty_where_there_is_none) {
  CHECK(shows("", ""));
  CHECK(shows("12 +", ""));
  CHECK(shows("\\frac{d}{dx}x^2", ""));       // its variable has no name of its own any more
  CHECK(shows("2 hours 30 minutes", ""));     // one quantity in base units
  CHECK(shows(std::string(70000, '1'), ""));  // beyond a limit
  CHECK(shows(std::string(13000, '1'), ""));  // too long for a page
  CHECK(shows(std::string(3000, '('), ""));   // too deep
}

TEST(mathml_is_bounded) {
  std::string sum = "x";
  while (sum.size() < 8000) sum += "+x";
  CHECK(mathml(sum, Options{}).size() <= 12000 + 20);
  std::string roots = "x";
  for (int i = 0; i < 60; ++i) roots = "\\sqrt{" + roots + "}";
  const std::string deep = mathml(roots, Options{});
  CHECK(!deep.empty() && deep.size() < 12000);
}
