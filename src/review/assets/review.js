// The review page: keeps what is shown, asks the program for every change, and never trusts a text.
import { WORDS } from "./words.js";
import { Sight, caret, draw, make } from "./rows.js";

const $ = (id) => document.getElementById(id);
const token = location.pathname.split("/")[1];
/** Characters of a text that the editor shows at once: ten times what fits on a large screen. */
const FIRST_PART = 20_000;
const STATUS = ["unchecked", "needs-review", "accepted", "rejected"];

let lang = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
let words = WORDS[lang];
let status = null;            // where things stand, as the program says
let list = { index: [], confidence: [], status: [] };
let cache = new Map();        // rows by number, for one revision
let here = 0;                 // the row in focus, by its place in the list
let side = "target";
let lit = true;               // evidence shown
let wanted = 0;               // number of the latest request for rows
let busy = Promise.resolve(); // changes go one after the other
let shown = null;
let standing = "saving";      // what the page says about that
let over = false;             // finished: the program is gone
let beating = Promise.resolve();
let begun = 0;                // things under way

/** The table is busy until what was begun is drawn. */
function during(work) {
  const mark = () => $("table").setAttribute("aria-busy", begun > 0);
  begun++;
  mark();
  const failed = () => { saved("lost"); return false; };
  return work.catch(failed).finally(() => { begun--; mark(); });
}

async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Duizhao-Token": token },
    body: JSON.stringify(body ?? {}),
  });
  return { code: answer.status, ...(await answer.json()) };
}

function say(text) { $("message").textContent = text ?? ""; }

/** Tells those who do not see the page what a key did; the same words twice are told twice. */
function tell(text) {
  const node = $("told");
  node.textContent = node.textContent === text ? `${text}\u00a0` : text;
}

function saved(state) {
  standing = state;
  const node = $("saved");
  node.className = state === "saved" ? "" : state === "saving" ? "busy" : "lost";
  node.textContent = words[state];
}

/** Does a change; the page says saved only when the program has it on the disk. */
function change(path, body = {}) {
  busy = during(busy.then(async () => {
    saved("saving");
    say("");
    const before = list.index[here];
    const answer = await post(path, { revision: status.revision, ...body });
    if (answer.status) status = answer.status;
    if (answer.error) say(answer.stale && !status.conflict ? words.stale : answer.error);
    await refresh(answer.error || body.stay ? undefined : (answer.focus ?? before));
    saved("saved");
    if (!answer.error) tell(did(path, body, answer, before));
    return !answer.error;
  }));
  return busy;
}

/** What a change did, in words. */
function did(path, body, answer, before) {
  const turn = { "api/undo": "undone", "api/redo": "redone" }[path];
  if (turn) return answer.focus === null ? words.nothing : `${words[turn]}: ${words.row(answer.focus + 1)}`;
  if (path === "api/realign") return words.realigned;
  if (path !== "api/do") return words.saved;
  if (body.do === "status") return `${words.row(body.row + 1)}: ${words[body.status]}`;
  return `${words.did[body.do]}: ${words.row((answer.focus ?? before ?? 0) + 1)}`;
}

function filter() {
  const query = new URLSearchParams();
  if ($("status").value) query.set("status", $("status").value);
  if ($("below").value !== "") query.set("below", String(Number($("below").value) / 100));
  if ($("find").value) query.set("text", $("find").value);
  return query;
}

/** Reads the list again and keeps the focus on a row of the document. */
async function refresh(row) {
  const answer = await get(`api/list?${filter()}`);
  // Whoever moved on while the list came stays there.
  row ??= list.index[here];
  if (answer.revision !== status.revision) status = await get("api/status");
  list = answer;
  if ($("order").value === "doubt") {
    const order = list.index.map((_, k) => k).sort((a, b) => list.confidence[a] - list.confidence[b] || a - b);
    list = { index: order.map((k) => answer.index[k]), confidence: order.map((k) => answer.confidence[k]), status: order.map((k) => answer.status[k]) };
  }
  cache = new Map();
  here = Math.max(0, list.index.indexOf(row));
  if (row !== undefined && list.index[here] !== row) {
    const at = list.index.findIndex((k) => k >= row);
    here = at < 0 ? Math.max(0, list.index.length - 1) : at;
  }
  frame();
  sight.set(list.index.length);
  sight.reveal(here);
}

