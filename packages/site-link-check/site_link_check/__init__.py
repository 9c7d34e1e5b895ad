"""Check every link of the built site, and call none broken that a reader can open.

Sphinx has a `linkcheck` builder. It does not do here, because it

- reads the documents, not the built pages: links of the theme, of cards, of HTML, of CSS, and
  all links inside the site are outside its view;
- judges by one kind of request: a host that turns programs away (403, 429, or 404 to all that
  is no browser) counts as a dead link, and a page that says "not found" with status 200 as a
  good one;
- has no deadline for a whole answer, so that a host which sends a byte now and then holds
  the run for ever;
- cannot tell a link that a change adds from one that died by itself, nor a dead link from a
  dead network, and remembers nothing from one run to the next.

The parts, in the order in which a link passes through them:

- `site`: the built site on disk;
- `collect`: all links in it, with `document` for one page;
- `sources`: where each is written;
- `ignore` and `changes`: which of them count in this run;
- `inside`: links to our own pages, looked up on disk;
- `outside`: links to other hosts, asked for through `fetch`, at the pace of `hosts`, with the
  trust of `certificates`, and judged by `judge`;
- `history`: what earlier runs found;
- `report`: what people and programs read of it.

Nothing here imports Sphinx: any folder of HTML can be checked.
"""
