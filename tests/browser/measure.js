// What a person sees, as numbers: colors behind and in front, boxes, and what has the focus.
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
      .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }));

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

  return { rgba, contrast, visible, focusable, name, texts, behind, ratio };
})();