/** The languages of the two sides, so that each is read aloud in its own. */
const langs = () => ({ source: status.sourceLang, target: status.targetLang });

function frame() {
  const { counts, rows } = status;
  $("file").textContent = status.file;
  document.title = `${status.file} · duizhao 对照`;
  $("source-head").textContent = `${status.sourceFile} ${status.sourceLang}`;
  $("target-head").textContent = `${status.targetFile} ${status.targetLang}`;
  $("bar").value = rows ? (counts.accepted + counts.rejected) / rows : 1;
  $("bar").setAttribute("aria-label", words.counts(counts, rows));
  $("counts").textContent = words.counts(counts, rows);
  $("undo").disabled = !status.undo;
  $("redo").disabled = !status.redo;
  const notices = $("notices");
  notices.replaceChildren(...status.notices.map((n) => make("p", "", n)));
  if (status.conflict) {
    const line = make("p", "", `${words.conflict} `);
    for (const choose of ["disk", "mine"]) {
      const button = make("button", "", words[choose]);
      button.type = "button";
      button.addEventListener("click", () => change("api/resolve", { choose }));
      line.append(button, " ");
    }
    notices.append(line);
  }
  const formats = $("format");
  if (formats.options.length === 0) {
    formats.append(...status.formats.map((f) => new Option(f.toUpperCase(), f)));
    if (status.memory) formats.append(new Option("", "memory"));
  }
  for (const option of formats.options) if (option.value === "memory") option.textContent = words.memory(status.memory);
  $("table").setAttribute("aria-rowcount", rows);
  $("table").dataset.listed = list.index.length;
}

const sight = new Sight($("table"), $("space"), $("rows"), (from, to, share) => during(show(from, to, share)));

async function show(from, to, share) {
  const mine = ++wanted;
  const numbers = list.index.slice(from, to);
  const absent = numbers.filter((k) => !cache.has(k));
  // The message of the end moves the rows; nobody is there to ask for more.
  if (absent.length && over) return;
  if (absent.length) {
    try {
      const answer = await get(`api/rows?at=${absent.join(",")}`);
      if (answer.revision !== status.revision) { if (mine === wanted) { status = await get("api/status"); await refresh(); } return; }
      for (const row of answer.rows) cache.set(row.row, row);
      if (cache.size > 3000) cache = new Map(answer.rows.map((r) => [r.row, r]));
    } catch { saved("lost"); return; }
  }
  if (mine !== wanted) return;
  shown = { from, to, share };
  paint();
}

function paint() {
  if (!shown) return;
  const nodes = [];
  for (let at = shown.from; at < Math.min(shown.to, list.index.length); at++) {
    const row = cache.get(list.index[at]);
    if (!row) continue;
    const node = draw(row, words, at === here, side, lit && at === here, langs());
    node.dataset.at = at;
    nodes.push(node);
  }
  if (!nodes.length) nodes.push(make("p", "none", words.empty));
  $("rows").replaceChildren(...nodes);
  sight.place(shown.share);
  const number = list.index[here];
  $("table").setAttribute("aria-activedescendant", `row-${number}`);
  why(cache.get(number));
}

