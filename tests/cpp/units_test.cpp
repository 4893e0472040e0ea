// Units: every spelling to one value, exact conversions, and what must not meet.
#include "answer/units.hpp"

#include <string>
#include <string_view>

#include "check.hpp"

namespace {

using namespace pyverify;
using answer::Unit;

Unit unit(std::string_view word) { return answer::find_unit(word, true); }

bool same(std::string_view a, std::string_view b) {
  Unit left = unit(a);
  Unit right = unit(b);
  answer::settle(left, right);
  return answer::same_unit(left, right);
}

bool converts(std::string_view a, std::string_view b, std::int64_t num, std::int64_t den) {
  Unit left = unit(a);
  Unit right = unit(b);
  answer::settle(left, right);
  const number::Rational ratio = answer::conversion(left, right);
  return ratio.num == num && ratio.den == den;
}

bool meet(std::string_view a, std::string_view b) {
  Unit left = unit(a);
  Unit right = unit(b);
  answer::settle(left, right);
  return answer::same_dimension(left, right);
}

bool noun(std::string_view word) {
  const Unit found = unit(word);
  return found.valid && found.dims[answer::kNoun] == 1 && !answer::is_known_unit(word);
}

}  // namespace

TEST(unit_spellings) {
  CHECK(same("cm", "centimeters"));
  CHECK(same("cm", "centimetre"));
  CHECK(same("cm", "Centimeters"));
  CHECK(same("cm", "CM"));
  CHECK(same("cm", "\\mathrm{cm}"));
  CHECK(same("cm", "\\text{ cm}"));
  CHECK(same("km", "kilometres"));
  CHECK(same("km", "公里"));
  CHECK(same("km", "千米"));
  CHECK(same("ft", "foot"));
  CHECK(same("ft.", "feet"));
  CHECK(same("in", "inches"));
  CHECK(same("in.", "inch"));
  CHECK(same("lbs", "pounds"));
  CHECK(same("hr", "hours"));
  CHECK(same("h", "小时"));
  CHECK(same("min", "minutes"));
  CHECK(same("sec", "s"));
  CHECK(same("mL", "millilitres"));
  CHECK(same("ml", "cc"));
  CHECK(same("mph", "MPH"));
  CHECK(same("kph", "km/h") == false);  // quotients are the caller's
  CHECK(same("century", "centuries"));
  CHECK(same("year", "yrs"));
  CHECK(same("µm", "microns"));
  CHECK(same("μm", "micrometers"));
  CHECK(same("kWh", "kilowatt-hours"));
  CHECK(same("°", "degrees"));
  CHECK(same("°C", "℃"));
  CHECK(same("cm²", "平方厘米"));
  CHECK(same("m³", "立方米"));
  CHECK(same("dollars", "$"));
  CHECK(same("USD", "美元"));
  CHECK(same("元", "yuan"));
  CHECK(same("Hz", "hertz"));
  CHECK(same("Ω", "ohms"));
  CHECK(same("kΩ", "kiloohm"));
}

TEST(unit_case_of_symbols) {
  CHECK(!same("mW", "MW"));
  CHECK(!same("mm", "Mm"));
  CHECK(!meet("m", "M"));
  CHECK(!same("mg", "Mg"));
  CHECK(!same("MB", "Mb"));
  CHECK(!meet("kN", "kn"));
}

TEST(unit_conversions) {
  CHECK(converts("m", "cm", 100, 1));
  CHECK(converts("inch", "cm", 127, 50));
  CHECK(converts("mile", "feet", 5280, 1));
  CHECK(converts("yard", "feet", 3, 1));
  CHECK(converts("acre", "hectare", 158080329, 390625000));
  CHECK(converts("gallon", "quarts", 4, 1));
  CHECK(converts("gallon", "cups", 16, 1));
  CHECK(converts("cup", "tablespoons", 16, 1));
  CHECK(converts("tbsp", "tsp", 3, 1));
  CHECK(converts("lb", "oz", 16, 1));
  CHECK(converts("kg", "g", 1000, 1));
  CHECK(converts("hour", "seconds", 3600, 1));
  CHECK(converts("week", "days", 7, 1));
  CHECK(converts("year", "months", 12, 1));
  CHECK(converts("decade", "years", 10, 1));
  CHECK(converts("kcal", "cal", 1000, 1));
  CHECK(converts("cal", "J", 523, 125));
  CHECK(converts("GeV", "keV", 1000000, 1));
  CHECK(converts("atm", "torr", 760, 1));
  CHECK(converts("dollar", "cents", 100, 1));
  CHECK(converts("元", "角", 10, 1));
  CHECK(converts("元", "分", 100, 1));
  CHECK(converts("byte", "bits", 8, 1));
  CHECK(converts("GiB", "MiB", 1024, 1));
  CHECK(converts("degree", "arcminutes", 60, 1));
  CHECK(converts("revolution", "degrees", 360, 1));
  CHECK(converts("公顷", "亩", 15, 1));
  CHECK(converts("斤", "千克", 1, 2));
  CHECK(converts("吨", "千克", 1000, 1));
  CHECK(converts("°F", "K", 5, 9));
  CHECK(number::equal(unit("°C").offset, number::make(27315, 100)));
  CHECK(number::equal(unit("fahrenheit").offset, number::make(45967, 180)));
}

TEST(unit_dimensions_that_differ) {
  CHECK(!meet("cm", "cm²"));
  CHECK(!meet("g", "mL"));
  CHECK(!meet("month", "days"));
  CHECK(!meet("year", "hours"));
  CHECK(!meet("dollar", "euro"));
  CHECK(!meet("dollar", "yuan"));
  CHECK(!meet("apples", "pears"));
  CHECK(!meet("apples", "cm"));
  CHECK(!meet("元", "个"));
  CHECK(!meet("rad", "rpm"));
  CHECK(!converts("rad", "degree", 1, 1));  // pi stands between
}

