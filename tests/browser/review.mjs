// The sample letter: find what is doubtful, mend it with keys, save, and see that the files hold exactly that.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browse, folder, open, press, program, serve, settled } from "./desk.mjs";

const desk = folder();
for (const lang of ["zh", "en"]) copyFileSync(join(process.env.SAMPLES, `A-61-1006.${lang}.txt`), join(desk, `letter.${lang}.txt`));
execFileSync(program, ["align", "-q", "letter.zh.txt", "letter.en.txt", "-o", "letter.jsonl"], { cwd: desk });
const file = join(desk, "letter.jsonl");
const lines = (path = file) => readFileSync(path, "utf8").trimEnd().split("\n").slice(1).map((l) => JSON.parse(l));
const texts = (rows, side) => rows.flatMap((r) => r[side].map((p) => p.text));
const rowText = (r, side, joiner) => r[`${side}_text`] ?? r[side].map((p) => p.text).join(joiner);
const before = lines();
const allSource = texts(before, "source");
const allTarget = texts(before, "target");

const server = await serve(desk, "letter.jsonl");
const browser = await browse();
const { page, trouble } = await open(browser, server.address);
const here = async () => Number(await page.getAttribute(".row.here", "data-row"));
const status = () => page.evaluate(async () => (await fetch("api/status")).json());
const row = (k) => page.evaluate(async (k) => (await fetch(`api/row?at=${k}`)).json(), k);
const goTo = async (k) => {
  await page.keyboard.press("Home");
  for (let i = 0; i < k; i++) await page.keyboard.press("ArrowDown");
  await settled(page);
  assert.equal(await here(), k);
};
const onDisk = async (test, what) => {
  for (let i = 0; i < 60; i++) {
    if (test(lines())) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`the file does not hold: ${what}`);
};
const listed = (n) => page.waitForFunction((n) => document.querySelector("#table").dataset.listed === String(n), n);
const conserved = (rows) => {
  assert.deepEqual(texts(rows, "source").join("|"), allSource.join("|"));
  assert.deepEqual(texts(rows, "target").join("|"), allTarget.join("|"));
};

// The page opens at the most doubtful row of those to review.
const doubtful = before.map((r, k) => [r.confidence, k, r.status]).filter((r) => r[2] === "needs-review").sort((a, b) => Math.floor(a[0] * 1000) - Math.floor(b[0] * 1000) || a[1] - b[1]);
if (doubtful.length) assert.equal(await here(), doubtful[0][1], "opens at the most doubtful");
await page.selectOption("#status", "needs-review");
await listed(doubtful.length);
assert.equal(await page.evaluate(async () => (await (await fetch("api/list?status=needs-review")).json()).index.length), doubtful.length);
await page.selectOption("#status", "");
await listed(before.length);
await page.focus("#table");
if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "1280.png") });

// Merge, and take it back exactly.
const merged = before.findIndex((r, k) => k > 2 && [r, before[k + 1]].every((x) => x.source.length === 1 && x.target.length === 1));
await goTo(merged);
const two = [await row(merged), await row(merged + 1)];
await press(page, "m");
assert.equal((await status()).rows, before.length - 1);
assert.equal((await row(merged)).source.segments.length, two[0].source.segments.length + two[1].source.segments.length);
await onDisk((rows) => rows.length === before.length - 1, "the merged row");
conserved(lines());
await press(page, "Control+z");
assert.deepEqual(await row(merged), two[0]);
await onDisk((rows) => JSON.stringify(rows) === JSON.stringify(before), "the rows as they were");
await press(page, "Control+y");
assert.equal((await status()).rows, before.length - 1);
// Split it again by the segment.
await press(page, "s");
assert.equal((await status()).rows, before.length);
conserved((await onDisk((rows) => rows.length === before.length, "the split rows"), lines()));

// Move the last target segment down and up again.
const long = before.findIndex((r, k) => k > 6 && r.target.length >= 1 && r.source.length >= 1 && before[k + 1]?.target.length >= 1);
await goTo(long);
const mover = (await row(long)).target.segments.length;
await press(page, "ArrowRight", "d");
assert.equal((await row(long)).target.segments.length, mover - 1);
assert.equal((await row(long + 1)).target.segments.length, before[long + 1].target.length + 1);
await goTo(long + 1);
await press(page, "u");
assert.equal((await row(long)).target.segments.length, mover);

// Split at the caret in the editor, then undo.
const sentence = before.findIndex((r, k) => k > long + 3 && r.source.length === 1 && r.target.length === 1 && r.source[0].text.length > 12);
await goTo(sentence);
await page.keyboard.press("ArrowLeft");
await page.keyboard.press("e");
await page.waitForSelector("#editor[open]");
await page.evaluate(() => document.querySelector("#text").setSelectionRange(6, 6));
await press(page, "Alt+s");
assert.equal((await status()).rows, before.length + 1);
assert.equal([...(await row(sentence)).source.text].length, 6);
await press(page, "Control+z");
assert.equal((await status()).rows, before.length);