/** Evidence, place and surroundings of the row in focus. */
function why(row) {
  const node = $("why");
  node.replaceChildren();
  if (!row || !lit) return;
  const line = (text, name) => node.append(make("p", name, text));
  const kinds = Map.groupBy ? Map.groupBy(row.matches, (m) => m[0]) : row.matches.reduce((map, m) => map.set(m[0], [...(map.get(m[0]) ?? []), m]), new Map());
  for (const [kind, all] of kinds) {
    const p = make("p", "", `${words.kinds[kind] ?? kind}: `);
    all.slice(0, 40).forEach((m, k) => p.append(k ? " · " : "", make("mark", kind, `${m[1]} = ${m[2]}`)));
    node.append(p);
  }
  if (!row.matches.length) line(words.noMatches, "soft");
  for (const [where, what] of row.missing) {
    const p = make("p", "", `${words.missing} `);
    p.append(make("mark", "missing", what), ` (${words[where]})`);
    node.append(p);
  }
  const place = (s) => row[s].segments.map((x) => `${x.part ? `${x.part} ` : ""}${words.place} ${x.line} (${words.blocks[x.kind] ?? x.kind})`).join(", ");
  line(`${words.confidence} ${(row.confidence * 100).toFixed(1)} % · ${words.coverage} ${(row.coverage[0] * 100).toFixed(0)} % / ${(row.coverage[1] * 100).toFixed(0)} % · id ${row.id}`, "soft");
  line(`${words.source}: ${place("source") || "–"} · ${words.target}: ${place("target") || "–"}`, "soft");
  if (row.moved) line(`${words.moved} #${row.moved.row + 1} ${row.moved.text}`);
  for (const note of row.notes) line(note);
  for (const s of ["source", "target"]) if (row[s].edited) line(`${words.originalIs} (${words[s]}): ${row[s].original}`);
  during(around(row.row, node));
}

async function around(number, node) {
  if (over) return;
  const at = [number - 1, number + 1].filter((k) => k >= 0 && k < status.rows);
  if (!at.every((k) => cache.has(k))) {
    // Kept: under a filter the neighbours are not drawn, and asking again at each drawing changes the height of this
    // part, which draws the table anew, without end.
    const answer = await get(`api/rows?at=${at.join(",")}`);
    if (answer.revision !== status.revision) return;
    for (const row of answer.rows) cache.set(row.row, row);
  }
  if (list.index[here] !== number) return;
  for (const row of at.map((k) => cache.get(k)).filter(Boolean)) {
    const cut = (t) => (t.length > 120 ? `${t.slice(0, 120)}…` : t);
    node.append(make("p", "soft", `${row.row < number ? words.before : words.after} #${row.row + 1}: ${cut(row.source.text)} ‖ ${cut(row.target.text)}`));
  }
}

function go(at) {
  if (!list.index.length) return;
  here = Math.max(0, Math.min(list.index.length - 1, at));
  sight.reveal(here);
  paint();
}

/** The most doubtful row that nobody decided about; those to review before the unchecked. */
function doubtful(except) {
  let best = -1, key = Infinity;
  for (let k = 0; k < list.index.length; k++) {
    const s = STATUS[list.status[k]];
    if (list.index[k] === except || s === "accepted" || s === "rejected") continue;
    const value = list.confidence[k] + (s === "needs-review" ? 0 : 2000);
    if (value < key) { key = value; best = k; }
  }
  return best;
}

function next() {
  const at = doubtful(list.index[here]);
  if (at < 0) say(words.done); else go(at);
}

function decide(value, then) {
  const row = list.index[here];
  if (row === undefined) return;
  change("api/do", { do: "status", row, status: value, stay: (r) => r }).then((fine) => { if (fine && then) then(row); });
}

async function split() {
  const row = list.index[here];
  if (row === undefined) return;
  // Right after a change the rows on the page may not be fetched yet.
  const data = cache.get(row) ?? (await get(`api/row?at=${row}`));
  for (const cell of document.querySelectorAll(".row.here .cell")) {
    const at = caret(cell);
    const part = data[cell.dataset.side];
    if (at !== null && at > 0 && at < [...part.text].length) {
      getSelection().removeAllRanges();
      change("api/do", { do: "split-at", row, side: cell.dataset.side, at });
      return;
    }
  }
  const n = data.source.segments.length, m = data.target.segments.length;
  change("api/do", { do: "split", row, source: Math.min(1, n), target: n > 1 || m > 1 ? Math.min(1, m) : 0 });
}

