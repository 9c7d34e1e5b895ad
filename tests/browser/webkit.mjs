// WebKit by WebKitGTK's driver, with as much of Puppeteer's page as smoke.mjs needs. The driver
// passes no console on, so this sees what is logged once a page is there; and it cannot print.
// https://www.w3.org/TR/webdriver2/
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const KEYS = { Control: "\uE009", Enter: "\uE007", Escape: "\uE00C" };
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const LISTEN = `() => {
  window.logged = [];
  const log = (...words) => window.logged.push(words.join(" "));
  console.error = console.warn = log;
  addEventListener("error", ({ message }) => log(message));
}`;

export async function startWebKit(driver) {
  const display = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1400x1000x24"]);
  const [number] = await once(display.stdout, "data");
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address(); // a free one
  probe.close();
  const env = { ...process.env, DISPLAY: `:${String(number).trim()}` };
  const server = spawn(driver, [`--port=${port}`], { env, stdio: "ignore" });
  process.on("exit", () => [server, display].forEach((child) => child.kill()));

  async function send(path, body, method = "POST") {
    for (let left = 50; ; left -= 1) {
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/session${path}`,
          { method, body: body && JSON.stringify(body) });
        const { value } = await answer.json();
        if (value?.error) throw new Error(`WebKit: ${value.error}: ${value.message}`);
        return value;
      } catch (error) {
        if (!error.cause || !left) throw error; // only while the driver starts
        await pause(100);
      }
    }
  }

  const { sessionId } = await send("", { capabilities: {} });
  const call = (path, body) => send(`/${sessionId}${path}`, body);
  const run = (code, args) =>
    call("/execute/sync", { script: `return (${code})(...arguments)`, args });
  const press = (type) => (key) => call("/actions", { actions: [
    { type: "key", id: "keyboard", actions: [{ type, value: KEYS[key] ?? key }] }] });
  // What slides in cannot be clicked at once, and a page that is loading answers nothing.
  async function until(what) {
    for (const end = Date.now() + 20_000; ; await pause(50)) {
      const late = Date.now() > end;
      if (await what().catch((error) => late && Promise.reject(error))) return;
      if (late) throw new Error("waited in vain");
    }
  }
  const logged = [];
  const collect = async () => logged.push(...await run("() => window.logged ?? []", []));
  const page = {
    logged,
    evaluate: (what, ...args) => run(what, args),
    goto: async (url) => {
      await collect();
      await call("/url", { url });
      await run(LISTEN, []);
    },
    setViewport: ({ width, height }) => call("/window/rect", { width, height }),
    click: async (selector) => {
      const element = await call("/element", { using: "css selector", value: selector });
      await until(() => call(`/element/${element[ELEMENT]}/click`, {}).then(() => true));
    },
    waitForFunction: (what, options, ...args) => until(() => run(what, args)),
    keyboard: { down: press("keyDown"), up: press("keyUp") },
  };
  const close = async () => {
    await collect().catch(() => undefined);
    await send(`/${sessionId}`, undefined, "DELETE");
    process.exit(); // the driver and the display would go on
  };
  return { page, close };
}
