// Tokens to expression tree: a Pratt parser for LaTeX and plain maths. Every token must be used, or
// the text is no maths.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "expr/tree.hpp"
#include "latex/token.hpp"
#include "pyverify/verdict.hpp"
#include "support/budget.hpp"

namespace pyverify::latex {

struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct BasedNumeral {
  Range digits;  // bytes of the source
  std::uint32_t base = 0;
};

// How the separators of a kList read: bits in Node::sub.
enum ListWord : std::uint8_t { kByComma = 1, kByAnd = 2, kByOr = 4 };

// How a letter stands in a text with a bracket behind one: calls.cpp.
struct LetterUse {
  std::uint64_t letter = 0;
  std::uint64_t shift = 0;  // the last argument of the form n - 1
  bool labelled = false;    // y(t) = ...
  bool called = false;      // y(0), y(t)
  bool likely = false;      // T(n/2)
  bool shifted = false;     // P(n-1) + P(n-2)
  bool bare = false;        // without a bracket
};

// A derivative by x or t, which a prime may stand for.
struct DerivativeName {
  std::uint64_t name;
  std::uint64_t prime;  // what y' is called
  std::uint64_t by;
};

struct Parsed {
  std::string_view source;
  std::vector<Token> tokens;
  expr::Tree tree;
  std::vector<Range> texts;         // kText: bytes of the source
  std::vector<Range> units;         // kQuantity, kMoney: tokens of the unit
  std::vector<BasedNumeral> based;  // kBased
  Reason problem = Reason::kNone;
  std::uint32_t problem_at = 0;  // byte of the source
  bool plain = false;            // neither backslash nor brace
  bool has_plus_minus = false;
  bool has_text = false;
  bool has_question = false;
  bool has_operator = false;      // a sum, a limit, a determinant, ...
  bool has_plain_unit = false;    // slanted letters behind a number were taken for a unit: 2mg
  bool has_open_bracket = false;  // a letter before a sum in brackets was taken for a factor
  std::vector<LetterUse> letter_uses;
  std::vector<DerivativeName> derivatives;

  const LetterUse* use_of(std::uint64_t letter) const noexcept;

  void clear() noexcept;
};

// What the parser must know of words; the layers above supply it.
struct Vocabulary {
  bool (*is_unit)(std::string_view word) = nullptr;  // cm, hours: a unit when it follows a number
  bool (*is_text)(std::string_view word) =
      nullptr;  // an English word rather than a product of letters
  // inches are counted up to a foot, minutes up to an hour
  bool (*is_part)(std::string_view whole, std::string_view part) = nullptr;
};

// What letters mean where the text leaves it open.
enum class Letters : std::uint8_t {
  kDefault,
  kProduct,  // words are products of their letters: abc, 2mg
  kUnit,     // letters behind a number are its unit: 20 m/s
  kApplied,  // a letter before a sum in brackets is a function: P(n-1)
  kFactors,  // a letter before a product in brackets is a factor: m(2v)
};

// M_\odot, R_{\oplus}: where such a unit that begins at token i ends; 0 when it is none.
std::size_t star_end(const std::vector<Token>& tokens, std::size_t i,
                     std::string_view source) noexcept;

// Fills everything in `out` but source-independent state. On failure out.problem says why.
void parse(std::string_view source, const Vocabulary& vocabulary, Letters letters, Parsed& out,
           support::Budget& budget) noexcept;

class Parser {
 public:
  Parser(Parsed& out, const Vocabulary& vocabulary, Letters letters,
         support::Budget& budget) noexcept
      : out_(out), tree_(out.tree), vocabulary_(vocabulary), letters_(letters), budget_(budget) {}
  void run() noexcept;

 private:
  using NodeId = expr::NodeId;
  using Kind = expr::Kind;
  static constexpr NodeId kFailed = expr::kNoNode;
  struct DepthGuard;

