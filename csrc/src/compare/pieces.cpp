#include "compare/pieces.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "compare/real_set_reader.hpp"
#include "compare/residues.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::NodeId;
using expr::Relation;

namespace {

constexpr std::int64_t kFar = std::int64_t{1} << 40;

std::uint64_t letter_name(char letter) { return number::mix(static_cast<unsigned char>(letter)); }

bool skip(std::string_view& text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return true;
  }
  return false;
}

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The words of a condition; `letter` is the one that stands among them.
bool parity_in_words(std::string_view text, std::uint64_t& letter, int& parity) {
  while (!text.empty()) {
    if (skip(text, {" ", "~", "$", "{", "}", ".", ",", ";", "\\text", "\\mathrm", "\\ ", "\\,",
                    "当", "时", "若", "为", "是", "，"}))
      continue;
    const int said = skip(text, {"奇数", "奇"}) ? 1 : skip(text, {"偶数", "偶"}) ? 0 : -1;
    std::string_view word;
    if (said < 0) {
      std::size_t size = 0;
      while (size < text.size() && is_ascii_letter(text[size])) ++size;
      if (size == 0) return false;
      word = text.substr(0, size);
      text.remove_prefix(size);
    }
    if (said >= 0 || word == "odd" || word == "even") {
      if (parity >= 0) return false;
      parity = said >= 0 ? said : word == "odd" ? 1 : 0;
    } else if (word.size() == 1 && word != "a") {
      if (letter != 0) return false;
      letter = letter_name(word[0]);
    } else if (word != "if" && word != "when" && word != "for" && word != "is" && word != "an" &&
               word != "integer" && word != "number") {
      return false;
    }
  }
  return letter != 0 && parity >= 0;
}

// n = 2k - 1, k in N
bool parity_of_multiple(const Side& side, NodeId condition, std::uint64_t& letter, int& parity) {
  const Node& top = side[condition];
  const bool list = top.kind == Kind::kList && (top.sub & latex::kByOr) == 0;
  const NodeId id = list ? side.tree().items(top)[0] : condition;
  const Node& n = side[id];
  if (n.kind != Kind::kRelation || n.sub != static_cast<std::uint8_t>(Relation::kEqual))
    return false;
  letter = name_of(side, n.a);
  if (letter == 0 || !expr::is_scalar(side[n.b].kind)) return false;
  std::uint64_t count = 0;
  for (NodeId i = side[n.b].lo; i <= n.b; ++i) {
    const std::uint64_t name = name_of(side, i);
    if (name == 0) continue;
    if (count != 0 && count != name) return false;
    count = name;
  }
  number::Rational start, step;
  if (count == 0 || count == letter || !linear(side, n.b, count, start, step)) return false;
  if (!start.is_integer() || !step.is_integer() || (step.num != 2 && step.num != -2)) return false;
  for (std::uint32_t i = 1; list && i < top.b; ++i) {  // nothing but "k in Z" may follow
    const Node& more = side[side.tree().items(top)[i]];
    if (more.kind != Kind::kRelation || more.sub != static_cast<std::uint8_t>(Relation::kIn) ||
        name_of(side, more.a) != count)
      return false;
  }
  parity = static_cast<int>(start.num & 1);
  return true;
}

// Integers for the finite ends; false when one is none.
bool round_ends(const Side& side, Segment& segment) {
  for (SetEnd* end : {&segment.low, &segment.high}) {
    if (end->infinity != 0) continue;
    const number::Rational value =
        end->node == expr::kNoNode ? end->value : side.values->rational[end->node];
    if (!value.is_integer() || value.num > kFar || value.num < -kFar) return false;
    *end = literal_end(value.num, end->closed);
  }
  return true;
}

// The integers of such a segment.
Segment half_open(Segment segment) {
  if (segment.low.infinity == 0)
    segment.low = literal_end(segment.low.value.num + (segment.low.closed ? 0 : 1), true);
  if (segment.high.infinity == 0)
    segment.high = literal_end(segment.high.value.num + (segment.high.closed ? 1 : 0), false);
  return segment;
}

bool all_round(const Side& side, const Pieces& pieces) {
  return std::all_of(pieces.items.begin(), pieces.items.end(), [&](const Piece& piece) {
    return std::all_of(piece.where.begin(), piece.where.end(),
                       [&](Segment segment) { return round_ends(side, segment); });
  });
}

// n = 1 alone, m = 1 beside m >= 2: no real number is left out there by accident.
bool steps(const Side& side, const Pieces& pieces) {
  const bool index = pieces.variable == letter_name('n');
  if (!index && pieces.variable != letter_name('k') && pieces.variable != letter_name('m'))
    return false;
  std::vector<std::int64_t> points;
  std::vector<std::int64_t> starts;
  for (const Piece& piece : pieces.items) {
    for (Segment segment : piece.where) {
      if (!round_ends(side, segment) || segment.low.infinity != 0 || !segment.low.closed) continue;
      starts.push_back(segment.low.value.num);
      const bool point = segment.high.infinity == 0 && segment.high.closed &&
                         segment.high.value.num == segment.low.value.num;
      if (point) points.push_back(segment.low.value.num);
    }
  }
  return std::any_of(points.begin(), points.end(), [&](std::int64_t point) {
    return index || std::find(starts.begin(), starts.end(), point + 1) != starts.end();
  });
}

bool put_on_scale(const Side& side, Scale scale, SetAlgebra& algebra, Pieces& pieces) {
  for (Piece& piece : pieces.items) {
    if (piece.rest || scale == Scale::kReal) continue;
    if (scale == Scale::kParity) {
      if (piece.parity < 0) return false;
      piece.where = {{literal_end(piece.parity, true), literal_end(piece.parity + 1, false)}};
      continue;
    }
    Segments counted;
    for (Segment segment : piece.where) {
      if (!round_ends(side, segment)) return false;
      segment = half_open(segment);
      if (algebra.order(segment.low, segment.high) >= 0) continue;
      if (!algebra.unite(counted, {segment}, counted)) return false;
    }
    piece.where = std::move(counted);
  }
  return true;
}

