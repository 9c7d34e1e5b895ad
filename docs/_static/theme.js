// What these pages use of the theme's own script, a third of it: the two themes, the search, the
// drawers of a phone, the list of a page's parts, and wide code that a keyboard can scroll.
{
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);

  // -- The theme that a reader chooses ---------------------------------------
  const system = matchMedia("(prefers-color-scheme: dark)");
  const showTheme = () => {
    const { mode } = root.dataset;
    const theme = mode !== "auto" ? mode : system.matches ? "dark" : "light";
    root.dataset.theme = theme;
    localStorage.setItem("mode", mode);
    localStorage.setItem("theme", theme);
    for (const menu of all(".dropdown-menu")) menu.classList.toggle("dropdown-menu-dark", theme === "dark");
    for (const button of all(".theme-change-button")) button.classList.toggle("active", button.dataset.mode === mode);
  };
  for (const button of all(".theme-change-button")) {
    button.onclick = () => {
      root.dataset.mode = button.dataset.mode;
      showTheme();
    };
  }
  system.onchange = showTheme;
  if (!["light", "dark", "auto"].includes(root.dataset.mode)) root.dataset.mode = "auto";
  showTheme();

  // -- The search, and what closes a dialog ----------------------------------
  const closeOutside = ({ currentTarget: dialog, clientX: x, clientY: y }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (x < left || x > right || y < top || y > bottom) dialog.close();
  };
  const search = byId("pst-search-dialog");
  const field = document.querySelector(":not(#pst-search-dialog) > form.bd-search input");
  const toggleSearch = () => {
    if (!field) search.open ? search.close() : search.showModal();
    else if (document.activeElement === field) field.blur();
    else {
      field.focus();
      field.select();
    }
  };
  if (search) {
    const isApple = /^(Mac|iPhone)/.test(navigator.platform);
    if (isApple) for (const key of all(".search-button__kbd-shortcut .kbd-shortcut__modifier")) key.innerText = "⌘";
    addEventListener("keydown", (event) => {
      const { metaKey, ctrlKey, shiftKey, altKey, key } = event;
      if (key === "Escape") search.open ? search.close() : field?.blur(); // WebKit closes none by itself
      if (key.toLowerCase() !== "k" || metaKey !== isApple || ctrlKey === isApple || shiftKey || altKey) return;
      event.preventDefault();
      toggleSearch();
    }, true);
    for (const button of all(".search-button__button")) button.onclick = toggleSearch;
    search.addEventListener("click", closeOutside);
  }

  // -- The drawers: what a sidebar holds moves there and back ----------------
  for (const name of ["primary", "secondary"]) {
    const button = document.querySelector(`.${name}-toggle`);
    const sidebar = byId(`pst-${name}-sidebar`);
    const drawer = byId(`pst-${name}-sidebar-modal`);
    if (!button || !sidebar || !drawer) continue;
    const move = (from, to) => {
      to.append(...from.childNodes);
      to.classList.add(...from.classList);
      from.className = "";
    };
    const slides = () => drawer.getAnimations({ subtree: true }).filter(({ effect }) => effect?.target === drawer);
    button.addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      move(sidebar, drawer);
      drawer.showModal();
      button.setAttribute("aria-expanded", true);
      drawer.focus();
    });
    drawer.addEventListener("click", closeOutside);
    drawer.addEventListener("close", async () => {
      button.setAttribute("aria-expanded", false);
      await Promise.allSettled(slides().map(({ finished }) => finished));
      if (!drawer.open) move(drawer, sidebar);
    });
    new ResizeObserver(() => {
      if (!drawer.open || getComputedStyle(button).display !== "none") return;
      drawer.close();
      for (const slide of slides()) slide.cancel();
    }).observe(button);
  }

  // -- The list of a page's parts marks the one in sight ---------------------
  const links = all("#pst-page-toc-nav a");
  let chosen = 0; // when a reader followed a link: scrolling to it passes other parts
  const mark = (link) => {
    for (const each of links) {
      each.classList.toggle("active", each === link);
      if (each === link) each.setAttribute("aria-current", true);
      else each.removeAttribute("aria-current");
    }
    for (const entry of all("#pst-page-toc-nav .toc-entry")) entry.classList.toggle("active", entry.contains(link));
  };
  const markChosen = () => {
    const link = location.hash && links.find(({ hash }) => hash === location.hash);
    if (!link) return;
    chosen = Date.now();
    mark(link);
  };
  const parts = new Map();
  for (const link of links) {
    const part = byId(decodeURIComponent(link.hash.slice(1)));
    if (part) parts.set(part.querySelector(":is(h1, h2, h3, h4, h5, h6)") ?? part, link);
  }
  let sight;
  const watch = () => {
    sight?.disconnect();
    const { height } = byId("pst-header").getBoundingClientRect();
    sight = new IntersectionObserver((entries) => {
      const seen = entries.filter((entry) => entry.isIntersecting).pop();
      if (seen && Date.now() - chosen > 1000) mark(parts.get(seen.target));
    }, { rootMargin: `-${height}px 0px -70% 0px` });
    for (const part of parts.keys()) sight.observe(part);
  };

  // -- Code that is too wide can be scrolled with keys ------------------------
  const focusWide = () => {
    for (const part of all("pre, .pst-scrollable-table-container")) {
      part.tabIndex = part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight ? 0 : -1;
    }
  };

  let timer;
  const later = (...steps) => {
    clearTimeout(timer);
    timer = setTimeout(() => steps.forEach((step) => step()), 300);
  };
  addEventListener("resize", () => later(focusWide, ...(links.length ? [watch] : [])));
  addEventListener("load", focusWide);
  new MutationObserver(() => later(focusWide)).observe(byId("main-content"), { subtree: true, childList: true });
  if (links.length) {
    for (const kind of ["wheel", "touchstart", "keydown", "mousedown"]) addEventListener(kind, () => (chosen = 0));
    addEventListener("hashchange", markChosen);
    addEventListener("click", ({ target }) => target.closest("a")?.hash === location.hash && markChosen());
    markChosen();
    watch();
  }
}
