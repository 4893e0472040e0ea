// Runs of letters: words, single letters, functions without a backslash, currencies.
#include "latex/lexer.hpp"

namespace pyverify::latex {
namespace {

// Words that are functions in maths and units or English after a number.
bool unit_like_function(std::string_view word) {
  return word == "min" || word == "sec" || word == "mod" || word == "in";
}

}  // namespace

// Does something stand at `i`, behind an exponent, that a function could be of?
bool Lexer::argument_ahead(std::size_t i) const noexcept {
  if (at(i) == '^') {
    ++i;
    if (at(i) == '{') i = group_end(i) + 1;
    while (is_digit(at(i)) || at(i) == '-') ++i;
  }
  i = skip_blank(i);
  return is_letter(at(i)) || is_digit(at(i)) || at(i) == '(' || at(i) == '\\' || at(i) == '{';
}

void Lexer::word() noexcept {
  std::size_t end = position_;
  while (end < source_.size() && is_letter(source_[end])) ++end;
  const std::string_view run = source_.substr(position_, end - position_);
  const bool text = (flags() & kInText) != 0;
  if (run.size() == 1) {
    if (prose_) pending_flags_ |= kInRoman;  // the unit in "$5$ N"
    push(text ? Tok::kWord : Tok::kLetter, static_cast<unsigned char>(run[0]), end);
    return;
  }
  const Command* known = find_command(run);
  const bool below = !tokens_.empty() && tokens_.back().kind == Tok::kSlash && !argument_ahead(end);
  if (at(end) == '{' && (run == "frac" || run == "dfrac" || run == "tfrac")) {  // a lost backslash
    dispatch(*known, end);
    return;
  }
  if (known != nullptr && known->word) {
    const bool unit = (after_number() || text || below) &&
                      (unit_like_function(run) || (run == "arcsec" && !argument_ahead(end))) &&
                      at(end) != '(' && at(end) != '\\' && at(end) != '{';
    const bool label = text && at(skip_blank(end)) == '}' && at(skip_blank(end) + 1) == '=';
    if (!unit && !label) {
      dispatch(*known, end);
      if (!tokens_.empty()) tokens_.back().flags |= kNamed;
      return;
    }
  }
  if (!text && split_word(end)) return;
  if (currency_word(run, end)) return;
  push(Tok::kWord, 0, end);
}

// USD 5, US$5: a currency's letters before the amount.
bool Lexer::currency_word(std::string_view run, std::size_t end) noexcept {
  if (run.size() > 3 || run[0] < 'A' || run[0] > 'Z') return false;
  const std::size_t after = skip_blank(end);
  if (run == "US") {                                    // the sign itself follows
    if (source_.substr(after).starts_with("dollar")) {  // 5 US dollars
      position_ = after;
      return true;
    }
    const bool sign = at(after) == '$' || (at(after) == '\\' && at(after + 1) == '$');
    if (sign) position_ = after;
    return sign;
  }
  if (!is_digit(at(after))) return false;
  const char16_t sign = run == "USD"                   ? u'$'
                        : run == "EUR"                 ? u'€'
                        : run == "GBP"                 ? u'£'
                        : run == "RMB" || run == "CNY" ? u'¥'
                        : run == "Rs" || run == "INR"  ? u'₹'
                                                       : u'\0';
  if (sign == 0) return false;
  push(Tok::kCurrency, sign, end);
  return true;
}

// "sinx", "lnx": a function glued to one variable. Longer rests are English (since, cost, tangent).
bool Lexer::split_word(std::size_t end) noexcept {
  const std::string_view run = source_.substr(position_, end - position_);
  const std::string_view head = run.substr(0, run.size() - 1);
  if (head == "or" && after_number() && at(end) == '=') {  // x=1orx=2
    push(Tok::kOr, 0, position_ + head.size());
    push(Tok::kLetter, static_cast<unsigned char>(run.back()), end);
    return true;
  }
  if (head != "sin" && head != "cos" && head != "tan" && head != "ln" && head != "log" &&
      head != "sqrt" && head != "cot") {
    return false;
  }
  if (run == "cost" || run == "logs" || run == "sing" || run == "tang") return false;
  dispatch(*find_command(head), position_ + head.size());
  tokens_.back().flags |= kNamed;
  push(Tok::kLetter, static_cast<unsigned char>(run.back()), end);
  return true;
}

}  // namespace pyverify::latex
