// What these pages use of Bootstrap's script, which is thirty times as large: menus that a button
// opens, and the button that leads back to the top. Browsers show a title in place of each tooltip.
// The keys of a menu are those of Bootstrap, and its stylesheet places it.
{
  const TOGGLE = "[data-bs-toggle=dropdown]";
  const menuOf = (button) => button.parentElement.querySelector(".dropdown-menu");

  const show = (button, isShown) => {
    const menu = menuOf(button);
    for (const element of [button, menu]) element.classList.toggle("show", isShown);
    button.setAttribute("aria-expanded", isShown);
    menu.dataset.bsPopper = "static";
    // In the drawer of a phone, a menu that ends with its button would begin outside.
    menu.style.cssText = "";
    if (isShown && menu.getBoundingClientRect().left < 0) menu.style.cssText = "left: 0; right: auto";
  };

  const closeAllBut = (button) => {
    for (const open of document.querySelectorAll(`${TOGGLE}.show`)) if (open !== button) show(open, false);
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest(TOGGLE);
    closeAllBut(button);
    if (button) show(button, !button.classList.contains("show"));
  });

  document.addEventListener("keydown", (event) => {
    const inside = event.target.closest(".dropdown-menu");
    const button = event.target.closest(TOGGLE) ?? inside?.parentElement.querySelector(TOGGLE);
    if (!button) return;
    if (event.key === "Escape" && button.classList.contains("show")) {
      event.preventDefault();
      show(button, false);
      button.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      show(button, true);
      const items = [...menuOf(button).querySelectorAll(".dropdown-item")];
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = items.indexOf(event.target);
      const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step;
      items[Math.min(Math.max(next, 0), items.length - 1)].focus();
    }
  });

  document.addEventListener("keyup", ({ key, target }) => {
    if (key === "Tab") closeAllBut(target.closest(".dropdown")?.querySelector(TOGGLE));
  });

  // Back shows a page as a reader left it, but nobody wants a search or a menu over it then.
  addEventListener("pagehide", () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  });

  const top = document.getElementById("pst-back-to-top");
  const bottom = document.querySelector(".bd-header")?.getBoundingClientRect().bottom ?? 0;
  let before = 0;
  if (top) {
    addEventListener("scroll", () => {
      const isOffered = scrollY < before && scrollY > bottom; // while scrolling up
      top.style.display = isOffered ? "block" : "none";
      before = scrollY;
    });
    top.addEventListener("click", () => scrollTo(0, 0));
  }
}