  // ---- tokens
  const Token& token() const noexcept { return out_.tokens[next_]; }
  const Token& peek(std::size_t ahead = 1) const noexcept;
  // The kind of the token before this one. Letters of one word are read from one token, so
  // something may have been read although there is none before.
  Tok before() const noexcept { return next_ > 0 ? out_.tokens[next_ - 1].kind : Tok::kEnd; }
  bool at(Tok kind) const noexcept { return token().kind == kind; }
  bool at(Tok kind, std::uint16_t value) const noexcept {
    return token().kind == kind && token().value == value;
  }
  bool at_open(Bracket bracket) const noexcept {
    return at(Tok::kOpen, static_cast<std::uint16_t>(bracket));
  }
  bool at_close(Bracket bracket) const noexcept {
    return at(Tok::kClose, static_cast<std::uint16_t>(bracket));
  }
  bool at_command(Cmd cmd) const noexcept {
    return at(Tok::kCommand, static_cast<std::uint16_t>(cmd));
  }
  bool at_bar() const noexcept { return at(Tok::kBar) || at(Tok::kMid); }
  void advance() noexcept {
    if (next_ + 1 < out_.tokens.size()) ++next_;
  }
  std::string_view text_of(const Token& token) const noexcept {
    return out_.source.substr(token.begin, token.end - token.begin);
  }
  bool failed() const noexcept { return out_.problem != Reason::kNone; }
  NodeId fail(Reason reason = Reason::kUnparseable) noexcept;

  // ---- nodes
  NodeId add_node(Kind kind, std::uint32_t a, std::uint32_t b, std::uint8_t sub, std::uint16_t aux,
                  NodeId lo) noexcept;
  NodeId leaf(Kind kind, std::uint32_t a = 0, std::uint8_t sub = 0) noexcept;
  NodeId unary_node(Kind kind, NodeId a, std::uint8_t sub = 0) noexcept;
  NodeId binary_node(Kind kind, NodeId a, NodeId b, std::uint8_t sub = 0) noexcept;
  NodeId items_node(Kind kind, const std::vector<NodeId>& items, std::uint8_t sub = 0,
                    std::uint16_t aux = 0) noexcept;
  NodeId combine(Kind kind, NodeId a,
                 NodeId b) noexcept;  // arithmetic, also on vectors and quantities
  NodeId negate(NodeId a) noexcept;
  NodeId distribute(Kind kind, NodeId vector, NodeId scalar, bool scalar_first) noexcept;
  NodeId integer(std::int64_t value) noexcept;
  NodeId symbol(std::uint64_t name, std::uint64_t base, std::uint32_t begin, std::uint32_t end,
                bool indexed) noexcept;
  bool scalar_like(NodeId id) const noexcept;
  const expr::Node& node(NodeId id) const noexcept { return tree_.nodes[id]; }
  bool is_integer_literal(NodeId id) const noexcept;

  // ---- grammar, loosest first
  NodeId list(bool in_brackets) noexcept;
  bool separator(std::uint8_t& how) noexcept;
  bool dangles(std::uint8_t how) const noexcept;
  bool element_starts() const noexcept;
  NodeId element() noexcept;
  NodeId relation() noexcept;
  bool bound_ahead() const noexcept;
  void sign_in_words() noexcept;
  void skip_rounding() noexcept;
  void number_set_letter() noexcept;
  NodeId ratio() noexcept;
  NodeId set_expression() noexcept;
  NodeId additive() noexcept;
  NodeId with_unit(NodeId value, std::size_t symbols_before) noexcept;
  NodeId quantity_sum(NodeId first) noexcept;
  NodeId term() noexcept;
  bool times_letter() const noexcept;
  NodeId unary() noexcept;
  NodeId power() noexcept;
  NodeId postfix(NodeId base, bool literal) noexcept;
  NodeId superscript(NodeId base, bool literal) noexcept;
  NodeId subscript(NodeId base) noexcept;
  bool names_indexable(NodeId id) const noexcept;
  NodeId letter_subscript(NodeId base) noexcept;
  NodeId primary() noexcept;

