"""No pattern takes longer than the text is long, so that no page keeps a build busy for hours."""

import ast
import importlib
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
import sphinx_proofread
from sphinx_proofread.rules import text

LONG, MOST = 16_000, 0.25  # characters, and seconds of CPU: what's quadratic takes 0.7
WAYS = {"match", "fullmatch", "search", "finditer", "findall", "sub", "split"}
FOLDER = Path(sphinx_proofread.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))


def patterns() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield each pattern of the package: where it is, itself, and the way in which it is used."""
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        calls = [call for call in calls if isinstance(call.func, ast.Attribute)]
        ways = {}
        for call in calls:
            if isinstance(call.func.value, ast.Name) and call.func.attr in WAYS:
                ways[call.func.value.id] = call.func.attr
                first = call.args[0] if call.args else None
                if call.func.value.id == "re" and isinstance(first, ast.Constant):
                    where = f"{file.name}:{call.lineno}"
                    yield where, re.compile(str(first.value)), call.func.attr
        name = ".".join(file.relative_to(FOLDER.parent).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{file.name}:{name}", value, ways.get(name, "search")
    for pattern, rule in text._patterns((*text.NAMES,), "en"):
        yield f"text.py:{rule.name}", pattern, "finditer"


PATTERNS = {where: (pattern, way) for where, pattern, way in patterns()}


def hostile(pattern: str) -> Iterator[str]:
    """Yield long runs of what a pattern looks for: each sign, pairs of them, behind each word."""
    plain = re.sub(r"\\.", " ", pattern)
    words = [*dict.fromkeys(re.findall(r"[a-zA-Z]{2,}", plain)), ""][-12:]
    signs = [*dict.fromkeys([*re.findall(r"[^\w]", pattern), *"aA1 -.\n"])]
    yield from (LONG // 2 * (a + b) + "\0" for a in signs for b in signs if a <= b)
    yield from (word + sign * LONG + "\0" for word in words for sign in signs)
    yield from (LONG // len(word) * word + "\0" for word in words if word)


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system cannot stop a match")
@pytest.mark.parametrize("where", PATTERNS)
def test_a_pattern_takes_as_long_as_its_text(where: str) -> None:
    """No long run of a pattern's own signs keeps it busy."""
    pattern, way = PATTERNS[where]
    search = pattern.search if way in ("sub", "split", "findall", "finditer") else None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for run in hostile(pattern.pattern):
            signal.setitimer(signal.ITIMER_VIRTUAL, MOST)
            start, at = time.process_time(), 0
            try:
                if search is None:
                    getattr(pattern, way)(run)
                else:
                    while found := pattern.search(run, at):
                        at = max(found.end(), at + 1)
                        if time.process_time() - start > MOST:
                            raise TimeoutError
            except TimeoutError:
                pytest.fail(
                    f"{where}: the pattern takes more than {MOST} s for {run[:12]!r}…. Say how often "
                    "a sign may come, or let it begin with something rarer."
                )
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
