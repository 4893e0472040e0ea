// Helpers of the extraction tests.
#pragma once

#include <string>
#include <string_view>

#include "check.hpp"
#include "pyverify/extract.hpp"

namespace extract_test {

// The extracted answer; several boxes joined by " | ", "!reason code" without an answer.
inline std::string answer(std::string_view response, const pyverify::Options& options = {}) {
  const pyverify::Extraction found = pyverify::extract(response, options);
  if (found.problem != pyverify::Reason::kNone)
    return "!" + std::to_string(static_cast<int>(found.problem));
  const auto text = [&](pyverify::Span span) {
    return std::string(response.substr(span.begin, span.end - span.begin));
  };
  if (found.parts.empty()) return text(found.answer);
  std::string all;
  for (const pyverify::Span part : found.parts) all += (all.empty() ? "" : " | ") + text(part);
  return all;
}

inline std::string without(pyverify::Reason reason) {
  return "!" + std::to_string(static_cast<int>(reason));
}

inline std::string repeat(std::string_view unit, std::size_t size) {
  std::string text;
  while (text.size() < size) text += unit;
  return text;
}

}  // namespace extract_test
