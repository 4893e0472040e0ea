// The words, signs and figures that renderings are made of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "answer/reading.hpp"

namespace pyverify::answer {

inline constexpr std::size_t kLongestRendering = 400;

// "sqrt", "max", "floor", ...: kinds written as a name with arguments; empty for all others.
std::string_view call_name(const expr::Node& node) noexcept;
std::string_view relation_sign(expr::Relation relation) noexcept;  // with its spaces
std::string_view number_set_name(expr::NumberSet set) noexcept;

// Each appends little more than kLongestRendering bytes, whatever stands in the source.
void append_number(const expr::Tree& tree, const expr::Number& number, std::string& out);
void append_name(const Reading& reading, std::uint32_t symbol, std::string& out);
void append_based(const Reading& reading, const expr::Node& node, std::string& out);
void append_unit(const Reading& reading, std::uint32_t unit, std::string& out);

}  // namespace pyverify::answer
