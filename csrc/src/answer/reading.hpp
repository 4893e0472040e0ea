// A span read as an answer: wrappers off, maths parsed, units resolved, +- written out, values
// computed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "answer/units.hpp"
#include "expr/evaluate.hpp"
#include "latex/parser.hpp"
#include "pyverify/options.hpp"
#include "support/budget.hpp"

namespace pyverify::answer {

// What stands behind a value: kQuantity and kMoney nodes point here by their b.
struct UnitReading {
  Unit unit;
  bool known = false;             // a unit of measurement or currency, no counted noun
  std::int8_t generic_power = 0;  // "units" 1, "square units" 2; 0: other words
  std::uint64_t description = 0;  // what stands behind: of flour, deep; 0: nothing
  bool percent = false;
  bool stray = false;               // words that are neither unit nor noun nor empty: 5 roughly
  bool singular = false;            // nothing but a noun for one: 1 apple, 5th floor
  bool scaled = false;              // million, dozen: already multiplied into the value
  expr::NodeId si = expr::kNoNode;  // the value in base units, an appended node
};

// A sum or product over k = low .. n: with F(n) - F(n-1) = term and F(low) = first, F is its closed
// form.
struct Induction {
  std::uint64_t variable = 0;
  number::Rational low;
  expr::NodeId term = expr::kNoNode;  // the last one; kNoNode: there is no such sum
  expr::NodeId first = expr::kNoNode;
  bool product = false;  // then quotients for differences
};

// The derivative of a reading that is an antiderivative, \int 2x dx.
struct Slope {
  std::uint64_t variable = 0;
  expr::NodeId value = expr::kNoNode;           // kNoNode: it is none
  expr::NodeId antiderivative = expr::kNoNode;  // one of them, if it was found
};

struct Reading {
  std::string storage;    // the cleaned text, when it isn't a part of the source
  std::string_view text;  // what was read
  latex::Parsed parsed;
  expr::Values natural;  // values with log read as ln
  expr::Values ten;      // and as log10; empty unless a bare log occurs
  std::vector<UnitReading> units;
  Reason problem = Reason::kNone;       // why it is no maths
  bool stray_words = false;             // words behind a number that may say another value
  bool lone_noun = false;               // several, and no plural behind: 5 box, 5 reciprocal
  expr::NodeId closed = expr::kNoNode;  // the root without its operators, see write_out_operators
  Induction induction;
  Slope slope;

  const expr::Tree& tree() const noexcept { return parsed.tree; }
  expr::NodeId root() const noexcept { return parsed.tree.root; }
  bool is_maths() const noexcept { return problem == Reason::kNone; }
  std::string_view text_of(const expr::Node& node) const noexcept {  // of a kText node
    const latex::Range range = parsed.texts[node.a];
    return text.substr(range.begin, range.end - range.begin);
  }
  void clear() noexcept;
};

// Reads `source`. `source` must outlive `out`.
void read(std::string_view source, const Options& options, latex::Letters letters, Reading& out,
          support::Budget& budget) noexcept;

// The text without the wrappers that mean nothing: $, \[ \], \boxed{}, **, quotes, a final full
// stop, doubled backslashes.
std::string_view clean(std::string_view source, std::string& storage);

// cm, sq (of sq ft), percent: what may open a unit behind a number.
bool starts_unit(std::string_view word);

// inches of feet, minutes of hours: what is counted up to the next larger unit.
bool is_part_of(std::string_view whole, std::string_view part);

// English words are text, short runs of letters are products.
bool is_text_word(std::string_view word);

// 1011_2, (243)_5, \text{2A}_{16}: fills `out` with a single kBased node. False when the text is no
// such numeral.
bool read_based(std::string_view text, latex::Parsed& out);
// The value of a numeral in its base, invalid when it doesn't fit or a digit is out of range.
number::Rational based_value(std::string_view digits, std::uint32_t base) noexcept;

// What the operators of a reading come to, for golds that have some.
void write_out_operators(Reading& reading, const Options& options, support::Budget& budget);
// For answers: those that can't be written out stay.
void write_out_some_operators(Reading& reading, const Options& options, support::Budget& budget);

// Rewrites of a parsed answer (rewrite.cpp, resolve_units.cpp, worded_values.cpp).
void resolve_units(Reading& reading);
void evaluate_reading(Reading& reading, const Options& options, support::Budget& budget) noexcept;
bool write_out_plus_minus(Reading& reading, support::Budget& budget);  // false: too many
void unit_vectors_to_tuples(Reading& reading);
void group_systems(Reading& reading);
void number_words_to_numbers(Reading& reading);

}  // namespace pyverify::answer
