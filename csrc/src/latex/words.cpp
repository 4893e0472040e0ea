// Runs of words, and the units behind numbers.
#include <algorithm>

#include "latex/parser.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

namespace {
constexpr std::uint16_t v(Bracket bracket) { return static_cast<std::uint16_t>(bracket); }
}  // namespace

// 每秒12米: the divisor of the unit stands before the number.
bool Parser::rate_before() const noexcept {
  return at(Tok::kHan) && peek().kind == Tok::kNumber && text_of(token()).starts_with("每") &&
         vocabulary_.is_unit != nullptr && vocabulary_.is_unit(text_of(token()));
}

bool Parser::text_starts() const noexcept {
  if (at_differential()) return false;
  if (at(Tok::kHan)) return !rate_before();
  if (at(Tok::kLetter, 'a') && peek().kind == Tok::kWord && has(peek(), kSpaceBefore) &&
      out_.plain) {  // a quarter
    return peek().end - peek().begin > 3 && vocabulary_.is_text != nullptr &&
           vocabulary_.is_text(text_of(peek()));
  }
  if (!at(Tok::kWord)) return false;
  if (has(token(), kInText)) {
    const Tok before = this->before();
    const bool letter = token().end == token().begin + 1;
    return !(letter && (before == Tok::kPlus || before == Tok::kMinus ||
                        before == Tok::kTimes));  // x^2 + \text{C}
  }
  if (letters_ == Letters::kProduct) return false;
  const std::string_view word = text_of(token());
  if (has(token(), kInRoman)) return word.size() > 1;
  if (static_cast<unsigned char>(word[0]) >= 0x80) return true;
  // Be^x, \frac12 at^2, u + at: letters with an exponent, or in the middle of a sum
  if (word.size() <= 3) {
    const Tok after = peek().kind;
    if (after == Tok::kCaret || after == Tok::kUnderscore || after == Tok::kSuperscript)
      return false;
    if (after == Tok::kPlus && !has(peek(), kSpaceBefore)) return false;
    if (groups_open_ > 0 && !out_.plain) return false;  // e^{it}
    const Tok before = this->before();
    const bool glued = !has(token(), kSpaceBefore) &&
                       (before == Tok::kNumber || before == Tok::kLetter || before == Tok::kClose);
    const bool joined = before == Tok::kPlus || before == Tok::kTimes || before == Tok::kSlash;
    const Tok earlier = next_ > 1 ? out_.tokens[next_ - 2].kind : Tok::kEnd;
    const bool argument =
        before == Tok::kOpen && after == Tok::kClose && earlier == Tok::kFunction;  // \cosh(at)
    if (word.size() == 2 && (glued || joined || argument)) return false;
  }
  return vocabulary_.is_text != nullptr && vocabulary_.is_text(word);
}

// A word that can't be maths, or letters that can't be variables.
bool Parser::unit_word(const Token& word) const noexcept {
  if (word.kind == Tok::kHan) return true;
  if (word.kind != Tok::kWord && word.kind != Tok::kLetter) return false;
  if (has(word, kInText) || has(word, kInRoman)) return true;
  if (letters_ == Letters::kProduct || vocabulary_.is_unit == nullptr) return false;
  const bool long_enough = word.end - word.begin > 2 || letters_ == Letters::kUnit;
  if (long_enough && vocabulary_.is_unit(text_of(word))) return true;
  return long_enough && word.kind == Tok::kWord && vocabulary_.is_text(text_of(word));
}

// $10/hour, 3 m/min, 8.3 J/(mol K)
bool Parser::rate_starts(std::uint32_t ahead) const noexcept {
  if (peek(ahead).kind != Tok::kSlash) return false;
  const Token& below = peek(ahead + 1);
  if (below.kind != Tok::kOpen) return unit_word(below);
  return below.match != 0 &&
         (below.value == v(Bracket::kRound) || below.value == v(Bracket::kBrace)) &&
         unit_word(peek(ahead + 2));
}

