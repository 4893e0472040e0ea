// Tallies and the scorer of rows: arguments in, figures and bytes out.
#include "pyverify/scoring.hpp"

#include <deque>

#include "bindings.hpp"

namespace pyverify::bindings {
namespace {

constexpr std::size_t kDigestBytes = 16;

std::string digest_bytes(const Digest& value) {
  std::string bytes;
  for (const std::uint64_t half : {value.low, value.high}) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(half >> shift & 0xFF);
  }
  return bytes;
}

Digest read_digest(std::string_view bytes) {
  if (bytes.size() != kDigestBytes) throw py::value_error("a digest has 16 bytes");
  Digest value;
  for (std::size_t i = 0; i < 8; ++i) {
    value.low = value.low << 8 | static_cast<unsigned char>(bytes[i]);
    value.high = value.high << 8 | static_cast<unsigned char>(bytes[8 + i]);
  }
  return value;
}

template <std::size_t kCodes>
std::size_t code_of(const std::array<PyObject*, kCodes>& members, py::handle member) {
  for (std::size_t i = 0; i < kCodes; ++i) {
    if (members[i] == member.ptr()) return i;
  }
  throw py::type_error("an enum member of pyverify was expected");
}

std::optional<std::string> optional_text(py::handle value) {
  if (value.is_none()) return std::nullopt;
  return std::string(Text(value, "a name").bytes());
}

// A row that was judged elsewhere; a result of None is a missing response.
void add(Tallies& tallies, const py::tuple& labels, py::handle result, py::handle prompt,
         py::handle truncated, std::uint64_t place) {
  if (labels.size() != tallies.partitions()) throw py::value_error("a label for each partition");
  std::vector<Text> texts(labels.size());
  std::vector<std::optional<std::string_view>> names(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (py::handle(labels[i]).is_none()) continue;
    texts[i] = Text(labels[i], "a label");
    names[i] = texts[i].bytes();
  }
  Judged row;
  row.missing = result.is_none();
  Text answer;
  py::object text;
  if (!row.missing) {
    const Types& all = types();
    row.verdict = static_cast<Verdict>(code_of(all.verdicts, result.attr("verdict")));
    row.reason = static_cast<Reason>(code_of(all.reasons, result.attr("reason")));
    row.unevaluated = result.attr("unevaluated").cast<bool>();
    text = result.attr("answer");
    if (!text.is_none()) answer = Text(text, "answer");
    row.answer = answer.bytes();
  }
  if (!truncated.is_none()) row.truncated = truncated.cast<bool>();
  if (!prompt.is_none()) row.prompt = read_digest(prompt.cast<std::string>());
  tallies.add(names, row, place);
}

void add_missing_gold(Tallies& tallies, const py::tuple& labels, std::uint64_t place) {
  if (labels.size() != tallies.partitions()) throw py::value_error("a label for each partition");
  std::vector<Text> texts(labels.size());
  std::vector<std::optional<std::string_view>> names(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (py::handle(labels[i]).is_none()) continue;
    texts[i] = Text(labels[i], "a label");
    names[i] = texts[i].bytes();
  }
  tallies.add_missing_gold(names, place);
}

py::dict counts_dict(const Tallies::Counts& counts) {
  py::dict all;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string_view key = name(static_cast<Count>(i));
    all[py::str(key.data(), key.size())] = counts[i];
  }
  return all;
}

py::tuple signature_tuple(const Signature& signature) {
  py::tuple made(signature.size());
  for (std::size_t i = 0; i < signature.size(); ++i) made[i] = signature[i];
  return made;
}

// A list of (name, counts, signatures).
py::list tables(const Tallies& tallies, std::size_t partition, unsigned threads) {
  if (partition >= tallies.partitions()) throw py::index_error("no such partition");
  const std::vector<Tallies::Table> found = tallies.tables(partition);
  std::vector<std::map<Signature, std::uint64_t>> signatures;
  {
    const py::gil_scoped_release release;
    signatures = tallies.signatures(partition, threads);
  }
  py::list all;
  for (std::size_t i = 0; i < found.size(); ++i) {
    py::dict of_table;
    for (const auto& [signature, count] : signatures[i])
      of_table[signature_tuple(signature)] = count;
    py::object label = py::none();
    if (found[i].name.has_value()) label = to_str(*found[i].name);
    all.append(py::make_tuple(label, counts_dict(found[i].counts), of_table));
  }
  return all;
}

