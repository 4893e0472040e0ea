#include "answer/reading.hpp"

#include "answer/words.hpp"

namespace pyverify::answer {

namespace {

// 5 boxes of 6: words that are no products of letters.
bool has_english(const latex::Parsed& parsed) {
  constexpr std::size_t kLongestProduct = 3;
  for (const latex::Token& token : parsed.tokens) {
    const std::string_view word = parsed.source.substr(token.begin, token.end - token.begin);
    if (token.kind == latex::Tok::kWord && word.size() > kLongestProduct && is_text_word(word))
      return true;
  }
  return false;
}

}  // namespace

void Reading::clear() noexcept {
  storage.clear();
  text = {};
  parsed.clear();
  natural.clear();
  ten.clear();
  units.clear();
  problem = Reason::kNone;
  stray_words = lone_noun = false;
  closed = expr::kNoNode;
  induction = {};
  slope = {};
}

void read(std::string_view source, const Options& options, latex::Letters letters, Reading& out,
          support::Budget& budget) noexcept {
  out.clear();
  budget.spend(static_cast<std::uint32_t>(8 + source.size() / 4));
  out.text = clean(source, out.storage);
  if (out.text.empty()) {
    out.problem = Reason::kEmpty;
    return;
  }
  if (!read_based(out.text, out.parsed)) {
    static constexpr latex::Vocabulary kVocabulary{&starts_unit, &is_text_word, &is_part_of};
    latex::parse(out.text, kVocabulary, letters, out.parsed, budget);
    // 3kT/2, \frac{2mg}{k}: with a unit in it that's nothing, so the letters are factors
    const Reason problem = out.parsed.problem;
    const bool unreadable = problem == Reason::kUnparseable || problem == Reason::kUnsupported;
    if (unreadable && out.parsed.has_plain_unit && letters == latex::Letters::kDefault &&
        !has_english(out.parsed))
      latex::parse(out.text, kVocabulary, latex::Letters::kProduct, out.parsed, budget);
  }
  out.problem = out.parsed.problem;
  if (out.problem != Reason::kNone) {
    out.parsed.tree.clear();
    return;
  }
  if (out.parsed.has_text) number_words_to_numbers(out);
  if (!out.parsed.units.empty()) resolve_units(out);
  if (out.parsed.has_plus_minus && !write_out_plus_minus(out, budget))
    out.problem = Reason::kUnsupported;
  if (!out.parsed.tree.symbols.empty()) unit_vectors_to_tuples(out);
  if (out.parsed.tree[out.parsed.tree.root].kind == expr::Kind::kList) group_systems(out);
  if (out.parsed.tree.nodes.size() > 4 * std::size_t{budget.limits().nodes})
    out.problem = Reason::kLimitNodes;
  if (out.problem != Reason::kNone) {
    out.parsed.tree.clear();
    return;
  }
  evaluate_reading(out, options, budget);
}

void evaluate_reading(Reading& reading, const Options& options, support::Budget& budget) noexcept {
  const std::vector<expr::Node>& nodes = reading.parsed.tree.nodes;
  bool bare_log = !reading.ten.flags.empty();
  for (std::size_t i = reading.natural.done; i < nodes.size(); ++i) {
    bare_log |= nodes[i].kind == expr::Kind::kFunction &&
                nodes[i].sub == static_cast<std::uint8_t>(expr::Function::kLog);
  }
  expr::evaluate(reading.parsed.tree, expr::LogBase::kNatural, options.seed, reading.natural,
                 budget);
  if (bare_log)
    expr::evaluate(reading.parsed.tree, expr::LogBase::kTen, options.seed, reading.ten, budget);
}

}  // namespace pyverify::answer