bool unite_explicit(const Pieces& pieces, SetAlgebra& algebra, Segments& out, Piece const*& rest) {
  for (const Piece& piece : pieces.items) {
    if (piece.rest) {
      if (rest != nullptr) return false;
      rest = &piece;
    } else if (!algebra.unite(out, piece.where, out)) {
      return false;
    }
  }
  return true;
}

// All integers from 1 on, or from where the conditions begin.
Segments natural_domain(const Segments& a, const Segments& b) {
  Segment all{literal_end(1, true), infinite_end(1)};
  for (const Segments* part : {&a, &b}) {
    if (part->empty()) continue;
    const SetEnd& low = part->front().low;
    if (low.infinity != 0) return {{infinite_end(-1), infinite_end(1)}};
    if (low.value.num < all.low.value.num) all.low = low;
  }
  return {all};
}

}  // namespace

bool is_otherwise(const Side& side, NodeId condition) {
  if (side[condition].kind != Kind::kText) return false;
  std::string_view text = side.reading->text_of(side[condition]);
  constexpr std::string_view kPadding = " .,;~$";
  while (!text.empty() && kPadding.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && kPadding.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  for (const std::string_view word : {"otherwise", "Otherwise", "else", "elsewhere", "其他", "其它",
                                      "其余", "否则", "其他情况", "其它情况"}) {
    if (text == word) return true;
  }
  return false;
}

bool read_parity(const Side& side, NodeId condition, std::uint64_t& letter, int& parity) {
  letter = 0;
  parity = -1;
  const Node& n = side[condition];
  if (n.kind == Kind::kText) return parity_in_words(side.reading->text_of(n), letter, parity);
  if (n.kind != Kind::kQuantity) return parity_of_multiple(side, condition, letter, parity);
  letter = name_of(side, n.a);
  const latex::Range unit = side.reading->parsed.units[n.b];
  const auto& tokens = side.reading->parsed.tokens;
  const std::uint32_t begin = tokens[unit.begin].begin;
  return letter != 0 &&
         parity_in_words(side.reading->text.substr(begin, tokens[unit.end - 1].end - begin), letter,
                         parity);
}

NodeId without_declaration(const Side& side, NodeId condition) {
  const Node& n = side[condition];
  if (n.kind != Kind::kList || n.b != 2 || (n.sub & latex::kByOr) != 0) return condition;
  const NodeId first = side.tree().items(n)[0];
  const Node& bound = side[first];
  const Node& member = side[side.tree().items(n)[1]];
  expr::NumberSet set{};
  const bool declares =
      member.kind == Kind::kRelation && name_of(side, member.a) != 0 &&
      member.sub == static_cast<std::uint8_t>(Relation::kIn) &&
      number_set_of(side, member.b, set) &&
      (set == expr::NumberSet::kInteger || set == expr::NumberSet::kNatural ||
       set == expr::NumberSet::kIntegerPositive || set == expr::NumberSet::kNaturalPositive);
  // from a positive number on the sets are one
  const auto starts = [&](Relation relation) {
    return bound.sub == static_cast<std::uint8_t>(relation) &&
           side.values->rational[bound.b].num > 0;
  };
  const bool bounded =
      bound.kind == Kind::kRelation && declares &&
      name_of(side, bound.a) == name_of(side, member.a) &&
      (starts(Relation::kEqual) || starts(Relation::kGreater) || starts(Relation::kGreaterEqual));
  return bounded ? first : condition;
}

bool settle_pieces(const Side& side, bool integers, Pieces& gold, Pieces& answer, Scale& scale,
                   support::Budget& budget) {
  const auto has_parity = [](const Pieces& pieces) {
    return std::any_of(pieces.items.begin(), pieces.items.end(),
                       [](const Piece& piece) { return piece.parity >= 0; });
  };
  if (has_parity(gold) || has_parity(answer)) {
    scale = Scale::kParity;
  } else if ((integers || steps(side, gold)) && all_round(side, gold) && all_round(side, answer)) {
    scale = Scale::kInteger;
  } else {
    scale = Scale::kReal;
  }
  if (answer.counted && scale == Scale::kReal) return false;
  SetAlgebra algebra(side, budget);
  if (!put_on_scale(side, scale, algebra, gold) || !put_on_scale(side, scale, algebra, answer))
    return false;
  Segments mine;
  Segments theirs;
  const Piece* my_rest = nullptr;
  const Piece* their_rest = nullptr;
  if (!unite_explicit(gold, algebra, mine, my_rest) ||
      !unite_explicit(answer, algebra, theirs, their_rest))
    return false;
  // "otherwise" is the rest of the line, or of the integers that are spoken of
  Segments domain{{infinite_end(-1), infinite_end(1)}};
  if (scale == Scale::kParity) domain = {{literal_end(0, true), literal_end(2, false)}};
  if (scale == Scale::kInteger) domain = my_rest == nullptr ? mine : natural_domain(mine, theirs);
  const auto fill = [&](Pieces& pieces, Segments& explicit_part) {
    for (Piece& piece : pieces.items) {
      if (!piece.rest) continue;
      if (!algebra.complement(explicit_part, piece.where) ||
          !algebra.intersect(piece.where, domain, piece.where))
        return false;
    }
    return true;
  };
  return fill(gold, mine) && fill(answer, theirs) && !budget.stopped();
}

}  // namespace pyverify::compare