async function edit() {
  const row = list.index[here];
  if (row === undefined) return;
  const data = await get(`api/row?at=${row}`);
  const part = data[side];
  $("editor-label").textContent = `${words.edit}: ${words[side]} #${row + 1}`;
  $("editor-help").textContent = words.editHelp;
  const text = $("text");
  if (langs()[side]) text.lang = langs()[side];
  // A browser takes seconds to set a megabyte in a field: the first part comes first, the rest at a wish.
  let rest = "";
  const load = (whole) => {
    let end = Math.min(whole.length, FIRST_PART);
    if (end < whole.length && /[\uD800-\uDBFF]/.test(whole[end - 1])) end--;
    text.value = whole.slice(0, end);
    rest = whole.slice(end);
    $("edit-rest").hidden = rest === "";
    $("edit-rest").textContent = words.showRest(rest.length);
  };
  const whole = () => text.value + rest;
  load(part.text);
  $("edit-rest").onclick = () => { text.value = whole(); rest = ""; $("edit-rest").hidden = true; text.focus(); };
  $("edit-original").disabled = !part.edited;
  $("edit-original").onclick = () => { load(part.original); text.focus(); };
  const done = () => { const all = whole(); $("editor").close(); text.value = ""; return all; };
  $("edit-save").onclick = () => change("api/do", { do: "edit", row, side, text: done() });
  $("edit-split").onclick = () => during((async () => {
    const at = [...text.value.slice(0, text.selectionStart)].length;
    const all = done();
    if (all !== part.text && !(await change("api/do", { do: "edit", row, side, text: all }))) return;
    await change("api/do", { do: "split-at", row, side, at });
  })());
  $("edit-cancel").onclick = () => $("editor").close();
  $("editor").showModal();
  text.focus();
  text.setSelectionRange(0, 0);
}

$("editor").addEventListener("close", () => $("table").focus());
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); $("edit-save").click(); }
  if (event.code === "KeyS" && event.altKey) { event.preventDefault(); $("edit-split").click(); }
});

function act(key) {
  const row = list.index[here];
  const on = (name, more = {}) => row !== undefined && change("api/do", { do: name, row, ...more });
  switch (key) {
    case "a": decide("accepted", (decided) => { if (list.index[here] === decided) go(here + 1); }); return true;
    case " ": decide("accepted", () => next()); return true;
    case "r": decide("needs-review"); return true;
    case "c": decide("unchecked"); return true;
    case "k": decide(STATUS[list.status[here]] === "rejected" ? "unchecked" : "rejected"); return true;
    case "m": on("merge"); return true;
    case "s": during(split()); return true;
    case "u": on("move", { side, up: true }); return true;
    case "d": on("move", { side, up: false }); return true;
    case "x": on("swap", { side }); return true;
    case "e": during(edit()); return true;
    case "n": next(); return true;
    case "arrowup": go(here - 1); return true;
    case "arrowdown": go(here + 1); return true;
    case "pageup": go(here - 8); return true;
    case "pagedown": go(here + 8); return true;
    case "home": go(0); return true;
    case "end": go(list.index.length - 1); return true;
    case "arrowleft": side = "source"; paint(); tell(words.source); return true;
    case "arrowright": side = "target"; paint(); tell(words.target); return true;
    case "enter": lit = !lit; paint(); tell(lit ? words.evidenceOn : words.evidenceOff); return true;
    case "/": $("find").focus(); return true;
    case "?": $("help").click(); return true;
    default: return false;
  }
}

async function remember() {
  const answer = await post("api/memory", { only: $("only").value });
  say(answer.error ?? words.remembered(answer, status.memory));
}

function realign() {
  change("api/realign").then((fine) => fine && say(words.realigned));
}

document.addEventListener("keydown", (event) => {
  if ($("editor").open || event.isComposing) return;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const path = { r: "api/realign", z: event.shiftKey ? "api/redo" : "api/undo", y: "api/redo" }[key];
    const field = event.target.matches?.("input, textarea, select") && key !== "r";
    if (!path || field) return;
    event.preventDefault();
    if (path === "api/realign") realign();
    else change(path);
    return;
  }
  if (event.altKey) return;
  if (event.target.matches?.("input, textarea, select")) {
    if (event.key === "Escape" || (event.key === "Enter" && event.target.id === "find")) $("table").focus();
    return;
  }
  if (event.target.matches?.("button") && (key === "enter" || key === " ")) return;
  if (act(key)) event.preventDefault();
});

