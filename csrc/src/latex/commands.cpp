#include "latex/commands.hpp"

#include <array>

#include "expr/tree.hpp"

namespace pyverify::latex {
namespace {

using expr::Function;
using expr::Relation;

constexpr std::uint16_t v(Cmd cmd) { return static_cast<std::uint16_t>(cmd); }
constexpr std::uint16_t v(Function function) { return static_cast<std::uint16_t>(function); }
constexpr std::uint16_t v(Relation relation) { return static_cast<std::uint16_t>(relation); }
constexpr std::uint16_t v(Bracket bracket) { return static_cast<std::uint16_t>(bracket); }

constexpr Command cmd(std::string_view name, Cmd c) { return {name, Tok::kCommand, v(c), false}; }
constexpr Command word_cmd(std::string_view name, Cmd c) {
  return {name, Tok::kCommand, v(c), true};
}
constexpr Command fn(std::string_view name, Function f) {
  return {name, Tok::kFunction, v(f), true};
}
constexpr Command rel(std::string_view name, Relation r) {
  return {name, Tok::kRelation, v(r), false};
}
constexpr Command greek(std::string_view name, char16_t letter) {
  return {name, Tok::kLetter, letter, true};
}
constexpr Command symbol(std::string_view name) { return {name, Tok::kSymbol, 0, false}; }
constexpr Command tok(std::string_view name, Tok kind, std::uint16_t value = 0) {
  return {name, kind, value, false};
}

// To add a command, add a line. A new shape needs a Cmd and a rule in primary.cpp.
// clang-format off
constexpr Command kCommands[] = {
    // fractions, roots, binomials
    cmd("frac", Cmd::kFrac), cmd("dfrac", Cmd::kFrac), cmd("tfrac", Cmd::kFrac),
    cmd("cfrac", Cmd::kFrac), cmd("nicefrac", Cmd::kFrac), cmd("sfrac", Cmd::kFrac),
    cmd("over", Cmd::kOver), cmd("choose", Cmd::kChoose), word_cmd("sqrt", Cmd::kSqrt),
    word_cmd("cbrt", Cmd::kSqrt), cmd("surd", Cmd::kSqrt), cmd("binom", Cmd::kBinom), cmd("dbinom", Cmd::kBinom),
    cmd("tbinom", Cmd::kBinom),
    // functions
    fn("sin", Function::kSin), fn("cos", Function::kCos), fn("tan", Function::kTan),
    fn("sec", Function::kSec), fn("csc", Function::kCsc), fn("cot", Function::kCot),
    fn("tg", Function::kTan), fn("ctg", Function::kCot), fn("cosec", Function::kCsc),
    fn("arcsin", Function::kArcsin), fn("arccos", Function::kArccos),
    fn("arctan", Function::kArctan), fn("arctg", Function::kArctan),
    fn("arcsec", Function::kArcsec), fn("arccsc", Function::kArccsc),
    fn("arccot", Function::kArccot), fn("asin", Function::kArcsin), fn("acos", Function::kArccos),
    fn("atan", Function::kArctan), fn("sinh", Function::kSinh), fn("cosh", Function::kCosh),
    fn("tanh", Function::kTanh), fn("sech", Function::kSech), fn("csch", Function::kCsch),
    fn("coth", Function::kCoth), fn("arcsinh", Function::kArcsinh),
    fn("arccosh", Function::kArccosh), fn("arctanh", Function::kArctanh),
    fn("arsinh", Function::kArcsinh), fn("arcosh", Function::kArccosh),
    fn("artanh", Function::kArctanh), fn("ln", Function::kLn), fn("exp", Function::kExp),
    fn("sgn", Function::kSign), fn("sign", Function::kSign), cmd("arg", Cmd::kArg),
    cmd("Arg", Cmd::kArg), word_cmd("log", Cmd::kLog), word_cmd("lg", Cmd::kLogTen),
    word_cmd("abs", Cmd::kAbsWord), word_cmd("floor", Cmd::kFloorWord),
    word_cmd("ceil", Cmd::kCeilWord), word_cmd("cis", Cmd::kCis), word_cmd("max", Cmd::kMax),
    word_cmd("min", Cmd::kMin), word_cmd("gcd", Cmd::kGcd), word_cmd("lcm", Cmd::kLcm),
    cmd("Re", Cmd::kRealPart), cmd("Im", Cmd::kImagPart), word_cmd("mod", Cmd::kMod),
    cmd("bmod", Cmd::kMod), cmd("pmod", Cmd::kParenMod), cmd("det", Cmd::kDet),
    // operators that stand for unfinished work
    cmd("int", Cmd::kIntegral), cmd("iint", Cmd::kIntegral), cmd("iiint", Cmd::kIntegral),
    cmd("oint", Cmd::kIntegral), cmd("sum", Cmd::kSum), cmd("prod", Cmd::kProduct),
    cmd("lim", Cmd::kLimit), cmd("limsup", Cmd::kLimit), cmd("liminf", Cmd::kLimit),
    // constants and sets
    word_cmd("pi", Cmd::kPi), cmd("infty", Cmd::kInfinity), word_cmd("infinity", Cmd::kInfinity),
    word_cmd("inf", Cmd::kInfinity), cmd("emptyset", Cmd::kEmptySet),
    cmd("varnothing", Cmd::kEmptySet), cmd("O", Cmd::kEmptySet), cmd("mathbb", Cmd::kBlackboard),
    cmd("Bbb", Cmd::kBlackboard), cmd("R", Cmd::kNumberSet), cmd("Z", Cmd::kNumberSet),
    cmd("N", Cmd::kNumberSet), cmd("Q", Cmd::kNumberSet), cmd("C", Cmd::kNumberSet),
    cmd("reals", Cmd::kNumberSet),
    // Greek
    greek("alpha", u'α'), greek("beta", u'β'), greek("gamma", u'γ'), greek("delta", u'δ'),
    greek("epsilon", u'ε'), greek("varepsilon", u'ε'), greek("zeta", u'ζ'), greek("eta", u'η'),
    greek("theta", u'θ'), greek("vartheta", u'ϑ'), greek("iota", u'ι'), greek("kappa", u'κ'),
    greek("lambda", u'λ'), greek("mu", u'μ'), greek("nu", u'ν'), greek("xi", u'ξ'),
    greek("rho", u'ρ'), greek("varrho", u'ρ'), greek("sigma", u'σ'), greek("varsigma", u'ς'),
    greek("tau", u'τ'), greek("upsilon", u'υ'), greek("phi", u'φ'), greek("varphi", u'φ'),
    greek("chi", u'χ'), greek("psi", u'ψ'), greek("omega", u'ω'), greek("Gamma", u'Γ'),
    greek("Delta", u'Δ'), greek("Theta", u'Θ'), greek("Lambda", u'Λ'), greek("Xi", u'Ξ'),
    greek("Pi", u'Π'), greek("Sigma", u'Σ'), greek("Upsilon", u'Υ'), greek("Phi", u'Φ'),
    greek("Psi", u'Ψ'), greek("Omega", u'Ω'),
    // named symbols
    symbol("hbar"), symbol("ell"), symbol("aleph"), symbol("mho"), symbol("odot"), symbol("star"),
    symbol("nabla"), symbol("oplus"), symbol("otimes"), symbol("imath"), symbol("jmath"),
    symbol("wp"), symbol("triangle"), symbol("square"), symbol("Box"), symbol("top"), symbol("bot"),
    symbol("checkmark"), symbol("dagger"), cmd("partial", Cmd::kDifferential),
    cmd("angle", Cmd::kAngleMark), cmd("measuredangle", Cmd::kAngleMark),
    tok("AA", Tok::kWord), tok("angstrom", Tok::kWord),
    // accents
    cmd("overline", Cmd::kOverline), cmd("bar", Cmd::kAccent), cmd("vec", Cmd::kAccent),
    cmd("hat", Cmd::kAccent), cmd("widehat", Cmd::kAccent), cmd("tilde", Cmd::kAccent),
    cmd("widetilde", Cmd::kAccent), cmd("dot", Cmd::kAccent), cmd("ddot", Cmd::kAccent),
    cmd("overrightarrow", Cmd::kAccent), cmd("overleftrightarrow", Cmd::kAccent),
    cmd("overset", Cmd::kStackrel), cmd("underset", Cmd::kStackrel),
    cmd("stackrel", Cmd::kStackrel),
    // styles: transparent
    cmd("text", Cmd::kText), cmd("mbox", Cmd::kText), cmd("textrm", Cmd::kText),
    cmd("textnormal", Cmd::kText), cmd("textit", Cmd::kText), cmd("textsf", Cmd::kText),
    cmd("texttt", Cmd::kText), cmd("hbox", Cmd::kText), cmd("textbf", Cmd::kText),
    cmd("emph", Cmd::kText), cmd("textup", Cmd::kText), cmd("textsc", Cmd::kText),
    cmd("text ", Cmd::kText), cmd("mathrm", Cmd::kRoman), cmd("mathsf", Cmd::kRoman),
    cmd("mathtt", Cmd::kRoman), cmd("operatorname", Cmd::kOperatorName),
    cmd("operatorname*", Cmd::kOperatorName), cmd("mathbf", Cmd::kBoldStyle),
    cmd("boldsymbol", Cmd::kBoldStyle), cmd("bm", Cmd::kBoldStyle), cmd("pmb", Cmd::kBoldStyle),
    cmd("mathit", Cmd::kStyle), cmd("mathcal", Cmd::kStyle), cmd("mathscr", Cmd::kStyle),
    cmd("mathfrak", Cmd::kStyle), cmd("mathnormal", Cmd::kStyle), cmd("mathop", Cmd::kStyle),
    cmd("mathord", Cmd::kStyle), cmd("ensuremath", Cmd::kStyle), cmd("underline", Cmd::kStyle),
    cmd("smash", Cmd::kStyle), cmd("boxed", Cmd::kBoxed), cmd("fbox", Cmd::kBoxed),
    cmd("cancel", Cmd::kUnknown), cmd("underbrace", Cmd::kStyle), cmd("overbrace", Cmd::kStyle),
    cmd("large", Cmd::kSkip), cmd("Large", Cmd::kSkip), cmd("LARGE", Cmd::kSkip),
    cmd("huge", Cmd::kSkip), cmd("Huge", Cmd::kSkip), cmd("small", Cmd::kSkip),
    cmd("normalsize", Cmd::kSkip), cmd("displaystyle", Cmd::kSkip), cmd("textstyle", Cmd::kSkip),
    cmd("scriptstyle", Cmd::kSkip), cmd("limits", Cmd::kSkip), cmd("nolimits", Cmd::kSkip),
    cmd("thinspace", Cmd::kSkip), cmd("medspace", Cmd::kSkip), cmd("negthinspace", Cmd::kSkip),
    cmd("enspace", Cmd::kSkip), cmd("rm", Cmd::kSkip), cmd("bf", Cmd::kSkip), cmd("it", Cmd::kSkip),
    cmd("cal", Cmd::kSkip), cmd("displaylimits", Cmd::kSkip), cmd("noindent", Cmd::kSkip),
    cmd("left", Cmd::kLeft), cmd("right", Cmd::kRight), cmd("middle", Cmd::kSkip),
    cmd("big", Cmd::kSkip), cmd("Big", Cmd::kSkip), cmd("bigg", Cmd::kSkip),
    cmd("Bigg", Cmd::kSkip), cmd("bigl", Cmd::kSkip), cmd("bigr", Cmd::kSkip),
    cmd("Bigl", Cmd::kSkip), cmd("Bigr", Cmd::kSkip), cmd("biggl", Cmd::kSkip),
    cmd("biggr", Cmd::kSkip), cmd("Biggl", Cmd::kSkip), cmd("Biggr", Cmd::kSkip),
    cmd("bigm", Cmd::kSkip), cmd("quad", Cmd::kQuad), cmd("qquad", Cmd::kQuad),
    cmd("phantom", Cmd::kSkipArgument), cmd("hphantom", Cmd::kSkipArgument),
    cmd("vphantom", Cmd::kSkipArgument), cmd("hspace", Cmd::kSkipArgument),
    cmd("label", Cmd::kSkipArgument), cmd("tag", Cmd::kSkipArgument),
    cmd("color", Cmd::kSkipArgument), cmd("textcolor", Cmd::kSkipArgument),
    cmd("begin", Cmd::kBegin), cmd("end", Cmd::kEnd), cmd("textcircled", Cmd::kCircled),
    // brackets
    tok("langle", Tok::kOpen, v(Bracket::kAngle)), tok("rangle", Tok::kClose, v(Bracket::kAngle)),
    tok("lfloor", Tok::kOpen, v(Bracket::kFloor)), tok("rfloor", Tok::kClose, v(Bracket::kFloor)),
    tok("lceil", Tok::kOpen, v(Bracket::kCeil)), tok("rceil", Tok::kClose, v(Bracket::kCeil)),
    tok("lbrace", Tok::kOpen, v(Bracket::kSet)), tok("rbrace", Tok::kClose, v(Bracket::kSet)),
    tok("lbrack", Tok::kOpen, v(Bracket::kSquare)), tok("rbrack", Tok::kClose, v(Bracket::kSquare)),
    tok("lparen", Tok::kOpen, v(Bracket::kRound)), tok("rparen", Tok::kClose, v(Bracket::kRound)),
    tok("vert", Tok::kBar), tok("lvert", Tok::kBar), tok("rvert", Tok::kBar),
    tok("Vert", Tok::kBar, 1), tok("lVert", Tok::kBar, 1), tok("rVert", Tok::kBar, 1),
    tok("mid", Tok::kMid),
    // operators
    tok("times", Tok::kTimes), tok("cdot", Tok::kTimes), tok("ast", Tok::kTimes),
    tok("bullet", Tok::kTimes), tok("div", Tok::kSlash), tok("slash", Tok::kSlash),
    tok("pm", Tok::kPlusMinus, 0), tok("mp", Tok::kPlusMinus, 1), tok("cup", Tok::kCup),
    tok("bigcup", Tok::kCup), tok("cap", Tok::kCap), tok("bigcap", Tok::kCap),
    tok("setminus", Tok::kSetminus), tok("smallsetminus", Tok::kSetminus),
    tok("backslash", Tok::kSetminus), tok("land", Tok::kAnd), tok("wedge", Tok::kAnd),
    tok("lor", Tok::kOr), tok("vee", Tok::kOr), {"and", Tok::kAnd, 0, true},
    {"or", Tok::kOr, 0, true}, tok("circ", Tok::kDegree), tok("degree", Tok::kDegree), tok("textdegree", Tok::kDegree),
    tok("complement", Tok::kSymbol), tok("colon", Tok::kColon), tok("prime", Tok::kPrime),
    tok("percent", Tok::kPercent), tok("ldots", Tok::kEllipsis), tok("cdots", Tok::kEllipsis),
    tok("dots", Tok::kEllipsis), tok("dotsc", Tok::kEllipsis), tok("dotsb", Tok::kEllipsis),
    tok("vdots", Tok::kEllipsis), tok("ddots", Tok::kEllipsis), tok("euro", Tok::kCurrency, u'€'),
    tok("pounds", Tok::kCurrency, u'£'), tok("yen", Tok::kCurrency, u'¥'),
    // relations
    rel("eq", Relation::kEqual), rel("neq", Relation::kNotEqual), rel("ne", Relation::kNotEqual),
    rel("le", Relation::kLessEqual), rel("leq", Relation::kLessEqual),
    rel("leqslant", Relation::kLessEqual), rel("leqq", Relation::kLessEqual),
    rel("ge", Relation::kGreaterEqual), rel("geq", Relation::kGreaterEqual),
    rel("geqslant", Relation::kGreaterEqual), rel("geqq", Relation::kGreaterEqual),
    rel("lt", Relation::kLess), rel("gt", Relation::kGreater), rel("in", Relation::kIn),
    rel("notin", Relation::kNotIn), rel("approx", Relation::kApprox),
    rel("simeq", Relation::kApprox), rel("thickapprox", Relation::kApprox),
    rel("doteq", Relation::kApprox), rel("equiv", Relation::kEquivalent),
    rel("subset", Relation::kSubset), rel("subseteq", Relation::kSubset), rel("to", Relation::kTo),
    rel("rightarrow", Relation::kTo), rel("longrightarrow", Relation::kTo),
    rel("mapsto", Relation::kTo), rel("Rightarrow", Relation::kImplies),
    rel("implies", Relation::kImplies), rel("Longrightarrow", Relation::kImplies),
    rel("iff", Relation::kImplies), rel("Leftrightarrow", Relation::kImplies),
    rel("leftrightarrow", Relation::kImplies), rel("parallel", Relation::kParallel),
    rel("perp", Relation::kPerpendicular), rel("sim", Relation::kSimilar),
    rel("cong", Relation::kSimilar), rel("propto", Relation::kSimilar), cmd("forall", Cmd::kForAll),
    cmd("exists", Cmd::kExists), cmd("not", Cmd::kNot), cmd("neg", Cmd::kNot),
    cmd("lnot", Cmd::kNot), cmd("therefore", Cmd::kSkip), cmd("because", Cmd::kUnknown),
};
// clang-format on

constexpr std::uint32_t hash(std::string_view name) {
  std::uint32_t h = 2166136261u;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return h ^ (h >> 15);
}

constexpr std::size_t kSlots = 1024;

constexpr std::array<std::uint16_t, kSlots> make_slots() {
  std::array<std::uint16_t, kSlots> slots{};
  for (std::size_t i = 0; i < std::size(kCommands); ++i) {
    std::size_t slot = hash(kCommands[i].name) % kSlots;
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<std::uint16_t>(i + 1);
  }
  return slots;
}
constexpr std::array<std::uint16_t, kSlots> kSlotTable = make_slots();

}  // namespace

const Command* find_command(std::string_view name) noexcept {
  std::size_t slot = hash(name) % kSlots;
  while (kSlotTable[slot] != 0) {
    const Command& command = kCommands[kSlotTable[slot] - 1];
    if (command.name == name) return &command;
    slot = (slot + 1) % kSlots;
  }
  return nullptr;
}

}  // namespace pyverify::latex
