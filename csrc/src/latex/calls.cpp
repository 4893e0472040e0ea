// x(0), T(n/2), E[X] are a function's values, x(x+1) and m(v-u) are products: what a bracket behind
// a name means. What the bracket holds says it, and how the letter stands elsewhere in the text.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

namespace {

bool opens(const Token& token, Bracket bracket) noexcept {
  return token.kind == Tok::kOpen && token.value == static_cast<std::uint16_t>(bracket);
}

bool is_command(const Token& token, Cmd cmd) noexcept {
  return token.kind == Tok::kCommand && token.value == static_cast<std::uint16_t>(cmd);
}

// Greek letters which in print are functions far more often than factors.
bool names_function(std::uint64_t letter) noexcept {
  return letter == u'δ' || letter == u'Γ' || letter == u'Φ' || letter == u'ζ' || letter == u'ψ';
}

// Longer brackets are factors: what is nested is looked at again and again.
constexpr std::size_t kLongestArgument = 64;

// A letter in a run of letters, one by one; 0 behind the last one.
std::uint16_t letter_of(const Token& token, std::string_view text, std::size_t i) noexcept {
  if (token.kind == Tok::kLetter) return i == 0 ? token.value : std::uint16_t{0};
  const bool run = token.kind == Tok::kWord && !has(token, kInText) && text.size() <= 4;
  return run && i < text.size() ? static_cast<unsigned char>(text[i]) : std::uint16_t{0};
}

}  // namespace

const LetterUse* Parsed::use_of(std::uint64_t letter) const noexcept {
  for (const LetterUse& use : letter_uses) {
    if (use.letter == letter) return &use;
  }
  return nullptr;
}

// Is a bracket that opens here the argument of the name before it, or a factor?
Parser::Argument Parser::argument_form(std::size_t open) const noexcept {
  const Token& first = out_.tokens[open];
  const std::size_t close = first.match;
  const auto token_at = [this](std::size_t i) -> const Token& {
    return out_.tokens[std::min(i, out_.tokens.size() - 1)];
  };
  Argument form;
  if (close > open + kLongestArgument) return form;
  std::size_t letters = 0;
  std::size_t numbers = 0;
  bool product = false;  // more than one factor
  bool opaque = false;   // what is no plain product of letters and numbers
  bool sum = false;
  bool exponent = false;
  bool accent = false;
  std::size_t from = open + 1;
  if (token_at(from).kind == Tok::kMinus) {
    ++from;
    product = true;
  }
  for (std::size_t i = from; i < close; ++i) {
    const Token& t = out_.tokens[i];
    switch (t.kind) {
      case Tok::kNumber:
        ++numbers;
        form.point |= (t.value & (kPoint | kExponent)) != 0;
        form.zero = text_of(t) == "0";
        form.hash = number::mix(form.hash, raw_hash(i, i + 1));
        break;
      case Tok::kLetter:
      case Tok::kSymbol:
      case Tok::kWord:
        if (has(t, kInText) || (t.kind == Tok::kWord && text_of(t).size() > 4)) return {};
        letters += t.kind == Tok::kWord ? text_of(t).size() : 1;
        if (t.kind == Tok::kLetter && t.value == 'e') opaque = true;
        form.several |= form.letter != 0 && form.letter != letter_of(t, text_of(t), 0);
        form.several |= t.kind != Tok::kLetter;
        form.letter = t.kind == Tok::kLetter ? t.value : '?';
        form.hash = number::mix(form.hash, raw_hash(i, i + 1));
        break;
      case Tok::kUnderscore: {  // t_1 is one name
        const bool brace = opens(token_at(i + 1), Bracket::kBrace);
        i = brace ? std::max<std::size_t>(token_at(i + 1).match, i + 1) : i + 1;
        form.several = true;
        break;
      }
      case Tok::kPlus:
      case Tok::kMinus:
      case Tok::kPlusMinus:
        sum = true;
        form.hash = number::mix(form.hash, static_cast<std::uint64_t>(t.kind));
        break;
      case Tok::kCaret:
      case Tok::kSuperscript:
        exponent = product = true;
        form.hash = number::mix(form.hash, t.value);
        break;
      case Tok::kSlash:
      case Tok::kTimes:
        product = true;
        form.hash = number::mix(form.hash, static_cast<std::uint64_t>(t.kind));
        break;
      case Tok::kPrime:
        break;
      case Tok::kOpen:
      case Tok::kClose:
        opaque |= !(t.value == static_cast<std::uint16_t>(Bracket::kBrace));
        break;
      case Tok::kFunction:
        opaque = true;
        break;
      case Tok::kCommand:
        if (is_command(t, Cmd::kFrac) || is_command(t, Cmd::kSqrt) || is_command(t, Cmd::kPi)) {
          product = true;
          form.fraction = true;
        } else if (is_command(t, Cmd::kAccent)) {  // \vec c(\vec a \cdot \vec b)
          accent = true;
        } else {
          opaque = true;
        }
        break;
      default:
        return {};
    }
  }
  if (letters + numbers == 0 && !form.fraction) return {};
  const Token& after = token_at(close + 1);
  const bool power = after.kind == Tok::kCaret || after.kind == Tok::kSuperscript;
  if (sum) {
    form.role = Role::kOpen;
    form.shift = letters == 1 && !opaque && !exponent && !form.fraction && !form.several;
    form.power = power;
  } else if (opaque) {
    form.role = Role::kFactor;
  } else if (letters == 0) {
    const bool single = numbers == 1 && !form.fraction && !exponent;
    form.role = single && (form.zero || !power) ? Role::kCall : Role::kLikely;
    if (power && !(single && form.zero)) {  // P(1.05)^{10}, N_0(\frac12)^{t/T}: growth
      const bool brace = opens(token_at(close + 2), Bracket::kBrace);
      const Token& value = token_at(close + (brace ? 3 : 2));
      const bool digit = after.kind == Tok::kSuperscript ||
                         (value.kind == Tok::kNumber && text_of(value).size() == 1 &&
                          (!brace || token_at(close + 4).kind == Tok::kClose));
      if (form.point || form.fraction || !digit) form.role = Role::kFactor;
    }
  } else if (letters == 1 && numbers == 0 && !product) {
    form.role = Role::kName;
  } else {
    form.role = power || accent ? Role::kFactor : Role::kLikely;
  }
  return form;
}