// Does something stand at token i that makes a product of what is before it?
bool Parser::factor_at(std::size_t i) const noexcept {
  const Tok kind = out_.tokens[std::min(i, out_.tokens.size() - 1)].kind;
  return kind == Tok::kLetter || kind == Tok::kSymbol || kind == Tok::kOpen ||
         kind == Tok::kCaret || kind == Tok::kSlash || kind == Tok::kCommand;
}

// \mu\text{m}, k\Omega: the prefix of a unit as a sign of its own.
bool Parser::prefixed_unit_starts() const noexcept {
  if (!at(Tok::kLetter) || letters_ == Letters::kProduct) return false;
  const Token& next = peek();
  const bool micro = token().value == 0x3BC;
  if (next.kind == Tok::kLetter && next.value == 0x3A9 && !factor_at(next_ + 2))
    return micro || text_of(token()).find_first_of("kMGm") == 0;
  if (!micro || vocabulary_.is_unit == nullptr) return false;
  const Token& unit = next.kind == Tok::kOpen && next.value == v(Bracket::kBrace) ? peek(2) : next;
  if (unit.kind != Tok::kLetter && unit.kind != Tok::kWord) return false;
  const bool upright = has(unit, kInText) || has(unit, kInRoman) || has(token(), kInRoman) ||
                       text_of(token()) == "µ" || letters_ == Letters::kUnit;
  return upright && vocabulary_.is_unit(text_of(unit));
}

// 5 wt%: a percentage of the mass.
bool Parser::share_starts() const noexcept {
  if (peek().kind != Tok::kPercent || !at(Tok::kWord)) return false;
  for (const std::string_view share : {"wt", "vol", "mol", "at"}) {
    if (text_of(token()) == share) return true;
  }
  return false;
}

// M_\odot, R_{\oplus}: where the name of a star's or planet's measure ends, 0 when it is none.
std::size_t star_end(const std::vector<Token>& tokens, std::size_t i,
                     std::string_view source) noexcept {
  const auto text = [&](std::size_t k) {
    return source.substr(tokens[k].begin, tokens[k].end - tokens[k].begin);
  };
  if (i + 2 >= tokens.size() || text(i).find_first_of("MRL") != 0 || text(i).size() != 1) return 0;
  if (tokens[++i].kind == Tok::kUnderscore) ++i;
  const bool brace = i + 2 < tokens.size() && tokens[i].kind == Tok::kOpen;
  if (brace) ++i;
  bool star = tokens[i].kind == Tok::kSymbol;
  bool known = false;
  for (const std::string_view name : {"\\odot", "\\oplus", "⊙", "☉", "⊕"}) {
    known |= text(i) == name;
  }
  star =
      (star && known) || (tokens[i].kind == Tok::kWord && (text(i) == "sun" || text(i) == "Sun"));
  if (!star) return 0;
  if (brace && tokens[i + 1].kind != Tok::kClose) return 0;
  return i + (brace ? 2 : 1);
}

// Could the next token be the unit of what stands before it?
bool Parser::unit_starts(bool numeric) const noexcept {
  if (at_differential()) return false;
  if (at(Tok::kHan)) return true;
  if (at(Tok::kDegree)) return numeric;  // °C: plain degrees were read by postfix
  if (at(Tok::kPrime)) return numeric;
  if (at(Tok::kCurrency))
    return numeric && !(peek().kind == Tok::kNumber || peek().kind == Tok::kMinus);  // 35 €
  if (at_command(Cmd::kFrac)) return numeric && unit_fraction_end(next_) != 0;
  if (at(Tok::kWord)) {
    if (text_of(token()) == "to" || (in_congruence_ && text_of(token()) == "mod"))
      return false;  // a ratio, a modulus
    if (opens_restriction(text_of(token()))) return false;
    if (has(token(), kInText) || has(token(), kInRoman)) return true;
    if (letters_ == Letters::kProduct) return false;
    if (numeric && share_starts()) return true;
    const std::string_view word = text_of(token());
    if (numeric && vocabulary_.is_unit != nullptr && vocabulary_.is_unit(word)) return true;
    return text_starts();
  }
  if (at(Tok::kLetter)) {
    if (numeric && token().value == 0x3A9) return peek().kind != Tok::kOpen;  // 120 \Omega
    if (numeric && prefixed_unit_starts()) return true;
    if (const std::size_t end = star_end(out_.tokens, next_, out_.source); numeric && end != 0) {
      return !factor_at(end);  // 2 M_\odot G
    }
    const bool rate = rate_starts(1);
    if (!numeric || !(has(token(), kInRoman) || letters_ == Letters::kUnit || rate)) return false;
    const std::string_view word = text_of(token());
    if (word == "e" || word == "i" || word == "d" || word == "j") return false;
    return vocabulary_.is_unit != nullptr && vocabulary_.is_unit(word);
  }
  if (at_open(Bracket::kBrace) && numeric) {  // \mathrm{km/h}
    const Token& first = peek();
    return (first.kind == Tok::kWord || first.kind == Tok::kLetter) && has(first, kInRoman);
  }
  return false;
}

