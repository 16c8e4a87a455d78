// Drives Visual Studio Code (code-server, in Chromium) by its keys, as a person would. Started by test_vscode.py.
// Environment: PLAYWRIGHT (folder of playwright-core), CHROMIUM, URL (of the workbench), FOLDER, SHOTS (folder for pictures),
// PATIENCE (seconds that one step may take).
// Reads steps as JSON lines from standard input and answers each with one JSON line, so that the test can look at files
// and use the command line in between.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT);
const WAIT = { timeout: Number(process.env.PATIENCE) * 1000 };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(WAIT.timeout);

const editor = () => page.locator(".editor-instance .monaco-editor").first();
const squiggles = () => page.locator(".cdr.squiggly-error, .cdr.squiggly-warning").count();

/** Poll until the condition holds; the browser's own waiting knows selectors only. */
async function until(what, condition) {
  const end = Date.now() + WAIT.timeout;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await page.waitForTimeout(50);
  }
}

/** Do what opens something until it is there: an editor that is busy passes over a key now and then. */
async function open(act, locator) {
  const end = Date.now() + WAIT.timeout;
  for (;;) {
    await act();
    try {
      return await locator.first().waitFor({ timeout: 5_000 });
    } catch (error) {
      if (Date.now() > end) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

const press = (key) => () => page.keyboard.press(key);

async function command(text) {
  const input = page.locator(".quick-input-widget input");
  await open(press("F1"), input);
  await input.fill(`>${text}`);
  await page.locator(".quick-input-list .monaco-list-row").first().waitFor(WAIT);
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden", ...WAIT });
}

const steps = {
  async open({ file }) {
    const authority = new URL(process.env.URL).host;
    const payload = JSON.stringify([["openFile", `vscode-remote://${authority}${file}`]]);
    await page.goto(`${process.env.URL}/?folder=${process.env.FOLDER}&payload=${encodeURIComponent(payload)}`, WAIT);
    await editor().waitFor(WAIT);
  },
  async squiggles({ count }) {
    await until(`${count} squiggles`, async () => (await squiggles()) === count);
  },
  async problems() {
    await command("Problems: Focus on Problems View");
    const panel = page.locator(".markers-panel .monaco-list-row");
    await panel.first().waitFor(WAIT);
    const rows = await panel.allInnerTexts();
    await command("View: Close Panel");
    return rows;
  },
  async go({ line, column }) {
    await editor().click();
    const input = page.locator(".quick-input-widget input");
    await open(press("Control+g"), input);
    await input.fill(`:${line}:${column}`);
    await page.keyboard.press("Enter");
    await page.locator(".quick-input-widget").waitFor({ state: "hidden", ...WAIT });
  },
  async type({ keys }) {
    for (const key of keys) await page.keyboard.press(key);
  },
  async complete() {
    const rows = page.locator(".suggest-widget.visible .monaco-list-row");
    await open(press("Control+Space"), rows);
    const labels = await rows.allInnerTexts();
    await page.keyboard.press("Escape");
    return labels;
  },
  async hover() {
    const hover = page.locator(".monaco-hover:not(.hidden) .hover-contents");
    await open(() => command("Show or Focus Hover"), hover);
    const texts = await hover.allInnerTexts();
    await page.keyboard.press("Escape");
    return texts;
  },
  async fix({ title }) {
    const rows = page.locator(".action-widget .monaco-list-row.action");
    await open(press("Control+."), rows);
    const focused = page.locator(".action-widget .monaco-list-row.focused").first();
    for (let at = await focused.innerText(); !at.includes(title); ) {
      const before = at;
      await page.keyboard.press("ArrowDown");
      await until(`the action below "${before}"`, async () => (at = await focused.innerText()) !== before);
    }
    await page.keyboard.press("Enter");
    await rows.first().waitFor({ state: "hidden", ...WAIT });
  },
  async rename({ name }) {
    const input = page.locator(".rename-box input");
    await open(press("F2"), input);
    await input.fill(name);
    await page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden", ...WAIT });
  },
  async shows({ text }) {
    const lines = editor().locator(".view-lines");
    // The editor draws spaces as no-break spaces.
    await until(text, async () => (await lines.innerText()).replaceAll("\u00a0", " ").includes(text));
  },
  async save() {
    await command("File: Save All Files");
  },
  async status() {
    const item = page.locator('[id="strongroom.strongroom.community"], [id*="strongroom.community"]').first();
    await until("the community", async () => !(await item.innerText()).includes("Strongroom"));
    return (await item.innerText()).trim();
  },
  async lenses() {
    const lens = page.locator(".codelens-decoration a");
    await lens.first().waitFor(WAIT);
    return lens.allInnerTexts();
  },
  async click_lens({ title }) {
    await page.locator(".codelens-decoration a", { hasText: title }).first().click();
  },
  async answer({ title }) {
    await page.locator(".notification-list-item .monaco-button", { hasText: title }).first().click();
  },
  async text({ tab }) {
    await page.locator(".tab", { hasText: tab }).first().waitFor(WAIT);
    const group = page.locator(".editor-group-container", { has: page.locator(".tab", { hasText: tab }) });
    await until("its text", async () => (await group.locator(".view-lines").first().innerText()).trim() !== "");
    return group.locator(".view-lines").first().innerText();
  },
  async picture({ name }) {
    await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { step, ...options } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ ok: (await steps[step](options)) ?? null }));
  } catch (error) {
    await page.screenshot({ path: `${process.env.SHOTS}/failed.png` });
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await browser.close();
