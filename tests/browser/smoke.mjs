// Use the site as readers do, in one browser, and print a line for each step that fails:
// node smoke.mjs chromium|firefox|webkit PROGRAM ADDRESS PATH...
import { start } from "./engines.mjs";

const [engine, program, address, ...paths] = process.argv.slice(2);
const PHONE = { width: 480, height: 800 }; // the smallest window of WebKitGTK is 447 px wide
const LAPTOP = { width: 1280, height: 800 };

const { page, close } = await start(engine, program);
const show = (path) => page.goto(address + path);
const wait = (what, ...args) => page.waitForFunction(what, {}, ...args);
const seen = (isSeen) => (selector) => wait((s, is) => is === [...document.querySelectorAll(s)]
  .some((e) => e.checkVisibility({ visibilityProperty: true })), selector, isSeen)
  .catch(() => { throw new Error(`${selector} ${isSeen ? "does not show" : "stays"}`); });
const [visible, hidden] = [seen(true), seen(false)];

async function keys(...all) {
  for (const key of all) await page.keyboard.down(key);
  for (const key of all.reverse()) await page.keyboard.up(key);
}

const steps = {
  "each page shows its heading and is as wide as the window": async () => {
    for (const path of paths) {
      await show(path);
      await visible("h1");
      const [width, room] = await page.evaluate(() =>
        [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      if (width > room) throw new Error(`${path} is ${width} px wide in ${room} px`);
    }
  },
  "Ctrl-K, a word and Enter find a page": async () => {
    await show("/");
    await keys("Control", "k");
    await visible("#pst-search-dialog input");
    for (const letter of "grants") await keys(letter);
    await keys("Enter");
    await visible("#search-results a[href*='about/funding/']");
  },
  "Escape closes the search": async () => {
    await show("/");
    await page.click(".bd-header__inner .navbar-header-items .search-button-field");
    await visible("#pst-search-dialog");
    await keys("Escape");
    await hidden("#pst-search-dialog");
  },
  "the switch makes the page dark, and the next one too": async () => {
    await show("/");
    await page.click(".bd-header .theme-switch-button");
    await page.click(".bd-header .theme-change-button[data-mode='dark']");
    await visible("html[data-theme='dark']");
    await show("/about/");
    await visible("html[data-theme='dark']");
  },
  "a button copies an address": async () => {
    await show("/about/contact/");
    await visible(".copy-address");
    await page.click(".copy-address");
    await wait(() => document.querySelector(".copy-status").textContent.startsWith("Copied "));
  },
  "a button copies a command": async () => {
    await show("/contributing/checks/");
    await wait(() => document.querySelector("button.copybtn")); // it shows once it's pointed at
    await page.click("button.copybtn");
    await visible("button.copybtn.success");
  },
  "a link to a heading shows it below the header": async () => {
    await show("/about/funding/#sponsored-features");
    await wait(() => {
      const [header, heading] = ["#pst-header", "h2:has([href='#sponsored-features'])"]
        .map((selector) => document.querySelector(selector).getBoundingClientRect());
      return heading.top >= header.bottom && heading.bottom <= innerHeight && scrollY > 0;
    });
  },
  "the menu of a phone opens, closes with Escape, and leads on": async () => {
    const link = "dialog a[href$='contributing/']";
    await page.setViewport(PHONE);
    await show("/about/");
    await visible(".primary-toggle");
    await page.click(".primary-toggle");
    await visible(link);
    await keys("Escape");
    await hidden(link);
    await page.click(".primary-toggle");
    await visible(link);
    await page.click(link);
    await wait(() => location.pathname === "/contributing/");
    await page.setViewport(LAPTOP);
  },
  "a page prints": async () => {
    if (engine === "webkit") return; // its driver has no command for it
    await show("/about/funding/");
    const paper = Buffer.from(await page.pdf());
    if (!paper.includes("%PDF") || paper.length < 10_000) throw new Error("no PDF comes out");
  },
  "the console stays empty": async () => {
    // Firefox fetches ahead when a page is there.
    await page.goto(`${address}/about/mission/`, { waitUntil: "networkidle0" });
    await show("/");
    if (page.logged.length) throw new Error([...new Set(page.logged)].join(" | "));
  },
};

await page.setViewport(LAPTOP);
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
  } catch (error) {
    console.log(`${engine}: "${name}" fails: ${error.message.replace(/\s+/g, " ").slice(0, 300)}`);
  }
}
await close();
