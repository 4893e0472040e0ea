// The words behind a value become a unit.
#include "answer/composed_units.hpp"
#include "answer/nouns.hpp"
#include "answer/unit_words.hpp"
#include "answer/words.hpp"
#include "number/field.hpp"

namespace pyverify::answer {
namespace {

using latex::Tok;
using latex::Token;

constexpr Unit plain_unit() {
  Unit unit;
  unit.valid = true;
  return unit;
}

// What a measure is one of: 10 cm long, 5 years old.
bool is_extent(std::string_view word) {
  for (const std::string_view known : {"long", "tall", "wide", "high", "deep", "thick", "old"}) {
    if (word == known) return true;
  }
  return false;
}

bool is_preposition(std::string_view word) {
  return word == "of" || word == "in" || word == "for" || word == "on" || word == "at";
}

struct Resolver {
  const latex::Parsed& parsed;
  UnitReading made{};
  number::Rational scale{1, 1};
  bool dividing = false;
  bool below = false;   // in the denominator of a fraction
  bool under = false;   // behind a slash
  bool priced = false;  // behind $9
  Unit last{};          // with its power
  bool last_divides = false;
  int prefix_power = 0;
  bool any = false;
  bool refused = false;    // words that say another value
  bool head = false;       // a unit or a plural has come: what follows describes it
  bool singular = false;   // a word has come that may be a noun
  bool adjective = false;  // the last such word can't be
  bool joining = false;    // the last word was "of" or the like
  bool of_what = false;    // the last preposition was "of"
  bool described = false;  // "5 inches of rain": behind the preposition nothing is a unit

  std::string_view text(const Token& token) const {
    return parsed.source.substr(token.begin, token.end - token.begin);
  }

  int exponent(std::uint32_t& i, std::uint32_t end) const {
    return read_exponent(parsed.tokens, parsed.source, i, end);
  }

  void describe(std::string_view word) {
    made.description = number::mix(made.description, noun_hash(word));
  }

  void add(Unit unit, int power_of) {
    any = true;
    refused = refused || (unit.dims[kNoun] != 0 && power_of > 1);  // 5 eggs^2, but square tiles
    if (prefix_power != 0) {
      power_of *= prefix_power;
      prefix_power = 0;
    }
    const bool noun = unit.dims[kNoun] != 0;
    if (noun && made.unit.dims[kNoun] != 0) {  // "red marbles" is one noun
      made.unit.noun = number::mix(made.unit.noun, unit.noun);
      return;
    }
    if (!noun) made.known = head = true;
    if (power_of > 8 || power_of < -8) power_of = 8;
    const Unit raised = power_of == 1 ? unit : power(unit, power_of);
    const bool divisor = dividing != below;
    last = raised;
    last_divides = divisor;
    if (!divisor && is_generic(made.unit)) {  // alone: keep what it may yet mean
      made.unit = raised;
      return;
    }
    made.unit = divisor ? divide(made.unit, raised) : multiply(made.unit, raised);
    dividing = false;
  }

  // Per second squared: a power that is written behind the unit it belongs to.
  void raise_last(int exponent_of) {
    if (!last.valid || exponent_of < -8 || exponent_of > 8) {
      refused = true;
      return;
    }
    const Unit more = power(last, exponent_of - 1);
    made.unit = last_divides ? divide(made.unit, more) : multiply(made.unit, more);
    last = power(last, exponent_of);
  }

  // The letters behind an apostrophe inside a word; empty when token i is none.
  std::string_view contracted(std::uint32_t i, std::uint32_t end) const {
    const auto is_letters = [](const Token& t) {
      return t.kind == Tok::kWord || t.kind == Tok::kLetter;
    };
    if (i == 0 || i + 1 >= end) return {};
    const Token& before = parsed.tokens[i - 1];
    const Token& behind = parsed.tokens[i + 1];
    const bool joined = before.end == parsed.tokens[i].begin && is_letters(before) &&
                        parsed.tokens[i].end == behind.begin && is_letters(behind);
    return joined ? text(behind) : std::string_view();
  }

