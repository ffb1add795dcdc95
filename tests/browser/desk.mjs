// Starts the program and a browser for a test, and ends both.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export const program = process.env.DUIZHAO;

export function folder() {
  return mkdtempSync(join(tmpdir(), "duizhao-review-"));
}

export async function serve(cwd, file, ...more) {
  const child = spawn(program, ["review", "--no-open", ...more, file], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  // A test that fails must not leave its program behind.
  process.on("exit", () => child.kill());
  const lines = createInterface({ input: child.stdout });
  const address = (await lines[Symbol.asyncIterator]().next()).value;
  if (!address?.startsWith("http://127.0.0.1:")) throw new Error(`no address but ${address}`);
  const ended = new Promise((done) => child.on("exit", done));
  return { child, address, ended };
}

export async function browse() {
  const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", ...quiet] });
}

/** A page of which every error, dialog, and request to elsewhere fails the test. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on("pageerror", (e) => trouble.push(`error: ${e}`));
  page.on("dialog", (d) => { trouble.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on("request", (r) => { if (!r.url().startsWith(address)) trouble.push(`request: ${r.url()}`); });
  page.on("console", (m) => { if (m.type() === "error" && !/40[49]|422/.test(m.text())) trouble.push(`console: ${m.text()}`); });
  await page.goto(address);
  await page.waitForSelector(".row.here");
  await settled(page);
  return { page, trouble };
}

/** Waits until everything that was begun is done, saved and drawn. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("#table").getAttribute("aria-busy") !== "true"
    && document.querySelector("#saved").className === "");
  // What scrolling asks for begins with the next frame.
  await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))));
  await page.waitForFunction(() => document.querySelector("#table").getAttribute("aria-busy") !== "true");
}

/** Presses keys, each after the one before is done. */
export async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await settled(page);
  }
}