  // ---- primaries (primary.cpp, literals.cpp, names.cpp, functions.cpp, operations.cpp,
  // brackets.cpp)
  NodeId literal() noexcept;
  NodeId number_node(const Token& token) noexcept;
  NodeId repeating_node(std::string_view text) noexcept;
  NodeId mixed_number(NodeId whole) noexcept;
  NodeId letter() noexcept;
  NodeId change_of(const Token& sign) noexcept;
  NodeId word_product() noexcept;
  NodeId command() noexcept;
  NodeId fraction() noexcept;
  std::size_t derivative_end(std::uint64_t& variable) const noexcept;
  NodeId derivative(std::uint64_t variable) noexcept;
  NodeId derived_name(std::uint64_t top, std::uint64_t bottom, int order, std::uint32_t begin,
                      std::uint32_t end) noexcept;
  NodeId plain_derivative() noexcept;
  NodeId root() noexcept;
  NodeId accent(Cmd cmd) noexcept;
  NodeId conjugated_sum() noexcept;
  NodeId angle() noexcept;
  NodeId number_set() noexcept;
  NodeId money() noexcept;
  NodeId prefixed_combination() noexcept;
  NodeId function() noexcept;
  NodeId logarithm(bool ten) noexcept;
  NodeId function_argument() noexcept;
  NodeId extremum(Kind kind) noexcept;
  NodeId wrapped_function(Kind kind) noexcept;
  NodeId operation(expr::OperatorKind kind) noexcept;
  NodeId dotted(NodeId shown, bool product) noexcept;
  bool differential_at(std::size_t& i, std::uint32_t& begin) const noexcept;
  bool differential_above(std::size_t fraction, std::uint32_t& begin) const noexcept;
  bool find_differential(std::uint32_t& begin, bool& above) const noexcept;
  bool at_differential() const noexcept { return token().begin == stop_; }
  bool take_differential() noexcept;
  NodeId numerator_with_differential() noexcept;
  NodeId integral(std::vector<NodeId>& bounds, std::uint32_t differential, bool above) noexcept;
  bool at_evaluation_bar() const noexcept {
    return at(Tok::kBar) && token().value == 0 && bars_open_ == 0 &&
           peek().kind == Tok::kUnderscore;
  }
  bool evaluation_behind_bracket() const noexcept;
  NodeId evaluation(NodeId body) noexcept;
  NodeId evaluated_from_dot() noexcept;
  bool stands_in_indices(NodeId bound, NodeId body) const noexcept;
  void rename_bound(NodeId bound, NodeId body) noexcept;
  NodeId call(std::uint64_t name, std::uint32_t begin, std::uint32_t end) noexcept;

  // ---- products whose order counts (ordered.cpp)
  enum class Known : std::uint8_t { kUnknown, kNo, kYes };
  std::string_view source_of(NodeId id) const noexcept;
  NodeId operation_node(std::uint64_t name, const std::vector<NodeId>& operands) noexcept;
  bool is_operation(NodeId id, std::uint64_t name) const noexcept;
  bool names_vector(NodeId id) const noexcept;
  bool is_nabla(NodeId id) const noexcept;
  NodeId cross_product(NodeId left, NodeId right) noexcept;
  NodeId divergence(NodeId left, NodeId right) noexcept;
  NodeId inner_product(NodeId id) noexcept;
  bool has_matrix_names() noexcept;
  bool names_matrix(NodeId id) const noexcept;
  NodeId ordered_product(NodeId left, NodeId right) noexcept;
  NodeId turned_product(NodeId base, NodeId exponent) noexcept;
  NodeId multiply(NodeId left, NodeId right, bool dot) noexcept;
  NodeId composition(NodeId outer) noexcept;
  bool applies_composition(NodeId base) const noexcept;
  NodeId composed_value(NodeId base) noexcept;

  // ---- brackets behind names (calls.cpp)
  enum class Role : std::uint8_t {
    kFactor,  // (\cos x), (1.05)^n
    kCall,    // (0)
    kName,    // (t)
    kLikely,  // (n/2)
    kOpen,    // (n-1)
  };
  struct Argument {
    Role role = Role::kFactor;
    bool power = false;     // an exponent follows
    bool zero = false;      // its last number is 0
    bool point = false;     // a decimal
    bool fraction = false;  // a fraction, a root, pi
    bool several = false;   // more than one name
    bool shift = false;     // one letter and a number
    std::uint64_t letter = 0;
    std::uint64_t hash = 0;
  };
  Argument argument_form(std::size_t open) const noexcept;
  void survey_letters() noexcept;
  bool takes_argument(NodeId base) noexcept;
  NodeId applied(NodeId base) noexcept;

