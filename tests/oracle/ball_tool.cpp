// Evaluates lines of reverse Polish notation in balls of every tier, for the tests against other
// libraries.
//
//   d:RE,IM,RAD,REAL   push a ball; hexadecimal doubles, REAL 0 or 1
//   n:INTEGER          push an integer          q:NUM/DEN   push a ratio
//   t:DIGITS,EXPONENT  push a decimal           pi e i      push a constant
//   ^:INTEGER          integer power            add sub mul div   of the two topmost
//   neg conj inv exp log sqrt sin cos atan asin acos abs arg re im   of the topmost
//
// Writes for each line and tier: bad, real, radius, and the midpoint's two parts as sums of
// +-HEX:EXPONENT.
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "number/ball.hpp"

namespace {

using namespace pyverify::number;

void write(double x) {
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(x), &exponent);
  std::printf("%c%" PRIx64 ":%d", x < 0 ? '-' : '+',
              static_cast<std::uint64_t>(std::ldexp(fraction, 53)), exponent - 53);
}

void write(const DoubleDouble& x) {
  write(x.hi);
  write(x.lo);
}

template <int N>
void write(const BigFloat<N>& x) {
  std::printf("%c", x.negative() ? '-' : '+');
  for (int i = N - 1; i >= 0; --i) std::printf("%016" PRIx64, x.limbs()[i]);
  std::printf(":%d", x.exponent() - 64 * N);
}

template <class Real>
Ball<Real> unary(std::string_view name, const Ball<Real>& x) {
  Ball<Real> s;
  Ball<Real> c;
  if (name == "neg") return neg(x);
  if (name == "conj") return conj(x);
  if (name == "inv") return inv(x);
  if (name == "exp") return exp(x);
  if (name == "log") return log(x);
  if (name == "sqrt") return sqrt(x);
  if (name == "atan") return atan(x);
  if (name == "asin") return asin(x);
  if (name == "acos") return acos(x);
  if (name == "abs") return abs(x);
  if (name == "arg") return arg(x);
  if (name == "re") return real_part(x);
  if (name == "im") return imag_part(x);
  sin_cos(x, s, c);
  return name == "sin" ? s : c;
}

template <class Real>
void evaluate(const std::string& line) {
  std::vector<Ball<Real>> stack;
  std::size_t at = 0;
  while (at < line.size()) {
    std::size_t end = line.find(' ', at);
    if (end == std::string::npos) end = line.size();
    const std::string token = line.substr(at, end - at);
    at = end + 1;
    if (token.empty()) continue;
    const char* text = token.c_str() + 2;
    const auto pop = [&] {
      if (stack.empty()) std::exit(2);
      const Ball<Real> top = stack.back();
      stack.pop_back();
      return top;
    };
    if (token.rfind("d:", 0) == 0) {
      Ball<Real> x;
      char* rest = nullptr;
      x.re = Real(std::strtod(text, &rest));
      x.im = Real(std::strtod(rest + 1, &rest));
      x.rad = std::strtod(rest + 1, &rest);
      x.real = rest[1] == '1';
      stack.push_back(x);
    } else if (token.rfind("n:", 0) == 0) {
      stack.push_back(ball_from_int<Real>(std::strtoll(text, nullptr, 10)));
    } else if (token.rfind("q:", 0) == 0) {
      char* rest = nullptr;
      const std::int64_t num = std::strtoll(text, &rest, 10);
      stack.push_back(ball_from_ratio<Real>(num, std::strtoll(rest + 1, nullptr, 10)));
    } else if (token.rfind("t:", 0) == 0) {
      const char* comma = std::strchr(text, ',');
      stack.push_back(ball_from_decimal<Real>(text, static_cast<std::uint32_t>(comma - text),
                                              std::atoi(comma + 1)));
    } else if (token.rfind("^:", 0) == 0) {
      stack.push_back(pow_int(pop(), std::strtoll(text, nullptr, 10)));
    } else if (token == "pi") {
      stack.push_back(ball_pi<Real>());
    } else if (token == "e") {
      stack.push_back(ball_e<Real>());
    } else if (token == "i") {
      stack.push_back(ball_i<Real>());
    } else if (token == "add" || token == "sub" || token == "mul" || token == "div") {
      const Ball<Real> y = pop();
      const Ball<Real> x = pop();
      stack.push_back(token == "add"   ? add(x, y)
                      : token == "sub" ? sub(x, y)
                      : token == "mul" ? mul(x, y)
                                       : div(x, y));
    } else {
      stack.push_back(unary(token, pop()));
    }
  }
  if (stack.size() != 1) std::exit(2);
  const Ball<Real>& result = stack.back();
  std::printf("%d %d %a ", result.bad, result.real, result.rad);
  write(result.re);
  std::printf(" ");
  write(result.im);
  std::printf("\n");
}

}  // namespace

int main() {
  std::string line;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n') {
      line.push_back(static_cast<char>(c));
      continue;
    }
    evaluate<double>(line);
    evaluate<DoubleDouble>(line);
    evaluate<BigFloat<6>>(line);
    evaluate<BigFloat<18>>(line);
    line.clear();
  }
  return 0;
}
