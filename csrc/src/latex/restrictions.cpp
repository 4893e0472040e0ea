// What stands behind a formula and restricts it: (mod 7), (k in Z), the words of a case; and how a
// set-builder or a union in plain letters is told from a product.
#include <algorithm>
#include <initializer_list>
#include <iterator>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

namespace {

constexpr std::uint16_t v(Cmd cmd) { return static_cast<std::uint16_t>(cmd); }

}  // namespace

// \pmod 7, (mod 7); in a congruence also a bare "mod 7".
bool Parser::modulus_ahead() const noexcept {
  if (at_command(Cmd::kParenMod)) return true;
  const auto names = [this](const Token& token) {
    if (token.kind == Tok::kCommand)
      return token.value == v(Cmd::kMod) || token.value == v(Cmd::kParenMod);
    return token.kind == Tok::kWord && (text_of(token) == "mod" || text_of(token) == "modulo");
  };
  if (at_open(Bracket::kRound)) return names(peek());
  return in_congruence_ && names(token());
}

// A remainder: the modulus belongs to all that stands before it.
NodeId Parser::reduced(NodeId value) noexcept {
  if (!scalar_like(value)) return fail(Reason::kUnsupported);
  const bool round = at_open(Bracket::kRound);
  if (round) advance();
  advance();
  const NodeId modulus = power();
  if (failed()) return kFailed;
  if (round) {
    if (!at_close(Bracket::kRound)) return fail();
    advance();
  }
  const NodeId made = combine(Kind::kMod, value, modulus);
  if (!failed() && node(made).kind == Kind::kMod) tree_.nodes[made].sub = 1;
  return made;
}

// 2k\pi (k \in \mathbb{Z}), x^2 - y^2 = 1 (x > 0): brackets around a relation are no factor.
bool Parser::restriction_ahead() const noexcept {
  if (!at_open(Bracket::kRound) || token().match == 0) return false;
  const Token& name = peek();
  if (name.kind != Tok::kLetter) return false;
  std::size_t ahead = 2;
  const auto skip_index = [&] {
    if (peek(ahead).kind == Tok::kUnderscore && peek(ahead + 1).kind == Tok::kNumber) ahead += 2;
  };
  skip_index();
  while (peek(ahead).kind == Tok::kComma && peek(ahead + 1).kind == Tok::kLetter) {
    ahead += 2;
    skip_index();
  }
  return peek(ahead).kind == Tok::kRelation;
}

// 2\sqrt3 (\approx 3.464), 2\sqrt3 (approximately 3.464): no factor either.
bool Parser::rounding_ahead() const noexcept {
  if (!at_open(Bracket::kRound) || token().match == 0) return false;
  const Token& mark = peek();
  const bool sign = (mark.kind == Tok::kRelation &&
                     mark.value == static_cast<std::uint16_t>(expr::Relation::kApprox)) ||
                    (mark.kind == Tok::kWord &&
                     (text_of(mark) == "approximately" || text_of(mark) == "approx")) ||
                    (mark.kind == Tok::kHan && (text_of(mark) == "约" || text_of(mark) == "约为"));
  const std::size_t ahead = peek(2).kind == Tok::kMinus ? 3 : 2;
  return sign && peek(ahead).kind == Tok::kNumber && token().match == next_ + ahead + 1;
}

// f : x \mapsto x^2 is f(x) = x^2.
NodeId Parser::mapping() noexcept {
  const Token name = token();
  const Token argument = peek(2);
  next_ += 4;
  const std::uint64_t letter = number::mix(argument.value);
  const NodeId variable = symbol(letter, letter, argument.begin, argument.end, false);
  expr::Symbol called;
  called.name = called.base = number::mix(name.value);
  called.text_begin = name.begin;
  called.text_end = name.end;
  tree_.symbols.push_back(called);
  const NodeId left =
      items_node(Kind::kCall, {variable}, 0, static_cast<std::uint16_t>(tree_.symbols.size() - 1));
  const NodeId right = ratio();
  if (failed()) return kFailed;
  const bool scalar = expr::is_scalar(node(right).kind);
  if (scalar) binary_node(Kind::kSub, left, right);
  const NodeId made =
      binary_node(Kind::kRelation, left, right, static_cast<std::uint8_t>(expr::Relation::kEqual));
  if (!failed()) tree_.nodes[made].aux = scalar ? 1 : 0;
  return made;
}

bool Parser::mapping_ahead() const noexcept {
  return at(Tok::kLetter) && peek().kind == Tok::kColon && peek(2).kind == Tok::kLetter &&
         peek(3).kind == Tok::kRelation &&
         (text_of(peek(3)) == "\\mapsto" || text_of(peek(3)) == "↦");
}

