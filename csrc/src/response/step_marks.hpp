// The marks that open a step of the reasoning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pyverify::response {

// What begins at a place. Each has the marks of those before it and more: a clause only a few
// Chinese ones (然后, ②), a sentence words of order, a line the marks of lists.
enum class Start : std::uint8_t { kNothing, kClause, kSentence, kLine };

// Past the mark at `at`, where this begins; `at` when none stands there.
std::size_t skip_step_mark(std::string_view text, std::size_t at, Start start) noexcept;

}  // namespace pyverify::response
