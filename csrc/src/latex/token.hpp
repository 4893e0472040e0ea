// Tokens of an answer: LaTeX, plain maths, Unicode and words, one stream. Styles and spacing are
// gone, braces matched.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "support/budget.hpp"

namespace pyverify::latex {

enum class Tok : std::uint8_t {
  kEnd,
  kNumber,    // a literal with its separators, point and exponent; value: NumberForm bits
  kLetter,    // one variable letter; value: code point
  kSymbol,    // a named symbol (\hbar, \ell, ...); value: its Command entry
  kWord,      // two or more letters, or any letters inside \text
  kHan,       // a run of Chinese characters
  kFunction,  // value: expr::Function
  kCommand,   // value: Cmd, everything with arguments or a shape of its own
  kOpen,      // value: Bracket
  kClose,
  kBar,  // |, value 1 for a double bar
  kPlus,
  kMinus,
  kTimes,
  kSlash,
  kCaret,
  kUnderscore,
  kBang,
  kComma,
  kSemicolon,
  kColon,
  kPercent,
  kAmpersand,
  kNewRow,  // \\ between rows
  kPrime,
  kRelation,  // value: expr::Relation
  kAnd,
  kOr,
  kPlusMinus,  // value: 1 for -+
  kCup,
  kCap,
  kSetminus,
  kDegree,
  kSuperscript,  // Unicode superscript digits; value: the number, 0x8000 added when negative
  kFraction,     // a vulgar fraction character; value: numerator * 16 + denominator
  kCurrency,     // value: code point
  kEllipsis,
  kMid,   // "such that"
  kQuad,  // a wide space
  kDot,   // a full stop that is no decimal point
  kQuestion,
  kCircled,  // a circled number; value: the number
  kBad,
};

enum class Bracket : std::uint16_t {
  kRound,
  kSquare,
  kBrace,
  kSet,
  kAngle,
  kFloor,
  kCeil,
  kNone /* \left. */
};

enum TokenFlag : std::uint8_t {
  kSpaceBefore = 1,
  kInText = 2,   // inside \text{} and the like
  kInRoman = 4,  // inside \mathrm{} and the like
  kBold = 8,     // inside \mathbf{}: unit vectors
  kNamed = 16,   // a Greek letter or function written as a word or command
};

enum NumberForm : std::uint16_t {
  kPlainNumber = 0,
  kGrouped = 1,
  kPoint = 2,
  kExponent = 4,
  kRepeating = 8,
  kHex = 16,  // 0xFF, 0b1010, 0o17
};

enum class Cmd : std::uint16_t {
  kNone,
  kFrac,
  kSqrt,
  kBinom,
  kChoose,
  kOver,
  kAccent,
  kOverline,
  kText,
  kRoman,
  kBoldStyle,
  kStyle,
  kOperatorName,
  kLeft,
  kRight,
  kBegin,
  kEnd,
  kSkip,
  kSkipArgument,
  kQuad,
  kLog,
  kLogTen,
  kPi,
  kInfinity,
  kEmptySet,
  kBlackboard,
  kBoxed,
  kIntegral,
  kSum,
  kProduct,
  kLimit,
  kDet,
  kMax,
  kMin,
  kGcd,
  kLcm,
  kMod,
  kParenMod,
  kRealPart,
  kImagPart,
  kArg,
  kNumberSet,
  kForAll,
  kExists,
  kNot,
  kAngleMark,
  kStackrel,
  kCircled,
  kDifferential,
  kCis,
  kAbsWord,
  kFloorWord,
  kCeilWord,
  kSet,
  kUnknown,
};

struct Token {
  Tok kind = Tok::kEnd;
  std::uint8_t flags = 0;
  std::uint16_t value = 0;
  std::uint32_t begin = 0;  // bytes of the source
  std::uint32_t end = 0;
  std::uint32_t match = 0;  // kOpen: index of its kClose; kClose: of its kOpen; 0 when unmatched
};

inline bool has(const Token& token, TokenFlag flag) noexcept { return (token.flags & flag) != 0; }

// Reads the whole source. The last token is kEnd. Malformed bytes and unbalanced braces give kBad
// tokens, never an error. `plain` is set when the source holds neither a backslash nor a brace.
void tokenize(std::string_view source, std::vector<Token>& tokens, bool& plain,
              support::Budget& budget) noexcept;

}  // namespace pyverify::latex