  NodeId argument() noexcept;
  NodeId power_free_literal() noexcept;
  NodeId group() noexcept;
  NodeId round_or_square() noexcept;
  NodeId french_interval() noexcept;
  NodeId set() noexcept;
  NodeId bars() noexcept;
  NodeId floor_or_ceil() noexcept;
  NodeId angle_tuple() noexcept;
  NodeId environment() noexcept;
  NodeId rows(bool cases, std::vector<NodeId>& cells, std::uint32_t& columns,
              std::uint32_t& row_count) noexcept;

  // ---- what restricts a formula from behind (restrictions.cpp)
  static bool opens_restriction(std::string_view word) noexcept;
  bool modulus_ahead() const noexcept;
  NodeId reduced(NodeId value) noexcept;
  bool restriction_ahead() const noexcept;
  bool rounding_ahead() const noexcept;
  bool mapping_ahead() const noexcept;
  NodeId mapping() noexcept;
  std::size_t restricting_words() const noexcept;
  bool restriction(std::uint8_t& how) noexcept;
  bool union_letter(NodeId left) const noexcept;
  bool builder_ahead() const noexcept;
  void skip_case_word() noexcept;
  void skip_quantifier() noexcept;
  bool curve_name_ahead() const noexcept;
  bool named_value_ahead() const noexcept;
  bool copula_ahead() const noexcept;
  void skip_equation_name() noexcept;
  void skip_lead() noexcept;
  void announcement() noexcept;
  void skip_pairing_word() noexcept;

  // ---- words
  bool text_starts() const noexcept;
  bool is_temperature_letter(const Token& letter) const noexcept;
  bool unit_starts(bool numeric) const noexcept;
  bool rate_before() const noexcept;
  std::size_t bracketed_unit_end(bool numeric) const noexcept;
  bool rate_starts(std::uint32_t ahead) const noexcept;
  bool price_goes_on() const noexcept {
    return rate_starts(0) || (at(Tok::kLetter, 'a') && text_starts());
  }
  bool unit_word(const Token& token) const noexcept;
  bool factor_at(std::size_t i) const noexcept;
  bool prefixed_unit_starts() const noexcept;
  bool share_starts() const noexcept;
  NodeId text_run() noexcept;
  void skip_unit() noexcept;
  std::size_t unit_fraction_end(std::size_t from) const noexcept;
  bool primary_starts() const noexcept;
  bool differential(std::size_t& where, std::uint64_t& variable, int& order) const noexcept;
  bool is_call_name(const Token& name) const noexcept;
  bool holds_comma() const noexcept;
  std::uint64_t raw_hash(std::size_t from, std::size_t to) const noexcept;

  Parsed& out_;
  expr::Tree& tree_;
  const Vocabulary& vocabulary_;
  Letters letters_;
  support::Budget& budget_;
  std::size_t next_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t bars_open_ = 0;
  std::uint32_t groups_open_ = 0;
  std::uint32_t stop_ = ~0u;  // byte of the differential that ends the integrand at hand
  Token variable_;            // the letter of the differential that was taken last
  bool in_set_ = false;
  bool surveyed_ = false;
  Known matrix_names_ = Known::kUnknown;
  bool in_congruence_ = false;  // a "mod 7" belongs to the whole relation
};

struct Parser::DepthGuard {
  explicit DepthGuard(Parser& parser) noexcept : parser_(parser) {
    ok = ++parser.depth_ <= 4 * parser.budget_.limits().depth;
    if (!ok) parser.fail(Reason::kLimitDepth);
  }
  ~DepthGuard() { --parser_.depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  bool ok;

 private:
  Parser& parser_;
};

std::uint64_t name_hash(std::uint64_t base, std::uint64_t part) noexcept;
inline constexpr std::uint64_t kRawName = 0x6e616d65;
inline constexpr std::uint64_t kNamelessBound = 0x6e616d656c657373;
inline constexpr std::uint64_t kPrimeMark = 0x7072696d65;
inline constexpr std::uint64_t kAccentMark = 0x616363656e74;
// Names of the unit vectors i, j, k.
std::uint64_t basis_name(char letter) noexcept;

}  // namespace pyverify::latex