// How letters stand throughout the text, looked at when the first bracket asks.
void Parser::survey_letters() noexcept {
  constexpr std::size_t kMostLetters = 48;
  if (surveyed_) return;
  surveyed_ = true;
  out_.letter_uses.clear();
  const auto& tokens = out_.tokens;
  const auto use_of = [this](std::uint64_t letter) -> LetterUse* {
    for (LetterUse& use : out_.letter_uses) {
      if (use.letter == letter) return &use;
    }
    if (out_.letter_uses.size() >= kMostLetters) return nullptr;
    out_.letter_uses.push_back({});
    out_.letter_uses.back().letter = letter;
    return &out_.letter_uses.back();
  };
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token& t = tokens[i];
    const Tok before = i > 0 ? tokens[i - 1].kind : Tok::kEnd;
    if (before == Tok::kUnderscore) continue;
    const bool accented = i > 0 && (is_command(tokens[i - 1], Cmd::kAccent) ||
                                    (i > 1 && opens(tokens[i - 1], Bracket::kBrace) &&
                                     is_command(tokens[i - 2], Cmd::kAccent)));
    if (accented) continue;
    const std::string_view text = text_of(t);
    for (std::size_t k = 0; const std::uint16_t letter = letter_of(t, text, k); ++k) {
      LetterUse* const use = use_of(letter);
      if (use == nullptr) return;
      const bool last = t.kind == Tok::kLetter || k + 1 == text.size();
      const Token& next = tokens[i + 1];
      const bool bracket = last && next.match != 0 &&
                           (opens(next, Bracket::kRound) || opens(next, Bracket::kSquare));
      if (!bracket) {
        const bool other_name = last && (next.kind == Tok::kUnderscore || next.kind == Tok::kPrime);
        const bool labels = last && i == 0 && next.kind == Tok::kRelation;
        use->bare |= !other_name && !labels;
        continue;
      }
      const Argument form = argument_form(i + 1);
      const Token& after = tokens[std::min<std::size_t>(next.match + 1, tokens.size() - 1)];
      const bool starts = i == 0 || before == Tok::kComma || before == Tok::kAnd ||
                          before == Tok::kQuad || before == Tok::kSemicolon;
      use->labelled |= starts && k == 0 && after.kind == Tok::kRelation;
      use->called |= form.role == Role::kCall || form.role == Role::kName;
      use->likely |= form.role == Role::kLikely;
      if (form.role != Role::kOpen || form.power) continue;
      if (form.shift && use->shift != 0 && use->shift != form.hash) use->shifted = true;
      if (form.shift) use->shift = form.hash;
      if (form.letter == 't' && !form.several && letter == 'u') use->shifted = true;
    }
  }
}

