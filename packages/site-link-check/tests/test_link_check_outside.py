"""Links to other hosts get the verdict that they deserve, from a server that misbehaves."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from link_check_sites import (
    COMMAND,
    LONG,
    MANY,
    PACKAGE,
    ROWS,
    SERVER,
    Json,
    Outcome,
    add,
    check,
    read_report,
    requests,
    start,
    verdicts,
    write_site,
)
from site_link_check.report import visible

Names = dict[str, str]
OK, GONE, REFUSED = (f"{SERVER}/f/{name}" for name in ("ok", "404", "403"))
# `blocked` is an `unknown` of which the reason is known: these rows must name it.
BLOCKED = {"401", "403", "403-cf", "418", "402", "451", "999", "m-cf-200", "m-anubis", "m-waf"}
BLOCKED |= {"m-cf-404", "m-wall-302", "m-403-after-301", "m-anubis-long", "m-sso-guide"}
BLOCKED |= {"r302-login", "m-denied"}

pytestmark = [
    pytest.mark.usefixtures("link_runs"),  # begin now; the tests that wait for them are last
    pytest.mark.skipif(sys.platform == "win32", reason="the server needs signals of Unix"),
]


def test_without_a_network_the_run_is_void(tmp_path: Path) -> None:
    """Where no host can be reached, no link is called dead, and no history is written."""
    urls = [f"https://host{number}.invalid/" for number in range(3)]
    site = write_site(tmp_path, {"page": urls})
    status, report, text = check(site, "--history=history.json")
    assert (status, report["status"]) == (3, "void")
    assert verdicts(report) == dict.fromkeys(urls, "unknown")
    assert text.startswith("void: none of the hosts of 3 links ")
    assert not (site / "history.json").exists(), "a run without a network knows nothing of links"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Let this server answer for names that a test adds, and for no others but numbers."""
    known: Names = {"127.0.0.1": "127.0.0.1"}

    def look_up(host: str, port: object, *_: object, flags: int = 0, **__: object) -> list[object]:
        family = socket.AF_INET
        if known.get(host) == "::1":
            family = socket.AF_INET6
        if host not in known or (family is socket.AF_INET6 and flags & socket.AI_ADDRCONFIG):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(family, socket.SOCK_STREAM, 6, "", (known[host], int(str(port or 0))))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def test_the_only_host_may_be_gone(tmp_path: Path, names: Names) -> None:
    """If a site links to one host, and others exist, that host is dead and not the network."""
    site = write_site(tmp_path, {"page": ["http://gone.example/"]})
    assert check(site)[0] == 3, "nothing shows that there is a network"
    names["a.root-servers.net"] = "192.0.2.1"
    status, report, _ = check(site)
    assert (status, report["links"][0]["reason"]) == (1, "there is no such host")


def test_a_host_on_another_network_may_be_there(tmp_path: Path, names: Names) -> None:
    """A host that has an address of a kind that this machine doesn't use isn't called dead."""
    names["six.example"] = "::1"
    url = "http://six.example:9100/f/ok"
    assert verdicts(check(write_site(tmp_path, {"page": [OK, url]}))[1])[url] == "unknown"


@pytest.mark.parametrize("scheme", ["http", pytest.param("https", marks=pytest.mark.long)])
def test_a_portal_is_no_fault_of_a_link(tmp_path: Path, names: Names, scheme: str) -> None:
    """Where nearly all hosts lead to one page or show a bad certificate, the run is void."""
    port = {"http": 9100, "https": 9102}[scheme]
    hosts = [f"host{number}.example" for number in range(4)]
    names.update(dict.fromkeys(hosts, "127.0.0.1"))
    urls = [f"{scheme}://{host}:{port}/f/m-portal" for host in hosts]
    status, report, text = check(write_site(tmp_path, {"page": urls}))
    assert (status, report["status"]) == (3, "void"), text
    good = [f"http://host{number}.example:9100/f/ok" for number in range(9, 14)]
    names.update({f"host{number}.example": "127.0.0.1" for number in range(9, 14)})
    links = dict.fromkeys(good, known("ok", 3, 30, 3))
    site = write_site(tmp_path, {"page": [*urls, *good]})
    (site / "history.json").write_text(json.dumps({"links": links}), encoding="utf-8")
    assert check(site, "--history=history.json")[0] != 3, "hosts that were good lately still are"
    urls = [*urls[:2], *(f"http://{host}:9100/f/404" for host in hosts[2:])]
    found = verdicts(check(write_site(tmp_path, {"page": urls}))[1])
    assert found[urls[-1]] == "broken", "half of the hosts are no portal"


