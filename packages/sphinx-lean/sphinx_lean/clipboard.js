// What sphinx-copybutton uses of clipboard.js, with what browsers have had since 2018.
class ClipboardJS {
  constructor(selector, { text }) {
    this.listeners = {};
    document.addEventListener("click", async ({ target }) => {
      const trigger = target.closest(selector);
      if (!trigger) return;
      const copied = navigator.clipboard?.writeText(text(trigger)) ?? Promise.reject();
      const name = await copied.then(() => "success", () => "error");
      this.listeners[name]?.({ trigger });
    });
  }

  on(name, listener) {
    this.listeners[name] = listener;
  }
}
window.ClipboardJS = ClipboardJS;
