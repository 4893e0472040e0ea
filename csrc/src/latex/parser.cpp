#include "latex/parser.hpp"

#include <algorithm>

#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::Node;
using expr::NodeId;

void Parsed::clear() noexcept {
  tokens.clear();
  tree.clear();
  texts.clear();
  units.clear();
  based.clear();
  problem = Reason::kNone;
  problem_at = 0;
  plain = has_plus_minus = has_text = has_question = has_operator = has_plain_unit = false;
  has_open_bracket = false;
  letter_uses.clear();
  derivatives.clear();
}

void parse(std::string_view source, const Vocabulary& vocabulary, Letters letters, Parsed& out,
           support::Budget& budget) noexcept {
  out.clear();
  out.source = source;
  tokenize(source, out.tokens, out.plain, budget);
  if (budget.stopped()) {
    out.problem = budget.stopped_by();
    return;
  }
  Parser(out, vocabulary, letters, budget).run();
}

void Parser::run() noexcept {
  if (letters_ == Letters::kFactors) survey_letters();
  while (at(Tok::kQuad)) advance();
  if (at(Tok::kEnd) || (at(Tok::kDot) && peek().kind == Tok::kEnd)) {
    fail(Reason::kEmpty);
    return;
  }
  NodeId root = list(false);
  if (!failed() && at_command(Cmd::kOver)) {  // 5 \over 2
    advance();
    const NodeId lower = additive();
    if (!failed()) root = combine(Kind::kDiv, root, lower);
  }
  while (at(Tok::kDot) || at(Tok::kQuad) || at(Tok::kComma) || at(Tok::kSemicolon)) advance();
  if (failed()) return;
  if (!at(Tok::kEnd)) {
    fail();
    return;
  }
  tree_.root = root;
}

const Token& Parser::peek(std::size_t ahead) const noexcept {
  return out_.tokens[std::min(next_ + ahead, out_.tokens.size() - 1)];
}

NodeId Parser::fail(Reason reason) noexcept {
  if (out_.problem == Reason::kNone) {
    out_.problem = reason;
    out_.problem_at = token().begin;
  }
  next_ = out_.tokens.size() - 1;
  return kFailed;
}

// ---- lists

bool Parser::element_starts() const noexcept {
  switch (token().kind) {
    case Tok::kEnd:
    case Tok::kClose:
    case Tok::kComma:
    case Tok::kSemicolon:
    case Tok::kAnd:
    case Tok::kOr:
    case Tok::kNewRow:
    case Tok::kAmpersand:
    case Tok::kDot:
    case Tok::kQuad:
      return false;
    default:
      return true;
  }
}

// Takes one separator, however it is written (", and", "; ", a wide space): false when there is
// none.
bool Parser::separator(std::uint8_t& how) noexcept {
  bool found = false;
  for (;;) {
    switch (token().kind) {
      case Tok::kComma:
      case Tok::kSemicolon:
        how |= kByComma;
        break;
      case Tok::kAnd:
        how |= kByAnd;
        break;
      case Tok::kOr:
        how |= kByOr;
        break;
      case Tok::kQuad:
        if (!found && peek().kind != Tok::kComma && !out_.tokens.empty()) how |= kByComma;
        break;
      default:
        return restriction(how) || found;
    }
    found = true;
    advance();
  }
}

// "5 or", where the text ends: more was to come. A conjunction at the end of a row has its next
// row.
bool Parser::dangles(std::uint8_t how) const noexcept {
  return (how & (kByAnd | kByOr)) != 0 && !at(Tok::kNewRow) && !at(Tok::kAmpersand);
}

NodeId Parser::list(bool in_brackets) noexcept {
  DepthGuard guard(*this);
  if (!guard.ok) return kFailed;
  skip_pairing_word();
  const NodeId first = element();
  if (failed()) return kFailed;
  std::uint8_t how = 0;
  const std::size_t before = next_;
  if (!separator(how)) return first;
  if (!element_starts()) {
    if (dangles(how)) return fail();
    if (!in_brackets) return first;
    next_ = before;
    return first;
  }
  std::vector<NodeId> items{first};
  for (;;) {
    items.push_back(element());
    if (failed()) return kFailed;
    if (items.size() > budget_.limits().elements) return fail(Reason::kLimitNodes);
    const std::size_t mark = next_;
    std::uint8_t last = 0;
    if (!separator(last)) break;
    how |= last;
    if (!element_starts()) {
      if (dangles(last)) return fail();
      if (in_brackets) next_ = mark;
      break;
    }
  }
  return items_node(Kind::kList, items, how);
}