PRIVATE = ["127.0.0.1:9100", "192.168.7.7", "localhost:1", "[fe80::1]", "127.1", "0x7f.1"]
PRIVATE += ["2130706433", "localhost.", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:a00:1::]"]


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses(tmp_path: Path, host: str) -> None:
    """A public page that leads to a private address is wrong, unless it's allowed."""
    site = write_site(tmp_path, {"page": [f"http://{host}/f/ok"]})
    status, report, _ = check(site, "--base-url=https://site.example.org/", "--offline")
    assert (status, len(report["links"])) == (1, 1)
    assert "--allow-private" in report["links"][0]["suggestion"]
    for more in (["--base-url=http://localhost/"], ["--base-url=https://a.org", "--allow-private"]):
        assert check(site, "--offline", *more)[0] == 0


def test_a_redirect_to_a_private_address(tmp_path: Path, names: Names) -> None:
    """Nobody follows a link of a public page into the network that the check runs in."""
    names["public.example"] = "127.0.0.1"
    url = "http://public.example:9100/f/m-portal"
    site = write_site(tmp_path, {"page": [url]})
    _, report, _ = check(site, "--base-url=https://site.example.org/")
    assert "only this machine" in report["links"][0]["reason"]
    assert verdicts(check(site, "--base-url=https://a.org", "--allow-private")[1])[url] == "ok"


@pytest.mark.parametrize("seconds", [0.2, 0.4, 0.8])
def test_a_run_can_be_interrupted_early(tmp_path: Path, seconds: float) -> None:
    """Ctrl-C ends a run that still starts, or reads the pages, without a traceback."""
    for number in range(300):
        add(tmp_path / f"html/{number}.html", '<p><a href="x">x</a>' * 100)
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    code += "print(flush=True); from site_link_check.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "html", "--offline"]
    pipes = {"stdout": -1, "stderr": -2, "text": True, "start_new_session": True}
    env = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    with subprocess.Popen(command, cwd=tmp_path, env=env, **pipes) as run:
        run.stdout.readline()
        time.sleep(seconds)
        os.killpg(run.pid, signal.SIGINT)
        text = run.communicate(timeout=10)[0]
    assert "Traceback" not in text
    assert run.returncode in (130, -signal.SIGINT, 1), "interrupted, which shells call 130, or done"


def test_ctrl_c_is_for_the_run_alone(tmp_path: Path) -> None:
    """The process that reads pages waits with Ctrl-C until it ignores it."""
    code = "import signal; from site_link_check.aside import Aside\nif __name__ == '__main__': "
    code += "blocked = Aside().call(signal.pthread_sigmask, signal.SIG_BLOCK, []); assert "
    code += "signal.SIGINT in blocked, 'Ctrl-C ends the process with a traceback'"
    (tmp_path / "run.py").write_text(code)
    subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, env={"PYTHONPATH": str(PACKAGE)}, check=True
    )


def test_a_run_can_be_interrupted(tmp_path: Path) -> None:
    """What was found before Ctrl-C is reported."""
    site = write_site(tmp_path, {"page": [GONE, "http://127.0.0.1:9107/f/blackhole?x"]})
    # A shell that starts the tests in the background lets them ignore the signal.
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    code += "from site_link_check.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *COMMAND, "--history=history.json"]
    env = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    with subprocess.Popen(command, cwd=site, env=env, stdout=-1, stderr=-2, text=True) as run:
        time.sleep(8)  # long enough on a busy machine
        run.send_signal(signal.SIGINT)
        text = run.communicate(timeout=10)[0]
    assert run.returncode == 130, text
    assert "Traceback" not in text
    assert f"broken: {GONE}: 404 Not Found" in text
    assert "interrupted: not all links were checked." in text
    assert read_report(site)["status"] == "interrupted"


def test_words_of_a_host_are_shown_as_text() -> None:
    """What would steer a terminal, or turn the direction of letters, is made visible."""
    assert visible("a\x1b[31m\nb\u202e\x00é") == "a\\x1b[31m b\\u202e\\x00é"