TEST(unit_ambiguity) {
  CHECK(meet("pounds", "£"));
  CHECK(meet("pounds", "kg"));
  CHECK(converts("pound", "pence", 100, 1));
  CHECK(converts("ounces", "cups", 1, 8));
  CHECK(converts("ton", "pounds", 2000, 1));
  CHECK(converts("ton", "kg", 1000, 1));
  CHECK(same("¥", "元"));
  CHECK(same("¥", "yen"));
  CHECK(!meet("yen", "元"));
}

TEST(unit_nouns) {
  CHECK(noun("apples"));
  CHECK(noun("苹果"));
  CHECK(same("apples", "apple"));
  CHECK(same("boxes", "box"));
  CHECK(same("children", "child"));
  CHECK(same("cookies", "cookie"));
  CHECK(same("berries", "berry"));
  CHECK(same("classes", "class"));
  CHECK(same("buses", "bus"));
  CHECK(same("Students", "student"));
  CHECK(same("people", "person"));
  CHECK(same("个", "人"));
  CHECK(same("个苹果", "苹果"));
  CHECK(!same("只", "本"));
  CHECK(!unit("and").valid);
  CHECK(!unit("or").valid);
  CHECK(!unit("twenty").valid);
  CHECK(!unit("percent").valid);
  CHECK(!unit("million").valid);
  CHECK(!unit("x").valid);
  CHECK(!unit("12").valid);
  CHECK(!unit("").valid);
  CHECK(!unit("x^2").valid);
}

TEST(unit_generic) {
  CHECK(answer::is_generic(unit("units")));
  CHECK(answer::is_generic(answer::power(unit("unit"), 2)));
  CHECK(!answer::is_generic(unit("apples")));
  CHECK(!answer::is_generic(unit("zzz^")));
}

TEST(unit_pairs_and_powers) {
  CHECK(answer::same_unit(answer::find_unit_pair("degrees", "Celsius"), unit("°C")));
  CHECK(answer::same_unit(answer::find_unit_pair("nautical", "miles"), unit("海里")));
  CHECK(answer::same_unit(answer::find_unit_pair("metric", "tons"), unit("吨")));
  CHECK(!answer::find_unit_pair("red", "apples").valid);
  CHECK(answer::power_prefix("square") == 2);
  CHECK(answer::power_prefix("Sq.") == 2);
  CHECK(answer::power_prefix("cubic") == 3);
  CHECK(answer::power_prefix("round") == 0);
  CHECK(answer::power_suffix("squared") == 2);
  CHECK(answer::is_percent_word("Percent"));
  CHECK(answer::is_percent_word("per cent"));
  CHECK(!answer::is_percent_word("percentile"));
}

TEST(unit_algebra) {
  const Unit speed = answer::divide(unit("km"), unit("h"));
  CHECK(answer::same_unit(speed, unit("kph")));
  CHECK(answer::same_unit(answer::divide(unit("miles"), unit("hour")), unit("mph")));
  CHECK(answer::same_unit(speed, unit("千米每小时")));
  CHECK(answer::same_unit(answer::multiply(unit("N"), unit("m")), unit("J")));
  CHECK(answer::same_unit(answer::divide(unit("lbf"), answer::power(unit("in"), 2)), unit("psi")));
  CHECK(answer::same_unit(answer::power(unit("s"), -1), unit("Hz")));
  const Unit price = answer::divide(unit("dollars"), unit("apple"));
  CHECK(answer::same_dimension(price, answer::divide(unit("cents"), unit("apples"))));
  CHECK(!answer::same_dimension(price, answer::divide(unit("dollars"), unit("pear"))));
  CHECK(!answer::same_dimension(price, unit("dollars")));
  const Unit rent = answer::divide(unit("dollars"), unit("month"));
  CHECK(answer::conversion(rent, answer::divide(unit("dollars"), unit("year"))).num == 12);
  // Beyond 64 bits sizes stay apart.
  CHECK(!answer::same_unit(answer::power(unit("nm"), 3), answer::power(unit("pm"), 3)));
  CHECK(answer::same_unit(answer::power(unit("nm"), 3), answer::power(unit("nm"), 3)));
  CHECK(answer::conversion(answer::power(unit("nm"), 3), answer::power(unit("pm"), 3)).num ==
        1000000000);
  CHECK(!answer::power(unit("m"), 100).valid);
  CHECK(!answer::multiply(Unit{}, unit("m")).valid);
}

TEST(unit_single_letters) {
  CHECK(answer::find_unit("m", false).single_letter);
  CHECK(!answer::find_unit("m", true).single_letter);
  CHECK(!answer::find_unit("cm", false).single_letter);
}

TEST(unit_currency_signs) {
  CHECK(answer::same_unit(answer::currency_of_sign(U'$'), unit("dollar")));
  CHECK(answer::same_unit(answer::currency_of_sign(U'€'), unit("euros")));
  CHECK(!answer::currency_of_sign(U'x').valid);
}

TEST(unit_hostile_bytes) {
  const std::string long_word(100000, 'm');
  CHECK(answer::find_unit(long_word, true).valid);  // a noun
  CHECK(!answer::is_known_unit(long_word));
  const std::string powers = std::string(1, 'm') + "²²²²²²²²";
  CHECK(!answer::is_known_unit(powers));
  CHECK(!answer::is_known_unit(std::string_view("\0\xff\xc0", 3)));
  CHECK(!answer::is_known_unit("\\mathrm{"));
  CHECK(!answer::is_known_unit("每"));
  CHECK(!answer::is_known_unit("米每"));
}