NodeId Parser::element() noexcept {
  if (at(Tok::kEllipsis)) {
    advance();
    return leaf(Kind::kEllipsis);
  }
  NodeId value = relation();
  if (failed()) return kFailed;
  // "x^2 + C, where C is a constant": no element of a list
  const std::size_t mark = next_;
  while (at(Tok::kComma) || at(Tok::kQuad)) advance();
  if (!at(Tok::kWord) || text_of(token()) != "where") next_ = mark;
  // "f(t) = 2t for all t", "2k if k > 0": what follows is a side condition in words
  if (!at(Tok::kWord) || !opens_restriction(text_of(token())) || restricting_words() != 0) {
    next_ = mark;
    return value;
  }
  if (peek().kind == Tok::kEnd) return fail();  // "5 if": the condition is missing
  const NodeId words = text_run();
  if (failed()) return kFailed;
  return binary_node(Kind::kAssumption, value, words);
}

// minus 7, negative \frac12, 负7: the word becomes a sign.
void Parser::sign_in_words() noexcept {
  if (!at(Tok::kWord) && !at(Tok::kHan)) return;
  const std::string_view word = text_of(token());
  const bool fills = word == "第" || word == "共" || word == "共有" || word == "一共" ||
                     word == "一共有" || word == "总共";
  if (fills && peek().kind == Tok::kNumber) return advance();  // 第5个
  if (word != "minus" && word != "Minus" && word != "negative" && word != "Negative" &&
      word != "负")
    return;
  const Token& after = peek();
  const bool operand =
      after.kind == Tok::kNumber || after.kind == Tok::kFraction ||
      (after.kind == Tok::kCommand && (after.value == static_cast<std::uint16_t>(Cmd::kFrac) ||
                                       after.value == static_cast<std::uint16_t>(Cmd::kSqrt)));
  if (operand) out_.tokens[next_].kind = Tok::kMinus;
}

// n \in N^*: a plain or bold letter behind the sign is a set of numbers.
void Parser::number_set_letter() noexcept {
  if (!at(Tok::kLetter)) return;
  const auto letter = token().value;
  if (letter != 'N' && letter != 'Z' && letter != 'R' && letter != 'Q') return;
  Token& set = out_.tokens[next_];
  set.kind = Tok::kCommand;
  set.value = static_cast<std::uint16_t>(Cmd::kNumberSet);
  set.match = letter;
}

// An inequality sign where a member should stand.
bool Parser::bound_ahead() const noexcept {
  if (!at(Tok::kRelation)) return false;
  const auto relation = static_cast<expr::Relation>(token().value);
  return relation >= expr::Relation::kLess && relation <= expr::Relation::kGreaterEqual;
}

// "\approx 2.72", "approximately 2.72": a rounded number, said to be one.
void Parser::skip_rounding() noexcept {
  const bool sign = at(Tok::kRelation, static_cast<std::uint16_t>(expr::Relation::kApprox)) ||
                    (at(Tok::kWord) && (text_of(token()) == "approximately" ||
                                        text_of(token()) == "Approximately")) ||
                    (at(Tok::kHan) && (text_of(token()) == "约" || text_of(token()) == "约为"));
  if (!sign) return;
  const std::size_t ahead = peek().kind == Tok::kMinus ? 2 : 1;
  const Token& number = peek(ahead);
  const bool rounded = number.kind == Tok::kNumber &&
                       ((number.value & (kPoint | kExponent)) != 0 ||
                        (peek(ahead + 1).kind == Tok::kTimes && text_of(peek(ahead + 2)) == "10"));
  if (rounded) advance();
}