def test_a_pull_request_fails_by_its_own_links_alone(tmp_path: Path) -> None:
    """With --since, a link that was there before isn't even asked for, wherever it moves."""
    site = write_site(tmp_path, {"page": [GONE, OK]})
    commit = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "All"]
    for command in (["git", "init", "-q"], ["git", "add", "."], commit, ["git", "tag", "before"]):
        assert start(*command, cwd=site).returncode == 0
    write_site(site, {"page": [OK, REFUSED], "new": [GONE]})
    status, report, text = check(site, "--since=before")
    assert (status, verdicts(report)) == (0, {REFUSED: "blocked"})
    assert "the 1 that were added since before were checked, and the 2 older ones not" in text
    start("git", "add", ".", cwd=site)
    start(*commit, cwd=site)
    dead = f"{GONE}?new"
    write_site(site, {"page": [OK, REFUSED, dead], "new": [GONE]})
    status, report, text = check(site, "--since=before")
    assert (status, verdicts(report)) == (1, {REFUSED: "blocked", dead: "broken"})
    assert f"docs/page.md:4: broken: {dead}: 404 Not Found." in text
    nobody = "http://no-such-host.invalid/"
    write_site(site, {"page": [OK], "new": [GONE, nobody]})
    status, report, _ = check(site, "--since=before")
    assert (status, verdicts(report)) == (1, {nobody: "broken"}), "other hosts answer"
    part, made = f"{SERVER}/f", f"{GONE}?made-by-a-program"
    write_site(site, {"page": [f"{OK}/longer", part], "new": [GONE], "ignored": [made]})
    (site / ".gitignore").write_text("docs/ignored.md\n", encoding="utf-8")
    found = verdicts(check(site, "--since=before")[1])
    assert part in found, "a part of an older address is another address"
    assert made not in found, "a file that git ignores isn't part of the change"
    write_site(site, {"page": [OK], "new": [GONE]})
    shutil.copytree(site / "html", site / "old")
    add(site / "html/page/index.html", f'<a href="{GONE}?role">x</a>')
    assert check(site, "--since=before")[0] == 0, "no source tells about it"
    assert list(verdicts(check(site, "--since=before", "--before=old")[1])) == [f"{GONE}?role"]
    add(site / 'docs/"odd"\tname.md', f"<!-- [x]({GONE}?odd) -->\n")
    start("git", "add", ".", cwd=site)
    start(*commit, cwd=site)
    start("git", "tag", "-f", "before", cwd=site)
    add(site / 'docs/"odd"\tname.md', f"[x]({GONE}?odd)\n")
    add(site / 'html/"odd"\tname/index.html', f'<a href="{GONE}?odd">x</a>')
    assert list(verdicts(check(site, "--since=before")[1])) == [f"{GONE}?odd"], "it was a comment"
    status, _, text = check(site, "--since=nowhere")
    assert status == 2
    assert "check out the whole history (fetch-depth: 0)" in text


def known(verdict: str, runs: int, days: int, good: int | None = None, broken: int = 0) -> Json:
    """Return an entry of a history file; the times are days before today."""
    since = (date.today() - timedelta(days)).isoformat()
    last = None if good is None else (date.today() - timedelta(good)).isoformat()
    entry = {"verdict": verdict, "since": since, "runs": runs, "broken": broken}
    return {**entry, "last_good": last}


PATIENT = ("405", "426", "300", "m-503-script", "m-503-hours", "501", "m-zstd")
# What is known of a link, what it shows now, the verdict, whether it fails, and the runs.
# No row is a day away from another verdict, because midnight may come while the tests run.
HISTORY: list[tuple[Json | None, str, str, bool, int]] = [
    (None, "404", "broken", True, 1),
    (known("ok", 9, 90, 7), "404", "broken", False, 1),
    (known("broken", 1, 7, 14, 1), "404", "broken", True, 2),
    (known("unknown", 1, 7, 21, 1), "404", "broken", True, 1),
    (known("broken", 2, 14, 21, 2), "anchor-id", "ok", False, 1),
    (known("unknown", 2, 12, 20), "500", "unknown", False, 3),
    (known("unknown", 1, 30, 40), "500", "unknown", False, 2),
    (known("unknown", 2, 14, 20), "500", "broken", True, 3),
    (known("unknown", 9, 90), "m-json-script", "unknown", False, 10),
    # A refusal stays one, and the days of a refusal don't count against a host that is ill.
    *((known("unknown", 9, 90), name, "unknown", False, 10) for name in PATIENT),
    ({**known("unknown", 9, 90), "ages": False}, "500", "unknown", False, 1),
    ({**known("unknown", 9, 90), "ages": True}, "500", "broken", True, 10),
    # What was good tomorrow was written by a clock that is wrong.
    (known("ok", 9, 90, -3), "404", "broken", False, 1),
]


