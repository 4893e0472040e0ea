// What follows a backslash.
#include <algorithm>

#include "expr/tree.hpp"
#include "latex/lexer.hpp"
#include "support/utf8.hpp"

namespace pyverify::latex {

void Lexer::backslash() noexcept {
  const std::size_t name = position_ + 1;
  const char c = at(name);
  if (is_letter(c)) {
    std::size_t end = name;
    while (end < source_.size() && is_letter(source_[end])) ++end;
    command(source_.substr(name, end - name), end);
    return;
  }
  switch (c) {
    case '{':
      push_open(Bracket::kSet, name + 1);
      return;
    case '}':
      push_close(Bracket::kSet, name + 1);
      return;
    case '|':
      push(Tok::kBar, 1, name + 1);
      return;
    case '%':
      push(Tok::kPercent, 0, name + 1);
      return;
    case '$':
      push(Tok::kCurrency, u'$', name + 1);
      return;
    case '&':
      push(Tok::kAnd, 0, name + 1);
      return;
    case '#':
      position_ = name + 1;
      return;
    case '\\': {
      std::size_t end = name + 1;
      if (environment_depth_ > 0) {
        if (at(end) == '[') {  // \\[2pt]
          const std::size_t close = source_.find(']', end);
          if (close != std::string_view::npos && close < end + 8 && close > end + 2 &&
              is_letter(source_[close - 1])) {
            end = close + 1;
          }
        }
        push(Tok::kNewRow, 0, end);
      } else {
        push(Tok::kQuad, 0, end);
      }
      return;
    }
    case '\0':
      position_ = source_.size();
      return;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':  // 36\2 has no meaning
      push(Tok::kBad, 0, name + 1);
      return;
    default:  // \, \; \: \! \( \) \[ \] and the like are spacing or delimiters
      position_ = std::min(name + 1, source_.size());
      space_ = true;
      return;
  }
}

// \mathring{A}, \overset{\circ}{\mathrm{A}}: the end of an ångström, 0 when it is none.
std::size_t Lexer::angstrom_end(std::string_view name, std::size_t i) const noexcept {
  const auto passes = [&](std::string_view text) {
    i = skip_blank(i);
    const bool there = source_.substr(std::min(i, source_.size())).starts_with(text);
    if (there) i += text.size();
    return there;
  };
  if (name == "overset" || name == "stackrel") {
    if (!passes("{") || !passes("\\circ") || !passes("}")) return 0;
  } else if (name != "mathring") {
    return 0;
  }
  if (!passes("{")) return 0;
  const bool styled = passes("\\mathrm{") || passes("\\text{");
  if (!passes("A") || !passes("}")) return 0;
  return styled && !passes("}") ? 0 : i;
}

// \SI{9.8}{m/s^2}: two groups, the second one upright. Inside, \meter and \per are words.
bool Lexer::quantity(std::string_view name, std::size_t end) noexcept {
  if (position_ < unit_group_end_ && find_command(name) == nullptr) {
    ++position_;
    push(Tok::kWord, 0, end);
    return true;
  }
  if (name != "SI" && name != "qty") return false;
  const std::size_t number = skip_blank(end);
  const std::size_t unit = at(number) == '{' ? skip_blank(group_end(number) + 1) : number;
  if (at(unit) != '{' || unit == number) return false;
  unit_group_ = unit;
  unit_group_end_ = group_end(unit);
  position_ = number;
  return true;
}

void Lexer::command(std::string_view name, std::size_t end) noexcept {
  if (quantity(name, end)) return;
  if (const std::size_t angstrom = angstrom_end(name, end); angstrom != 0) {
    push(Tok::kWord, 0, angstrom);
    return;
  }
  if (const Command* known = find_command(name)) {
    dispatch(*known, end);
    return;
  }
  // A command glued to letters, \pir or \cdotx: the longest known beginning that needs no argument.
  for (std::size_t length = name.size() - 1; length >= 2 && name.size() <= 24; --length) {
    const Command* known = find_command(name.substr(0, length));
    if (known == nullptr) continue;
    const bool constant = known->kind == Tok::kCommand &&
                          (known->value == static_cast<std::uint16_t>(Cmd::kPi) ||
                           known->value == static_cast<std::uint16_t>(Cmd::kInfinity));
    // \leqg, \quadx; a longer rest may be a sign of its own
    const bool sign =
        length + 1 == name.size() &&
        (known->kind == Tok::kRelation ||
         (known->kind == Tok::kCommand && known->value == static_cast<std::uint16_t>(Cmd::kQuad)) ||
         known->kind == Tok::kPlusMinus || known->kind == Tok::kCup);
    if (constant || sign || known->kind == Tok::kLetter || known->kind == Tok::kTimes ||
        known->kind == Tok::kFunction) {
      dispatch(*known, position_ + 1 + length);
      return;
    }
  }
  push(Tok::kCommand, static_cast<std::uint16_t>(Cmd::kUnknown), end);
}

void Lexer::dispatch(const Command& command, std::size_t end) noexcept {
  switch (command.kind) {
    case Tok::kOpen:
      push_open(static_cast<Bracket>(command.value), end);
      return;
    case Tok::kClose:
      push_close(static_cast<Bracket>(command.value), end);
      return;
    case Tok::kSymbol: {
      Token& token = push(Tok::kSymbol, 0, end);
      if (command.name == "imath") {
        token.kind = Tok::kLetter;
        token.value = 'i';
      } else if (command.name == "jmath") {
        token.kind = Tok::kLetter;
        token.value = 'j';
      }
      return;
    }
    case Tok::kCommand:
      break;
    default:
      push(command.kind, command.value, end);
      if (command.kind == Tok::kLetter || command.kind == Tok::kFunction)
        tokens_.back().flags |= kNamed;
      return;
  }
  const auto cmd = static_cast<Cmd>(command.value);
  switch (cmd) {
    case Cmd::kNot: {  // \not=, \not\in
      const std::size_t sign = skip_blank(end);
      const bool in = source_.substr(sign, 3) == "\\in" && !is_letter(at(sign + 3));
      if (in || at(sign) == '=') {
        const auto relation = in ? expr::Relation::kNotIn : expr::Relation::kNotEqual;
        push(Tok::kRelation, static_cast<std::uint16_t>(relation), sign + (in ? 3 : 1));
        return;
      }
      break;
    }
    case Cmd::kSkip:
      position_ = end;
      space_ = true;
      return;
    case Cmd::kQuad:
      push(Tok::kQuad, 0, end);
      return;
    case Cmd::kLeft:
    case Cmd::kRight: {
      position_ = skip_blank(end);
      if (cmd == Cmd::kLeft && at(position_) == '<') push_open(Bracket::kAngle, position_ + 1);
      if (cmd == Cmd::kRight && at(position_) == '>') push_close(Bracket::kAngle, position_ + 1);
      if (at(position_) != '.') return;
      if (cmd == Cmd::kLeft)
        push_open(Bracket::kNone, position_ + 1);
      else
        push_close(Bracket::kNone, position_ + 1);
      return;
    }
    case Cmd::kText:
    case Cmd::kRoman:
    case Cmd::kBoldStyle:
    case Cmd::kStyle:
      style(cmd, end);
      return;
    case Cmd::kBoxed:
      position_ = end;
      space_ = true;
      return;  // its braces group
    case Cmd::kOperatorName:
      operator_name(end);
      return;
    case Cmd::kBlackboard:
      blackboard(end);
      return;
    case Cmd::kNumberSet: {
      Token& token = push(Tok::kCommand, command.value, end);
      token.match = static_cast<unsigned char>(command.name == "reals" ? 'R' : command.name[0]);
      return;
    }
    case Cmd::kSkipArgument: {
      const std::size_t open = skip_blank(end);
      const std::size_t close = at(open) == '{' ? group_end(open) : end;
      // \hspace{1cm}, \hspace{2em} keep two answers apart
      const bool wide = command.name == "hspace" && at(open + 1) >= '1' && at(open + 1) <= '9' &&
                        (close > open + 2) && at(close - 1) == 'm' && at(close - 2) != 'm';
      if (wide) {
        push(Tok::kQuad, 0, std::min(close + 1, source_.size()));
        return;
      }
      position_ = at(open) == '{' ? std::min(close + 1, source_.size()) : end;
      space_ = true;
      return;
    }
    case Cmd::kCircled:
      circled(end);
      return;
    case Cmd::kBegin:
      environment(true, end);
      return;
    case Cmd::kEnd:
      environment(false, end);
      return;
    default:
      push(Tok::kCommand, command.value, end);
      return;
  }
}

void Lexer::style(Cmd cmd, std::size_t end) noexcept {
  const std::uint8_t flag = cmd == Cmd::kText        ? kInText
                            : cmd == Cmd::kRoman     ? kInRoman
                            : cmd == Cmd::kBoldStyle ? kBold
                                                     : 0;
  const std::size_t open = skip_blank(end);
  position_ = open;
  if (at(open) == '{') {
    open_brace(flag, true, cmd == Cmd::kText);
  } else {
    pending_flags_ = flag;
  }
}

void Lexer::blackboard(std::size_t end) noexcept {
  std::size_t letter = skip_blank(end);
  std::size_t last = letter + 1;
  if (at(letter) == '{') {
    last = std::min(group_end(letter) + 1, source_.size());
    letter = skip_blank(letter + 1);
  }
  const char c = at(letter);
  if (!is_letter(c)) {
    push(Tok::kBad, 0, end);
    return;
  }
  if (last > letter + 1 && skip_blank(letter + 1) + 1 < last && depth_ < kMaxDepth) {
    // \mathbb{R^+}: what follows the letter belongs to it, the braces are nothing
    frames_[depth_++] = {flags(), false, true, 0};
    last = letter + 1;
  }
  push(Tok::kCommand, static_cast<std::uint16_t>(Cmd::kNumberSet), std::min(last, source_.size()))
      .match = static_cast<unsigned char>(c);
}

// \operatorname{arccos}: a function of ours, else an upright word.
void Lexer::operator_name(std::size_t end) noexcept {
  const std::size_t open = skip_blank(end);
  if (at(open) != '{') {
    position_ = end;
    return;
  }
  const std::size_t close = group_end(open);
  std::string_view name = source_.substr(open + 1, close - open - 1);
  while (!name.empty() && (is_blank(name.front()) || name.front() == '~')) name.remove_prefix(1);
  while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
  const Command* known = find_command(name);
  if (known != nullptr && (known->kind == Tok::kFunction || known->kind == Tok::kCommand) &&
      known->value != static_cast<std::uint16_t>(Cmd::kBoxed)) {
    dispatch(*known, std::min(close + 1, source_.size()));
    return;
  }
  position_ = open;
  open_brace(kInRoman, true, false);
}

// A kBegin or kEnd token whose bytes are the environment's name; a column specification is passed
// over.
void Lexer::environment(bool begin, std::size_t end) noexcept {
  const std::size_t open = skip_blank(end);
  if (at(open) != '{') {
    push(Tok::kBad, 0, end);
    return;
  }
  const std::size_t close = source_.find('}', open);
  if (close == std::string_view::npos) {
    push(Tok::kBad, 0, source_.size());
    return;
  }
  Token& token =
      push(Tok::kCommand, static_cast<std::uint16_t>(begin ? Cmd::kBegin : Cmd::kEnd), close + 1);
  token.begin = static_cast<std::uint32_t>(open + 1);
  token.end = static_cast<std::uint32_t>(close);
  const std::string_view name = source_.substr(open + 1, close - open - 1);
  if (!begin) {
    if (environment_depth_ == alignment_depth_) alignment_depth_ = 0;
    if (environment_depth_ > 0) --environment_depth_;
    if (bracket_depth_ > 0) --bracket_depth_;
    return;
  }
  ++environment_depth_;
  if (name.starts_with("align") || name == "split") alignment_depth_ = environment_depth_;
  if (bracket_depth_ < kMaxDepth)
    brackets_[bracket_depth_++] = static_cast<std::uint32_t>(tokens_.size() - 1);
  if (name == "array" || name == "tabular" || name == "alignedat") {
    const std::size_t spec = skip_blank(position_);
    if (at(spec) == '{') position_ = std::min(group_end(spec) + 1, source_.size());
  }
}

void Lexer::circled(std::size_t end) noexcept {
  std::size_t p = skip_blank(end);
  const bool brace = at(p) == '{';
  if (brace) p = skip_blank(p + 1);
  unsigned number = 0;
  while (is_digit(at(p)) && number < 100)
    number = number * 10 + static_cast<unsigned>(source_[p++] - '0');
  if (brace && at(p) == '}') ++p;
  push(number > 0 ? Tok::kCircled : Tok::kBad, static_cast<std::uint16_t>(number),
       std::max(p, end));
}

}  // namespace pyverify::latex
