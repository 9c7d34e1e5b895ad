"""The benchmark, `python -m bench`: how light the pages are, and how long they take to build.

It measures our site beside the same Markdown in other themes, in one run on one machine, so that
the ratios hold where the figures themselves do not.
"""
