"""What several tools find is one list: all of it, each once, at its place, with a count."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from proofread_site import CONF, page
from sphinx_proofread.check import of_hooks
from sphinx_proofread.spelling import correction

HOOKS = """Python, mistakes....................................Failed
- hook id: ruff-check
- exit code: 1

tool.py:3:1: F401 `os` imported but unused
Found 1 error.

no large file.......................................Passed
security............................................Failed
- hook id: zizmor
- exit code: 14

error[excessive-permissions]: overly broad permissions
  --> tool.py:2:3
crash...............................................Failed
- hook id: crash
- exit code: 1

Executable `no-such-tool` not found
the end of a file...................................Failed
- hook id: last-line
- exit code: 1

tool.py:9:::::
"""


def test_what_hooks_say_has_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line that names a file is a finding; a hook that names none is one too."""
    monkeypatch.chdir(tmp_path)
    Path("tool.py").write_text("x = 1\n")
    places = [(each.path, each.line, each.rule) for each in of_hooks(HOOKS)]
    assert places == [
        ("tool.py", 3, "hook.ruff-check"),
        ("tool.py", 2, "hook.zizmor"),
        (".pre-commit-config.yaml", 1, "hook.crash"),
        ("tool.py", 9, "hook.last-line"),
    ]


@pytest.mark.parametrize("annotate", [False, True])
def test_all_tools_run_and_report_once(tmp_path: Path, *, annotate: bool) -> None:
    """The build, the links and the hooks all run; the end is a count for each file."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(CONF.replace('html_static_path = ["_static"]\n', ""))
    (docs / "index.md").write_text(
        page("index", "# Home\n\nSee [it](no.md) and http://numpy.org/ now.")
    )
    link = {"url": "https://numpy.org/x", "reason": "404", "suggestion": "", "fails": True}
    link |= {"verdict": "broken", "places": [{"file": "docs/index.md", "line": 9}]}
    report = json.dumps({"links": [link]})
    (tmp_path / "links.py").write_text(
        f"import pathlib, sys\npathlib.Path(sys.argv[1]).write_text({report!r})\n"
    )
    (tmp_path / "hooks.txt").write_text(HOOKS)
    (tmp_path / "hooks.py").write_text("print(open('hooks.txt').read()); raise SystemExit(1)\n")
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    variables.pop("GITHUB_ACTIONS", None)
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "sphinx_proofread.check",
                "docs",
                "--build=out -q -W -b dirhtml",
            ),
            f"--links={sys.executable} links.py {{json}}",
            f"--hooks={sys.executable} hooks.py",
        ],
        cwd=tmp_path,
        env=variables | ({"GITHUB_ACTIONS": "true"} if annotate else {}),
        capture_output=True,
        text=True,
    )
    said = done.stdout
    assert done.returncode == 1, said + done.stderr
    for words in (
        "'no.md'",
        "[proofread.link-http]",
        "[link.broken]",
        "[hook.crash]",
        "    3 in docs/index.md",
    ):
        assert words in said, f"{words} is missing:\n{said}"
    assert said.count("::error file=docs/index.md,line=9::") == (3 if annotate else 0), said
    assert "Traceback" not in said + done.stderr


def test_a_crash_is_not_silence(tmp_path: Path) -> None:
    """A tool that fails and names no place fails the check, and its words are shown."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(CONF.replace('html_static_path = ["_static"]\n', ""))
    (docs / "index.md").write_text(page("index", "# Home\n\nWords."))
    command = [sys.executable, "-m", "sphinx_proofread.check", "docs", "--build=out -q -b dirhtml"]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    crash = {"--links": "!" * 9, "--hooks": "?" * 9}
    tools = [
        f"{tool}={sys.executable} -c \"raise SystemExit('{said}')\"" for tool, said in crash.items()
    ]
    done = subprocess.run(
        [*command, *tools], cwd=tmp_path, env=variables, capture_output=True, text=True
    )
    assert done.returncode == 1 and "Nothing is wrong" not in done.stdout, done.stdout
    silent = [tool for tool, said in crash.items() if said not in done.stdout]
    assert silent == [], f"these tools crashed, and nothing of it is shown: {done.stdout}"
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "Nothing is wrong.\n"), done.stdout