def test_history_decides(tmp_path: Path) -> None:
    """One bad run proves nothing; three without an answer in 14 days do."""
    urls = {f"{SERVER}/f/{row[1]}?{number}#sec": row for number, row in enumerate(HISTORY)}
    site = write_site(tmp_path, {"page": list(urls)})
    links = {url: row[0] for url, row in urls.items() if row[0]}
    (site / "history.json").write_text(json.dumps({"links": links}), encoding="utf-8")
    status, report, _ = check(site, "--history=history.json")
    assert status == 1
    after = json.loads((site / "history.json").read_text("utf-8"))["links"]
    found = {ln["url"]: (ln["verdict"], ln["fails"]) for ln in report["links"]}
    assert {u: (*end, after[u]["runs"]) for u, end in found.items()} == {
        url: row[2:] for url, row in urls.items()
    }
    for url, row in urls.items():
        if row[0] and row[2] != "ok":
            assert after[url]["last_good"] == row[0]["last_good"]


def test_good_answers_hold_for_a_week(tmp_path: Path) -> None:
    """A link that was good five days ago isn't asked for; after a week it is, and bad ones are."""
    site = write_site(tmp_path, {"page": [f"{SERVER}/f/dup-ok", GONE]})
    counted = requests()["status"].get("dup-ok", {}).get("200", 0)
    for days, asked in ((5, 0), (7, 1)):
        entry = known("ok", 3, 30, days)
        links = {f"{SERVER}/f/dup-ok": entry, "http://old/": entry}
        (site / "history.json").write_text(json.dumps({"links": links}), encoding="utf-8")
        _, report, _ = check(site, "--history=history.json")
        assert list(verdicts(report).values()) == ["ok", "broken"]
        assert requests()["status"].get("dup-ok", {}).get("200", 0) - counted == asked
    remembered = json.loads((site / "history.json").read_text("utf-8"))["links"]
    assert remembered.keys() == {f"{SERVER}/f/dup-ok", GONE}, "what is gone is forgotten"


@pytest.mark.parametrize(
    ("entry", "status", "message"),
    [
        ('{ pattern = "http://127.*/f/404", reason = "r", expires = 2999-01-01 }', 0, "1 ignored"),
        ('{ pattern = "/f/404", reason = "r", expires = 2999-01-01 }', 2, "matches no link"),
        ('{ pattern = ".*404", reason = "r", expires = 2020-01-01 }', 2, "until 2020-01-01"),
        ('{ pattern = ".*404", expires = 2999-01-01 }', 2, "needs a pattern, a reason and a date"),
        ('{ pattern = ".*404", reason = "r", expires = "2999-01-01" }', 2, "needs a pattern"),
        ('{ pattern = "(h|ht|.)*?x", reason = "r", expires = 2999-01-01 }', 2, "takes too long"),
        (
            '{ pattern = "a{9999999999}", reason = "r", expires = 2999-01-01 }',
            2,
            "regular expression",
        ),
        ('{ pattern = "(404", reason = "r", expires = 2999-01-01 }', 2, "regular expression"),
    ],
)
def test_ignored_links(tmp_path: Path, entry: str, status: int, message: str) -> None:
    """An entry matches a whole address, and one that is stale or wrong is named with its line."""
    site = write_site(tmp_path, {"page": [GONE]})
    if "too long" in message:
        write_site(site, {"page": [GONE, f"{SERVER}/{'h' * 90}"]})
    text = f"[tool.site-link-check]\nignore = [\n  {entry},\n]\n"
    (site / "pyproject.toml").write_text(text, encoding="utf-8")
    done, report, shown = check(site)
    assert done == status
    assert message in shown
    assert report["links"] == []
    if status:
        assert shown.startswith("pyproject.toml:3: ")
    if "2020" in entry:  # a change isn't to blame for the day
        assert check(site, "--offline")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--base-url=site"], "--base-url site: this isn't an address"),
        (["--history=docs/page.md"], "this isn't a history of a link check"),
        (["--base-url=mailto:a@example.org"], "this isn't an address"),
        (["--history=nonsense.json"], "this isn't a history of a link check"),
        (["--since=--help"], "--since: git"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["--source=nowhere"], "--source nowhere: there is no such folder"),
        (["--before=nowhere"], "--before nowhere: there is no such folder"),
        (["--markdown=docs"], "docs: it can't be written"),
        (["--history=docs"], "docs: this isn't a history of a link check"),
        (["--history=docs/page.md/x.json"], "docs/page.md/x.json: it can't be written"),
        (["--minutes=nan"], "argument --minutes"),
    ],
)
def test_wrong_use_is_explained(tmp_path: Path, arguments: list[str], message: str) -> None:
    """What can't be done ends with status 2 and says why."""
    nonsense = {"verdict": "ok", "since": "2026-01-01", "runs": 1e999, "broken": 0}
    nonsense["last_good"] = None
    (tmp_path / "nonsense.json").write_text(json.dumps({"links": {"x": nonsense}}), "utf-8")
    status, _, text = check(write_site(tmp_path, {"page": [OK]}), *arguments)
    assert status == 2
    assert message in text


