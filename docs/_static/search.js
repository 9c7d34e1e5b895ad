// Answer a question from Sphinx's index, which has each page's words, title, and the questions in its keywords.
const TITLE = 8, QUESTION = 6, PART = 4, HEADING = 3, TEXT = 1; // PART: one of several words
const SAME = 20; // for a title or question with the same words
const LESS = 0.3; // for pages in the folder `data-last`
const STOP = new Set(`a about all also am an and any anyone are as at be been by can could d did do does find for from get
  go had has have here how i if in info information into is it its just know like ll look looking m many may me more much
  my need no not of on one or our out please s see should show so some somebody someone something t tell than that the
  their them then there these they this those to up us ve want was we were what when where which who whom why will wish
  with would you your`.split(/\s+/));

const words = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+(?:\+\+|#)?/gu) ?? [];
// Sphinx's terms are stems already; most stay as they are.
const stem = (word) => word.replace(/(?<=..[^s])s$/, "")
  .replace(/(?<=.{4})(?:ers?|ors?|ships?|ees?)$|(?<=.{5})ions?$|(?<=...)(?:ed|ing|ments?|ly|ies?|[eiy])$/, "");

// How many letters are wrong, missing, added, or swapped with the next.
const distance = (a, b) => {
  const wrong = a.length < 5 ? 2 : 1; // another letter in a short word makes another word
  const rows = [[...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : wrong;
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]?.[j - 2] + 1 : Infinity;
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost, swap);
    }
  }
  return rows[a.length][b.length];
};
// The same, or Infinity for what is rather another word.
const mistakes = (word, right) => {
  const isLong = Math.max(word.length, right.length) > 6 && word.slice(0, 2) === right.slice(0, 2);
  const begins = word[0] === right[0] || (word[1] === right[0] && word[0] === right[1]);
  const count = word.length > 2 && begins ? distance(word, right) : Infinity;
  return count <= (isLong ? 2 : 1) ? count : Infinity;
};

const root = document.documentElement.dataset.content_root;
const results = document.getElementById("search-results");
const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
const all = words(query), isStop = (word) => STOP.has(word);
const asked = [...new Set(all.every(isStop) ? all : all.filter((word) => !isStop(word)))];

// Where each stem is: {page: weight}; how titles and questions spell it; their stems as a whole.
const found = new Map(), spellings = new Map(), wholes = [];
const add = (word, page, weight) => {
  const key = stem(word);
  if (!found.has(key)) found.set(key, {});
  found.get(key)[page] = Math.max(found.get(key)[page] ?? 0, weight);
  if (weight > TEXT && !isStop(word)) spellings.set(word, key);
};
const addWhole = (text, page, weight) => {
  const every = words(text), main = every.filter((word) => !isStop(word));
  for (const word of every) add(word, page, main.length > 1 ? PART : weight);
  wholes.push({ page, every: every.map(stem).join(" "), main: main.map(stem) });
};
const read = ({ titles, alltitles, terms }) => {
  for (const [term, pages] of Object.entries(terms))
    for (const page of [pages].flat())
      if (term.endsWith("?")) for (const question of term.slice(0, -1).split("?")) addWhole(question, page, QUESTION);
      else for (const word of words(term)) add(word, page, TEXT);
  titles.forEach((title, page) => addWhole(title, page, TITLE));
  for (const [title, places] of Object.entries(alltitles))
    for (const [page, id] of places) if (id) for (const word of words(title)) add(word, page, HEADING);
};

// The stems that answer a word: its own, else longer and shorter ones, else the nearest spellings.
const matches = (word) => {
  const key = stem(word), keys = [...found.keys()];
  if (found.has(key)) return [[key, 1]];
  const begin = keys.filter((other) => (key.length > 2 && other.startsWith(key)) || (other.length > 4 && key.startsWith(other)));
  if (begin.length) return begin.map((other) => [other, 0.7]);
  const near = [...spellings].map(([other, to]) => [to, mistakes(word, other)]);
  if (key.length > 6) near.push(...keys.filter((other) => other.length > 6).map((other) => [other, mistakes(key, other)]));
  const least = Math.min(2, ...near.map(([, count]) => count)); // none is a mistake of more letters
  return near.filter(([, count]) => count === least).map(([to]) => [to, 0.6]);
};

