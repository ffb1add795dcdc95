// Draws rows: only those in sight, all text as text.

export function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** The page's own words inside a text: in the page's language, not the text's. */
function aside(text) {
  const node = make("span", "none", text);
  node.lang = document.documentElement.lang;
  return node;
}

/** Where the expressions of the evidence stand in a text: [from, to, kind], in order, without overlap. */
function spans(text, row, side) {
  const k = side === "source" ? 1 : 2;
  const wanted = row.matches.map((m) => [m[k], m[0]]);
  for (const [where, what] of row.missing) if (where === side) wanted.push([what, "missing"]);
  const lower = text.toLowerCase();
  const found = [];
  // Lower case may change lengths; then places would be wrong.
  const hay = lower.length === text.length ? lower : text;
  for (const [what, kind] of wanted) {
    if (!what) continue;
    const needle = hay === lower ? what.toLowerCase() : what;
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
      const to = at + needle.length;
      if (!found.some((f) => at < f[1] && f[0] < to)) { found.push([at, to, kind]); break; }
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

/** Fills a cell: segments with seams between them, the evidence marked where it is asked for. */
function fill(cell, row, side, words, lit) {
  const part = row[side];
  if (part.segments.length === 0) { cell.append(aside(words.none)); return; }
  // Seams where the text shows its segments.
  const seams = new Set();
  if (!part.edited && part.segments.length > 1) {
    let at = 0;
    for (const segment of part.segments.slice(0, -1)) {
      const found = part.text.indexOf(segment.text, at);
      if (found < 0) break;
      at = found + segment.text.length;
      seams.add(at);
    }
  }
  const marks = lit ? spans(part.text, row, side) : [];
  const cuts = [...new Set([0, part.text.length, ...seams, ...marks.flatMap((m) => [m[0], m[1]])])].sort((a, b) => a - b);
  for (let k = 0; k + 1 < cuts.length; k++) {
    if (seams.has(cuts[k])) { const seam = make("span", "seam"); seam.dataset.seam = "‖"; seam.setAttribute("aria-hidden", "true"); seam.textContent = "‖"; cell.append(seam); }
    const text = part.text.slice(cuts[k], cuts[k + 1]);
    const mark = marks.find((m) => m[0] <= cuts[k] && cuts[k + 1] <= m[1]);
    cell.append(mark ? make("mark", mark[2], text) : document.createTextNode(text));
  }
  if (part.cut) cell.append(aside(words.more));
  if (part.edited) cell.classList.add("edited");
}

/**
 * How sure: `good` is what the aligner does not send to review (0.9 unless told otherwise), `bad` what is more likely
 * wrong than right: a confidence is the probability that the row is right.
 */
const sureness = (c) => (c >= 0.9 ? "good" : c >= 0.5 ? "fair" : "bad");

/** One row of the table. */
export function draw(row, words, here, side, lit, langs) {
  const node = make("div", `row ${row.status}`);
  node.setAttribute("role", "row");
  node.setAttribute("aria-rowindex", row.row + 1);
  node.setAttribute("aria-selected", here);
  node.id = `row-${row.row}`;
  node.dataset.row = row.row;
  if (here) node.classList.add("here");
  const c = row.confidence;
  const sure = make("div", `sure ${sureness(c)}`);
  sure.setAttribute("role", "gridcell");
  // What the mark, the colour and the place mean is said in words to those who do not see them.
  const edited = ["source", "target"].filter((s) => row[s].edited).map((s) => `, ${words.wasEdited(words[s])}`).join("");
  sure.append(make("span", "told", `${words.confidence} `), make("b", "", `${(Math.floor(c * 1000) / 10).toFixed(1)} %`), " ",
    make("small", "", `#${row.row + 1}`), " ", make("small", "", words[row.status]), make("span", "told", edited));
  node.append(sure);
  for (const s of ["source", "target"]) {
    const cell = make("div", `cell${here && s === side ? " side" : ""}`);
    cell.setAttribute("role", "gridcell");
    cell.dir = "auto";
    if (langs[s]) cell.lang = langs[s];
    cell.dataset.side = s;
    fill(cell, row, s, words, lit);
    node.append(cell);
  }
  return node;
}

/** Characters (code points) before the caret, if it stands in this cell. */
export function caret(cell) {
  const selection = getSelection();
  if (!selection.isCollapsed || !selection.anchorNode || !cell.contains(selection.anchorNode)) return null;
  let count = 0;
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(".seam, .none")) continue;
    if (node === selection.anchorNode) return count + [...node.data.slice(0, selection.anchorOffset)].length;
    count += [...node.data].length;
  }
  return null;
}

/**
 * A list of any length with only the rows in sight in the page. Heights are measured as rows are seen and guessed
 * before; a browser's greatest height is never reached because the scroll bar stands for a share of the list there.
 */
export class Sight {
  constructor(table, space, layer, show) {
    Object.assign(this, { table, space, layer, show, count: 0, height: 64, first: 0 });
    this.tallest = 8_000_000;
    table.addEventListener("scroll", () => this.plan());
    new ResizeObserver(() => this.plan()).observe(table);
  }
  get full() { return Math.min(this.tallest, Math.max(this.table.clientHeight, this.count * this.height)); }
  set(count) { this.count = count; this.space.style.height = `${this.full}px`; this.plan(); }
  plan() {
    const room = Math.max(1, this.full - this.table.clientHeight);
    const share = Math.min(1, this.table.scrollTop / room);
    const seen = Math.ceil(this.table.clientHeight / this.height);
    this.first = Math.max(0, Math.min(this.count - 1, Math.round(share * Math.max(0, this.count - 1))));
    const from = Math.max(0, this.first - seen - 2);
    this.show(from, Math.min(this.count, this.first + 2 * seen + 4), share);
  }
  /** Puts the drawn rows so that row `first` stands where the scroll bar says. */
  place(share) {
    const node = this.layer.querySelector(`[data-at="${this.first}"]`);
    const offset = node ? node.offsetTop : 0;
    const slack = node ? share * Math.max(0, this.table.clientHeight - node.offsetHeight) : 0;
    this.layer.style.transform = `translateY(${Math.max(this.first === 0 ? 0 : -1e9, this.table.scrollTop - offset + slack)}px)`;
  }
  /** Scrolls so that a row of the list is in sight. */
  reveal(at) {
    const node = this.layer.querySelector(`[data-at="${at}"]`);
    if (node) {
      const box = node.getBoundingClientRect(), frame = this.table.getBoundingClientRect();
      if (box.top >= frame.top && box.bottom <= frame.bottom) return;
    }
    const room = Math.max(0, this.full - this.table.clientHeight);
    this.table.scrollTop = this.count > 1 ? (at / (this.count - 1)) * room : 0;
    this.plan();
  }
}
