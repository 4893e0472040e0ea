#include "check.hpp"

int main() {
  for (const check::Case& test : check::cases()) {
    const int before = check::failures();
    test.run();
    if (check::failures() != before) std::printf("FAILED %s\n", test.name);
  }
  std::printf("%zu passed, %d failed\n", check::cases().size(), check::failures());
  return check::failures() != 0;
}
