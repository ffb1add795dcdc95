// The report of `check` as a page: its filters show the rows they should and its script is allowed to run; it asks for nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { browse, folder, program } from "./desk.mjs";

const desk = folder();
const pairs = [
  ["共61人。", "A total of 62 people."],
  ["会议已经结束。", "The meeting  has ended."],
  ["预算为500美元。", "The budget is €500."],
  ["委员会没有通过<b>预算。", "The Committee adopted the budget."],
];
writeFileSync(join(desk, "pairs.tsv"), ["zh\ten", ...pairs.map((p) => p.join("\t")), ""].join("\n"));
const ran = spawnSync(program, ["check", "pairs.tsv", "-o", "report.html", "-o", "report.json"], { cwd: desk, encoding: "utf8" });
assert.equal(ran.status, 1, ran.stderr);

const browser = await browse();
const page = await browser.newPage();
const trouble = [];
page.on("pageerror", (e) => trouble.push(String(e)));
page.on("console", (m) => m.type() === "error" && trouble.push(m.text()));
page.on("request", (r) => r.url().startsWith("file:") || trouble.push(r.url()));
await page.goto(pathToFileURL(join(desk, "report.html")).href);

const rows = () => page.$$eval("tbody tr", (all) => all.filter((r) => r.offsetParent !== null)
  .map((r) => ({ rule: r.dataset.rule, severity: r.dataset.severity, text: r.textContent })));
const all = await rows();
const rules = [...new Set(all.map((r) => r.rule))];
assert(rules.length >= 4, `too few rules to filter: ${rules}`);
const holds = async (test, what) => {
  const [shown, wanted] = [await rows(), all.filter(test)];
  assert.deepEqual(shown, wanted, what);
  assert.equal(await page.textContent("#shown"), `${wanted.length} / ${all.length}`, what);
};
for (const rule of rules) {
  await page.selectOption("[name=rule]", rule);
  await holds((r) => r.rule === rule, rule);
}
await page.selectOption("[name=rule]", "");
await holds(() => true, "all again");
for (const severity of ["error", "warning", "info"]) {
  await page.selectOption("[name=severity]", severity);
  await holds((r) => r.severity === severity, severity);
}
await page.selectOption("[name=severity]", "error");
await page.click("[name=text]");
await page.keyboard.type("BUDGET");
await holds((r) => r.severity === "error" && r.text.toLowerCase().includes("budget"), "severity and text");
await page.keyboard.press("Enter");
assert.equal((await rows()).length, all.filter((r) => r.severity === "error" && r.text.toLowerCase().includes("budget")).length);
await page.fill("[name=text]", "nowhere at all");
await holds(() => false, "nothing");
assert.equal(await page.$$eval("mark", (m) => m.length > 0), true, "spans are marked");
assert.deepEqual(trouble, []);
await browser.close();
console.log(`report: ${all.length} findings, filters by ${rules.length} rules, severity and text`);