def test_a_build_that_stops_says_so(tmp_path: Path) -> None:
    """Where a setting stops the build, nobody should think that the pages are right."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(f'{CONF}\nmyst_heading_anchors = "3"\n')
    (docs / "index.md").write_text(page("index", "# Home\n\nThe the."))
    command = [sys.executable, "-m", "sphinx_proofread.check", "docs", "--build=out -q -b dirhtml"]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert done.returncode == 1 and "docs/conf.py:" in done.stdout, done.stdout
    assert "not all pages were checked" in done.stdout, done.stdout


CRASH = """
def boom(app, page, *_):
    if page == "page":
        raise ValueError("a bug")

def setup(app):
    app.connect("html-page-context", boom)
"""


@pytest.fixture
def started(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts a build of a site of many pages, some of them at once."""
    docs, names = tmp_path / "docs", ["page", *(f"page-{number}" for number in range(99))]
    docs.mkdir()
    (docs / "conf.py").write_text(CONF.replace('html_static_path = ["_static"]\n', ""))
    toctree = "\n".join(["```{toctree}", *names, "```"])
    (docs / "index.md").write_text(page("index", f"# Home\n\n{toctree}"))
    for name in names:
        (docs / f"{name}.md").write_text(page(name, f"# The {name}\n\nWords."))

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sphinx_proofread.build", "docs", "out", "-q", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(docs)])},
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.mark.long
def test_a_crash_names_the_page(tmp_path: Path, started: Callable) -> None:
    """Where an extension fails, the page that it was at is named, whichever process wrote it."""
    (tmp_path / "docs/broken.py").write_text(CRASH)
    with (tmp_path / "docs/conf.py").open("a") as conf:
        conf.write('extensions += ["broken"]\n')
    for jobs in ("1", "2"):
        said = started("-E", "-j", jobs).communicate()[1]
        assert "docs/page.md:1: " in said, f"the page isn't named with {jobs} jobs: {said}"
        assert "Traceback" not in said


@pytest.mark.long
def test_two_builds_wait_for_each_other(started: Callable) -> None:
    """Two builds into one folder both end well, and one of them says that it waits."""
    builds = [started("-E"), started("-E")]
    said = [build.communicate()[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert sum("Another build writes to out." in each for each in said) == 1, said


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_a_killed_build_leaves_no_process(started: Callable, name: str) -> None:
    """What a build has started ends soon after it's killed."""
    build = started("-E", "-j", "2")
    children = Path(f"/proc/{build.pid}/task/{build.pid}/children")
    if not children.exists():
        pytest.skip("only Linux lists the processes that a process has started")
    wait_until(
        lambda: len(children.read_text().split()) > 4, "it starts three linters, two workers"
    )
    left = children.read_text().split()
    build.send_signal(getattr(signal, name))
    build.communicate()
    wait_until(lambda: not any(map(is_running, left)), f"all processes end after {name}")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait up to half a minute for a condition."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.05)


def is_running(number: str) -> bool:
    """Return whether a process of Linux goes on."""
    status = Path(f"/proc/{number}/stat")
    return status.exists() and status.read_text().rpartition(") ")[2][0] != "Z"


@pytest.mark.parametrize(
    ("word", "meant"),
    [("sentecnes", "sentences"), ("subcommitee", "subcommittee"), ("knoweledge", "knowledge")]
    + [(word, "") for word in ("sentences", "organisation", "subcommittee", "netlify")],
)
def test_a_slip_of_the_finger(word: str, meant: str) -> None:
    """A word one slip away from a common one is found, and a rare or a British one isn't."""
    found = correction(word)
    assert found == meant or (meant and found.startswith("sub")), f"{word} → {found}"
