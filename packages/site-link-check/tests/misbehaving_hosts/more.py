"""Behaviours of real servers that the shared catalogue does not have, and the server for both.

    python more.py --certs DIR [--log FILE] [--max-seconds N]

takes the same options as `faults.py` and listens on the same ports.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from email.utils import formatdate
from time import time

import brotli
import faults
from catalog import F, base, catalogue
from faults import ID, page

MAIN = base("main")
SCRIPT = "<script>document.title</script>"
STATISTICS = """<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
<script>window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);}
gtag('js', new Date()); gtag('config', 'G-1', { 'anonymize_ip': true });</script>
<script type="application/ld+json">{"name": "sec"}</script>"""
APP = b'<!doctype html><title>App</title><script src="/app.js"></script><div id="app"></div>'
LONG = "<p>" + "Words that a reader sees. " * 40 + "</p>"


class Request(faults.Req):
    """The shared behaviours and those of this file; `do_` and the name of the row."""

    async def say(self, body: str = "", status: int = 200, **headers: str) -> None:
        """Answer with a page."""
        await self.send(status, page(body=body), **headers)

    @property
    def is_chrome(self) -> bool:
        """Tell whether the request looks like one of Chrome."""
        return "Chrome/" in self.h.get("user-agent", "")

    async def raw(self, *lines: str, body: bytes = b"") -> None:
        """Answer byte for byte."""
        self.status, self.close = 200, True
        await self.put("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body)

    async def encoded(self, body: bytes, encoding: str) -> None:
        """Answer with a compressed page."""
        await self.send(200, body, Content_Encoding=encoding)

    # Anchors
    async def do_m_named_a(self) -> None:
        """The old way to name a place."""
        await self.say('<a name="sec">x</a>')

    async def do_m_entity(self) -> None:
        """An id with an entity in it."""
        await self.say('<h2 id="a&amp;b">x</h2>')

    async def do_m_encoded_id(self) -> None:
        """An id that is spelled with a percent sign."""
        await self.say('<h2 id="%C3%A9t%C3%A9">x</h2>')

    async def do_m_template(self) -> None:
        """An id that only a script could bring onto the page."""
        await self.say(f"<template>{ID}</template>")

    async def do_m_svg_id(self) -> None:
        """An id inside a drawing."""
        await self.say('<svg><g id="sec"></g></svg>')

    async def do_m_late(self) -> None:
        """A page of 3 MB with its anchor at the end."""
        await self.send(200, page(body=LONG * 3000 + ID))

    async def do_m_gzip(self) -> None:
        """Compressed as it says."""
        await self.encoded(gzip.compress(page(body=ID)), "gzip")

    async def do_m_deflate(self) -> None:
        """Compressed with a header, as the standard wants."""
        await self.encoded(zlib.compress(page(body=ID)), "deflate")

    async def do_m_deflate_raw(self) -> None:
        """Compressed without a header, as some servers do."""
        deflate = zlib.compressobj(wbits=-15)
        await self.encoded(deflate.compress(page(body=ID)) + deflate.flush(), "deflate")

    async def do_m_brotli(self) -> None:
        """Packed in the way that browsers like best."""
        await self.encoded(brotli.compress(page(body=ID)), "br")

    async def do_m_handler(self) -> None:
        """A page with a script in an attribute."""
        await self.say('<img src="x" onerror="make()">')

    async def do_m_xml(self) -> None:
        """XML that does not say what it is."""
        await self.raw("HTTP/1.1 200 OK", body=b'<?xml version="1.0"?><rows/>')

    async def do_m_bomb(self) -> None:
        """A small file that grows to 500 MB."""
        deflate = zlib.compressobj(9, wbits=31)
        packed = b"".join(deflate.compress(b"a" * 2**20) for _ in range(500))
        await self.encoded(packed + deflate.flush(), "gzip")

    async def do_m_utf16(self) -> None:
        """UTF-16 with a byte order mark."""
        await self.send(200, page(body=ID).decode().encode("utf-16"), "text/html")

    async def do_m_bom(self) -> None:
        """UTF-8 with a byte order mark."""
        await self.send(200, b"\xef\xbb\xbf" + page(body='<h2 id="été">x</h2>'), "text/html")

    async def do_m_no_type(self) -> None:
        """A page that does not say what it is."""
        body = page(body=ID)
        await self.raw("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", body=body)

    async def do_m_no_type_absent(self) -> None:
        """A page that does not say what it is, and has no such part."""
        body = page()
        await self.raw("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", body=body)

    async def do_m_deep(self) -> None:
        """A page that nests 300,000 elements."""
        await self.send(200, page(body="<div>" * 300_000))

    async def do_m_digits(self) -> None:
        """A refresh after more seconds than there are."""
        await self.send(200, page(head=f'<meta http-equiv="refresh" content="{"9" * 20_000}">'))

    async def do_m_open_tags(self) -> None:
        """XHTML with a tag that never ends."""
        await self.send(200, page(body=ID + "<a" + "a" * 50_000), "application/xhtml+xml")

    async def do_m_chunked(self) -> None:
        """A page in chunks."""
        body = page(body=ID)
        parts = [body[i : i + 7] for i in range(0, len(body), 7)]
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"
        lines = "HTTP/1.1 200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked"
        await self.raw(*lines, body=chunks)

    async def do_m_chunked_cut(self) -> None:
        """Chunks without an end."""
        body = page()
        lines = "HTTP/1.1 200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked"
        await self.raw(*lines, body=b"%x\r\n%s\r\n" % (len(body), body))

    async def do_m_truncated(self) -> None:
        """A body that breaks off behind the anchor."""
        await self.trunc(page(body=ID))

    async def do_m_json_script(self) -> None:
        """An anchor that a script makes from data in the page."""
        await self.say('<script type="application/json">{"anchors": ["sec"]}</script>' + LONG)

    async def do_m_route(self) -> None:
        """A page whose script reads the fragment."""
        await self.say(SCRIPT)

    async def do_m_scripts_absent(self) -> None:
        """A page with no scripts but those that count visits."""
        await self.say(STATISTICS)

    async def do_m_own_script(self) -> None:
        """A page with a script that may make anchors."""
        await self.say(f"{STATISTICS}{SCRIPT}{LONG}")

    async def do_m_lines(self) -> None:
        """A file with a number at each line, in two ways."""
        await self.say('<a id="L10">10</a><a id="L11">11</a><a id="lines-7">7</a><a id="3">3</a>')

    async def do_m_headings(self) -> None:
        """A text of a user, whose anchors a host's script finds."""
        await self.say('<h2 id="user-content-ete">x</h2><h2 id="markdown-header-use-it">x</h2>')

    async def do_m_fonts(self) -> None:
        """A small page that a parser makes millions of elements of."""
        fonts = "".join(f"<p><font a={number}>" for number in range(6000))
        await self.send(200, page(body=fonts))

    async def do_m_xhtml(self) -> None:
        """XHTML in which a script closes itself."""
        text = '<html><head><script src="x"/></head><body><a id="sec"/><p>x</p></body></html>'
        await self.send(200, text.encode(), "application/xhtml+xml")

    async def do_m_image(self) -> None:
        """A film, from its tenth second."""
        await self.send(200, b"\0" * 900, "video/mp4")

    async def do_m_bot_page(self) -> None:
        """A page that has its parts for browsers alone."""
        await self.say(ID if self.is_chrome else "")

    # Redirects
    async def do_m_loop(self) -> None:
        """A redirect to itself."""
        await self.to(302, self.path)

    async def do_m_loop_of_two(self) -> None:
        """Two addresses that lead to each other."""
        await self.to(301, self.path + ("" if self.query else "?2"))

    async def do_m_long(self) -> None:
        """As many hops as browsers allow, almost."""
        number = self.q_int
        await (self.to(302, f"{self.path}?{number + 1}") if number < 15 else self.say())

    async def do_m_no_location(self) -> None:
        """A redirect to nowhere."""
        await self.send(302, page("Found"))

    async def do_m_bad_location(self) -> None:
        """A redirect to what is no address."""
        await self.to(302, "http://[half/")

    async def do_m_app_location(self) -> None:
        """A redirect into an app."""
        await self.to(302, "market://details?id=x")

    async def do_m_utf8_location(self) -> None:
        """A redirect with letters that are not encoded, as UTF-8."""
        bare = self.path.endswith("m-utf8-location")
        await (self.to(302, (self.path + "/é").encode().decode("latin-1")) if bare else self.say())

    async def do_m_latin_location(self) -> None:
        """A redirect with a letter that is not encoded, as Latin-1."""
        if self.path.endswith("location"):
            return await self.to(302, f"{self.path}/\xe9")
        await self.say(status=200 if self.path.endswith("/%E9") else 404)

    async def do_m_odd_cookie(self) -> None:
        """A redirect to itself until a cookie comes back that few programs understand."""
        if "{" in self.h.get("cookie", ""):
            return await self.say()
        await self.send(302, page(), Location=self.path, Set_Cookie='a={"b": 1, "c": 2}')

    async def do_m_location_fragment(self) -> None:
        """A redirect that names the part by itself."""
        await self.to(302, "/f/anchor-id#sec")

    async def do_m_refresh_header(self) -> None:
        """A redirect by a header that no standard has."""
        await self.say(Refresh="0; url=/f/404")

    async def do_m_refresh_slow(self) -> None:
        """A page that reloads every five minutes."""
        await self.send(200, page(head='<meta http-equiv="refresh" content="300; url=/f/404">'))

    async def do_m_refresh_no_time(self) -> None:
        """A refresh that browsers ignore."""
        await self.send(200, page(head='<meta http-equiv="refresh" content="url=/f/404">'))

    async def do_m_refresh_self(self) -> None:
        """A page that loads itself again."""
        await self.send(200, page(head='<meta http-equiv="refresh" content="1">'))

    async def do_m_refresh_noscript(self) -> None:
        """A redirect for readers without JavaScript alone."""
        meta = '<noscript><meta http-equiv="refresh" content="0; url=/f/404"></noscript>'
        await self.send(200, page(head=meta))

    async def do_m_cookie_301(self) -> None:
        """A permanent redirect to itself that sets a cookie."""
        if "seen=1" in self.h.get("cookie", ""):
            return await self.say()
        await self.send(301, page(), Location=self.path, Set_Cookie="seen=1; Path=/")

    async def do_m_wall_302(self) -> None:
        """A redirect to a page to sign in, under a name that does not say so."""
        await self.to(302, "/f/m-gate")

    async def do_m_gate(self) -> None:
        """A page to sign in."""
        await self.say('<form><input type="PASSWORD" name="p"></form>')

    async def do_m_home(self) -> None:
        """A page that was taken down for the time being."""
        await self.to(302, "/")

    async def do_m_403_after_301(self) -> None:
        """A permanent redirect to a page for members."""
        await self.to(301, "/f/403")

    # Refusals
    async def do_m_cf_200(self) -> None:
        """A test for robots with status 200."""
        body = b"<title>Just a moment...</title><script>1</script><noscript>Enable it</noscript>"
        await self.send(200, body)

    async def do_m_anubis(self) -> None:
        """Another one."""
        title = b"<title>Making sure you&#39;re not a bot!</title>"
        await self.send(200, title + b"<script>1</script><p>Loading</p>")

    async def do_m_waf(self) -> None:
        """A third, by its header."""
        await self.send(202, b"", x_amzn_waf_action="challenge")

    async def do_m_cf_404(self) -> None:
        """A test for robots with status 404."""
        await self.send(404, page(), cf_mitigated="challenge")

    async def do_m_denied(self) -> None:
        """Another one, with status 404."""
        await self.send(404, page("Access to this page has been denied"))

    async def do_m_404_script(self) -> None:
        """A script that shows a page, on a host that knows one address only."""
        await self.send(404, b"<title>App</title><script>location.replace('/?' + location)</script>")

    async def do_m_anubis_long(self) -> None:
        """A wall with much to read."""
        await self.send(200, page(body=f'<script id="anubis_challenge">1</script>{LONG}'))

    async def do_m_hash_app(self) -> None:
        """An application at one address, which a redirect names the route for."""
        await self.to(302, "/#/guide")

    async def do_m_ticker(self) -> None:
        """A page that loads itself again under another address."""
        again = f'<meta http-equiv="refresh" content="5; url=?t={self.q_int + 1}">'
        await self.send(200, page(head=again))

    async def do_m_x_gzip(self) -> None:
        """Packed under an old name."""
        await self.encoded(gzip.compress(page(body=ID)), "x-gzip")

    async def do_m_latin_undeclared(self) -> None:
        """Latin-1 that does not say so."""
        body = page(body='<h2 id="été">x</h2>').decode().encode("latin-1")
        await self.send(200, body, "text/html")

    async def do_m_bad_charset(self) -> None:
        """An encoding that is none."""
        await self.send(200, page(body=ID), "text/html; charset=undefined")

    async def do_m_location_gone(self) -> None:
        """A redirect to a part that is gone, which the link did not ask for."""
        await self.to(302, "/f/anchor-id#gone")

    async def do_m_503_bot(self) -> None:
        """503 to all that is no browser."""
        await self.say(status=200 if self.is_chrome else 503)

    async def do_m_reset_bot(self) -> None:
        """No answer to all that is no browser."""
        if not self.is_chrome:
            self.rst()
        await self.say()

    async def do_m_404_late(self) -> None:
        """Ill at first, and gone to browsers alone."""
        if self.n <= 2:
            return await self.say(status=500)
        await self.say(status=404 if self.is_chrome else 200)

    async def do_m_404_once(self) -> None:
        """Not there the first time."""
        await self.say(status=404 if self.n == 1 else 200)

    async def do_m_moment(self) -> None:
        """An article whose title sounds like a test for robots."""
        await self.send(200, page("Just a moment in the life of a maintainer", LONG))

    async def do_m_about_404(self) -> None:
        """An article about pages that are not found."""
        await self.send(200, page("How to find what is 404: page not found, and now?", LONG))

    async def do_m_about_parking(self) -> None:
        """An article about domains."""
        await self.say("<p>How to know that a domain is for sale.</p>")

    async def do_m_slug(self) -> None:
        """A heading of which a script makes an anchor."""
        await self.say(f"<h2>Getting started!</h2>{SCRIPT}")

    async def do_m_slug_plain(self) -> None:
        """The same without a script."""
        await self.say("<h2>Getting started!</h2>")

    async def do_m_tab(self) -> None:
        """A tab that a script opens."""
        await self.say(f'<div data-tab="sec">x</div>{SCRIPT}')

    async def do_m_gzip_cut(self) -> None:
        """Half of a packed page, with the length of that half."""
        packed = gzip.compress(page(body=ID), compresslevel=0)
        await self.encoded(packed[: len(packed) // 4], "gzip")

    async def do_m_portal(self) -> None:
        """What a network answers for all hosts until one has signed in."""
        await self.to(302, f"{MAIN}/f/ok?from={self.h['host']}")

    async def do_m_consent(self) -> None:
        """A question about cookies that stands before the page."""
        await self.to(302, "/f/ok?return=%2Ff%2Fm-consent")

    async def do_m_sso_guide(self) -> None:
        """A guide to signing in, for those who have signed in."""
        await self.to(302, "/f/m-gate?next=/f/m-sso-guide")

    async def do_m_echo(self) -> None:
        """A missing page that is called by its address."""
        await self.send(200, page(f"Page not found: {self.path}"))

    async def do_m_h2(self) -> None:
        """A missing page that says so below the name of the site."""
        await self.send(200, page("Site", "<h2>Page not found</h2>"))

    async def do_m_n_existe_pas(self) -> None:
        """A missing page, in French."""
        await self.send(200, page("Oups ! Cette page n'existe pas"))

    async def do_m_turkish(self) -> None:
        """A missing page, in Turkish."""
        await self.send(200, page("Sayfa bulunamadı"))

    async def do_m_expired(self) -> None:
        """A domain that nobody paid for."""
        await self.send(200, page("shop", "<p>This domain name has expired. Renew it now.</p>"))

    async def do_m_frame(self) -> None:
        """Another page in a frame, at every address."""
        await self.send(200, b'<title>shop</title><iframe src="/lander"></iframe>')

    async def do_m_unavailable(self) -> None:
        """A page that isn't there any more."""
        await self.send(200, page("This content isn’t available right now"))

    async def do_m_lander(self) -> None:
        """A script at every address, which leads to one place."""
        await self.send(200, b'<script>window.onload=function(){location.href="/lander"}</script>')

    async def do_m_script_on(self) -> None:
        """A script that leads to the new place of this one page."""
        if self.path.endswith("page"):
            return await self.send(200, b'<script>location.replace("/f/ok?new")</script>')
        await self.say(status=404)

    async def do_m_zu_verkaufen(self) -> None:
        """For sale, in German."""
        await self.send(200, page("shop.internal", "<p>Diese Domain steht zum Verkauf.</p>"))

    async def do_m_to_english(self) -> None:
        """Every unknown address leads to the home page in one language."""
        await self.to(302, "/en/")

    async def do_m_503_hours(self) -> None:
        """One page that is being mended."""
        await self.say(status=503, Retry_After="7200")

    async def do_m_503_short(self) -> None:
        """A page that is always about to be mended."""
        await self.say(status=503, Retry_After="1")

    async def do_m_503_script(self) -> None:
        """A test for robots that nobody knows."""
        await self.send(503, page(body="<script>prove()</script>"))

    async def do_m_zstd(self) -> None:
        """Packed in a way that nobody asked for."""
        await self.encoded(b"\x28\xb5\x2f\xfd", "zstd")

    # Servers
    async def do_m_date(self) -> None:
        """Busy until a time of day."""
        begun = self.srv.n.setdefault("m-date", int(time()))
        if time() - begun < 2:
            return await self.say(status=503, Retry_After=formatdate(begun + 3, usegmt=True))
        await self.say()

    async def do_m_429_soon(self) -> None:
        """Too many requests for now."""
        await self.later(429, "2")

    async def do_m_503_soon(self) -> None:
        """Closed for now."""
        await self.later(503, "2")

    async def do_m_429_day(self) -> None:
        """Too many requests for today."""
        await self.say(status=429, Retry_After="86400")

    async def do_m_hints(self) -> None:
        """Early hints before the answer."""
        await self.put(b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n")
        await self.say()

    async def do_m_large_header(self) -> None:
        """A cookie of 30 kB."""
        await self.say(X_Large="x" * 30_000)

    async def do_m_many_headers(self) -> None:
        """More headers than most servers send."""
        await self.say(**{f"X_{number}": "x" for number in range(200)})

    async def do_m_odd_header(self) -> None:
        """A header in letters of Latin-1."""
        await self.say(X_Odd="\xe9")

    async def do_m_no_reason(self) -> None:
        """A status without a name."""
        body = page()
        await self.raw("HTTP/1.1 200", f"Content-Length: {len(body)}", body=body)

    async def do_m_two_lengths(self) -> None:
        """The length of the page, twice."""
        body = page()
        length = f"Content-Length: {len(body)}"
        await self.raw("HTTP/1.1 200 OK", "Content-Type: text/html", length, length, body=body)

    async def do_m_long_body(self) -> None:
        """More than the headers announce."""
        await self.raw(
            "HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Length: 9", body=page()
        )

    async def do_m_slow_15s(self) -> None:
        """An answer after 15 seconds."""
        await self.gone(15)
        await self.say()

    async def do_m_app(self) -> None:
        """An application that shows the same at every address."""
        await self.send(200, APP)


setattr(Request, "do_/en/", Request.do_ok)  # what m-to-english leads to


def rows() -> list[F]:
    """Return our own behaviours, each with the verdict that it deserves."""
    found: list[F] = []

    def add(name: str, expect: str, why: str, fragment: str | None = None, **more: object) -> None:
        found.append(F(name, expect, why, frag=fragment, cls="more", **more))

    for name in ("named-a", "svg-id", "late", "gzip", "deflate", "deflate-raw", "utf16", "no-type"):
        add(f"m-{name}", "ok", "the anchor is there", "sec")
    for name in ("chunked", "truncated", "xhtml", "bot-page"):
        add(f"m-{name}", "ok", "the anchor is there", "sec")
    for name in ("hash-app", "ticker", "location-gone"):
        add(f"m-{name}", "ok", "a browser shows it", accept=("unknown",))
    add("m-anubis-long", "unknown", "a wall", "sec")
    add("m-x-gzip", "unknown", "packed under an old name", "sec", accept=("ok",))
    add("m-latin-undeclared", "ok", "Latin-1 that does not say so", "%C3%A9t%C3%A9")
    add("m-bad-charset", "ok", "an encoding that is none", "sec")
    add("m-brotli", "ok", "the anchor is there", "sec")
    add("m-brotli", "broken", "no such id", "gone")
    add("m-handler", "unknown", "a script in an attribute may make it", "gone")
    add("m-xml", "ok", "no page of HTML", "gone", accept=("unknown",))
    add("m-gate", "blocked", "a part of a page to sign in", "sec")
    for name in ("digits", "404-late"):
        add(f"m-{name}", "ok", "odd, and there")
    add("m-open-tags", "ok", "the anchor is there", "sec")
    add("m-deep", "unknown", "too deep to be read", "sec")
    add("m-no-type-absent", "broken", "no such id", "gone")
    add("m-entity", "ok", "id with an entity", "a&b")
    add("m-encoded-id", "ok", "the id itself has percent signs", "%C3%A9t%C3%A9")
    add("m-bom", "ok", "UTF-8 by its byte order mark", "%C3%A9t%C3%A9")
    add("m-template", "broken", "the id is in a template", "sec")
    add("m-bomb", "unknown", "500 MB in a small file", "sec", accept=("broken",))
    add("m-chunked-cut", "unknown", "chunks without an end, id absent", "sec")
    add("m-json-script", "unknown", "the id is made from data", "sec")
    add("m-route", "unknown", "the fragment is for a script", "/route/1")
    add("m-route", "unknown", "the fragment is for a script", "gid=0")
    add("m-scripts-absent", "broken", "no script makes such an id", "sec")
    add("m-own-script", "unknown", "a script may make it", "gone")
    for part in ("L10", "L10-L20", "L10-20", "L11C2-L12C1", "lines-7:9", "3-8"):
        add("m-lines", "ok", "the first of the lines is there", part)
    add("m-lines", "broken", "the first of the lines isn't there", "L12-L13")
    for part in ("user-content-ete", "ete", "%C3%A9t%C3%A9", "use-it", "Use-It"):
        add("m-headings", "ok", "the host's script finds it", part)
    add("m-headings", "broken", "no script finds it", "abuse-it")
    add("m-fonts", "unknown", "it would take all memory", "sec")
    add("anchor-id", "unknown", "a route", "sec/tion")
    add("m-image", "ok", "a film from its tenth second", "t=10")
    add("anchor-id", "ok", "the top", "TOP")
    add("anchor-id", "ok", "an empty fragment", "")
    add("anchor-id", "ok", "no fragment")
    add("anchor-id", "broken", "ids know small and capital letters", "Sec")
    add("anchor-id", "ok", "a text directive behind an id", "sec:~:text=hello")
    add("m-loop", "broken", "a redirect to itself")
    add("m-loop-of-two", "broken", "two that lead to each other")
    add("m-long", "ok", "15 hops")
    add("m-no-location", "unknown", "a redirect to nowhere")
    add("m-bad-location", "unknown", "a redirect to what is no address")
    add("m-app-location", "unknown", "a redirect into an app")
    add("m-utf8-location", "ok", "letters that are not encoded")
    add("m-latin-location", "ok", "a byte that is not encoded")
    add("m-odd-cookie", "ok", "a cookie that few programs send back as it came")
    add("m-refresh-no-time", "ok", "no refresh, as it names no time")
    add("m-404-script", "unknown", "its script may show the page")
    for number in range(3):
        add("m-503-short", "unknown", "others are fine", url=f"{MAIN}/f/m-503-short?{number}")
    add("m-location-fragment", "ok", "the redirect names the part", "gone")
    add("m-refresh-header", "broken", "a refresh header to a 404")
    add("m-refresh-slow", "ok", "a page for five minutes")
    add("m-refresh-self", "ok", "it loads itself again")
    add("m-refresh-noscript", "ok", "for readers without JavaScript alone")
    add("m-cookie-301", "ok", "a permanent redirect to itself")
    add("m-wall-302", "unknown", "a page to sign in")
    add("m-gate", "ok", "the page to sign in itself")
    add("m-home", "ok", "302 to the home page of a host that has real 404s")
    add("m-403-after-301", "unknown", "a permanent redirect to a page for members")
    for name in ("cf-200", "anubis", "waf", "cf-404", "denied"):
        add(f"m-{name}", "unknown", "a test for robots")
    for name in ("503-bot", "reset-bot", "404-once", "moment", "about-404", "about-parking"):
        add(f"m-{name}", "ok", "a browser gets the page")
    for name in ("hints", "large-header", "many-headers", "odd-header", "no-reason"):
        add(f"m-{name}", "ok", "odd, and browsers take it")
    for name in ("two-lengths", "long-body"):
        add(f"m-{name}", "ok", "wrong, and browsers take it", accept=("unknown",))
    for name in ("date", "slow-15s", "app"):
        add(f"m-{name}", "ok", "late or odd, and there")
    for name, part in (("slug", "getting-started"), ("tab", "sec"), ("gzip-cut", "gone")):
        add(f"m-{name}", "unknown", "the anchor may be there", part)
    add("m-slug-plain", "broken", "nothing makes the heading an anchor", "getting-started")
    add("m-consent", "unknown", "a question stands before the page", "sec")
    add("m-sso-guide", "unknown", "a page to sign in")
    add("m-script-on", "ok", "one page that moved", url=f"{MAIN}/f/m-script-on/page")
    for name in ("echo", "h2", "to-english", "n-existe-pas", "unavailable", "lander", "zu-verkaufen", "turkish", "expired", "frame"):
        add(f"m-{name}", "broken", "every address shows the same", url=f"{MAIN}/f/m-{name}/page")
    add("m-503-hours", "unknown", "one page is being mended")
    add("m-503-script", "unknown", "a test for robots")
    add("m-zstd", "unknown", "packed in a way that nobody asked for", "sec")
    add("m-zstd", "unknown", "packed in a way that nobody asked for", accept=("ok",))
    for status in (300, 400, 402, 405, 408, 409, 421, 426, 429, 451, 501, 503, 999):
        add(str(status), "unknown", f"{status} to everyone")
    add("410", "broken", "gone")
    add("soft", "broken", "200 with the words of a 404", port="soft404", accept=("unknown",))
    add("parked", "broken", "for sale", port="parked", accept=("unknown",))
    add("ssh", "unknown", "no web server", port="garbage", accept=("broken",))
    add("plain", "unknown", "no TLS", port="tls_plain", accept=("broken",))
    add("tls-expired", "broken", "the certificate has expired", port="tls_expired")
    add("tls-ok", "ok", "a good certificate", port="tls_ok")
    add("home", "ok", "the home page itself", url=base("softhome") + "/")
    add("no-host", "broken", "no such host", url="http://no-such-host.invalid/f/no-host")
    add("query", "ok", "a query", url=f"{MAIN}/f/ok-query?a=1&b=2")
    add("upper", "ok", "capital letters", url=f"HTTP://{MAIN[7:]}/f/upper-scheme")
    add("number", "ok", "a host as one number", url=f"http://2130706433:{9100}/f/ok")
    add("backslash", "ok", "the wrong slash", url=f"{MAIN}\\f\\ok")
    add("percent", "ok", "a percent sign alone", url=f"{MAIN}/f/ok/100%")
    add("dots-in-host", "broken", "no host", url="http://example..org/", accept=("unknown",))
    add("long-host", "broken", "no host", url=f"http://{'x' * 70}.org/", accept=("unknown",))
    add("scheme", "broken", "no scheme that there is", url="htps://example.org/")
    add("file", "broken", "a file on one computer", url="file:///home/x/page.html")
    for number in range(5):
        url = f"http://no-such-host-at-all.invalid/{number}"
        add(f"no-host-{number}", "broken", "many links to no host", url=url)
    add("space-in-host", "broken", "no host", url="http://exa mple.org/")
    add("data", "none", "data:", url="data:text/plain,hello")
    add("javascript", "none", "javascript:", url="javascript:void(0)")
    add("mail", "none", "mailto:", url="mailto:someone@example.org?subject=Hello")
    add("bad-mail", "broken", "no mail address", url="mailto:someone.example.org")
    add("m-429-soon", "ok", "429 for two seconds", port="r429")
    add("m-429-day", "unknown", "429 for a day", port="r429day")
    add("m-503-soon", "ok", "503 for two seconds", port="r503ra")
    for number in range(6):
        url = f"{base('dead')}/f/drip-headers?{number}"
        add(f"dead-{number}", "unknown", "a host that answers nobody", url=url)
    return found


def everything() -> list[F]:
    """Return the shared rows and ours."""
    return catalogue() + rows()


if __name__ == "__main__":
    faults.Req = Request
    asyncio.run(faults.main())