$("rows").addEventListener("mousedown", (event) => {
  const node = event.target.closest(".row");
  if (!node) return;
  const cell = event.target.closest(".cell");
  if (cell) side = cell.dataset.side;
  const at = Number(node.dataset.at);
  if (at !== here) { here = at; paint(); }
  else for (const c of document.querySelectorAll(".row.here .cell")) c.classList.toggle("side", c.dataset.side === side);
  $("table").focus({ preventScroll: true });
});
$("rows").addEventListener("dblclick", () => during(edit()));

const found = async () => { await refresh(); tell(words.rows(list.index.length)); };
for (const id of ["status", "order", "below"]) $(id).addEventListener("change", () => during(found()));
// A search begins when typing rests.
let typed = 0;
$("find").addEventListener("input", () => during((async () => {
  const mine = ++typed;
  await new Promise((rest) => setTimeout(rest, 150));
  if (mine === typed) await found();
})()));
$("next").addEventListener("click", () => { $("table").focus(); next(); });
$("realign").addEventListener("click", realign);
$("undo").addEventListener("click", () => change("api/undo"));
$("redo").addEventListener("click", () => change("api/redo"));
$("accept-above").addEventListener("click", () => change("api/do", { do: "accept-above", confidence: Number($("above").value) / 100 }));
$("save").addEventListener("click", async () => {
  if ($("format").value === "memory") {
    await busy;
    await during(remember());
    return;
  }
  const link = make("a");
  link.href = `api/export?format=${encodeURIComponent($("format").value)}&only=${encodeURIComponent($("only").value)}`;
  link.download = "";
  link.click();
});
$("finish").addEventListener("click", async () => {
  // Nothing may be under way when the program ends.
  over = true;
  await Promise.all([busy, beating]);
  while (begun > 0) await new Promise((r) => setTimeout(r, 20));
  const answer = await post("api/finish").catch(() => null);
  if (!answer || answer.error) {
    over = false;
    if (answer) say(answer.error); else saved("lost");
    return;
  }
  say(words.finished);
  for (const part of document.querySelectorAll("main, aside, .tools")) part.inert = true;
});
$("help").addEventListener("click", () => {
  $("keys").hidden = !$("keys").hidden;
  $("help").setAttribute("aria-expanded", String(!$("keys").hidden));
});
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; speak(); say(""); saved(standing); frame(); paint(); });

/** Puts the words of the language in place. */
function speak() {
  words = WORDS[lang];
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", words[node.dataset.label]);
  $("find").placeholder = words.find;
  $("find").setAttribute("aria-label", words.find);
  $("lang").textContent = words.name;
  $("lang").lang = lang === "zh" ? "en" : "zh-CN";
  const options = (id, pairs) => {
    const value = $(id).value;
    $(id).replaceChildren(...pairs.map(([v, t]) => new Option(t, v)));
    if (pairs.some(([v]) => v === value)) $(id).value = value;
  };
  options("status", [["", words.all], ...STATUS.map((s) => [s, words[s]])]);
  options("order", [["document", words.document], ["doubt", words.doubt]]);
  options("only", [["all", words.onlyAll], ["accepted", words.onlyAccepted]]);
  $("keys").replaceChildren(...words.help.map(([key, what]) => {
    const line = make("div");
    const term = make("dt");
    term.append(make("kbd", "", key));
    line.append(term, make("dd", "", what));
    return line;
  }));
}

async function beat() {
  if (over) return;
  try {
    await post("api/heartbeat");
    const now = await get("api/status");
    if (status && now.revision !== status.revision) { status = now; await refresh(); say(words.stale); }
    if ($("saved").className === "lost") saved("saved");
  } catch { saved("lost"); }
}
setInterval(() => { beating = beating.then(beat); }, 3000);

addEventListener("pagehide", () => {
  if (over) return;
  fetch("api/goodbye", { method: "POST", keepalive: true, body: "{}", headers: { "Content-Type": "application/json", "X-Duizhao-Token": token } });
});

// On a small screen the rows come first.
$("more").open = innerWidth > 640;
matchMedia("(max-width: 640px)").addEventListener("change", (narrow) => { $("more").open = !narrow.matches; });
speak();
status = await get("api/status");
frame();
saved("saved");
post("api/heartbeat");
await refresh(0);
const first = doubtful();
if (first >= 0 && STATUS[list.status[first]] === "needs-review") go(first);
$("table").focus();