  // (mol K) behind a slash, (m/s) under an exponent: a unit of its own. Moves i past it.
  bool bracket(std::uint32_t& i, std::uint32_t end) {
    const Token& open = parsed.tokens[i];
    if (open.value != static_cast<std::uint16_t>(latex::Bracket::kRound)) return false;
    if (open.match <= i || open.match >= end) return false;
    const Tok behind = open.match + 1 < end ? parsed.tokens[open.match + 1].kind : Tok::kEnd;
    if (!dividing && behind != Tok::kCaret && behind != Tok::kSuperscript) return false;
    Resolver inner{parsed};
    inner.made.unit = plain_unit();
    inner.run({i + 1, open.match});
    i = open.match + 1;
    refused = refused || inner.refused || inner.made.percent || inner.made.scaled;
    if (made.generic_power == 0) made.generic_power = inner.made.generic_power;
    made.stray |= inner.made.stray;
    if (inner.any) add(inner.made.unit, exponent(i, end));
    under = false;
    return true;
  }

  // \frac{km}{h} with both braces. Moves i past it.
  bool fraction(std::uint32_t& i, std::uint32_t end) {
    const auto close_of = [&](std::uint32_t open) {
      const bool opens = open < end && parsed.tokens[open].kind == Tok::kOpen;
      const std::uint32_t match = opens ? parsed.tokens[open].match : 0;
      return match > open && match < end ? match : 0;
    };
    if (parsed.tokens[i].value != static_cast<std::uint16_t>(latex::Cmd::kFrac)) return false;
    const std::uint32_t upper = i + 1;
    const std::uint32_t upper_end = close_of(upper);
    const std::uint32_t lower = upper_end + 1;
    const std::uint32_t lower_end = upper_end != 0 ? close_of(lower) : 0;
    if (lower_end == 0) return false;
    run({upper + 1, upper_end});
    below = true;
    run({lower + 1, lower_end});
    below = false;
    i = lower_end + 1;
    return true;
  }

  // The words behind a number, after which the roles are weighed.
  void read(latex::Range range) {
    run(range);
    if (joining || prefix_power != 0 || (!head && adjective)) made.stray = true;
    made.singular = !head && singular;
  }

  void run(latex::Range range) {
    for (std::uint32_t i = range.begin; i < range.end;) {
      const Token& token = parsed.tokens[i];
      switch (token.kind) {
        case Tok::kOpen:
          if (!bracket(i, range.end)) ++i;
          break;
        case Tok::kCurrency:
          ++i;
          add(currency_of_sign(token.value), 1);
          break;
        case Tok::kPrime: {
          if (const std::string_view tail = contracted(i, range.end); !tail.empty()) {
            refused = refused || tail != "s";  // doesn't; children's
            i += 2;
            break;
          }
          ++i;
          const bool twice =
              token.value == 2 || (i < range.end && parsed.tokens[i].kind == Tok::kPrime);
          if (twice && token.value != 2) ++i;
          add(find_unit(twice ? "inch" : "foot", true), 1);
          break;
        }
        case Tok::kDegree: {
          std::uint32_t begin = token.begin;
          ++i;
          if (i < range.end &&
              (parsed.tokens[i].kind == Tok::kLetter || parsed.tokens[i].kind == Tok::kWord)) {
            const std::string_view letter = text(parsed.tokens[i]);
            add(find_unit(letter == "F" ? "\xC2\xB0"
                                          "F"
                                        : "\xC2\xB0"
                                          "C",
                          true),
                1);
            ++i;
          } else {
            add(find_unit(parsed.source.substr(begin, token.end - begin), true), 1);
          }
          break;
        }
        case Tok::kWord:
        case Tok::kHan:
        case Tok::kLetter: {
          if (const Unit unit = composed_unit(parsed, i, range.end); unit.valid) {
            head = true;
            add(unit, exponent(i, range.end));
            break;
          }
          refused |= token.kind == Tok::kLetter && token.value == 0x3BC;
          const std::string_view word = text(token);
          ++i;
          if (i < range.end && parsed.tokens[i].kind == Tok::kPercent) {  // wt%
            made.percent = any = true;
            ++i;
            break;
          }
          // J/kg K, J/mol·K: what is written behind the divisor divides too
          dividing |= under && token.kind == Tok::kLetter;
          word_token(word, i, range.end,
                     latex::has(token, latex::kInText) || latex::has(token, latex::kInRoman) ||
                         word.size() > 1);
          break;
        }
        case Tok::kSlash:
          dividing = under = true;
          ++i;
          break;
        case Tok::kTimes:
          dividing |= under;
          ++i;
          break;
        case Tok::kCaret:
        case Tok::kSuperscript:  // behind \mathrm{m\,s}: it belongs to the s
          raise_last(exponent(i, range.end));
          break;
        case Tok::kCommand:
          if (!fraction(i, range.end)) {
            refused = true;
            ++i;
          }
          break;
        default:
          ++i;
      }
    }
  }