ScorePlan read_plan(const py::dict& fields, const py::list& by, const py::list& cut_words,
                    const Options& options, const std::string& grader, py::handle source,
                    py::handle table, std::uint64_t source_number, bool prompt_within, bool rows) {
  ScorePlan plan;
  const auto path = [&fields](const char* role) {
    return fields.contains(role) ? optional_text(fields[role]) : std::nullopt;
  };
  plan.response = path("response").value_or("");
  plan.gold = path("gold").value_or("");
  plan.id = path("id");
  plan.prompt = path("group");
  plan.dataset = path("dataset");
  plan.finish_reason = path("finish_reason");
  for (const py::handle pair : by) {
    const py::tuple both = py::reinterpret_borrow<py::tuple>(pair);
    plan.by.emplace_back(Text(both[0], "a field").bytes(), Text(both[1], "a path").bytes());
  }
  for (const py::handle word : cut_words) plan.cut_words.push_back(word.cast<std::string>());
  plan.options = options;
  plan.grader = grader;
  plan.source = optional_text(source);
  plan.table = optional_text(table);
  plan.source_number = source_number;
  plan.prompt_within = prompt_within;
  plan.rows = rows;
  return plan;
}

py::list bad_golds_of(const Scored& scored) {
  py::list all;
  for (const auto& [line, reason] : scored.bad_golds)
    all.append(py::make_tuple(line, py::reinterpret_borrow<py::object>(types().reason(reason))));
  return all;
}

// (rows, [(line, begin, end, row_at)], [(line, reason)], lines)
py::tuple score_lines(const RowScorer& scorer, const py::buffer& buffer, std::size_t size,
                      std::uint64_t first_line, unsigned threads, Tallies& tallies) {
  const py::buffer_info info = buffer.request();
  if (info.itemsize != 1 || info.ndim != 1 || size > static_cast<std::size_t>(info.size)) {
    throw py::value_error("a buffer of bytes was expected");
  }
  const std::string_view lines(static_cast<const char*>(info.ptr), size);
  Scored found;
  {
    const py::gil_scoped_release release;
    found = scorer.score_lines(lines, first_line, threads, tallies);
  }
  py::list holes;
  for (const Hole& hole : found.holes)
    holes.append(py::make_tuple(hole.line, hole.begin, hole.end, hole.row_at));
  return py::make_tuple(py::bytes(found.rows), holes, bad_golds_of(found), found.lines);
}

// Takes the rows of io/rows.py apart.
class RowReader {
 public:
  RowReader() {
    for (std::size_t i = 0; i < kNames.size(); ++i) names_[i] = py::str(kNames[i]);
  }

  // False where it is not plain, and then nothing is added to the views.
  bool read(py::handle row, py::handle gold, std::size_t by_count, RowViews& views) {
    RowView view;
    Text completion;
    if (!get(row, kFault).is_none() || !PyUnicode_CheckExact(gold.ptr()) ||
        !text(get(row, kCompletion), completion)) {
      return false;
    }
    Text compared;
    if (!text(gold, compared) || needs_reading(compared.bytes())) return false;
    view.completion = completion.bytes();
    view.ascii = PyUnicode_IS_ASCII(get(row, kCompletion).ptr()) != 0;
    view.line = get(row, kLine).cast<std::uint64_t>();
    if (const py::object sample = get(row, kSample); !sample.is_none())
      view.sample = sample.cast<std::uint32_t>();
    if (const py::object prompt = get(row, kGroup); !prompt.is_none())
      view.prompt = read_digest(prompt.cast<std::string_view>());
    if (const py::object cut = get(row, kTruncated); !cut.is_none())
      view.truncated = cut.cast<bool>();
    std::string& id = ids_.emplace_back();
    if (!read_id(get(row, kId), view.line, id) || !word(get(row, kDataset), view.dataset))
      return false;
    view.id = id;
    view.by = views.by.size();
    const py::tuple by = get(row, kBy);
    if (by.size() != by_count) throw py::value_error("a value for each field of tables");
    for (const py::handle value : by) {
      if (word(value, views.by.emplace_back())) continue;
      views.by.resize(view.by);
      return false;
    }
    views.add_gold(compared.bytes());
    view.gold = views.golds.size() - 1;
    views.rows.push_back(view);
    return true;
  }

 private:
  enum Name { kLine, kSample, kId, kGroup, kDataset, kCompletion, kFault, kTruncated, kBy };
  static constexpr std::array<const char*, 9> kNames = {
      "line", "sample", "id", "group", "dataset", "completion", "fault", "truncated", "by"};

  py::object get(py::handle row, Name which) const { return py::getattr(row, names_[which]); }

  // False where the text has no UTF-8.
  static bool text(py::handle value, Text& out) {
    out = Text(value, "a row's text");
    return out.whole();
  }