NodeId Parser::relation() noexcept {
  skip_lead();
  skip_rounding();
  skip_equation_name();
  announcement();
  sign_in_words();
  skip_quantifier();
  if (mapping_ahead()) return mapping();
  if (curve_name_ahead()) next_ += 2;
  NodeId left = kFailed;
  if (bound_ahead()) {
    // "\le 100": a bound on something without a name
    const std::uint32_t here = token().begin;
    left = symbol(kNamelessBound, kNamelessBound, here, here, false);
  } else {
    left = text_starts() ? text_run() : ratio();
  }
  if (failed()) return kFailed;
  if (modulus_ahead()) left = reduced(left);
  if (named_value_ahead()) {
    out_.tokens[next_].kind = Tok::kRelation;
    out_.tokens[next_].value = static_cast<std::uint16_t>(expr::Relation::kEqual);
  }
  if (failed() || (!at(Tok::kRelation) && !rounding_ahead())) return left;
  const bool outer = in_congruence_;
  std::vector<NodeId> links;
  while (at(Tok::kRelation) || rounding_ahead()) {
    const bool noted = !at(Tok::kRelation);  // (\approx 2.72)
    if (noted) advance();
    const auto which = noted ? static_cast<std::uint8_t>(expr::Relation::kApprox)
                             : static_cast<std::uint8_t>(token().value);
    advance();
    if (links.size() >= budget_.limits().elements) return fail(Reason::kLimitNodes);
    if (which == static_cast<std::uint8_t>(expr::Relation::kIn)) number_set_letter();
    in_congruence_ = outer || which == static_cast<std::uint8_t>(expr::Relation::kEquivalent);
    NodeId right = text_starts() ? text_run() : ratio();
    if (!failed() && modulus_ahead()) right = reduced(right);
    in_congruence_ = outer;
    if (failed()) return kFailed;
    if (noted) advance();
    // the difference of two scalars, for comparing equations and inequalities
    std::uint16_t has_difference = 0;
    if (expr::is_scalar(node(left).kind) && expr::is_scalar(node(right).kind)) {
      binary_node(Kind::kSub, left, right);
      has_difference = 1;
    }
    links.push_back(binary_node(Kind::kRelation, left, right, which));
    if (failed()) return kFailed;
    tree_.nodes[links.back()].aux = has_difference;
    left = right;
  }
  // f(x) \equiv 0 without a modulus is an identity
  if (node(links.back()).sub == static_cast<std::uint8_t>(expr::Relation::kEquivalent) &&
      node(node(links.back()).a).kind == Kind::kCall &&
      node(node(links.back()).b).kind != Kind::kMod) {
    tree_.nodes[links.back()].sub = static_cast<std::uint8_t>(expr::Relation::kEqual);
  }
  if (links.size() == 1) return links.front();
  return items_node(Kind::kChain, links);
}

NodeId Parser::ratio() noexcept {
  NodeId first = set_expression();
  const auto colon = [this] {
    return at(Tok::kColon) || (at(Tok::kWord) && text_of(token()) == "to");
  };
  if (failed() || in_set_ || !colon()) return first;
  std::vector<NodeId> members{first};
  while (colon()) {
    advance();
    if (at(Tok::kEllipsis)) {
      advance();
      members.push_back(leaf(Kind::kEllipsis));
    } else {
      members.push_back(set_expression());
    }
    if (failed()) return kFailed;
    if (members.size() > budget_.limits().elements) return fail(Reason::kLimitNodes);
  }
  // behind the members stand their quotients: the value of a ratio of two, else each member by the
  // first
  const auto count = static_cast<std::uint16_t>(members.size());
  const bool scalars =
      std::all_of(members.begin(), members.end(), [this](NodeId id) { return scalar_like(id); });
  if (scalars && count == 2) members.push_back(binary_node(Kind::kDiv, members[0], members[1]));
  for (std::uint16_t i = 1; scalars && count > 2 && i < count; ++i) {
    members.push_back(binary_node(Kind::kDiv, members[i], members[0]));
  }
  return items_node(Kind::kRatio, members, 0, count);
}

NodeId Parser::set_expression() noexcept {
  NodeId left = additive();
  while (!failed() &&
         (at(Tok::kCup) || at(Tok::kCap) || at(Tok::kSetminus) || union_letter(left))) {
    const Tok which = at(Tok::kLetter) ? Tok::kCup : token().kind;
    advance();
    const NodeId right = additive();
    if (failed()) return kFailed;
    if (which == Tok::kSetminus) {
      left = binary_node(Kind::kDifference, left, right);
      continue;
    }
    const Kind kind = which == Tok::kCup ? Kind::kUnion : Kind::kIntersection;
    left = items_node(kind, {left, right});
  }
  return failed() ? kFailed : left;
}

}  // namespace pyverify::latex
