// A document that means harm: scripts in the text, bidi controls, cells of a megabyte, fifty thousand rows.
import assert from "node:assert/strict";
import { writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { browse, folder, open, press, serve } from "./desk.mjs";

const desk = folder();
const nasty = [
  "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "javascript:alert(3)", "</title><svg onload=alert(4)>",
  "\u202Eevil\u202C \u2066x\u2069 \u200F", "{{constructor}} ${alert(5)}", "\u0000\u0007\uFFFE",
];
const part = (text, k) => ({ text, block: k, kind: "paragraph", line: k + 1, bytes: [0, 0] });
const rows = [];
for (let k = 0; k < 50_000; k++) {
  const bad = nasty[k % nasty.length];
  const big = k === 100 || k === 101;
  const source = big ? "汉".repeat(350_000) : `${bad} 第${k}句`;
  const target = big ? "word ".repeat(210_000) : `${bad} sentence ${k}`;
  rows.push({
    id: k === 5 ? nasty[0] : `id${k}`, source: [part(source, k)], target: [part(target, k)], score: 0,
    confidence: (k % 1000) / 1000, status: k % 5 ? "unchecked" : "needs-review",
    evidence: { matches: [["word", bad, bad]], missing: [["source", nasty[1]]], notes: [nasty[1]] }, notes: [nasty[0]],
  });
}
const header = { duizhao: 1, source_lang: "zh-CN", target_lang: "en-US", header: [["source-file", "../../../../etc/passwd"], ["source-digest", "0"], ["target-file", nasty[0]], ["target-digest", nasty[1]]], notes: [nasty[0]] };
const file = join(desk, "hostile.jsonl");
writeFileSync(file, [header, ...rows].map((r) => JSON.stringify(r)).join("\n") + "\n");

const server = await serve(desk, "hostile.jsonl");
const browser = await browse();
const { page, trouble } = await open(browser, server.address);
assert.equal(await page.evaluate(() => document.querySelectorAll("#rows script, #rows img, #rows svg, #why img, #why script").length), 0);
// Anywhere in the list, only what is in sight is drawn, and the page answers.
const seen = [];
for (const key of ["End", "Home", "PageDown", "PageDown"]) {
  const start = Date.now();
  await press(page, key);
  await page.waitForTimeout(150);
  seen.push(Number(await page.getAttribute(".row.here", "data-row")));
  assert.ok((await page.$$("#rows .row")).length < 200);
  console.log(`hostile: ${key} took ${Date.now() - start} ms`);
}
assert.deepEqual(seen.slice(0, 2), [49_999, 0]);
// The last and the first row can be seen whole, and the middle by the scroll bar.
await press(page, "End");
const box = async () => page.evaluate(() => { const r = document.querySelector(".row.here").getBoundingClientRect(), t = document.querySelector("#table").getBoundingClientRect(); return r.top >= t.top - 1 && r.bottom <= t.bottom + 1; });
await page.waitForTimeout(200);
assert.ok(await box(), "the last row is in sight");
await page.evaluate(() => { const t = document.querySelector("#table"); t.scrollTop = (t.scrollHeight - t.clientHeight) / 2; });
await page.waitForTimeout(400);
const middle = await page.$$eval("#rows .row", (all) => all.map((r) => Number(r.dataset.row)));
assert.ok(middle.some((k) => Math.abs(k - 25_000) < 60), `${middle[0]}`);
// The row with the megabyte, its editor, a change, and back.
await page.fill("#find", "汉汉汉汉");
await page.waitForTimeout(1500);
await page.focus("#table");
await press(page, "Home");
assert.equal(await page.getAttribute(".row.here", "data-row"), "100");
const start = Date.now();
await press(page, "a");
console.log(`hostile: accepting a row took ${Date.now() - start} ms`);
await page.fill("#find", "");
await page.waitForTimeout(600);
await page.focus("#table");
await press(page, "n", "a", "Control+z");
if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "hostile.png") });
await page.click("#finish");
assert.equal(await server.ended, 0);
assert.deepEqual(trouble, []);
const after = readFileSync(file, "utf8").trimEnd().split("\n").slice(1).map((l) => JSON.parse(l));
assert.equal(after.length, rows.length);
assert.equal(after.filter((r) => r.status === "accepted").length, 1);
assert.ok(after.every((r, k) => r.source[0].text === rows[k].source[0].text && r.target[0].text === rows[k].target[0].text));
await browser.close();
console.log("hostile: fine");
