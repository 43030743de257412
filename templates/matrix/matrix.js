"use strict";
// Groups the entries of the page by two axes.  The order of outcomes is worst first, as in the data.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const rank = new Map(data.outcomes.map(({ key }, place) => [key, place]));
const signs = new Map(data.outcomes.map(({ key, sign }) => [key, sign]));
const css = (outcome) => outcome.replaceAll(" ", "-");
const titles = new Map(data.axes.map(({ key, title }) => [key, title]));
const MANY_COLUMNS = 8;
const wrong = ["failed", "broken", "inconclusive"];

const state = { rows: data.rows, columns: data.columns, only: "", find: "", hidden: new Set() };

// ---- building -------------------------------------------------------------------------------------------------
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const worst = (outcomes) =>
  outcomes.filter(Boolean).reduce((least, each) => (least === null || rank.get(each) < rank.get(least) ? each : least), null);

function natural(a, b) {
  if ((a === "–") !== (b === "–")) return a === "–" ? 1 : -1;
  return a.localeCompare(b, "en", { numeric: true, sensitivity: "base" });
}

function summarise(entries) {
  const count = (test) => entries.filter(test).length;
  return {
    entries,
    outcome: worst(entries.map((entry) => entry.outcome)),
    passed: count((entry) => entry.outcome === "passed"),
    total: count((entry) => entry.outcome !== "skipped"),
    fresh: count((entry) => entry.is_new),
    fixed: count((entry) => entry.is_fixed),
    flaky: count((entry) => entry.flaky),
    age: Math.min(...entries.map((entry) => entry.age)),
    trend: data.nights.map((_, night) => worst(entries.map((entry) => entry.trend[night]))),
  };
}

