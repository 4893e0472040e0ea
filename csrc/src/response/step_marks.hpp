// The marks that open a step of the reasoning.
#pragma once

#include <cstddef>
#include <string_view>

namespace pyverify::response {

// Past the mark at `at`, where a sentence begins (`line`: or a line, so that the marks of lists
// count too); `at` when none stands there.
std::size_t skip_step_mark(std::string_view text, std::size_t at, bool line) noexcept;

}  // namespace pyverify::response
