// Indices: they belong to the name before them.
#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

// Not C^2_5, a binomial coefficient.
bool Parser::names_indexable(NodeId id) const noexcept {
  if (node(id).kind != Kind::kSymbol || tree_.symbols[node(id).a].indexed) return false;
  const std::string_view text = source_of(id);
  return !text.starts_with('C') && !text.starts_with('A') && !text.starts_with('P');
}

// m_pc^2: the index is one letter, the other is a factor.
NodeId Parser::letter_subscript(NodeId base) noexcept {
  if (node(base).kind != Kind::kSymbol) return fail(Reason::kUnsupported);
  Token& rest = out_.tokens[next_];
  const auto first = static_cast<unsigned char>(out_.source[rest.begin]);
  rest.begin += 1;
  rest.kind = Tok::kLetter;
  rest.value = static_cast<unsigned char>(out_.source[rest.begin]);
  expr::Symbol& s = tree_.symbols[node(base).a];
  s.name = name_hash(s.name, number::mix(kRawName, first));
  s.indexed = true;
  s.text_end = rest.begin;
  return base;
}

NodeId Parser::subscript(NodeId base) noexcept {
  const std::size_t mark = next_;
  advance();
  const std::size_t from = next_;
  std::size_t to = next_ + 1;
  if (at_open(Bracket::kBrace)) {
    if (token().match == 0) return fail();
    to = token().match + 1;
  } else if (at(Tok::kNumber) && !out_.plain && token().end - token().begin > 1 &&
             node(base).kind != Kind::kNumber) {
    // one token of TeX: x_12 is x_1 2; nobody means it, take the whole number
    to = next_ + 1;
  } else if (at(Tok::kEnd)) {
    return fail();
  } else if (at(Tok::kWord) && !has(token(), kInText) && !has(token(), kInRoman) &&
             token().end == token().begin + 2) {
    return letter_subscript(base);
  }
  if (node(base).kind == Kind::kNumber || node(base).kind == Kind::kPlusMinus) {
    next_ = mark;
    return fail(Reason::kUnsupported);  // numerals in a base are read before the parser
  }
  const std::uint64_t index = raw_hash(from, to);
  const std::uint32_t end = out_.tokens[to - 1].end;
  next_ = to;
  std::uint64_t name = 0;
  switch (node(base).kind) {
    case Kind::kSymbol: {
      expr::Symbol& s = tree_.symbols[node(base).a];
      s.name = name_hash(s.name, index);
      s.indexed = true;
      s.text_end = end;
      return base;
    }
    case Kind::kCall: {  // f(x)_{\max}
      expr::Symbol& s = tree_.symbols[node(base).aux];
      s.name = name_hash(s.name, index);
      s.text_end = end;
      return base;
    }
    case Kind::kE:
      name = number::mix('e');
      break;
    case Kind::kI:
      name = number::mix('i');
      break;
    case Kind::kPi:
      name = number::mix(0x3C0);
      break;
    default:
      return fail(Reason::kUnsupported);
  }
  const std::uint32_t begin = out_.tokens[mark - 1].begin;
  return symbol(name_hash(name, index), name, begin, end, true);
}

}  // namespace pyverify::latex
