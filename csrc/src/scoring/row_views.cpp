#include <algorithm>

#include "pyverify/scoring.hpp"

namespace pyverify {
namespace {

// A list as Python or numpy prints it: ['7'], array(['1', '2'], dtype=object).
bool printed_list(std::string_view gold) noexcept {
  const std::string_view opening = gold.substr(0, gold.find('['));
  return (opening.empty() || opening == "array(") &&
         gold.find_first_of("'\"") != std::string_view::npos;
}

}  // namespace

bool needs_reading(std::string_view gold) noexcept {
  if (printed_list(gold)) return true;
  for (const std::string_view mark : {"####", "\\boxed", "\\fbox", "\"any_of\"", "\"choice\""}) {
    if (gold.find(mark) != std::string_view::npos) return true;
  }
  return std::none_of(gold.begin(), gold.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

void RowViews::add_gold(std::string_view text) {
  if (golds.empty() || text != golds.back().alternatives[0][0])
    golds.push_back({{{std::string(text)}}});
}

}  // namespace pyverify