bool Parser::opens_restriction(std::string_view word) noexcept {
  return word == "for" || word == "where" || word == "with" || word == "if" || word == "when";
}

// A restriction behind a formula is one more item of a list; takes the words in front of it.
bool Parser::restriction(std::uint8_t& how) noexcept {
  const std::size_t words = restricting_words();
  if (words == 0 && !restriction_ahead()) return false;
  for (std::size_t i = 0; i < words; ++i) advance();
  how |= kByComma;
  return true;
}

// "where k \in Z", "for all n > 1", "\forall k \in Z": how many tokens stand before the relation, 0
// when it is none.
std::size_t Parser::restricting_words() const noexcept {
  const auto is_any = [this](std::size_t ahead, std::initializer_list<std::string_view> words) {
    const Token& word = peek(ahead);
    return word.kind == Tok::kWord &&
           std::find(words.begin(), words.end(), text_of(word)) != words.end();
  };
  std::size_t count = 0;
  if (at(Tok::kWord) && opens_restriction(text_of(token()))) {
    count = 1;
    if (is_any(1, {"all", "any", "every", "each", "some"})) ++count;
    if (is_any(count, {"real", "arbitrary"})) ++count;
    if (is_any(count, {"integer", "integers", "constant", "number", "numbers"})) ++count;
  } else if (at_command(Cmd::kForAll)) {
    count = 1;
  } else {
    return 0;
  }
  return peek(count).kind == Tok::kLetter && peek(count + 1).kind == Tok::kRelation ? count : 0;
}

// (-inf, 1) U (3, inf)
bool Parser::union_letter(NodeId left) const noexcept {
  if (!at(Tok::kLetter) || (token().value != 'U' && token().value != 'u')) return false;
  const Kind kind = node(left).kind;
  if (kind != Kind::kTuple && kind != Kind::kBracket && kind != Kind::kInterval &&
      kind != Kind::kSet)
    return false;
  return peek().kind == Tok::kOpen;
}

// {x | x > 3} in plain text, {x \in R : x > 3}
bool Parser::builder_ahead() const noexcept {
  if (!at_open(Bracket::kBrace) || token().match == 0 || peek().kind != Tok::kLetter) return false;
  const Token& after = peek(2);
  if (after.kind == Tok::kMid || after.kind == Tok::kColon) return true;
  if (after.kind == Tok::kBar) return after.value == 0;
  return after.kind == Tok::kRelation &&
         after.value == static_cast<std::uint16_t>(expr::Relation::kIn);
}

// all x > 2, every n with n \ge 3: the relation says it all.
void Parser::skip_quantifier() noexcept {
  if (!at(Tok::kWord) || peek().kind != Tok::kLetter || peek(2).kind != Tok::kRelation) return;
  const std::string_view word = text_of(token());
  if (word == "all" || word == "All" || word == "any" || word == "every" || word == "Every" ||
      word == "each")
    advance();
}

// l: 3x + 4y = 12, C: y = x^2: the name of a curve. a : b = 2 : 3 is a proportion.
bool Parser::curve_name_ahead() const noexcept {
  if (!at(Tok::kLetter) || peek().kind != Tok::kColon ||
      (text_of(token()) != "l" && (token().value < 'A' || token().value > 'Z'))) {
    return false;
  }
  const Token& first = peek(2);
  const bool capital = first.kind == Tok::kLetter && first.value >= 'A' && first.value <= 'Z';
  if (capital || first.kind == Tok::kWord) return false;
  bool equation = false;
  for (std::size_t i = next_ + 2; i < out_.tokens.size() && i < next_ + 40; ++i) {
    const Token& each = out_.tokens[i];
    if (each.kind == Tok::kColon) return false;
    if (each.kind == Tok::kRelation)
      equation = each.value == static_cast<std::uint16_t>(expr::Relation::kEqual);
    if (each.kind == Tok::kComma || each.kind == Tok::kEnd) break;
  }
  return equation;
}

// 最小值为3: the last character of the words is a copula.
bool Parser::copula_ahead() const noexcept {
  constexpr std::string_view kCopula = "为";
  if (!at(Tok::kHan) || !text_of(token()).ends_with(kCopula)) return false;
  for (const std::string_view word : {"不", "非", "可能", "否", "无", "若", "设", "当", "认"}) {
    if (text_of(token()).find(word) != std::string_view::npos) return false;
  }
  // about 7 is no 7, about 7.13 is rounded
  const bool about = text_of(token()).find("约") != std::string_view::npos;
  if (about && peek().kind == Tok::kNumber && (peek().value & (kPoint | kExponent)) == 0)
    return false;
  const Tok after = peek().kind;
  return after == Tok::kNumber || after == Tok::kMinus || after == Tok::kCommand ||
         after == Tok::kFraction;
}

