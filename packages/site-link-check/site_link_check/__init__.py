"""Check every link of a built site, and call none broken that a reader can open.

A link passes through these modules in this order:

- `site` lists the built files, `collect` finds the links in them, `document` parses one page;
- `sources` finds the line where each link is written;
- `ignore` and `changes` decide which links count in this run;
- `inside` looks up links to the site's own pages on disk;
- `outside` asks other hosts through `fetch`, at the pace of `hosts`, with the trust of
  `certificates`, and `judge` says what each answer means;
- `history` remembers earlier runs, and `report` writes the results.

Nothing here imports Sphinx: any folder of HTML can be checked.
"""