// Edit: the original stays in the file.
await goTo(sentence);
await page.keyboard.press("ArrowRight");
await page.keyboard.press("e");
await page.waitForSelector("#editor[open]");
await page.fill("#text", "A sentence & <b>mended</b> by hand.");
await press(page, "Control+Enter", "a");
// Delete the first row, mark another, accept two.
await goTo(0);
await press(page, "k");
await goTo(1);
await press(page, "r");
await goTo(2);
await press(page, "a");
await onDisk((rows) => rows[sentence].target_text === "A sentence & <b>mended</b> by hand." && rows[sentence].status === "accepted"
  && rows[0].status === "rejected" && rows[1].status === "needs-review" && rows[2].status === "accepted", "edit and decisions");
conserved(lines());
// Nothing else changed: what was touched waits for review, every text and segment is where it was.
const decided = { [sentence]: "accepted", 0: "rejected", 1: "needs-review", 2: "accepted" };
const touched = [merged, merged + 1, long, long + 1];
lines().forEach((r, k) => {
  const expected = decided[k] ?? (touched.includes(k) ? "needs-review" : before[k].status);
  assert.equal(r.status, expected, `the status of row ${k}`);
  assert.deepEqual([r.source, r.target], [before[k].source, before[k].target], `the segments of row ${k}`);
  assert.deepEqual([r.source_text, r.target_text], [undefined, k === sentence ? "A sentence & <b>mended</b> by hand." : undefined]);
});

// Realign around what is decided: pins stay, nothing is lost.
await press(page, "Control+r");
assert.equal(await page.textContent("#message"), "Realigned.");
await page.click("#next");
let pins = 0;
await onDisk((rows) => {
  pins = rows.filter((r) => r.status === "accepted" || r.status === "rejected").length;
  return pins === 3 && rows.some((r) => r.target_text === "A sentence & <b>mended</b> by hand.");
}, "the pins after realigning");
conserved(lines());

// Two windows: the second is told and changes nothing, then goes on.
const other = await open(browser, server.address);
await press(page, "Home", "c");
const now = (await status()).revision;
const stale = await other.page.evaluate(async (revision) => {
  const token = location.pathname.split("/")[1];
  return (await fetch("api/do", { method: "POST", headers: { "Content-Type": "application/json", "X-Duizhao-Token": token }, body: JSON.stringify({ revision, do: "merge", row: 0 }) })).status;
}, now - 1);
assert.equal(stale, 409);
await other.page.close();
await press(page, "k");

// Search in both languages.
for (const word of ["阿塞拜疆", "azerbaijan"]) {
  await page.fill("#find", word);
  await settled(page);
  const shown = await page.$$eval("#rows .row", (rows) => rows.map((r) => r.textContent.toLowerCase()));
  assert.ok(shown.length > 0 && shown.every((t) => t.includes(word)), word);
}
await page.fill("#find", "");
await listed((await status()).rows);
await settled(page);

// Save as TMX: all that is not deleted and has two sides, and only what is accepted.
const download = async (format, only) => {
  await page.selectOption("#format", format);
  await page.selectOption("#only", only);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  return readFileSync(await file.path());
};
const run = (...args) => execFileSync(program, args, { cwd: desk });
const xml = (t) => t.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"');
const pairs = (tmx) => [...tmx.matchAll(/<tu[ >][^]*?<\/tu>/g)].map((tu) => [...tu[0].matchAll(/<seg>([^]*?)<\/seg>/g)].map((s) => xml(s[1])));
await onDisk((rows) => rows[0].status === "rejected", "the deleted row");
const rows = lines();
const accepted = rows.filter((r) => r.status === "accepted").map((r) => [rowText(r, "source", ""), rowText(r, "target", " ")]);
assert.deepEqual(pairs(String(await download("tmx", "accepted"))), accepted);
assert.equal(accepted.length, 2);
const kept = rows.filter((r) => r.status !== "rejected" && r.source.length && r.target.length).map((r) => [rowText(r, "source", ""), rowText(r, "target", " ")]);
const all = pairs(String(await download("tmx", "all"))).map((p) => p.join("\t"));
for (const pair of kept) assert.ok(all.includes(pair.join("\t")), pair.join("\t"));
assert.equal(all.length, kept.length + rows.filter((r) => r.moved_to !== undefined && !r.source.length).length);
// The page's files are those that the program itself makes of the alignment, for all rows and for the accepted ones.
const [head] = readFileSync(file, "utf8").split("\n");
const only = lines().filter((r) => r.status === "accepted").map((r) => ({ ...r, moved_to: undefined }));
writeFileSync(join(desk, "accepted.jsonl"), [head, ...only.map((r) => JSON.stringify(r))].join("\n") + "\n");
for (const [which, from] of [["all", "letter.jsonl"], ["accepted", "accepted.jsonl"]]) {
  // Chromium asks before the eleventh download of a page.
  for (const [format, ...options] of [["tmx"], ["csv", "--bom"]]) {
    run("convert", "-q", from, `own.${format}`, ...options);
    assert.ok(readFileSync(join(desk, `own.${format}`)).equals(await download(format, which)), `${format} of ${which} rows`);
  }
  writeFileSync(join(desk, "page.xlsx"), await download("xlsx", which));
  run("convert", "-q", "page.xlsx", "page.tsv");
  run("convert", "-q", from, "own.tsv");
  const cells = (name) => readFileSync(join(desk, name), "utf8").split("\n").map((l) => l.split("\t").slice(0, 3).join("\t"));
  assert.deepEqual(cells("page.tsv"), cells("own.tsv"), `workbook of ${which} rows`);
}
// Straight into the memory: the accepted pairs and nothing else; a second time nothing new.
const remember = async () => {
  await page.click("#save");
  await settled(page);
  return page.textContent("#message");
};
await page.selectOption("#format", "memory");
assert.equal(await remember(), "memory.db: 2 added, 0 known.");
assert.equal(await remember(), "memory.db: 0 added, 2 known.");
run("tm", "export", "memory.tmx");
assert.deepEqual(pairs(readFileSync(join(desk, "memory.tmx"), "utf8")).sort(), [...accepted].sort());
await page.selectOption("#format", "tmx");