// 24 (cm^2), 15（人）: the unit of a number in brackets of its own, at the end. Where it closes, 0
// when it is none.
std::size_t Parser::bracketed_unit_end(bool numeric) const noexcept {
  if (!numeric || letters_ == Letters::kProduct || !at_open(Bracket::kRound) || token().match == 0)
    return 0;
  const std::size_t close = token().match;
  const Tok behind = out_.tokens[std::min(close + 1, out_.tokens.size() - 1)].kind;
  if (close == next_ + 1 || (behind != Tok::kEnd && behind != Tok::kComma && behind != Tok::kDot))
    return 0;
  for (std::size_t i = next_ + 1; i < close; ++i) {
    const Token& t = out_.tokens[i];
    switch (t.kind) {
      case Tok::kHan:
        continue;
      case Tok::kWord: {
        const std::string_view word = text_of(t);
        const bool upright = has(t, kInText) || has(t, kInRoman);
        const bool known = vocabulary_.is_unit != nullptr && vocabulary_.is_unit(word);
        const bool english =
            word.size() > 3 && vocabulary_.is_text != nullptr && vocabulary_.is_text(word);
        if (word != "mod" && word != "modulo" && (upright || known || english)) continue;
        return 0;
      }
      case Tok::kLetter:
        if (has(t, kInRoman)) continue;
        return 0;
      case Tok::kCaret:
      case Tok::kSuperscript:
      case Tok::kSlash:
        if (i > next_ + 1) continue;
        return 0;
      case Tok::kNumber: {  // an exponent
        const std::size_t before = out_.tokens[i - 1].kind == Tok::kOpen ? i - 2 : i - 1;
        if (out_.tokens[before].kind == Tok::kCaret) continue;
        return 0;
      }
      case Tok::kOpen:
      case Tok::kClose:
        if (t.value == v(Bracket::kBrace)) continue;
        return 0;
      default:
        return 0;
    }
  }
  return close;
}

// \frac{\text{km}}{\text{h}} behind a number: where it ends, 0 when it is no unit.
std::size_t Parser::unit_fraction_end(std::size_t from) const noexcept {
  std::size_t i = from + 1;
  for (int part = 0; part < 2; ++part) {
    const Token& open = out_.tokens[std::min(i, out_.tokens.size() - 1)];
    if (open.kind != Tok::kOpen || open.match == 0 || open.value != v(Bracket::kBrace)) return 0;
    for (std::size_t k = i + 1; k < open.match; ++k) {
      const Token& t = out_.tokens[k];
      const bool upright = has(t, kInText) || has(t, kInRoman) || letters_ == Letters::kUnit;
      const bool word = (t.kind == Tok::kWord || t.kind == Tok::kLetter) && upright;
      if (k == i + 1 && !word) return 0;
      if (t.kind == Tok::kFunction || t.kind == Tok::kCommand || t.kind == Tok::kRelation) return 0;
    }
    if (open.match == i + 1) return 0;
    i = open.match + 1;
  }
  return i;
}

