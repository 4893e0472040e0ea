// A node as presentation MathML, for pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "answer/reading.hpp"

namespace pyverify::answer {

inline constexpr std::size_t kLongestMathml = 12000;

// "<math><mfrac><mrow><mn>1</mn></mrow>...</math>": well-formed, every text of the source escaped.
// Empty for kNoNode, for what has no form of its own (times of day) and for what would be longer
// than kLongestMathml bytes.
std::string render_mathml(const Reading& reading, expr::NodeId id);

// ---- its signs (render_mathml_signs.cpp) and its words (render_mathml_names.cpp)
std::string_view mathml_relation(expr::Relation relation) noexcept;
struct Fences {
  std::string_view open;
  std::string_view close;
};
Fences mathml_fences(expr::Kind kind) noexcept;              // of what stands in brackets
std::string_view mathml_constant(expr::Kind kind) noexcept;  // pi, e, ...; empty for all others
std::string_view mathml_postfix(expr::Kind kind) noexcept;   // !, %, ...
std::string_view mathml_number_set(expr::NumberSet set) noexcept;
void mathml_text(std::string_view text, std::string& out);  // with markup escaped
void mathml_number(const expr::Tree& tree, const expr::Number& number, std::string& out);
void mathml_name(const Reading& reading, std::uint32_t symbol, std::string& out);
void mathml_unit(const Reading& reading, std::uint32_t unit, std::string& out);
void mathml_based(const Reading& reading, const expr::Node& node, std::string& out);

}  // namespace pyverify::answer
