// Put a button on each piece of code that copies it. It looks as that of sphinx-copybutton, whose
// stylesheet it uses; the script of sphinx-copybutton has prompts and languages that these pages lack.
{
  const drawing = (path, color) => `<svg aria-hidden="true" viewBox="0 0 24 24" width="44" height="44"
    stroke-width="1.5" stroke="${color}" fill="none" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`;
  const COPY = drawing(`<rect x="8" y="8" width="12" height="12" rx="2"/>
    <path d="M16 8v-2a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2"/>`, "#000");
  const DONE = drawing(`<path d="M5 12l5 5l10-10"/>`, "#22863a");

  for (const code of document.querySelectorAll("div.highlight pre")) {
    const button = document.createElement("button");
    const show = (words, icon, isDone) => {
      button.dataset.tooltip = button.ariaLabel = words;
      button.innerHTML = icon;
      button.classList.toggle("success", isDone);
    };
    button.type = "button";
    button.className = "copybtn o-tooltip--left";
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(code.innerText.replace(/\n$/, ""));
        show("Copied!", DONE, true);
      } catch {
        show("Failed to copy", COPY, false);
      }
      setTimeout(show, 2000, "Copy", COPY, false);
    };
    show("Copy", COPY, false);
    code.after(button);
  }
}