const rank = ({ docnames }, answers, known) => {
  const asMain = asked.map(stem).join(" "), asEvery = all.map(stem).join(" ");
  const ranked = docnames.map((name, page) => {
    let score = 0, count = 0, best = 0;
    for (const each of answers) {
      const most = Math.max(0, ...each.map(([key, part]) => {
        const pages = found.get(key), weight = pages[page] ?? 0;
        best = Math.max(best, weight);
        return part * weight * Math.log(1 + docnames.length / Object.keys(pages).length);
      }));
      score += most;
      count += most > 0;
    }
    score += Math.max(...wholes.filter((whole) => whole.page === page).map(({ every, main }) => {
      if (every === asEvery) return SAME;
      if (main.length && main.join(" ") === asMain) return SAME / 2;
      return main.length > 1 && main.every((key) => known.has(key)) ? PART * main.length : 0;
    }));
    const share = count / asked.length;
    const isAnswer = share > 0.5 || (share > 0.3 && best >= QUESTION);
    return { name, page, score: isAnswer ? score * share * (name.startsWith(results.dataset.last) ? LESS : 1) : 0 };
  });
  return ranked.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
};

const pathOf = (name) => name.replace(/(^|\/)index$/, "$1").replace(/[^/]$/, "$&/");
const texts = {}; // each page in Markdown has a fifth of the bytes
const textOf = (name) => (texts[name] ??= fetch(`${root}${pathOf(name)}index.html.md`)
  .then((answer) => (answer.ok ? answer.text() : ""))
  .catch(() => "") // no connection, or it breaks
  .then((text) => text.replace(/^```[^]*?^```|^#.*|[*`<>]/gm, "").replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")));

const element = (tag, text, className = "") => Object.assign(document.createElement(tag), { textContent: text, className });
// The sentence with most of the words, which it marks, else the first that says something.
const excerpt = (text, known) => {
  const isKnown = (word) => known.has(stem(word));
  const count = (sentence) => new Set(words(sentence).filter(isKnown).map(stem)).size;
  const sentences = text.split(/\n\s*\n|^\s*(?:-|\d+\.) |(?<=[.!?])\s+/m).map((each) => each.replace(/\s+/g, " ").trim());
  const [best] = sentences.filter((each) => each.length > 25).sort((a, b) => count(b) - count(a));
  const line = element("p", "", "context");
  for (const part of (best ?? "").split(/([\p{L}\p{M}\p{N}]+)/u))
    line.append(words(part).some(isKnown) ? element("mark", part) : part);
  return line;
};

const inSight = (item) => new Promise((resolve) => {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    resolve();
  }).observe(item);
});

const show = async (index) => {
  const { docnames, titles } = index;
  read(index);
  // Sphinx leaves numbers out of its index.
  for (const number of asked.filter((word) => /^\d+$/.test(word) && !found.has(word)))
    (await Promise.all(docnames.map(textOf))).forEach((text, page) => words(text).includes(number) && add(number, page, TEXT));
  const answers = asked.map(matches), known = new Set(answers.flat().map(([key]) => key));
  const ranked = rank(index, answers, known);
  for (const { name, page } of ranked) {
    const item = results.appendChild(element("li", "")), link = element("a", titles[page]);
    link.href = root + pathOf(name);
    item.appendChild(element("h2", "")).append(link);
    const above = ["index", name.replace(/[^/]*$/, "index")].filter((other) => other !== name).map((other) => docnames.indexOf(other));
    item.append(element("p", [...new Set(above)].map((other) => titles[other]).filter(Boolean).join(" › "), "place"));
    // A sentence is looked up once its result comes into sight.
    inSight(item).then(() => textOf(name)).then((text) => item.append(excerpt(text, known)));
  }
  const count = ranked.length === 1 ? "1 result" : `${ranked.length || "No"} results`;
  document.getElementById("search-count").textContent = `${count} for “${query}”`;
  document.getElementById("search-nothing").hidden = ranked.length > 0;
};
const field = document.querySelector(".bd-search-container input");
field.value = query;
window.Search = { setIndex: show }; // what the index calls
if (asked.length) {
  field.focus(); // the results are next
  field.select();
  document.head.append(Object.assign(element("script", ""), { src: `${root}searchindex.js` }));
}
