// Start a browser, for a script that drives it.
import puppeteer from "puppeteer-core";
import { startWebKit } from "./webkit.mjs";

// Return a page, what it logged, and how to end the browser.
export async function start(engine, program, preferences = {}) {
  if (engine === "webkit") return startWebKit(program);
  const browser = await puppeteer.launch({
    browser: engine === "firefox" ? "firefox" : "chrome",
    executablePath: program,
    args: engine === "chromium" ? ["--no-sandbox", "--disable-background-networking"] : [],
    extraPrefsFirefox: { "network.prefetch-next": true, ...preferences }, // as readers have it
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000); // on a busy machine
  page.click = (selector) => page.locator(selector).click(); // once it stands still
  page.logged = [];
  page.on("console", (line) =>
    ["error", "warn", "warning"].includes(line.type()) && page.logged.push(line.text()));
  page.on("pageerror", (error) => page.logged.push(String(error)));
  // What the policy stops is in no list of the protocol.
  await page.evaluateOnNewDocument(() => addEventListener("securitypolicyviolation",
    (event) => console.error(`the policy stops ${event.blockedURI}: ${event.violatedDirective}`)));
  return { page, close: () => browser.close() };
}