def test_each_run_ends(tmp_path: Path) -> None:
    """When the time of the run is over, what was judged is reported, and the rest is unknown."""
    site = write_site(tmp_path, {"page": [OK, "http://127.0.0.1:9107/f/blackhole"]})
    status, report, _ = check(site, "--minutes=0.1")
    assert (status, list(verdicts(report).values())) == (0, ["ok", "unknown"])
    assert "the run ended before" in report["links"][1]["reason"]
    assert check(site, "--minutes=0.1", "--history=history.json")[0] == 0
    remembered = json.loads((site / "history.json").read_text("utf-8"))["links"]
    assert list(remembered) == [OK], "what wasn't asked for has no history"


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=[pytest.mark.long] if row.id in LONG else []) for row in ROWS],
    ids=[row.url for row in ROWS],
)
def test_each_behavior_gets_its_verdict(behaviors: Outcome, row: object) -> None:
    """The verdict is the expected one, or one that wouldn't be wrong either."""
    found = verdicts(behaviors.report).get(row.url.strip(), "none")
    right = ["blocked"] if row.id in BLOCKED else [row.expect, *row.accept]
    assert found in right, row.why


def test_each_place_is_reported(behaviors: Outcome, counted: Json) -> None:
    """A dead link is asked for as a program and as a browser, and reported at each place."""
    (link,) = (ln for ln in behaviors.report["links"] if ln["url"] == f"{SERVER}/f/dup-404")
    assert len(link["places"]) == len({place["file"] for place in link["places"]}) == 5
    for place in link["places"]:
        message = f"{place['file']}:{place['line']}: broken: {link['url']}: 404 Not Found. "
        assert message in behaviors.text
    assert counted["status"]["dup-404"] == {"404": 2}
    assert counted["status"]["dup-frag"] == {"200": 1}, "one request serves all parts of a page"


def test_a_move_names_the_address_to_write(behaviors: Outcome) -> None:
    """The replacement is where the permanent redirects lead, not where the last one does."""
    advice = {link["url"]: link["suggestion"] for link in behaviors.report["links"]}
    assert advice[f"{SERVER}/f/r301-302"] == f"Write {SERVER}/f/r301-302?2"
    assert advice[f"{SERVER}/f/r301-chain"] == f"Write {SERVER}/f/target"
    assert advice[f"{SERVER}/f/r301-anchor#sec"] == f"Write {SERVER}/f/anchor-id#sec"


def test_hosts_are_spared(busy: Outcome, counted: Json) -> None:
    """No host gets more than two requests at once, and one that is busy gets all its time."""
    # On a machine that is busy too, the server may count an answer that we have as under way.
    for port in ("9105", "9114"):
        assert 2 <= counted["peak"][port] <= 4
    assert set(verdicts(busy.report).values()) == {"ok"}
    assert len(busy.report["links"]) == 2 * MANY
    asked = counted["by_port"]["9105"]
    assert MANY < asked < 1.4 * MANY, "it should slow down soon, and not be refused again and again"


def test_the_report_says_the_worst_first(behaviors: Outcome) -> None:
    """The terminal, the JSON and the Markdown agree, and what needs no action comes last."""
    lines = re.findall(r"^\S+:\d+: (\w+): ", behaviors.text, re.M)
    assert [*dict.fromkeys(lines)] == ["broken", "unknown", "blocked", "moved"]
    headings = re.findall(r"^## (\w+) \((\d+)\)$", behaviors.markdown, re.M)
    counted = [*verdicts(behaviors.report).values()]
    for name, number in headings:
        assert int(number) == counted.count(name.lower())
    assert [name.lower() for name, _ in headings] == ["broken", "moved", "unknown", "blocked"]
    schemes = ["data", "javascript", "magnet", "mailto", "sms", "tel", "urn", "vscode"]
    assert behaviors.report["counted"] == dict.fromkeys(schemes, 1)
    assert behaviors.status == 1