  static bool word(py::handle value, std::optional<std::string_view>& out) {
    if (value.is_none()) return true;
    Text found;
    if (!text(value, found)) return false;
    out = found.bytes();
    return true;
  }

  static bool read_id(py::handle value, std::uint64_t line, std::string& out) {
    if (value.is_none()) {
      out = std::to_string(line);
      return true;
    }
    const bool is_text = PyUnicode_Check(value.ptr()) != 0;
    // An integer beyond 64 bits is left to Python.
    int too_long = 0;
    if (!is_text) {
      const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &too_long);
      if (too_long == 0) out = std::to_string(number);
      return too_long == 0;
    }
    Text found;
    if (!text(value, found)) return false;
    append_json_text(out, found.bytes());
    return true;
  }

  std::array<py::object, kNames.size()> names_;
  std::deque<std::string> ids_;
};

// (rows, [(index, row_at)], [(line, reason)])
py::tuple score_rows(const RowScorer& scorer, const py::list& rows, const py::list& golds,
                     unsigned threads, Tallies& tallies) {
  if (rows.size() != golds.size()) throw py::value_error("a gold for each row");
  RowReader reader;
  RowViews views;
  std::vector<std::pair<std::size_t, std::size_t>> left_out;  // and how many rows stand before it
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!reader.read(rows[i], golds[i], scorer.by_count(), views))
      left_out.emplace_back(i, views.rows.size());
  }
  Scored found;
  std::vector<std::size_t> ends;
  {
    const py::gil_scoped_release release;
    found = scorer.score_rows(views, threads, tallies, ends);
  }
  py::list holes;
  for (const auto& [index, before] : left_out)
    holes.append(py::make_tuple(index, before == 0 ? 0 : ends[before - 1]));
  return py::make_tuple(py::bytes(found.rows), holes, bad_golds_of(found));
}

}  // namespace

void register_scoring(py::module_& module) {
  module.def(
      "digest",
      [](py::handle text) { return py::bytes(digest_bytes(digest(Text(text, "text").bytes()))); },
      py::arg("text"), "Sixteen bytes that stand for a prompt.");
  py::class_<Tallies>(module, "Tallies",
                      "Counts of verdicts by label, and how prompts were answered.")
      .def(py::init<std::size_t, const Options&>(), py::arg("partitions"), py::arg("options"))
      .def("add", &add, py::arg("labels"), py::arg("result"), py::arg("prompt"),
           py::arg("truncated"), py::arg("place"), "Counts one row.")
      .def("add_missing_gold", &add_missing_gold, py::arg("labels"), py::arg("place"),
           "Counts a row that nothing can be said about.")
      .def(
          "counts", [](const Tallies& tallies) { return counts_dict(tallies.counts()); },
          "Of all rows.")
      .def("tables", &tables, py::arg("partition"), py::arg("threads"),
           "Name, counts and signatures of each table of a partition.")
      .def(
          "dump", [](const Tallies& tallies) { return py::bytes(tallies.dump()); },
          "What merge() reads.")
      .def(
          "merge",
          [](Tallies& tallies, const py::bytes& dumped) {
            return tallies.merge(std::string_view(dumped));
          },
          py::arg("dumped"), "Adds what another one dumped; False if that is no dump.");
  py::class_<RowScorer>(module, "RowScorer", "Scores lines of JSON, and rows.")
      .def(py::init([](const py::dict& fields, const py::list& by, const py::list& cut_words,
                       const Options& options, const std::string& grader, const py::object& source,
                       const py::object& table, std::uint64_t source_number, bool prompt_within,
                       bool rows) {
             return RowScorer(read_plan(fields, by, cut_words, options, grader, source, table,
                                        source_number, prompt_within, rows));
           }),
           py::kw_only(), py::arg("fields"), py::arg("by"), py::arg("cut_words"),
           py::arg("options"), py::arg("grader"), py::arg("source"), py::arg("table"),
           py::arg("source_number"), py::arg("prompt_within") = false, py::arg("rows"))
      .def("score_lines", &score_lines, py::arg("buffer"), py::arg("size"), py::arg("first_line"),
           py::arg("threads"), py::arg("tallies"), "Scores whole lines on native threads.")
      .def("score_rows", &score_rows, py::arg("rows"), py::arg("golds"), py::arg("threads"),
           py::arg("tallies"), "Scores rows that are read, on native threads.")
      .def_static("line_name", &RowScorer::line_name, py::arg("source_number"), py::arg("line"),
                  "What the samples of a line share that names no prompt.")
      .def_static("place", &RowScorer::place, py::arg("source_number"), py::arg("line"),
                  "Where a line stands among all lines of a run.");
}

}  // namespace pyverify::bindings
