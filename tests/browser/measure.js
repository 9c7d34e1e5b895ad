// What a person sees on a page: colors, boxes, and what has the focus. Each check returns what's
// wrong with the page as it's shown now, in words.
// The formulas are WCAG 2.2's: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
window.measure = (() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  /** A CSS color as [red, green, blue, opacity], each from 0 to 1. */
  function rgba(color) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
  }

  /** One color painted over an opaque one. */
  const over = (front, back) =>
    [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3]));

  /** The relative luminance of a color. */
  function luminance(color) {
    const [r, g, b] = color.map((value) =>
      value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  /** The contrast ratio of two opaque colors, from 1 to 21. */
  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  /** The opaque color behind an element's own content. */
  function behind(element) {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      layers.push(rgba(getComputedStyle(e).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((back, front) => over(front, back), [1, 1, 1]);
  }

  /** How well a color of an element stands out from what is behind it. */
  const contrast = (color, element) => {
    const back = behind(element);
    return ratio(over(rgba(color), back), back);
  };

  /** Whether a person can see an element. */
  const visible = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.getBoundingClientRect().width > 1; // what is for screen readers alone has 1 px

  /** What can have the focus, in the order of the document. */
  const focusable = () =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
      .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))
      .filter((e) => e.type !== "radio" || e.checked); // the arrow keys lead to the others

  /** A short name of an element for a message. */
  const name = (e) => `${e.tagName.toLowerCase()} "${(e.textContent.trim() || e.className).slice(0, 50)}"`;

  /** Each piece of text that can be seen: its element, its words and the boxes of its lines. */
  function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.data.trim() || element.closest("script, style, noscript, desc, title") || !visible(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      yield { element, words: node.data.trim(), boxes: [...range.getClientRects()] };
    }
  }

  /** Texts below 7:1 (large ones: 4.5:1) and interface parts below 4.5:1 against what's behind. */
  function faint() {
    const found = [];
    const note = (what, ratio, least) => ratio < least
      && found.push(`${what} has a contrast of ${ratio.toFixed(2)} to 1, and needs ${least}`);
    for (const { element, words } of texts()) {
      if (element.closest("svg")) continue; // drawing() measures those
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const size = parseFloat(fontSize);
      const large = size >= 24 || (size >= 18.66 && fontWeight >= 700);
      note(`text "${words}"`, contrast(color, element), large ? 4.5 : 7);
    }
    const parts = "button, input, .bd-search, .previous-next a, .sd-card:has(.sd-card-title a)";
    for (const e of document.querySelectorAll(parts)) {
      if (!visible(e) || e.matches(".bd-search input")) continue; // its form has the border
      const { borderTopWidth, borderTopColor } = getComputedStyle(e);
      const bordered = parseFloat(borderTopWidth) > 0 && rgba(borderTopColor)[3] > 0;
      const icon = getComputedStyle(e.querySelector("i, svg") ?? e).color;
      note(name(e), bordered ? contrast(borderTopColor, e.parentElement) : contrast(icon, e), 4.5);
    }
    return found;
  }

  /** In the drawing: text too faint in its box, boxes and arrows too faint on the page. */
  function drawing(textLeast, partLeast) {
    const svg = document.querySelector(".drawing");
    const opaque = (e) => rgba(getComputedStyle(e).fill).slice(0, 3);
    const boxes = [...svg.querySelectorAll("rect")];
    const words = [...svg.querySelectorAll("text")];
    const inside = (text, box) => {
      const [t, b] = [text.getBoundingClientRect(), box.getBoundingClientRect()];
      return t.left > b.left && t.right < b.right && t.top > b.top && t.bottom < b.bottom;
    };
    const measured = words.map((text) => {
      const box = boxes.find((b) => inside(text, b));
      return [text.textContent, ratio(opaque(text), box ? opaque(box) : behind(svg)), textLeast];
    });
    const parts = [...boxes, ...svg.querySelectorAll(".flow path")];
    measured.push(...parts.map((e) =>
      [e.outerHTML, contrast(getComputedStyle(e).stroke, svg), partLeast]));
    const missed = words.length < 11 || parts.length < 11 ? ["the test misses parts"] : [];
    return missed.concat(measured.filter(([, found, least]) => found < least).map(String));
  }

  /** What is wider than its box, lies over other text, or is cut off; code may scroll by itself. */
  function unfit() {
    const found = [document.documentElement, ...document.querySelectorAll("body *")]
      .filter((e) => !e.closest("pre, .search-button__button") && e.clientWidth > 1)
      .filter((e) => e === document.documentElement || getComputedStyle(e).overflowX !== "visible")
      .filter((e) => e.scrollWidth > e.clientWidth + 1)
      .map((e) => `${name(e)} is too wide: ${e.scrollWidth} in ${e.clientWidth} px`);
    // What a reader has to scroll to, in a part that scrolls by itself, lies over nothing.
    const inSight = (e, box) => !e || inSight(e.parentElement, box)
      && !(["auto", "scroll"].includes(getComputedStyle(e).overflowY)
        && box.top > e.getBoundingClientRect().bottom - 2);
    const lines = [...texts()]
      .filter(({ element }) => !element.closest("pre, .skip-link"))
      .flatMap(({ element, words, boxes }) =>
        boxes.map((box) => ({ element, words: words.slice(0, 40), box })))
      .filter(({ element, box }) => box.width > 1 && box.height > 1 && inSight(element, box));
    for (const [i, a] of lines.entries()) {
      for (const b of lines.slice(i + 1)) {
        const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        // Boxes of neighboring lines share what their letters do not fill.
        if (width > 2 && height > Math.min(a.box.height, b.box.height) / 2
          && a.element.closest("header.bd-header") === b.element.closest("header.bd-header")) {
          found.push(`"${a.words}" and "${b.words}" overlap`);
        }
      }
      for (let e = a.element; e; e = e.parentElement) {
        const frame = e.getBoundingClientRect();
        if (["hidden", "clip"].includes(getComputedStyle(e).overflowY)
          && (a.box.bottom > frame.bottom + 2 || a.box.right > frame.right + 2)) {
          found.push(`"${a.words}" is cut off by ${name(e)}`);
        }
      }
    }
    return found;
  }

  /** What can be pressed and is smaller than 44 px; a link in a sentence may be as high as a line.
   * https://www.w3.org/TR/WCAG22/#target-size-enhanced */
  function small() {
    const inSentence = (e) => getComputedStyle(e).display === "inline"
      && e.parentElement.textContent.trim().length > e.textContent.trim().length;
    return focusable()
      .filter((e) => !e.matches("pre") && e.getBoundingClientRect().width > 1)
      .filter((e) => e.closest(".sd-card-title") || !inSentence(e))
      .map((e) => [e, (e.closest(".sd-card-title")?.closest(".sd-card")
        ?? e.closest(".bd-search") ?? e.labels?.[0] ?? e).getBoundingClientRect()])
      .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
      .map(([e, box]) => `${name(e)} is small: ${box.width} x ${box.height}`);
  }

  /** What has the focus: its place in the document, and what's wrong with its ring and its place.
   * https://www.w3.org/TR/WCAG22/#focus-appearance */
  function focus() {
    const focused = document.activeElement;
    if (focused === document.body) return null;
    const e = focused.type === "radio" ? focused.labels[0] : focused; // a tab shows its label alone
    const rings = [getComputedStyle(e), getComputedStyle(e, "::after")]
      .filter((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
    // The ring of a card is around the card.
    const around = (e.closest(".sd-card-title")?.closest(".sd-card") ?? e).parentElement;
    const { left, top, width, height } = e.getBoundingClientRect();
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    const wrong = [];
    if (!rings.some((s) => contrast(s.outlineColor, around) >= 3)) wrong.push("has no ring");
    if (!above || !(e.contains(above) || above.contains(e))
      || !e.checkVisibility({ opacityProperty: true })) wrong.push("is covered");
    return { name: name(focused), index: focusable().indexOf(focused), wrong };
  }

  return { rgba, contrast, focusable, name, texts, behind, faint, drawing, unfit, small, focus };
})();
