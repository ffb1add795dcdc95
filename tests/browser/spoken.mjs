// What a screen reader is told, as Chromium's accessibility tree has it: names, roles and states of the rows and
// controls, and what is spoken after each key, in both languages of the page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { browse, folder, open, press, program, serve, settled } from "./desk.mjs";

const desk = folder();
for (const lang of ["zh", "en"]) copyFileSync(join(process.env.SAMPLES, `A-61-1006.${lang}.txt`), join(desk, `letter.${lang}.txt`));
execFileSync(program, ["align", "-q", "letter.zh.txt", "letter.en.txt", "-o", "letter.jsonl"], { cwd: desk });
const server = await serve(desk, "letter.jsonl");
const browser = await browse();
const { page, trouble } = await open(browser, server.address);
const client = await page.context().newCDPSession(page);
await client.send("Accessibility.enable");

/** The tree as a list of { role, name, and properties }, what is hidden left out, and the lists of children. */
async function tree() {
  const { nodes } = await client.send("Accessibility.getFullAXTree");
  const byId = new Map(nodes.map((n) => [n.nodeId, n]));
  const told = (n) => ({
    role: n.role?.value, name: n.name?.value ?? "", description: n.description?.value ?? "", dom: n.backendDOMNodeId,
    ...Object.fromEntries((n.properties ?? []).map((p) => [p.name, p.value.value ?? p.value.relatedNodes])),
    children: (n.childIds ?? []).map((id) => byId.get(id)).filter(Boolean),
  });
  return { list: nodes.filter((n) => !n.ignored).map(told), told };
}

/** The one node that the keyboard is at inside the table: what `aria-activedescendant` names. */
async function active() {
  const { list, told } = await tree();
  const grid = list.find((n) => n.role === "grid");
  const [to] = grid.activedescendant ?? [];
  assert.ok(to, "the table names the row in focus");
  const row = list.find((n) => n.dom === to.backendDOMNodeId);
  const flat = (n) => (n.ignored ? (n.childIds ?? []) : [n]);
  return { grid, row, cells: row.children.flatMap(flat).filter((n) => n.role?.value === "gridcell").map(told) };
}

/** All that live regions said since it was asked last. */
await page.evaluate(() => {
  globalThis.spoken = [];
  const watch = (node) => new MutationObserver(() => { if (node.textContent) globalThis.spoken.push(node.textContent.trim()); })
    .observe(node, { childList: true, characterData: true, subtree: true });
  document.querySelectorAll("[role=status], [role=alert]").forEach(watch);
});
const spoken = () => page.evaluate(() => globalThis.spoken.splice(0));
const after = async (...keys) => { await spoken(); await press(page, ...keys); return spoken(); };
const says = async (keys, ...wanted) => {
  const heard = await after(...keys);
  for (const text of wanted) assert.ok(heard.includes(text), `${keys} says ${text}, not ${heard}`);
};

