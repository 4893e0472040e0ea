// A unit, counted noun or scale read from the words behind a value.
#pragma once

#include "answer/reading.hpp"

namespace pyverify::answer {

struct UnitWords {
  UnitReading reading;
  number::Rational scale{1, 1};  // thousand, million
  bool refused = false;          // they deny the value or belong to no value
};
UnitWords read_unit_words(const latex::Parsed& parsed, latex::Range range);

}  // namespace pyverify::answer