// Does the bracket that opens here hold the argument of `base`, the name just read?
bool Parser::takes_argument(NodeId base) noexcept {
  if (node(base).kind != Kind::kSymbol || base + 1 != tree_.nodes.size()) return false;
  const bool square = at_open(Bracket::kSquare);
  const std::size_t close = token().match;
  if ((!square && !at_open(Bracket::kRound)) || close == 0 || next_ == 0) return false;
  if (out_.tokens[close].value != token().value) return false;
  const expr::Symbol& symbol = tree_.symbols[node(base).a];
  const Token& last = out_.tokens[next_ - 1];
  if (last.kind == Tok::kClose && last.value != static_cast<std::uint16_t>(Bracket::kBrace))
    return false;  // (x)(2)
  const bool simple = last.kind == Tok::kLetter && symbol.name == number::mix(last.value);
  const std::uint64_t letter = simple ? last.value : 0;
  const Argument form = argument_form(next_);
  if (square && form.role != Role::kOpen) {
    // k[A][B]: a concentration; E[X], x[n]: an argument
    const Token& inner = peek();
    const auto capital = [](std::uint64_t c) { return c >= 'A' && c <= 'Z'; };
    const bool species = inner.kind == Tok::kLetter || inner.kind == Tok::kWord
                             ? capital(static_cast<unsigned char>(out_.source[inner.begin]))
                             : false;
    const bool expects = letter == 'E' || letter == 'P' || letter == 'V' || letter == 'H';
    if (species && !expects && form.role == Role::kName) return false;
  }
  if (!simple) {
    const bool prime = symbol.name == name_hash(symbol.base, kPrimeMark) ||
                       symbol.name == name_hash(name_hash(symbol.base, kPrimeMark), kPrimeMark);
    if (prime && !square) {  // f'(x+1)
      for (const char usual : {'f', 'g', 'F', 'G', 'h', 'y', 'u', 'v'}) {
        if (symbol.base == number::mix(static_cast<unsigned char>(usual))) return true;
      }
    }
    return form.role == Role::kCall || form.role == Role::kName || form.role == Role::kLikely;
  }
  survey_letters();
  const LetterUse* const found = out_.use_of(letter);
  const LetterUse use = found != nullptr ? *found : LetterUse{};
  if (use.labelled) return form.role != Role::kFactor || !form.power;
  switch (form.role) {
    case Role::kFactor:
      return false;
    case Role::kCall:
    case Role::kName:
      return true;
    case Role::kLikely:
      return !use.bare && (letters_ != Letters::kFactors || use.called);
    case Role::kOpen:
      if (use.bare) return false;
      if (use.called || use.shifted || names_function(letter)) return true;
      if (letters_ == Letters::kFactors) return false;
      if (use.likely || letters_ == Letters::kApplied) return true;
      out_.has_open_bracket = true;
      return false;
  }
  return false;
}

// The name just read becomes that of a function; its own node goes.
NodeId Parser::applied(NodeId base) noexcept {
  const expr::Symbol symbol = tree_.symbols[node(base).a];
  if (node(base).a + 1 == tree_.symbols.size()) tree_.symbols.pop_back();
  tree_.nodes.pop_back();
  return call(symbol.name, symbol.text_begin, symbol.text_end);
}

}  // namespace pyverify::latex