// "The two solutions are 3 and 4", "x is 3": words that only announce the answer, or a letter, with
// a copula behind. The copula becomes an equals sign; what stands before it is left out, unless it
// is a letter.
void Parser::announcement() noexcept {
  static constexpr std::string_view kAnnouncing[] = {
      "answer", "answers",  "correct",   "final", "only",  "possible", "real",  "result", "root",
      "roots",  "solution", "solutions", "the",   "three", "two",      "value", "values",
  };
  const auto is_copula = [this](const Token& word) {
    return word.kind == Tok::kWord && (text_of(word) == "is" || text_of(word) == "are");
  };
  const auto is_value = [](const Token& after) {
    return after.kind == Tok::kNumber || after.kind == Tok::kMinus ||
           after.kind == Tok::kFraction || after.kind == Tok::kCommand;
  };
  if (at(Tok::kLetter) && is_copula(peek()) && is_value(peek(2))) {
    out_.tokens[next_ + 1].kind = Tok::kRelation;
    out_.tokens[next_ + 1].value = static_cast<std::uint16_t>(expr::Relation::kEqual);
    return;
  }
  if (!at(Tok::kWord) || (text_of(token()) != "the" && text_of(token()) != "The")) return;
  std::size_t ahead = 1;
  while (peek(ahead).kind == Tok::kWord &&
         std::binary_search(std::begin(kAnnouncing), std::end(kAnnouncing), text_of(peek(ahead))))
    ++ahead;
  if (ahead > 1 && is_copula(peek(ahead)) && is_value(peek(ahead + 1))) next_ += ahead + 1;
}

// "either 3 or 4", "both 3 and 4": the conjunction says it again.
void Parser::skip_pairing_word() noexcept {
  if (!at(Tok::kWord) || peek().kind == Tok::kWord) return;
  const std::string_view word = text_of(token());
  const bool either = word == "either" || word == "Either";
  if (!either && word != "both" && word != "Both") return;
  constexpr std::size_t kFarthest = 40;
  for (std::size_t ahead = 1; ahead < kFarthest && peek(ahead).kind != Tok::kEnd; ++ahead) {
    if (peek(ahead).kind == (either ? Tok::kOr : Tok::kAnd)) return advance();
  }
}

// "exactly 5", "There are 5", "a total of 5": words that only lead to a number.
void Parser::skip_lead() noexcept {
  const auto says = [this](std::size_t ahead, std::initializer_list<std::string_view> words) {
    const Token& word = peek(ahead);
    return (word.kind == Tok::kWord || word.kind == Tok::kLetter) &&
           std::find(words.begin(), words.end(), text_of(word)) != words.end();
  };
  std::size_t count = 0;
  if (says(0, {"There", "there"}) && says(1, {"are", "is", "were"}))
    count = 2;
  else if (says(0, {"a", "A"}) && says(1, {"total"}) && says(2, {"of"}))
    count = 3;
  if (says(count, {"exactly", "Exactly", "precisely", "only"})) ++count;
  if (count != 0 && peek(count).kind == Tok::kNumber) next_ += count;
}

// 直线方程为y=2x+1: words in front of an equation name it.
void Parser::skip_equation_name() noexcept {
  if (!at(Tok::kHan) || !text_of(token()).ends_with("方程为")) return;
  if (text_of(token()).find("不") != std::string_view::npos) return;
  const Tok after = peek().kind;
  if (after == Tok::kLetter || after == Tok::kNumber || after == Tok::kCommand ||
      after == Tok::kWord || after == Tok::kOpen)
    advance();
}

// Area: 24
bool Parser::named_value_ahead() const noexcept {
  if (copula_ahead()) return true;
  if (!at(Tok::kColon) || (before() != Tok::kWord && before() != Tok::kHan)) return false;
  // "Area: 24", but no "file.txt:24"
  if (next_ >= 2 && out_.tokens[next_ - 2].kind == Tok::kDot) return false;
  const Tok after = peek().kind;
  return after == Tok::kNumber || after == Tok::kMinus || after == Tok::kCommand ||
         after == Tok::kCurrency || after == Tok::kFraction;
}

// x + 1 & \text{if } x > 0
void Parser::skip_case_word() noexcept {
  if (!at(Tok::kWord) && !at(Tok::kHan)) return;
  const std::string_view word = text_of(token());
  const bool opens = word == "if" || word == "If" || word == "when" || word == "for" ||
                     word == "where" || word == "当" || word == "若";
  const Tok after = peek().kind;
  if (opens && after != Tok::kWord && after != Tok::kHan && after != Tok::kNewRow) advance();
}

}  // namespace pyverify::latex
