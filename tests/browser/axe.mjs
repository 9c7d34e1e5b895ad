// Print each barrier that axe-core finds in Firefox, which takes its theme from a preference:
// node axe.mjs PROGRAM ADDRESS THEME WIDTH,WIDTH... PATH...
import { readFileSync } from "node:fs";
import { start } from "./engines.mjs";

const [program, address, theme, widths, ...paths] = process.argv.slice(2);
const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const [axe, barriers] = ["node_modules/axe-core/axe.min.js", "barriers.js"].map(read);
const { page, close } = await start("firefox", program, {
  "layout.css.prefers-color-scheme.content-override": theme === "dark" ? 0 : 1,
  "ui.prefersReducedMotion": 1, // nothing is measured while it changes
});
const found = () => page.evaluate(`(${barriers})("html")`);

for (const width of widths.split(",").map(Number)) {
  // axe takes menu entries that one must scroll to for covered, so the screen is high.
  await page.setViewport({ width, height: 1200 });
  for (const path of paths) {
    await page.goto(address + path);
    await page.waitForSelector(`html[data-theme="${theme}"]`);
    if (path.includes("?q=")) await page.waitForSelector("#search-count:not(:empty)");
    await page.evaluate(axe);
    for (const barrier of await found()) console.log(`${path} ${width} px: ${barrier}`);
  }
}
await page.evaluate(() => document.body.append(document.createElement("button")));
if (!(await found()).length) console.log("axe overlooks a button that has no name");
await close();
