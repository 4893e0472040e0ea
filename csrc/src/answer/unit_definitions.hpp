// Every known unit, one line each. Factors are exact: definitions of the SI, of the international yard and pound and of
// the US gallon.
#pragma once

#include "answer/hash.hpp"
#include "answer/unit_table.hpp"

namespace pyverify::answer {

constexpr Dimensions dims_of(Base base, int exponent) {
  Dimensions dims{};
  dims[base] = static_cast<std::int8_t>(exponent);
  return dims;
}
constexpr Dimensions dims_of(int length, int mass, int time, int current = 0) {
  Dimensions dims{};
  dims[kLength] = static_cast<std::int8_t>(length);
  dims[kMass] = static_cast<std::int8_t>(mass);
  dims[kTimeBase] = static_cast<std::int8_t>(time);
  dims[kCurrent] = static_cast<std::int8_t>(current);
  return dims;
}

inline constexpr Dimensions kLengthDims = dims_of(kLength, 1);
inline constexpr Dimensions kAreaDims = dims_of(kLength, 2);
inline constexpr Dimensions kVolumeDims = dims_of(kLength, 3);
inline constexpr Dimensions kMassDims = dims_of(kMass, 1);
inline constexpr Dimensions kTimeDims = dims_of(kTimeBase, 1);
inline constexpr Dimensions kSpeedDims = dims_of(1, 0, -1);
inline constexpr Dimensions kForceDims = dims_of(1, 1, -2);
inline constexpr Dimensions kEnergyDims = dims_of(2, 1, -2);
inline constexpr Dimensions kPowerDims = dims_of(2, 1, -3);
inline constexpr Dimensions kPressureDims = dims_of(-1, 1, -2);
inline constexpr Dimensions kPerTimeDims = dims_of(0, 0, -1);
inline constexpr Dimensions kAngleDims = dims_of(kAngle, 1);
inline constexpr Dimensions kInformationDims = dims_of(kInformation, 1);
inline constexpr Dimensions kMoneyDims = dims_of(kCurrency, 1);
inline constexpr Dimensions kTemperatureDims = dims_of(kTemperature, 1);
inline constexpr Dimensions kTurnSpeedDims = [] {
  Dimensions dims = dims_of(0, 0, -1);
  dims[kAngle] = 1;
  return dims;
}();
inline constexpr Dimensions kLumenDims = [] {
  Dimensions dims = dims_of(kLuminous, 1);
  dims[kAngle] = 2;
  return dims;
}();
inline constexpr Dimensions kLuxDims = [] {
  Dimensions dims = kLumenDims;
  dims[kLength] = -2;
  return dims;
}();
inline constexpr Dimensions kMolarDims = [] {
  Dimensions dims = dims_of(kLength, -3);
  dims[kAmount] = 1;
  return dims;
}();

// A year is twelve months; no number of days is a month, so these two never meet the clock's units.
inline constexpr std::uint64_t kCalendarTag = hash_ascii("#calendar");
inline constexpr std::uint64_t kDollarTag = hash_ascii("#dollar");
inline constexpr std::uint64_t kEuroTag = hash_ascii("#euro");
inline constexpr std::uint64_t kSterlingTag = hash_ascii("#sterling");
inline constexpr std::uint64_t kYuanTag = hash_ascii("#yuan");
inline constexpr std::uint64_t kYenTag = hash_ascii("#yen");
inline constexpr std::uint64_t kRupeeTag = hash_ascii("#rupee");

inline constexpr UnitDefinition kUnitDefinitions[] = {
    // Length, in metres.
    {.dims = kLengthDims, .symbols = "m", .words = "meter metre", .han = "米 公尺", .prefixes = kAllPrefixes},
    {.dims = kLengthDims, .num = 1, .den = 1000000, .words = "micron", .han = "微米"},
    {.dims = kLengthDims, .num = 1, .den = 1000000000, .han = "纳米"},
    {.dims = kLengthDims, .num = 1, .den = 1000, .words = "mm", .han = "毫米"},
    {.dims = kLengthDims, .num = 1, .den = 100, .words = "cm cms", .han = "厘米 公分"},
    {.dims = kLengthDims, .num = 1, .den = 10, .han = "分米"},
    {.dims = kLengthDims, .num = 1000, .words = "km kms", .han = "千米 公里"},
    {.dims = kLengthDims, .num = 500, .han = "里 华里"},
    {.dims = kLengthDims, .num = 10, .den = 3, .han = "丈"},
    {.dims = kLengthDims, .num = 1, .den = 3, .han = "尺"},
    {.dims = kLengthDims, .num = 1, .den = 30, .han = "寸"},
    {.dims = kLengthDims, .num = 127, .den = 5000, .words = "in inch", .han = "英寸"},
    {.dims = kLengthDims, .num = 381, .den = 1250, .words = "ft foot feet", .han = "英尺"},
    {.dims = kLengthDims, .num = 1143, .den = 1250, .words = "yd yds yard", .han = "码"},
    {.dims = kLengthDims, .num = 201168, .den = 125, .words = "mi mile", .han = "英里"},
    {.dims = kLengthDims, .num = 25146, .den = 125, .words = "furlong"},
    {.dims = kLengthDims, .num = 1852, .symbols = "nmi", .words = "nautical-mile", .han = "海里"},
    {.dims = kLengthDims, .num = 1, .den = 10000000000, .symbols = "Å", .words = "angstrom ångström"},
    {.dims = kLengthDims, .num = 149597870700, .symbols = "au AU", .words = "astronomical-unit", .han = "天文单位"},
    {.dims = kLengthDims, .num = 9460730472580800, .symbols = "ly", .words = "light-year lightyear", .han = "光年"},
    // Area.
    {.dims = kAreaDims, .num = 316160658, .den = 78125, .words = "acre", .han = "英亩"},
    {.dims = kAreaDims, .num = 10000, .symbols = "ha", .words = "hectare", .han = "公顷"},
    {.dims = kAreaDims, .num = 2000, .den = 3, .han = "亩"},
    {.dims = kAreaDims, .num = 145161, .den = 1562500, .words = "sqft"},
    // Volume, in cubic metres.
    {.dims = kVolumeDims, .num = 1, .den = 1000, .symbols = "L l ℓ", .words = "liter litre", .han = "升 公升",
     .prefixes = kAllPrefixes},
    {.dims = kVolumeDims, .num = 1, .den = 1000000, .words = "cc ml mls", .han = "毫升"},
    {.dims = kVolumeDims, .num = 473176473, .den = 125000000000, .words = "gal gallon", .han = "加仑"},
    {.dims = kVolumeDims, .num = 473176473, .den = 500000000000, .words = "qt quart"},
    {.dims = kVolumeDims, .num = 473176473, .den = 1000000000000, .words = "pt pint"},
    {.dims = kVolumeDims, .num = 473176473, .den = 2000000000000, .words = "cup"},
    {.dims = kVolumeDims, .num = 473176473, .den = 16000000000000, .symbols = "floz", .words = "fluid-ounce"},
    {.dims = kVolumeDims, .num = 473176473, .den = 32000000000000, .words = "tbsp tablespoon"},
    {.dims = kVolumeDims, .num = 157725491, .den = 32000000000000, .words = "tsp teaspoon"},
    // Mass, in kilograms.
    {.dims = kMassDims, .num = 1, .den = 1000, .symbols = "g", .words = "gram gramme gm", .han = "克",
     .prefixes = kAllPrefixes},
    {.dims = kMassDims, .words = "kg kgs kilo", .han = "千克 公斤"},
    {.dims = kMassDims, .num = 1, .den = 1000000, .words = "mg", .han = "毫克"},
    {.dims = kMassDims, .num = 1, .den = 2, .han = "斤 市斤"},
    {.dims = kMassDims, .num = 1, .den = 20, .han = "两"},
    {.dims = kMassDims, .num = 1000, .symbols = "t", .words = "tonne metric-ton", .han = "吨", .prefixes = kLarge},
    {.dims = kMassDims, .num = 45359237, .den = 50000, .words = "ton short-ton", .ambiguity = Ambiguity::kTon},
    {.dims = kMassDims, .num = 45359237, .den = 100000000, .words = "lb", .han = "磅"},
    {.dims = kMassDims, .num = 45359237, .den = 100000000, .words = "pound", .ambiguity = Ambiguity::kPound},
    {.dims = kMassDims, .num = 45359237, .den = 1600000000, .words = "oz ounce", .han = "盎司",
     .ambiguity = Ambiguity::kOunce},
    {.dims = kMassDims, .num = 317514659, .den = 50000000, .words = "stone"},
    {.dims = kMassDims, .num = 1, .den = 5000, .symbols = "ct", .words = "carat", .han = "克拉"},
    // Time, in seconds.
    {.dims = kTimeDims, .symbols = "s", .words = "sec second", .han = "秒 秒钟", .prefixes = kSmall},
    {.dims = kTimeDims, .num = 60, .words = "min minute", .han = "分钟"},
    {.dims = kTimeDims, .num = 900, .han = "刻钟"},
    {.dims = kTimeDims, .num = 3600, .symbols = "h", .words = "hr hour", .han = "小时 个小时 时 钟头"},
    {.dims = kTimeDims, .num = 86400, .symbols = "d", .words = "day", .han = "天 日"},
    {.dims = kTimeDims, .num = 604800, .words = "wk week", .han = "周 星期 个星期 礼拜"},
    {.dims = kTimeDims, .num = 1209600, .words = "fortnight"},
    {.dims = kTimeDims, .words = "mo month", .han = "月 个月", .tag = kCalendarTag},
    {.dims = kTimeDims, .num = 12, .words = "yr year", .han = "年 周年 岁", .tag = kCalendarTag},
    {.dims = kTimeDims, .num = 120, .words = "decade", .tag = kCalendarTag},
    {.dims = kTimeDims, .num = 1200, .words = "century", .han = "世纪 个世纪", .tag = kCalendarTag},
    {.dims = kTimeDims, .num = 12000, .words = "millennium millennia", .tag = kCalendarTag},
    // Speed.
    {.dims = kSpeedDims, .num = 1397, .den = 3125, .words = "mph"},
    {.dims = kSpeedDims, .num = 5, .den = 18, .words = "kph kmh kmph"},
    {.dims = kSpeedDims, .words = "mps"},
    {.dims = kSpeedDims, .num = 381, .den = 1250, .words = "fps"},
    {.dims = kSpeedDims, .num = 463, .den = 900, .words = "knot kt kts", .han = "节"},
    // Angle: radians, or degrees with pi/180.
    {.dims = kAngleDims, .words = "rad radian", .han = "弧度"},
    {.dims = kAngleDims, .symbols = "°", .words = "deg degree", .han = "度", .pi_over_180 = 1},
    {.dims = kAngleDims, .num = 1, .den = 60, .words = "arcmin arcminute", .han = "角分", .pi_over_180 = 1},
    {.dims = kAngleDims, .num = 1, .den = 3600, .words = "arcsec arcsecond", .han = "角秒", .pi_over_180 = 1},
    {.dims = kAngleDims, .num = 360, .words = "rev revolution", .pi_over_180 = 1},
    {.dims = kAngleDims, .num = 9, .den = 10, .words = "gon gradian", .pi_over_180 = 1},
    {.dims = dims_of(kAngle, 2), .words = "sr steradian"},
    {.dims = kTurnSpeedDims, .num = 6, .words = "rpm", .pi_over_180 = 1},
    // Temperature, in kelvin after the offset.
    {.dims = kTemperatureDims, .symbols = "K", .words = "kelvin", .han = "开尔文", .prefixes = kSmall},
    {.dims = kTemperatureDims, .symbols = "°C ℃ ºC", .words = "celsius centigrade degc", .han = "摄氏度",
     .offset_num = 5463, .offset_den = 20},
    {.dims = kTemperatureDims, .num = 5, .den = 9, .symbols = "°F ℉ ºF", .words = "fahrenheit degf", .han = "华氏度",
     .offset_num = 45967, .offset_den = 180},
    // Force, energy, power, pressure.
    {.dims = kForceDims, .symbols = "N", .words = "newton", .han = "牛 牛顿", .prefixes = kSmall | kLarge},
    {.dims = kForceDims, .num = 1, .den = 100000, .symbols = "dyn", .words = "dyne"},
    {.dims = kForceDims, .num = 8896443230521, .den = 2000000000000, .symbols = "lbf", .words = "pound-force"},
    {.dims = kEnergyDims, .symbols = "J", .words = "joule", .han = "焦 焦耳", .prefixes = kSmall | kLarge},
    {.dims = kEnergyDims, .num = 1, .den = 10000000, .words = "erg"},
    {.dims = kEnergyDims, .num = 523, .den = 125, .symbols = "cal Cal", .words = "calorie", .han = "卡 卡路里",
     .prefixes = kLarge},
    {.dims = kEnergyDims, .num = 4184, .words = "kcal", .han = "千卡 大卡"},
    {.dims = kEnergyDims, .num = 3600, .symbols = "Wh", .words = "watt-hour", .prefixes = kSmall | kLarge},
    {.dims = kEnergyDims, .num = 3600000, .words = "kwh kilowatt-hour", .han = "千瓦时"},
    {.dims = kEnergyDims, .num = 1602176634, .symbols = "eV", .words = "electronvolt electron-volt",
     .prefixes = kSmall | kLarge, .exponent10 = -28},
    {.dims = kEnergyDims, .num = 52752792631, .den = 50000000, .symbols = "BTU Btu"},
    {.dims = kPowerDims, .symbols = "W", .words = "watt", .han = "瓦 瓦特", .prefixes = kSmall | kLarge},
    {.dims = kPowerDims, .num = 1000, .words = "kw", .han = "千瓦"},
    {.dims = kPowerDims, .num = 37284993579113511, .den = 50000000000000, .words = "hp horsepower", .han = "马力"},
    {.dims = kPressureDims, .symbols = "Pa", .words = "pascal", .han = "帕 帕斯卡",
     .prefixes = kSmall | kLarge | kHecto},
    {.dims = kPressureDims, .num = 100000, .symbols = "bar", .words = "bar", .prefixes = kSmall | kLarge},
    {.dims = kPressureDims, .num = 101325, .symbols = "atm", .words = "atmosphere", .han = "大气压"},
    {.dims = kPressureDims, .num = 26664477483, .den = 200000000, .symbols = "mmHg"},
    {.dims = kPressureDims, .num = 20265, .den = 152, .words = "torr"},
    {.dims = kPressureDims, .num = 8896443230521, .den = 1290320000, .words = "psi"},
    // Frequency and radioactivity.
    {.dims = kPerTimeDims, .symbols = "Hz", .words = "hertz hz", .han = "赫兹 赫", .prefixes = kSmall | kLarge},
    {.dims = kPerTimeDims, .symbols = "Bq", .words = "becquerel", .prefixes = kLarge},
    // Electricity and magnetism.
    {.dims = dims_of(kCurrent, 1), .symbols = "A", .words = "ampere amp", .han = "安 安培", .prefixes = kSmall},
    {.dims = dims_of(0, 0, 1, 1), .symbols = "C", .words = "coulomb", .han = "库 库仑", .prefixes = kSmall},
    {.dims = dims_of(0, 0, 1, 1), .num = 3600, .symbols = "Ah", .words = "ampere-hour amp-hour", .prefixes = kSmall},
    {.dims = dims_of(2, 1, -3, -1), .symbols = "V", .words = "volt", .han = "伏 伏特", .prefixes = kSmall | kLarge},
    {.dims = dims_of(2, 1, -3, -2), .symbols = "Ω Ω", .words = "ohm", .han = "欧 欧姆", .prefixes = kSmall | kLarge},
    {.dims = dims_of(-2, -1, 3, 2), .symbols = "S", .words = "siemens"},
    {.dims = dims_of(-2, -1, 4, 2), .symbols = "F", .words = "farad", .han = "法拉", .prefixes = kSmall},
    {.dims = dims_of(2, 1, -2, -2), .symbols = "H", .words = "henry henries", .han = "亨利", .prefixes = kSmall},
    {.dims = dims_of(2, 1, -2, -1), .symbols = "Wb", .words = "weber", .han = "韦伯", .prefixes = kSmall},
    {.dims = dims_of(0, 1, -2, -1), .symbols = "T", .words = "tesla", .han = "特斯拉", .prefixes = kSmall},
    {.dims = dims_of(0, 1, -2, -1), .num = 1, .den = 10000, .words = "gauss"},
    // Light, amount, dose.
    {.dims = dims_of(kLuminous, 1), .symbols = "cd", .words = "candela", .han = "坎德拉"},
    {.dims = kLumenDims, .symbols = "lm", .words = "lumen", .han = "流明"},
    {.dims = kLuxDims, .symbols = "lx", .words = "lux", .han = "勒克斯"},
    {.dims = dims_of(kAmount, 1), .symbols = "mol", .words = "mole mol", .han = "摩尔", .prefixes = kSmall | kLarge},
    {.dims = kMolarDims, .num = 1000, .symbols = "M", .words = "molar", .prefixes = kSmall},
    {.dims = dims_of(2, 0, -2), .symbols = "Gy", .words = "gray", .prefixes = kSmall},
    {.dims = dims_of(2, 0, -2), .symbols = "Sv", .words = "sievert", .prefixes = kSmall},
    // Information, in bits.
    {.dims = kInformationDims, .symbols = "b bit", .words = "bit", .han = "比特", .prefixes = kLarge | kBinary},
    {.dims = kInformationDims, .num = 8, .symbols = "B", .words = "byte", .han = "字节", .prefixes = kLarge | kBinary},
    {.dims = kInformationDims, .num = 8000, .words = "kb"},
    // Money.
    {.dims = kMoneyDims, .symbols = "$ US$ USD", .words = "dollar buck usd", .han = "美元", .tag = kDollarTag},
    {.dims = kMoneyDims, .num = 1, .den = 100, .symbols = "¢", .words = "cent", .han = "美分", .tag = kDollarTag},
    {.dims = kMoneyDims, .symbols = "€ EUR", .words = "euro eur", .han = "欧元", .tag = kEuroTag},
    {.dims = kMoneyDims, .symbols = "£ GBP", .words = "quid gbp pound-sterling", .han = "英镑", .tag = kSterlingTag},
    {.dims = kMoneyDims, .num = 1, .den = 100, .words = "pence", .han = "便士", .tag = kSterlingTag},
    {.dims = kMoneyDims, .symbols = "CNY RMB", .words = "yuan rmb cny renminbi", .han = "元 块 块钱 元钱 人民币 圆",
     .tag = kYuanTag},
    {.dims = kMoneyDims, .num = 10000, .han = "万元", .tag = kYuanTag},
    {.dims = kMoneyDims, .num = 1, .den = 10, .words = "jiao", .han = "角 毛 毛钱", .tag = kYuanTag},
    {.dims = kMoneyDims, .num = 1, .den = 100, .words = "fen", .han = "分 分钱", .tag = kYuanTag},
    {.dims = kMoneyDims, .symbols = "JPY", .words = "yen jpy", .han = "日元", .tag = kYenTag},
    {.dims = kMoneyDims, .symbols = "¥", .tag = kYenTag, .ambiguity = Ambiguity::kYen},
    {.dims = kMoneyDims, .symbols = "₹ Rs INR", .words = "rupee rs inr", .han = "卢比", .tag = kRupeeTag},
    {.dims = kMoneyDims, .num = 1, .den = 100, .words = "paise paisa", .tag = kRupeeTag},
    {.dims = kMoneyDims, .symbols = "₩ KRW", .words = "won krw", .han = "韩元", .tag = hash_ascii("#won")},
    {.dims = kMoneyDims, .symbols = "₽ RUB", .words = "ruble rouble", .han = "卢布", .tag = hash_ascii("#ruble")},
    {.dims = kMoneyDims, .words = "peso", .han = "比索", .tag = hash_ascii("#peso")},
    {.dims = kMoneyDims, .symbols = "CHF", .words = "franc", .han = "法郎", .tag = hash_ascii("#franc")},
    {.dims = kMoneyDims, .symbols = "HK$ HKD", .han = "港元 港币", .tag = hash_ascii("#hkd")},
    // No dimension: "5 units", "12 square units".
    {.words = "unit", .han = "单位 个单位 平方单位 立方单位"},
};

}  // namespace pyverify::answer
