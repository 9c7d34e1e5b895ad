"""Build the site with `sphinx-build`, and say in one line what makes Sphinx itself stop.

`python docs/_ext/about_build.py ARGUMENTS` takes the arguments of `sphinx-build`. Where the settings cannot be
read, or a template is missing, Sphinx prints its versions, its extensions and a traceback; a
contributor needs the file, the line and what is wrong there.
"""

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

import sphinx._cli.util.errors as errors
sys.path[:0] = map(str, Path(__file__).parents[2].glob('packages/*'))
from sphinx_proofread.rule import StopError, lines_of
from sphinx.cmd.build import get_parser, main

describe_at_length = errors.handle_exception


def describe(error: BaseException, /, *, stderr: TextIO = sys.stderr, **options: Any) -> None:  # noqa: ANN401 - Sphinx's
    """Print what made Sphinx stop as one line, or at length with `--show-traceback`.

    Args:
        error: what was raised.
        stderr: where to print.
        options: what Sphinx gives to the function that this one replaces.
    """
    if isinstance(error, KeyboardInterrupt) or options.get("print_traceback"):
        describe_at_length(error, stderr=stderr, **options)
    elif isinstance(error, StopError):
        print(f"{error.category}: {error}.", file=stderr)
    else:
        cause = error
        while inner := cause.__cause__ or cause.__context__:
            cause = inner
        said = (getattr(cause, "msg", None) or str(cause)).strip().splitlines() or [""]
        said = f"{type(cause).__name__}: {said[0].partition(' not found in ')[0].rstrip('.')}"
        print(
            f"{where(cause)}: ERROR: the build stopped here: {said}. For more, build with "
            "--show-traceback. [about.stop]",
            file=stderr,
        )


def where(error: BaseException) -> str:
    """Tell where in `docs/` an error comes from.

    Args:
        error: what was raised.

    Returns:
        The path and the line: of our code, or of the setting that the error names.
    """
    docs = Path(get_parser().parse_args(sys.argv[1:]).sourcedir).resolve()
    frames = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    for file, line in reversed(frames):
        path = Path(docs, file).resolve()
        if path.is_relative_to(docs) and path.is_file() and path != Path(__file__).resolve():
            return f"{path.relative_to(docs.parent).as_posix()}:{line}"
    conf = docs / "conf.py"
    words = {
        name
        for word in re.findall(r"[\w./-]{4,}", str(error))
        for name in (word, word.removesuffix(".html"))
    }
    quoted = [f"{sign}{word}{sign}" for word in words for sign in "'\""]
    lines = [n for n, line in enumerate(lines_of(conf), 1) if any(word in line for word in quoted)]
    return f"{docs.name}/conf.py:{lines[-1] if lines else 1}"


def build(arguments: list[str]) -> int:
    """Build the site.

    Args:
        arguments: those of `sphinx-build`.

    Returns:
        The exit status: 0 where nothing is wrong.
    """
    errors.handle_exception = describe
    sys.argv[1:] = arguments
    return main(arguments)


if __name__ == "__main__":
    raise SystemExit(build(sys.argv[1:]))