  void word_token(std::string_view word, std::uint32_t& i, std::uint32_t end, bool in_text) {
    std::int64_t factor = 1;
    if (is_percent_word(word)) {
      made.percent = true;
      any = head = true;
      return;
    }
    if (scale_word(word, factor)) {
      scale = number::mul(scale, number::integer(factor));
      made.scaled = true;
      any = true;
      return;
    }
    if (word == "per") {
      under = false;
      head = true;  // a rate is one of anything
      const bool cent = i < end && text(parsed.tokens[i]) == "cent";
      dividing = !cent;
      if (cent) {
        ++i;
        made.percent = any = true;
      }
      return;
    }
    const bool inch = word == "in" && (i >= end || parsed.tokens[i].kind == Tok::kCaret ||
                                       parsed.tokens[i].kind == Tok::kSuperscript);
    const WordRole role = inch ? WordRole::kPlural : role_behind_number(word);
    joining = role == WordRole::kJoining;
    if (joining) {
      described = described || (made.known && is_preposition(word));
      of_what = word == "of";
      if (head && (word == "before" || word == "after")) describe(word);
      // "5 of them", "5 in total", but no "5 in some cases"
      const std::string_view after = i < end ? text(parsed.tokens[i]) : std::string_view();
      made.stray |=
          !head && word != "of" && !(word == "in" && (after == "all" || after == "total"));
      return;
    }
    if (described) {
      if (of_what && role <= WordRole::kAdjective) describe(word);
      made.stray |= role == WordRole::kChanging && !denies(word);
      return;
    }
    // 60 miles an hour, $9 an hour; "half an hour" has nothing before it
    if ((word == "a" || word == "an") && (any || priced) && i < end &&
        is_known_unit(text(parsed.tokens[i]))) {
      dividing = true;
      return;
    }
    if (role == WordRole::kSilent) return;
    if (const int p = power_prefix(word); p != 0) {
      prefix_power = p;
      return;
    }
    const std::uint32_t next = i < end && parsed.tokens[i].kind == Tok::kMinus ? i + 1 : i;
    if (next < end && parsed.tokens[next].kind == Tok::kWord) {  // light years, light-years
      const Unit pair = find_unit_pair(word, text(parsed.tokens[next]));
      if (pair.valid) {
        i = next + 1;
        head = true;
        add(pair, exponent(i, end));
        return;
      }
    }
    if (word == "unit" || word == "units" || word.ends_with("单位")) {
      const int in_words = word.find("平方") != std::string_view::npos   ? 2
                           : word.find("立方") != std::string_view::npos ? 3
                           : prefix_power != 0                           ? prefix_power
                                                                         : 1;
      made.generic_power = static_cast<std::int8_t>(in_words * exponent(i, end));
      any = head = true;
      prefix_power = 0;
      return;
    }
    if (head && is_extent(word)) return describe(word);  // 10 cm long
    if (word == "least" || word == "most") {             // 5 at most
      refused = true;
      return;
    }
    if (const int p = power_suffix(word); p != 0) {
      refused = refused || made.unit.dims[kNoun] != 0;           // 5 eggs squared
      if (last.valid || made.generic_power == 0) raise_last(p);  // refuses "5 squared"
      made.generic_power = static_cast<std::int8_t>(made.generic_power * p);
      return;
    }
    std::uint32_t behind = i;
    if (const int e = exponent(behind, end); e < 0) {
      if (const std::size_t first = glued_product(word); first != 0) {  // ms^{-1}
        head = true;
        add(find_unit(word.substr(0, first), true), 1);
        add(find_unit(word.substr(first), true), e);
        i = behind;
        return;
      }
    }
    const Unit unit = find_unit(word, in_text);
    if (!unit.valid) {
      // 5 never; 12 cm x, where the x is a factor
      refused = refused || denies(word) || (!in_text && word.size() == 1);
      made.stray = true;
      return;
    }
    head |= unit.dims[kNoun] == 0 || role == WordRole::kPlural;
    singular = true;
    adjective = role == WordRole::kAdjective;
    made.stray |= head && word == "less";
    add(unit, exponent(i, end));
  }
};

}  // namespace

UnitWords read_unit_words(const latex::Parsed& parsed, latex::Range range) {
  Resolver resolver{parsed};
  resolver.made.unit = plain_unit();
  resolver.priced = range.begin > 1 && parsed.tokens[range.begin - 2].kind == Tok::kCurrency;
  resolver.read(range);
  resolver.made.unit.valid = true;
  return {resolver.made, resolver.scale, resolver.refused};
}

}  // namespace pyverify::answer