// The keyboard reaches every control, and comes back.
const reached = new Set();
for (let k = 0; k < 60; k++) {
  await page.keyboard.press("Tab");
  reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName));
}
const controls = await page.$$eval("button, select, input, #table", (all) => all.filter((n) => !n.disabled && n.offsetParent && !n.closest("dialog")).map((n) => n.id));
assert.deepEqual(controls.filter((id) => !reached.has(id)), []);
// What a screen reader is told: the row in focus, its number of all, its cells; no broken rule that a machine can see.
await page.focus("#table");
await press(page, "Home", "ArrowDown");
const told = await page.evaluate(() => {
  const table = document.querySelector("#table"), row = document.getElementById(table.getAttribute("aria-activedescendant"));
  return [document.activeElement === table, row.getAttribute("role"), row.getAttribute("aria-rowindex"), row.getAttribute("aria-selected"), row.querySelectorAll("[role=gridcell]").length, table.getAttribute("aria-rowcount")];
});
assert.deepEqual(told, [true, "row", "2", "true", 3, String((await status()).rows)]);
const axe = readFileSync(join(process.cwd(), "node_modules/axe-core/axe.min.js"), "utf8");
const accessible = async (what) => {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  assert.ok(passes.length > 15, `${passes.length} rules looked at`);
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`), [], what);
};
await accessible("light");

// The keys are shown; the other language; dark; 400 pixels without scrolling sideways.
await page.focus("#table");
await page.keyboard.press("?");
assert.ok(await page.isVisible("#keys"));
await accessible("with the keys");
for (const key of ["U", "D", "S", "M", "E", "A", "R", "K"]) assert.ok((await page.textContent("#keys")).includes(key));
await page.keyboard.press("?");
await page.click("#lang");
assert.equal(await page.textContent("#next"), "下一个可疑 (N)");
assert.equal(await page.textContent("#saved"), "已保存");
await page.emulateMedia({ colorScheme: "dark" });
await accessible("dark, in Chinese");
await page.focus("#table");
await press(page, "e");
await page.waitForSelector("#editor[open]");
await accessible("the editor");
await press(page, "Escape");
if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "1280-dark-zh.png") });
await page.emulateMedia({ colorScheme: "light" });
await page.click("#lang");
await page.setViewportSize({ width: 400, height: 800 });
await settled(page);
assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 400), "no sideways scrolling");
assert.ok(!(await page.isVisible("#realign")), "the tools are folded");
await page.click("#more summary");
assert.ok(await page.isVisible("#realign"));
assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 400), "no sideways scrolling with the tools");
await page.click("#more summary");
await page.focus("#table");
await press(page, "n");
if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "400.png") });
await page.click("#finish");
assert.equal(await server.ended, 0);
await page.waitForFunction(() => document.querySelector("#message").textContent.startsWith("Finished"));
assert.deepEqual(trouble, []);
const tmx = join(desk, "letter.tmx");
execFileSync(program, ["convert", "letter.jsonl", "letter.tmx"], { cwd: desk });
assert.deepEqual(pairs(readFileSync(tmx, "utf8")).map((p) => p.join("\t")), all);
writeFileSync(join(desk, "done"), "");

// With --exit-when-closed the program ends when its page is gone.
const closing = await serve(desk, "letter.jsonl", "--exit-when-closed");
const last = await open(browser, closing.address);
await last.page.waitForTimeout(300);
await last.page.close({ runBeforeUnload: false });
assert.equal(await Promise.race([closing.ended, new Promise((r) => setTimeout(() => r("still there"), 20000))]), 0);
await browser.close();
console.log("review: fine");
