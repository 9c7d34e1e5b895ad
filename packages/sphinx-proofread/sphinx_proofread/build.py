"""Run sphinx-build alone and from nothing, and put whatever stops it into one sentence at its line.

Sphinx reports a mistake in conf.py as a crash: versions, a traceback, and the path of a temporary
file. `python -m sphinx_proofread.build` takes the arguments of sphinx-build.
"""

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

CRASH = "\n\nVersions\n"  # what only the report of a crash has
NAMED = re.compile(r"\[proofread\.page-broken\]|: Sphinx stopped here: ")  # what caused it


def in_one_sentence(text: str, folder: Path) -> str:
    """Shorten the report of a crash in what Sphinx prints.

    Args:
        text: what Sphinx prints as errors.
        folder: the folder of conf.py.

    Returns:
        The text, with one line instead of the report.
    """
    if NAMED.search(text):
        text = text.partition("\nRecursion error!")[0]
    text = text.replace("\nSphinx error:\nThe build", "The build")
    before, _, report = text.partition(CRASH)
    trace = report.partition("\nTraceback\n")[2].partition("\n\nThe full traceback ")[0]
    if not trace:
        return text
    # It loads Sphinx, which a build that works needn't wait for.
    from .upstream import line_of_setting

    said = trace.strip().splitlines()[-1].strip().rstrip(".")
    if "The build stopped: " in said:
        return f"{before.rpartition(chr(10))[0].rstrip()}\n{said.partition(': ')[2]}.\n".lstrip()
    if inner := re.search(r"threw an exception \(exception: (.*)\)$", said):
        said = inner[1]
    said = re.sub(r" in \[.*", "", said)  # the folders of this machine
    conf = folder / "conf.py"
    frames = re.findall(r'File "(.+?)", line (\d+)', trace)
    ours = [(Path(file), line) for file, line in frames if Path(file).is_relative_to(folder)]
    inside = re.search(r"\(conf\.py, line (\d+)\)", said)
    ours += [(conf, inside[1])] if inside else []
    before = before.rpartition("\n")[0].rstrip("\n")
    if NAMED.search(before):
        return f"{before}\n"
    file, line = ours[-1] if ours else (conf, line_of_setting(conf, said.replace(".html", "")))
    place = f"{file.relative_to(folder.parent).as_posix()}:{line}"
    reason = re.sub(r"^(?:\w+\.)*", "", said)
    sentence = f"{place}: ERROR: Sphinx stopped here: {reason}. [sphinx]\n"
    return f"{before}\n{sentence}" if before else sentence


def build(arguments: list[str]) -> tuple[int, str]:
    """Run sphinx-build in this process, so that nothing goes on if it's killed.

    It starts from nothing: old doctrees would leave old titles in the menus, and could run code.

    Args:
        arguments: those of sphinx-build.

    Returns:
        The exit status, and what Sphinx prints as warnings and errors.
    """
    from sphinx.cmd.build import main as sphinx_build  # loading it takes a while

    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            status = sphinx_build([*arguments, "--fresh-env"])
    except SystemExit as stopped:
        if isinstance(stopped.code, int):
            sys.stderr.write(said.getvalue())
            raise
        status = 1
        said.write(f"{stopped.code}\n")
    text = said.getvalue()
    if "Sphinx parallel build error!" in text:
        # A worker doesn't say which page it was at, so one process does it all once more.
        command = [sys.executable, "-m", "sphinx", *arguments, "--jobs=1"]
        text = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False).stderr  # noqa: S603
    return status, text


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other build writes to a folder, and empty it: it may hold pages that are gone.

    Args:
        folder: where the built pages go.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.parent / f".{folder.name}.lock")
    is_ours = Path(lock.lock_file).exists() or (folder / ".buildinfo").is_file()
    is_ours |= "_build" in folder.parts  # which no one else writes to
    is_ours &= not Path.cwd().is_relative_to(folder.resolve())  # it holds more than pages
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"Another build writes to {folder}. This one waits until it ends.", file=sys.stderr)
        lock.acquire()
    try:
        if is_ours and folder.is_dir():
            shutil.rmtree(folder)
        yield
    finally:
        lock.release()


def end_with_parent() -> None:
    """Let the processes that this one forks end when it's killed, and end itself in good order."""
    reading, writing = os.pipe()

    def watch() -> None:
        os.close(writing)
        waits = threading.Thread(target=lambda: os.read(reading, 1) or os._exit(1), daemon=True)
        waits.start()  # nobody writes, so the read returns once the parent is gone

    if hasattr(os, "register_at_fork"):  # Windows forks nothing
        os.register_at_fork(after_in_child=watch)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def main() -> int:
    """Build, and return Sphinx's exit status."""
    from sphinx.cmd.build import get_parser

    given, _ = get_parser().parse_known_args(sys.argv[1:])
    end_with_parent()
    with alone(Path(given.outputdir)):
        status, said = build(sys.argv[1:])
    source = Path(given.confdir or given.sourcedir).resolve()
    sys.stderr.write(in_one_sentence(said, source))
    return status


if __name__ == "__main__":
    sys.exit(main())