// Units, their powers and quotients, nouns: up to what cannot belong to them.
void Parser::skip_unit() noexcept {
  std::uint32_t braces = 0;
  for (;;) {
    if (const std::size_t end = star_end(out_.tokens, next_, out_.source); end != 0) next_ = end;
    const bool share = share_starts();
    switch (token().kind) {
      case Tok::kWord:
        if (share) advance();
        advance();
        continue;
      case Tok::kHan:
      case Tok::kLetter:
      case Tok::kSuperscript:
      case Tok::kPrime:
      case Tok::kDegree:
        advance();
        continue;
      case Tok::kCurrency:
        if (peek().kind == Tok::kNumber) return;
        advance();
        continue;
      case Tok::kCommand: {
        const std::size_t end = at_command(Cmd::kFrac) ? unit_fraction_end(next_) : 0;
        if (end == 0) return;
        next_ = end;
        continue;
      }
      case Tok::kCaret:
        advance();
        if (at(Tok::kMinus)) advance();
        if (at(Tok::kNumber)) advance();
        continue;
      case Tok::kMinus:
        if (before() == Tok::kOpen) {
          advance();
          if (at(Tok::kNumber)) advance();
          continue;
        }
        if (peek().kind == Tok::kWord ||
            (peek().kind == Tok::kLetter && has(peek(), kInRoman))) {  // N-m
          advance();
          continue;
        }
        return;
      case Tok::kSlash:
      case Tok::kTimes: {
        const Token& after = peek();
        const bool unit = after.kind == Tok::kWord || after.kind == Tok::kLetter ||
                          after.kind == Tok::kHan ||
                          (after.kind == Tok::kOpen &&
                           (peek(2).kind == Tok::kWord || peek(2).kind == Tok::kLetter));
        if (!unit) return;
        advance();
        continue;
      }
      case Tok::kOpen: {
        const Token& inner = peek();
        const bool power = before() == Tok::kCaret;
        const bool unit =
            inner.kind == Tok::kWord ||
            (inner.kind == Tok::kLetter && (has(inner, kInRoman) || letters_ == Letters::kUnit));
        if (!(at_open(Bracket::kBrace) || at_open(Bracket::kRound)) || !(power || unit) ||
            token().match == 0)
          return;
        ++braces;
        advance();
        if (power && at(Tok::kNumber)) advance();
        continue;
      }
      case Tok::kClose:
        if (braces == 0) return;
        --braces;
        advance();
        continue;
      case Tok::kDot:  // an abbreviation's point, unless it ends the sentence
        if (peek().kind == Tok::kWord || peek().kind == Tok::kEnd) {
          advance();
          continue;
        }
        return;
      case Tok::kRelation:
      case Tok::kEnd:
      default:
        return;
    }
  }
}

// Words up to a separator, a relation or the end of the brackets they stand in.
NodeId Parser::text_run() noexcept {
  const std::uint32_t begin = token().begin;
  std::uint32_t end = token().end;
  std::uint32_t depth = 0;
  bool excepts = false;
  while (!at(Tok::kEnd)) {
    const Tok kind = token().kind;
    if (kind == Tok::kWord)
      excepts |= text_of(token()) == "except" || text_of(token()) == "excluding";
    const bool goes_on =
        excepts && (kind == Tok::kAnd || kind == Tok::kComma) &&
        (peek().kind == Tok::kNumber || peek().kind == Tok::kMinus || peek().kind == Tok::kAnd);
    if (depth == 0 && !goes_on &&
        (kind == Tok::kComma || kind == Tok::kSemicolon || kind == Tok::kAnd || kind == Tok::kOr ||
         kind == Tok::kRelation || kind == Tok::kClose || kind == Tok::kAmpersand ||
         kind == Tok::kNewRow || kind == Tok::kQuad)) {
      break;
    }
    if (depth == 0 && at_command(Cmd::kEnd)) break;
    if (depth == 0 && named_value_ahead()) break;
    if (kind == Tok::kOpen) ++depth;
    if (kind == Tok::kClose) --depth;
    if (kind == Tok::kQuestion) out_.has_question = true;
    end = token().end;
    advance();
  }
  out_.texts.push_back({begin, end});
  out_.has_text = true;
  return leaf(Kind::kText, static_cast<std::uint32_t>(out_.texts.size() - 1));
}

}  // namespace pyverify::latex