function shown() {
  const words = state.find.toLowerCase().split(/\s+/).filter(Boolean);
  return data.entries.filter((entry) => {
    if (state.hidden.has(entry.outcome)) return false;
    if (state.only === "wrong" && !wrong.includes(entry.outcome)) return false;
    if (state.only === "new" && !entry.is_new) return false;
    if (state.only === "fixed" && !entry.is_fixed) return false;
    if (state.only === "flaky" && !entry.flaky) return false;
    if (!words.length) return true;
    const text = [entry.test, entry.title, entry.reason, ...Object.values(entry.axes)].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function pivot(entries) {
  const groups = new Map();
  for (const entry of entries) {
    const key = JSON.stringify([entry.axes[state.rows], entry.axes[state.columns]]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(entry);
  }
  const distinct = (axis) => [...new Set(entries.map((entry) => entry.axes[axis]))].sort(natural);
  return {
    rows: distinct(state.rows),
    columns: distinct(state.columns),
    cell: (row, column) => groups.get(JSON.stringify([row, column])),
  };
}

// ---- drawing --------------------------------------------------------------------------------------------------
function trend(outcomes) {
  const squares = outcomes.map((outcome, night) =>
    element("i", { class: outcome ? css(outcome) : "absent", title: `${data.nights[night]}: ${outcome ?? "not run"}` }));
  const spoken = outcomes.map((outcome) => outcome ?? "not run").join(", ");
  return element("span", { class: "trend", role: "img", "aria-label": `last runs, oldest first: ${spoken}` }, ...squares);
}

function spoken(row, column, cell) {
  const parts = [`${row} × ${column}: ${cell.outcome}, ${cell.passed} of ${cell.total} passed`];
  if (cell.fresh) parts.push(`${cell.fresh} new today`);
  if (cell.fixed) parts.push(`${cell.fixed} fixed today`);
  if (cell.flaky) parts.push(`${cell.flaky} flaky`);
  if (cell.age) parts.push(`last tested ${cell.age} runs ago`);
  return parts.join(", ");
}

function cellButton(row, column, entries) {
  const cell = summarise(entries);
  const what = element("span", { class: "what" },
    element("span", { class: "sign" }, signs.get(cell.outcome)),
    element("span", { class: "ratio" }, `${cell.passed}/${cell.total}`));
  const below = element("span", { class: "below" }, trend(cell.trend));
  if (cell.fresh) below.append(element("span", { class: "mark", title: `${cell.fresh} new today` }, `▼${cell.fresh}`));
  if (cell.fixed) below.append(element("span", { class: "mark", title: `${cell.fixed} fixed today` }, `▲${cell.fixed}`));
  if (cell.flaky) below.append(element("span", { class: "mark", title: `${cell.flaky} flaky` }, "≈"));
  if (cell.age) below.append(element("span", { class: "ago" }, `${cell.age} ago`));
  const button = element("button",
    { type: "button", class: `cell is-${css(cell.outcome)}${cell.age ? " old" : ""}`, tabindex: "-1",
      "aria-label": spoken(row, column, cell), "aria-haspopup": "dialog" }, what, below);
  button.addEventListener("click", () => openDetails(row, column, cell));
  return button;
}

function draw() {
  const entries = shown();
  const matrix = pivot(entries);
  const table = byId("matrix");
  table.className = matrix.columns.length > MANY_COLUMNS ? "many" : "";
  const corner = element("th", { class: "corner", scope: "col" }, `${titles.get(state.rows)} ╲ ${titles.get(state.columns)}`);
  const head = matrix.columns.map((name) => element("th", { class: "column", scope: "col", title: name }, element("span", {}, name)));
  const body = matrix.rows.map((row) => element("tr", {},
    element("th", { scope: "row", title: row }, element("span", {}, row)),
    ...matrix.columns.map((column) => {
      const found = matrix.cell(row, column);
      return found ? element("td", {}, cellButton(row, column, found))
        : element("td", { class: "nothing", "aria-label": `${row} × ${column}: nothing tested` }, "·");
    })));
  table.replaceChildren(element("thead", {}, element("tr", {}, corner, ...head)), element("tbody", {}, ...body));
  table.querySelector("button.cell")?.setAttribute("tabindex", "0");
  table.parentElement.hidden = !entries.length;
  byId("empty").hidden = Boolean(entries.length);
  drawPrinted(entries);
}

function result(entry) {
  const heading = element("h3", {},
    element("span", { class: `badge is-${css(entry.outcome)}` }, `${signs.get(entry.outcome)} ${entry.outcome}`),
    element("span", {}, entry.title),
    element("span", { class: "case" }, entry.axes.case));
  if (entry.is_new) heading.append(element("span", { class: "case" }, "▼ new today"));
  if (entry.is_fixed) heading.append(element("span", { class: "case" }, "▲ fixed today"));
  if (entry.flaky) heading.append(element("span", { class: "case" }, "≈ flaky"));
  if (entry.known_issue && entry.outcome === "passed") {
    heading.append(element("span", { class: "case" }, `passes although listed as ${entry.known_issue}`));
  }
  const links = element("div", { class: "links" }, trend(entry.trend));
  if (entry.age) links.append(element("span", {}, `result of ${entry.run}, ${entry.age} runs ago`));
  if (entry.allure) links.append(element("a", { href: entry.allure }, "result in the report"));
  if (entry.evidence) links.append(element("a", { href: entry.evidence, title: entry.evidence_path }, entry.thinned ? "evidence (thinned)" : "evidence"));
  else links.append(element("span", {}, "evidence no longer kept"));
  const parts = [heading, element("code", {}, entry.test)];
  if (entry.reason) parts.push(element("pre", {}, entry.reason));
  return element("article", { class: "result" }, ...parts, links);
}

const worstFirst = (entries) =>
  [...entries].sort((a, b) => rank.get(a.outcome) - rank.get(b.outcome) || natural(a.test, b.test));

function openDetails(row, column, cell) {
  byId("details-title").textContent = `${row} × ${column}`;
  byId("details-counts").textContent = spoken(row, column, cell).replace(`${row} × ${column}: `, "");
  byId("details-body").replaceChildren(...worstFirst(cell.entries).map(result));
  byId("details").showModal();
  byId("details-body").scrollTop = 0;
}

function drawPrinted(entries) {
  const listed = worstFirst(entries.filter((entry) => !["passed", "skipped"].includes(entry.outcome)));
  const title = listed.length ? "What did not pass" : "Everything that ran passed";
  byId("printed").replaceChildren(element("h2", {}, title), ...listed.map(result));
}

// ---- controls -------------------------------------------------------------------------------------------------
function drawCounts() {
  const current = data.entries.filter((entry) => entry.age === 0);
  byId("counts").replaceChildren(...data.outcomes.map(({ key, sign }) => {
    const number = current.filter((entry) => entry.outcome === key).length;
    const button = element("button",
      { type: "button", class: `count is-${css(key)}`, "aria-pressed": String(!state.hidden.has(key)) },
      element("span", { "aria-hidden": "true" }, sign), element("b", {}, String(number)), ` ${key}`);
    button.addEventListener("click", () => {
      if (!state.hidden.delete(key)) state.hidden.add(key);
      button.setAttribute("aria-pressed", String(!state.hidden.has(key)));
      draw();
    });
    return button;
  }));
  const count = (name) => current.filter((entry) => entry[name]).length;
  const old = data.entries.length - current.length;
  byId("since").textContent = data.nights.length > 1
    ? `since the last run: ▼ ${count("is_new")} new · ▲ ${count("is_fixed")} fixed · ≈ ${count("flaky")} flaky${old ? ` · ${old} not run today` : ""}`
    : "first run of this lab";
}

function drawLegend() {
  const outcome = ({ key, sign }) => element("li", {}, element("span", { class: `sign is-${css(key)}` }, sign), ` ${key}`);
  const text = (sign, words) => element("li", {}, element("b", {}, sign), ` ${words}`);
  byId("legend").replaceChildren(...data.outcomes.map(outcome), text("12/14", "passed of those run"),
    text("▼", "new today"), text("▲", "fixed today"), text("≈", "flaky"), text("■■■", `last ${data.nights.length} runs`),
    element("li", {}, element("span", { class: "sign cell is-passed old" }, "✓"), " not run today"));
}

function fillAxes() {
  for (const which of ["rows", "columns"]) {
    const options = data.axes.map(({ key, title }) => element("option", { value: key }, title));
    byId(which).replaceChildren(...options);
    byId(which).value = state[which];
    byId(which).addEventListener("change", () => choose({ [which]: byId(which).value }));
  }
}

function choose(changes) {
  Object.assign(state, changes);
  byId("rows").value = state.rows;
  byId("columns").value = state.columns;
  history.replaceState(null, "", `#rows=${state.rows}&columns=${state.columns}`);
  draw();
}

function readAddress() {
  const chosen = new URLSearchParams(location.hash.slice(1));
  for (const which of ["rows", "columns"]) {
    if (titles.has(chosen.get(which))) state[which] = chosen.get(which);
  }
}

function moveFocus(event) {
  const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const from = event.target.closest("td");
  if (!moves[event.key] || !from) return;
  const rows = [...byId("matrix").tBodies[0].rows];
  let [row, column] = [rows.indexOf(from.parentElement), from.cellIndex];
  for (;;) {
    [row, column] = [row + moves[event.key][0], column + moves[event.key][1]];
    const button = rows[row]?.cells[column]?.querySelector?.("button.cell");
    if (!rows[row]?.cells[column] || column < 1) return;
    if (button) {
      event.preventDefault();
      event.target.tabIndex = -1;
      button.tabIndex = 0;
      button.focus();
      return;
    }
  }
}

readAddress();
fillAxes();
drawCounts();
drawLegend();
draw();
byId("swap").addEventListener("click", () => choose({ rows: state.columns, columns: state.rows }));
byId("only").addEventListener("change", () => choose({ only: byId("only").value }));
byId("find").addEventListener("input", () => choose({ find: byId("find").value }));
byId("controls").addEventListener("submit", (event) => event.preventDefault());
byId("matrix").addEventListener("keydown", moveFocus);
byId("close").addEventListener("click", () => byId("details").close());
byId("details").addEventListener("click", (event) => { if (event.target === byId("details")) byId("details").close(); });