const WORDS = {
  en: { table: "Pairs", row: (n) => `row ${n}`, confidence: "confidence", accepted: "accepted", review: "to review", unchecked: "unchecked", rejected: "deleted",
    merged: "merged", split: "split", undone: "undone", redone: "done again", saved: "saved", source: "source", target: "target", edited: "target edited",
    off: "evidence hidden", on: "evidence shown", rows: (n) => `${n} rows`, textSaved: "text saved", moved: "moved", swapped: "exchanged", colon: ": ",
    buttons: ["中文", "Finish", "Keys", "Next doubtful (N)", "Undo (Ctrl+Z)", "Redo (Ctrl+Y)", "Accept", "Realign (Ctrl+R)", "Save"],
    fields: ["Search both languages (/)", "Status", "Below %", "Order", "Unchecked from %", "Which rows", "as"],
    dialog: /^Text: target #\d+$/, help: "The original text is kept in the file.", nothing: "nothing to take back" },
  zh: { table: "句对", row: (n) => `第 ${n} 行`, confidence: "可信度", accepted: "已接受", review: "待查", unchecked: "未查", rejected: "已删除",
    merged: "已合并", split: "已拆分", undone: "已撤销", redone: "已重做", saved: "已保存", source: "原文", target: "译文", edited: "译文已编辑",
    off: "隐藏证据", on: "显示证据", rows: (n) => `${n} 行`, textSaved: "文字已保存", moved: "已移动", swapped: "已互换", colon: ": ",
    buttons: ["English", "结束", "按键", "下一个可疑 (N)", "撤销 (Ctrl+Z)", "重做 (Ctrl+Y)", "接受", "重新对齐 (Ctrl+R)", "保存"],
    fields: ["在两种语言中搜索 (/)", "状态", "低于 %", "次序", "未查且不低于 %", "哪些行", "存为"],
    dialog: /^文字: 译文 #\d+$/, help: "文件中保留原来的文字。", nothing: "没有可撤销的" },
};

for (const lang of ["en", "zh"]) {
  const words = WORDS[lang];
  const { list } = await tree();
  // Controls by role and name.
  const named = (role) => list.filter((n) => n.role === role).map((n) => n.name);
  for (const name of words.buttons) assert.ok(named("button").includes(name), `button ${name} among ${named("button")}`);
  const fields = ["searchbox", "combobox", "spinbutton"].flatMap(named);
  for (const name of words.fields) assert.ok(fields.includes(name), `field ${name} among ${fields}`);
  const bar = list.find((n) => n.role === "progressbar" || n.role === "ProgressIndicator");
  assert.match(bar.name, /\d/);

  // The row in focus: its place, that it is the chosen one, and its cells, of which the first says in words what colour and mark show.
  await page.focus("#table");
  await press(page, "Home", "ArrowDown", "ArrowDown");
  let { grid, row, cells } = await active();
  assert.equal(grid.name, words.table);
  assert.equal(row.role, "row");
  assert.equal(row.selected, true);
  assert.equal(cells.length, 3);
  const [sure, source, target] = cells;
  assert.match(sure.name, new RegExp(`^${words.confidence} \\d+\\.\\d % #3 (${words.unchecked}|${words.review})$`));
  assert.match(source.name, /[\u4e00-\u9fff]/);
  assert.match(target.name, /[a-z]/);
  assert.deepEqual(await page.$$eval(".row.here .cell", (all) => all.map((c) => c.lang.slice(0, 2))), ["zh", "en"]);
  // Only one row is chosen.
  assert.equal((await tree()).list.filter((n) => n.role === "row" && n.selected === true).length, 1);

  // What each key did is spoken, and the row says its new status.
  const at = (n, what) => `${words.row(n)}${words.colon}${what}`;
  await says(["r"], at(3, words.review), words.saved);
  await says(["k"], at(3, words.rejected), words.saved);
  await says(["c"], at(3, words.unchecked), words.saved);
  await says(["a"], at(3, words.accepted), words.saved);
  await press(page, "ArrowUp");
  assert.match((await active()).cells[0].name, new RegExp(words.accepted));
  await says(["Control+z"], `${words.undone}${words.colon}${words.row(3)}`, words.saved);
  assert.match((await active()).cells[0].name, new RegExp(words.unchecked));
  await says(["Control+y"], `${words.redone}${words.colon}${words.row(3)}`, words.saved);
  await says(["Control+z"], `${words.undone}${words.colon}${words.row(3)}`);
  await says(["m"], `${words.merged}${words.colon}${words.row(3)}`, words.saved);
  assert.match((await active()).cells[0].name, new RegExp(words.review));
  await says(["s"], `${words.split}${words.colon}${words.row(3)}`, words.saved);
  // The same again is spoken again.
  await says(["Control+z"], `${words.undone}${words.colon}${words.row(3)}`);
  await says(["Control+z"], `${words.undone}${words.colon}${words.row(3)}`);
  await says(["x"], `${words.swapped}${words.colon}${words.row(3)}`);
  await press(page, "Control+z");
  await says(["ArrowLeft"], words.source);
  await says(["ArrowRight"], words.target);
  await says(["Enter"], words.off);
  await says(["Enter"], words.on);

  // The editor: a dialog with a name, its field with a name and a description.
  await page.keyboard.press("e");
  await page.waitForSelector("#editor[open]");
  const open = await tree();
  const dialog = open.list.find((n) => n.role === "dialog"), field = open.list.find((n) => n.role === "textbox" && n.multiline);
  assert.match(dialog.name, words.dialog);
  assert.equal(dialog.modal, true);
  assert.match(field.name, words.dialog);
  assert.equal(field.description, words.help);
  assert.equal(field.focused, true);
  await page.fill("#text", "A text by hand.");
  await says(["Control+Enter"], `${words.textSaved}${words.colon}${words.row(3)}`, words.saved);
  assert.match((await active()).cells[0].name, new RegExp(`${words.unchecked}|${words.review}, ${words.edited}$`));
  assert.ok(await page.evaluate(() => document.activeElement.id === "table"), "the keyboard is back in the table");
  await press(page, "Control+z");

  // A search says how many rows are left.
  await spoken();
  await page.fill("#find", "azerbaijan");
  await settled(page);
  const left = Number(await page.getAttribute("#table", "data-listed"));
  assert.ok(left > 0);
  assert.ok((await spoken()).includes(words.rows(left)));
  await page.fill("#find", "");
  await settled(page);
  // The keys' list is open or closed.
  const help = async () => (await tree()).list.find((n) => n.role === "button" && n.name === words.buttons[2]).expanded;
  assert.equal(await help(), false);
  await page.click("#help");
  assert.equal(await help(), true);
  await page.click("#help");
  if (lang === "en") await page.click("#lang");
}
// Every change is taken back; one more has nothing to take back. The buttons say so.
await page.focus("#table");
for (let k = 0; k < 40; k++) {
  const heard = await after("Control+z");
  if (heard.includes(WORDS.zh.nothing)) break;
  assert.ok(k < 39, "there is an end");
}
const undo = (await tree()).list.find((n) => n.role === "button" && n.name === WORDS.zh.buttons[4]);
assert.equal(undo.disabled, true);
// The program gone: said, and not hidden in a colour.
await spoken();
server.child.kill();
await server.ended;
await page.keyboard.press("a");
await page.waitForFunction(() => document.querySelector("#saved").className === "lost");
assert.ok((await spoken()).some((t) => t.includes("程序没有回应")));
assert.deepEqual(trouble.filter((t) => !t.includes("ERR_CONNECTION_REFUSED")), []);
await browser.close();
console.log("spoken: fine");
