"use strict";
// Everything that came from the run is text: it is only ever set as textContent, and elements are
// made by name from the lists below.
(() => {
  const PAGE = 50;
  const MATHML = "http://www.w3.org/1998/Math/MathML";
  const ELEMENTS = new Set([
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msup", "msub",
    "msubsup", "mover", "munder", "munderover", "mtable", "mtr", "mtd",
  ]);
  const ATTRIBUTES = new Set([
    "accent", "columnalign", "linethickness", "lspace", "mathvariant", "rspace", "stretchy", "width",
  ]);

  const byId = (id) => document.getElementById(id);
  const rows = JSON.parse(byId("rows").textContent);
  const names = JSON.parse(byId("names").textContent);
  const number = new Intl.NumberFormat("en");

  function make(name, style, ...parts) {
    const element = document.createElement(name);
    if (style) element.className = style;
    element.append(...parts.filter((part) => part !== null));
    return element;
  }

  // [name, attributes?, ...parts] as MathML; null for anything else.
  function maths(tree) {
    if (!Array.isArray(tree) || !ELEMENTS.has(tree[0])) return null;
    const element = document.createElementNS(MATHML, tree[0]);
    for (const part of tree.slice(1)) {
      if (typeof part === "string") {
        element.append(part);
      } else if (Array.isArray(part)) {
        const inner = maths(part);
        if (inner) element.append(inner);
      } else {
        for (const [key, value] of Object.entries(part)) {
          if (ATTRIBUTES.has(key)) element.setAttribute(key, value);
        }
      }
    }
    return element;
  }

  function words(code) {
    return code.replaceAll("_", " ");
  }

  // ---- one row
  function value(tree, text, none) {
    if (tree) return make("span", "maths", maths(tree));
    return text ? make("bdi", "plain-text", text) : make("span", "none", none);
  }

  function summary(row) {
    const line = make("summary", "");
    line.append(make("span", `chip ${row.status}`, names[row.status] ?? row.status));
    line.append(make("span", "pair",
      make("span", "side", make("span", "label", "answer "), value(row.answerMaths, row.answer, "none")),
      make("span", "side", make("span", "label", "gold "), value(row.goldMaths, row.gold, "none"))));
    const where = make("span", "where", make("bdi", "", row.id));
    if (row.dataset) where.append(" · ", make("bdi", "", row.dataset));
    line.append(where, make("span", "why", words(row.reason ?? "")));
    return line;
  }

  function response(row) {
    const text = make("pre", "response");
    text.tabIndex = 0;
    text.setAttribute("aria-label", "Response");
    for (const piece of row.response ?? []) {
      if (typeof piece === "string") {
        text.append(piece);
      } else if ("mark" in piece) {
        text.append(make("mark", "", piece.mark));
      } else {
        text.append(make("span", "gap", `${number.format(piece.gap)} characters left out`));
      }
    }
    if (!row.response?.length) text.append(make("span", "none", "empty"));
    return text;
  }

  function reading(title, tree, form, text) {
    const box = make("div", "reading", make("h3", "", title));
    if (tree) {
      const block = maths(tree);
      block.setAttribute("display", "block");
      box.append(make("div", "maths", block));
    } else if (form) {
      box.append(make("p", "form", make("bdi", "", form)));
    }
    box.append(text ? make("p", "source", make("bdi", "", text)) : make("p", "none", "none"));
    return box;
  }

  function command(row) {
    const code = make("code", "", row.command);
    const button = make("button", "", "Copy");
    button.type = "button";
    button.setAttribute("aria-label", "Copy the command");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(row.command);
        button.textContent = "Copied";
      } catch {
        // Where the clipboard is closed to pages, the command is at least selected.
        getSelection().selectAllChildren(code);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    return make("div", "command", code, button);
  }

  function part(title, ...content) {
    return make("div", "part", make("h3", "", title), ...content);
  }

  function body(row) {
    const box = make("div", "body");
    const facts = [`line ${number.format(row.line)} of ${row.source ?? "the input"}`];
    if (row.sample !== undefined) facts.push(`sample ${row.sample}`);
    facts.push(`${number.format(row.length ?? 0)} characters`);
    if (row.truncated) facts.push("cut off");
    box.append(make("p", "facts", make("bdi", "", facts.join(" · "))));
    if (row.problem) box.append(part("Problem", make("p", "problem", row.problem)));
    const marked = (row.response ?? []).some((piece) => typeof piece === "object" && "mark" in piece);
    const note = marked ? "Response, the answer marked" : "Response";
    box.append(part(note, response(row)));
    box.append(make("div", "readings",
      reading("Answer", row.answerMaths, row.answerForm, row.answer),
      reading("Gold", row.goldMaths, row.goldForm, row.gold)));
    const why = make("p", "verdict", make("span", `chip ${row.status}`, names[row.status] ?? ""),
      ` ${words(row.reason ?? "")}`);
    if (row.difference) why.append(": ", make("bdi", "", row.difference));
    box.append(part("Verdict", why));
    if (row.command) box.append(part("Explain it again", command(row)));
    return box;
  }

  function element(row) {
    const details = make("details", `row ${row.status}`, summary(row));
    details.addEventListener("toggle", () => {
      // Long texts are only made for rows that somebody opens.
      if (details.open && details.childElementCount === 1) details.append(body(row));
    });
    return details;
  }

  // ---- filters
  const text = byId("text");
  const reason = byId("reason");
  const dataset = byId("dataset");
  const boxes = new Map();
  let matching = rows;
  let shown = 0;

  function haystack(row) {
    row.hay ??= [
      row.id, row.dataset, row.source, row.problem, row.answer, row.gold, row.difference, row.reason,
      ...(row.response ?? []).map((piece) => (typeof piece === "string" ? piece : piece.mark)),
    ].join("\n").toLowerCase();
    return row.hay;
  }

  function showMore(focus) {
    const list = byId("list");
    const made = matching.slice(shown, shown + PAGE).map(element);
    list.append(...made);
    shown += made.length;
    byId("more").hidden = shown >= matching.length;
    const all = matching.length === 1 ? "1 response" : `${number.format(matching.length)} responses`;
    byId("count").textContent = matching.length === 0
      ? "No response matches." : `${all}, ${number.format(shown)} shown.`;
    if (focus && made.length) made[0].firstElementChild.focus();
  }

  function apply() {
    const wanted = text.value.trim().toLowerCase();
    matching = rows.filter((row) =>
      (boxes.get(row.status)?.checked ?? true) &&
      (!reason.value || row.reason === reason.value) &&
      (!dataset.value || row.dataset === dataset.value) &&
      (!wanted || haystack(row).includes(wanted)));
    byId("list").replaceChildren();
    shown = 0;
    showMore(false);
  }

  function counted(key) {
    const counts = new Map();
    for (const row of rows) if (row[key]) counts.set(row[key], (counts.get(row[key]) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  function choices(select, key) {
    const found = counted(key);
    for (const [name, count] of found) {
      const option = make("option", "", `${key === "reason" ? words(name) : name} (${number.format(count)})`);
      option.value = name;
      select.append(option);
    }
    return found.length;
  }

  function prepare() {
    const counts = new Map(counted("status"));
    for (const [status, name] of Object.entries(names)) {
      if (!counts.has(status)) continue;
      const box = make("input", "");
      box.type = "checkbox";
      box.checked = true;
      box.value = status;
      boxes.set(status, box);
      byId("statuses").append(
        make("label", `pill ${status}`, box, `${name} `, make("b", "", number.format(counts.get(status)))));
    }
    choices(reason, "reason");
    byId("dataset-field").hidden = choices(dataset, "dataset") < 2;
    let waiting = 0;
    text.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    // Not for the text: it changes once more when it loses the focus, to a row that is clicked.
    for (const element of [reason, dataset, ...boxes.values()]) {
      element.addEventListener("change", apply);
    }
    byId("filters").addEventListener("submit", (event) => { event.preventDefault(); apply(); });
    byId("reset").addEventListener("click", () => {
      text.value = reason.value = dataset.value = "";
      for (const box of boxes.values()) box.checked = true;
      apply();
    });
    byId("more").addEventListener("click", () => showMore(true));
    byId("filters").hidden = false;
    byId("unlisted").hidden = true;
    apply();
  }

  prepare();
})();
