"""Run sphinx-build, and put whatever stops it into one sentence at a file and a line.

Sphinx reports a mistake in conf.py as a crash: versions, a traceback, and the path of a temporary
file. `python -m sphinx_proofread.build` takes the arguments of sphinx-build.
"""

import re
import subprocess
import sys
from pathlib import Path


def in_one_sentence(text: str, folder: Path) -> str:
    """Shorten the report of a crash in what Sphinx prints.

    Args:
        text: what Sphinx prints as errors.
        folder: the folder of conf.py.

    Returns:
        The text, with one line instead of the report.
    """
    text = text.replace("\nSphinx error:\nThe build", "The build")
    before, _, report = text.partition("\n\nVersions\n")
    trace = report.partition("\nTraceback\n")[2].partition("\n\nThe full traceback ")[0]
    if not trace:
        return text
    # It loads Sphinx, which a build that works needn't wait for.
    from .findings import line_of_setting

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
    file, line = ours[-1] if ours else (conf, line_of_setting(conf, said.replace(".html", "")))
    place = f"{file.relative_to(folder.parent).as_posix()}:{line}"
    reason = re.sub(r"^(?:\w+\.)*", "", said)
    before = before.rpartition("\n")[0].rstrip("\n")
    sentence = f"{place}: ERROR: Sphinx stopped here: {reason}. [sphinx]\n"
    return f"{before}\n{sentence}" if before else sentence


def main() -> int:
    """Build, and return Sphinx's exit status."""
    command = [sys.executable, "-m", "sphinx", *sys.argv[1:]]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603
    folders = [path for word in sys.argv[1:] if (path := Path(word).resolve()).is_dir()]
    confs = [path for path in folders if (path / "conf.py").is_file()]
    sys.stderr.write(in_one_sentence(done.stderr, confs[0]) if confs else done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
