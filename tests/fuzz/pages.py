"""Hostile forms and addresses: what browsers never send, with and without a session."""

from random import Random
from typing import Final
from urllib.parse import quote_plus
from uuid import UUID

from tests.fuzz.mutation import spoil_bytes
from tests.fuzz.shot import Shot

WORDS: Final = (
    "",
    "0",
    "1",
    "2",
    "-1",
    str(2**53),
    str(2**70),
    "vi",
    "en",
    "Nguyễn Thị Mẫu",
    "\0",
    "a" * 30_000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "//example.org",
    "/desk",
    "2026-02-31",
    "\u202e\u2066",
    "e\u0301",
)


def forms(chance: Random, paths: list[str], fields: list[str], session: dict[str, str]) -> Shot:
    """Give a form, in any of the ways that a form can be sent."""
    path = chance.choice(paths)
    names = [chance.choice(fields) for _ in range(chance.choice((0, 1, 3, 8)))]
    pairs = [(name, chance.choice(WORDS)) for name in names]
    if chance.random() < 0.8:
        pairs.insert(0, ("csrf", session.get("csrf", "")))
    headers = {"Cookie": session["cookie"]} if chance.random() < 0.85 else {}
    if chance.random() < 0.6:
        body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    else:
        body = _multipart(chance, pairs)
        boundary = chance.choice(("edge", "edge", "edge", '"edge"', "", "e" * 200))
        charset = chance.choice(("", "", "; charset=x-nowhere"))
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}{charset}"
    if chance.random() < 0.3:
        body = spoil_bytes(chance, body)
    return Shot("form", "POST", path, headers, body)


def addresses(chance: Random, paths: list[str], session: dict[str, str]) -> Shot:
    """Give an address with odd parts, asked for by any method."""
    path = chance.choice(paths)
    if chance.random() < 0.5:
        query = "&".join(
            f"{chance.choice(('q', 'page', 'area', 'next', 'sort', 'x'))}="
            f"{quote_plus(chance.choice(WORDS)[:2_000])}"
            for _ in range(chance.choice((1, 2, 5)))
        )
        path = f"{path}?{query}"
    method = chance.choice(("GET", "GET", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"))
    headers = {"Cookie": session["cookie"]} if chance.random() < 0.8 else {}
    if chance.random() < 0.2:
        headers["Cookie"] = "session=" + chance.choice(("", "x", "a" * 4_000))
    if chance.random() < 0.3:
        headers["Accept-Language"] = chance.choice(("vi", "en-GB;q=x", "*", ",,,", "x" * 999))
    return Shot("address", method, path, headers)


def fill(chance: Random, template: str, records: list[UUID]) -> str:
    """Put values where a route has parameters: right ones, and what no route expects."""
    parts = []
    for part in template.split("/"):
        name = part.strip("{}")
        if part == name:
            parts.append(part)
        elif name.endswith("uuid"):
            odd = ("nobody", "0" * 32, str(UUID(int=0)), "%00", "..")
            parts.append(chance.choice((str(chance.choice(records)), *odd)))
        elif name.endswith("int"):
            parts.append(chance.choice(("0", "1", "-1", "999999", str(2**63), str(2**80), "x")))
        else:
            parts.append(chance.choice(("0" * 64, "x", "%2e%2e%2f", "%ff", "index.html", "")))
    return "/".join(parts)


def _multipart(chance: Random, pairs: list[tuple[str, str]]) -> bytes:
    parts = []
    for name, value in pairs:
        disposition = f'form-data; name="{name}"'
        if chance.random() < 0.2:
            disposition += '; filename="../../x.html"'
        parts.append(f"--edge\r\nContent-Disposition: {disposition}\r\n\r\n{value}\r\n")
    end = chance.choice(("--edge--\r\n", "--edge--\r\n", "--edge", ""))
    return "".join([*parts, end]).encode("utf-8", "replace")
