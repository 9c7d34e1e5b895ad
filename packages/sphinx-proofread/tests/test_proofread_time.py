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
from sphinx_proofread.rules import patterns as texts

LONG = 16_000  # characters
SLOW = 0.03  # seconds of CPU: what takes less isn't measured twice
STOP = 1.0  # seconds of CPU: what takes more isn't awaited
WAYS = {"match", "fullmatch", "search", "finditer", "findall", "sub", "split"}
FOLDER = Path(sphinx_proofread.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))


def patterns() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield each pattern of the package: where it is, itself, and the way in which it is used."""
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        nodes = [*ast.walk(tree)]
        uses = {
            node: (node.value.id, node.attr)
            for node in nodes
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }
        ways = {name: way for name, way in uses.values() if way in WAYS}
        for call in (node for node in nodes if isinstance(node, ast.Call) and node.args):
            name, way = uses.get(call.func, ("", ""))
            if name == "re" and way in WAYS and isinstance(call.args[0], ast.Constant):
                yield f"{file.name}:{call.lineno}", re.compile(str(call.args[0].value)), way
        name = ".".join(file.relative_to(FOLDER.parent).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{file.name}:{name}", value, ways.get(name, "search")
    for pattern, rule in texts.patterns_for((*texts.NAMES,), "en"):
        yield f"patterns.py:{rule.name}", pattern, "finditer"


PATTERNS = {where: (pattern, way) for where, pattern, way in patterns()}


def hostile(pattern: str, size: int) -> Iterator[str]:
    """Yield long runs of what a pattern looks for: each sign, pairs of them, behind each word."""
    plain = re.sub(r"\\.", " ", pattern)
    words = [*dict.fromkeys(re.findall(r"[a-zA-Z]{2,}", plain)), ""][-12:]
    signs = [*dict.fromkeys([*re.findall(r"[^\w]", pattern), *"aA1 -.\n"])]
    yield from (size // 2 * (a + b) + "\0" for a in signs for b in signs if a <= b)
    yield from (word + sign * size + "\0" for word in words for sign in signs)
    yield from (size // len(word) * word + "\0" for word in words if word)


def seconds(pattern: re.Pattern[str], way: str, run: str) -> float:
    """Return the CPU time that a pattern takes for a run, no more than about `STOP`."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, STOP)
    start, at = time.process_time(), 0
    try:
        if way in ("match", "fullmatch"):
            getattr(pattern, way)(run)
        else:
            while (found := pattern.search(run, at)) and time.process_time() - start < STOP:
                at = max(found.end(), at + 1)
    except TimeoutError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - start


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system cannot stop a match")
@pytest.mark.parametrize("where", PATTERNS)
def test_a_pattern_takes_as_long_as_its_text(where: str) -> None:
    """Four times as many of a pattern's own signs take no more than eight times as long."""
    pattern, way = PATTERNS[where]
    slow = [
        long[:12]
        for short, long in zip(
            *(hostile(pattern.pattern, n) for n in (LONG // 4, LONG)), strict=True
        )
        if (taken := seconds(pattern, way, long)) > SLOW
        and (taken > STOP or taken > 8 * min(seconds(pattern, way, short) for _ in range(3)))
    ]
    assert not slow, (
        f"{where}: the time that the pattern takes grows with the square of the text, such as {slow}. "
        "Say how often a sign may come, or let it begin with something rarer."
    )
