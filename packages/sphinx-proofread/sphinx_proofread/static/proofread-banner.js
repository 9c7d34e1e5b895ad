// Shows the mistakes of a page at its top while somebody writes it. A published site has no such file.
"use strict";

const { findings, page } = document.currentScript.dataset;

const show = (found) => {
  if (!found.length) return;
  const banner = document.createElement("section");
  banner.setAttribute("aria-label", "Mistakes");
  banner.className = "proofread-banner";
  banner.style.cssText =
    "background:#fff3cd;color:#3d2c00;border-bottom:3px solid #8a6100;padding:1rem;font:1rem/1.5 sans-serif;" +
    "overflow-wrap:anywhere;max-height:50vh;overflow-y:auto";
  const list = document.createElement("ul");
  list.style.cssText = "margin:0;padding-left:1.25rem";
  for (const { path, line, text } of found) {
    const item = document.createElement("li");
    const place = document.createElement("strong");
    place.textContent = path === page ? `Line ${line}: ` : `${path}:${line}: `;
    item.append(place, text);
    list.append(item);
  }
  banner.append(list);
  document.body.prepend(banner);
};

// A page shows what is wrong with itself, and with what is no page: settings, pictures, parts of pages.
const concerns = ({ path }) => path === page || !/(^|\/)[^_/][^/]*\.md$/.test(path);

fetch(findings, { cache: "no-store" })
  .then((answer) => answer.json())
  .then((all) => show(all.filter(concerns)));
