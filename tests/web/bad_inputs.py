"""What no form should be sent, and is."""

import random
from collections.abc import Callable
from urllib.parse import quote_plus

from tests.web.pages import Form

MARK = "x-mark"
HTML = (
    f"<{MARK} onmouseover=alert(1)>",
    f'"><{MARK} onmouseover=alert(1)>',
    f"'><{MARK}>",
    f"</title></textarea></script><{MARK}>",
    f"x\"{MARK}'y",
    f"--><{MARK}><!--",
    f"<script>{MARK}</script>",
    f"<svg/onload={MARK}>",
    f"javascript:{MARK}",
    f"＜{MARK}＞<{MARK}\t/>",
)
CODE = (
    "{{ 7|add:7 }}{% load static %}{% debug %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "%s%n%(name)s{0.__class__}",
    "' OR 1=1; DROP TABLE companies_company; --",
    '")) UNION SELECT password FROM companies_user --',
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "+1\t=1",
    '#raw(read("/etc/passwd"))',
    '*/ #import "x.typ" $ \\ ` ~',
    "../../../../etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "//evil.example/",
    "/\\evil.example",
    "a\r\nSet-Cookie: x=1\r\nBcc: eve@evil.example",
)
LETTERS = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800x",
    "\u202egnp.exe",
    "\u200b\u200d\ufeff",
    "\u0301" * 300,
    "İıſß" * 20,
    "\U0001f9d1\u200d\U0001f692" * 30,
    "\x01\x02\x1b[31m\x7f\x9f",
    "\ufffe\uffff",
    "\u2028\u2029\x85",
    " ",
    "\t\n\r",
    "",
)
LONG = ("x" * 321, "9" * 400, "x" * 9_000, "<" * 3_000, "1" * 5_000, "é " * 4_000, "-" * 1_000)
NUMBERS = (
    *("0", "-0", "-1", "1.5", "1e309", "-1e309", "NaN", "Infinity", "-inf", "1_000", "٣", "²"),
    *("0x10", "1,5", "999999999.99", "1000000000", "2147483648", "-2147483649"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775809"),
    *("18446744073709551616", "1" * 40, "0.0000000000001", "99.99999999", "100%", "-5%", "1/0"),
)
DAYS = (
    *("0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01"),
    *("-0001-01-01", "1900-02-29", "2026-11-29T25:61", "yesterday", "20261129", "2026-W48-7"),
    *("0001-01-02", "1900-01-01", "2099-12-31", "12/31/9999", "2026-11-29 00:00"),
)
SHAPES = ("[]", "{}", '{"a": [1]}', "[1, null]", "null", "true", "undefined", "on", "None")
BAD = (HTML, CODE, LETTERS, LONG, NUMBERS, DAYS, SHAPES)
QUERIES = (
    "page=-1",
    "page=99999999999999999999",
    "page=%00",
    "page=1e9",
    "sort=__class__",
    "sort=-password",
    "sort=%FF%FE",
    "q=%ED%A0%80",
    "q=" + "a%20" * 2_000,
    "%5B%5D=1&a[b]=2&=&&",
    "view=board&view=list&stage=%27",
    "start=0001-01-01&end=9999-12-31",
    "as_of=0000-00-00&until=9999-12-31&since=0001-01-01&on=9999-12-31",
    "customer=9223372036854775808&ids=-1&ids=x&job=%00",
    "use=99999999999999999999&group=%F0&undo=-1&stage=x&warehouse=1.5",
    "tag=9223372036854775807&owner=-9223372036854775809&by=1e3",
)

Pairs = list[tuple[str, str]]
Request = tuple[str, str, str, bytes]
"""Method, address with its query, content type, body."""


class Mischief:
    """Seeded: the same number makes the same requests. `sent` counts what was bad in them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.sent = 0

    def word(self) -> str:
        """A bad value; every fourth is HTML, which is to be looked for in the answer."""
        self.sent += 1
        kinds = BAD if self.chance.random() < 0.75 else (HTML,)
        return self.chance.choice(self.chance.choice(kinds))

    def request(self, form: Form, names: list[str]) -> Request:
        """The form of a page, sent in a bad way; `names` are those of fields of other forms."""
        pairs = self._filled(form)
        for _ in range(self.chance.choice((1, 1, 2, 3, 5, 8))):
            self._spoil(pairs, names)
        send = self.chance.choices(
            (self._urlencoded, self._multipart, self._broken), weights=(70, 20, 10)
        )[0]
        address = form.action + (f"?{self.query()}" if self.chance.random() < 0.1 else "")
        return ("POST", address, *send(form, pairs))

    def question(self, address: str, names: list[str]) -> Request:
        """A page asked for with a bad query."""
        return ("GET", f"{address}?{self.query(names)}", "", b"")

    def query(self, names: list[str] | tuple[str, ...] = ()) -> str:
        if not names or self.chance.random() < 0.3:
            return self.chance.choice(QUERIES)
        some = self.chance.sample(names, k=min(len(names), self.chance.choice((1, 2, 4))))
        return encoded([(name, self.word()[:2_000]) for name in some])

    def _filled(self, form: Form) -> Pairs:
        """What a browser would send, with what is offered besides, and words where it is empty."""
        pairs = [*form.fields, *(p for p in form.offered if self.chance.random() < 0.3)]
        filled = [
            (name, value or self.chance.choice(("", "Bob", "12", "2026-11-30", "5550142")))
            for name, value in pairs
        ]
        return filled or [("text", "Bob")]

    def _spoil(self, pairs: Pairs, names: list[str]) -> None:
        place = self.chance.randrange(len(pairs))
        name, value = pairs[place]
        how = self.chance.random()
        if how < 0.7:
            pairs[place] = (name, self.word())
        elif how < 0.78 and len(pairs) > 1:
            del pairs[place]
        elif how < 0.86:
            pairs += [(name, self.word()), (name, value)]
        elif how < 0.92:
            pairs += [(one, self.word()) for one in self.chance.sample(names, k=3)]
        elif how < 0.96:
            pairs[place] = (f"{name}[]", value)
        else:
            pairs[:] = [(one, self.word() if one[:4] != "csrf" else word) for one, word in pairs]

    def _urlencoded(self, form: Form, pairs: Pairs) -> tuple[str, bytes]:
        return "application/x-www-form-urlencoded", encoded(pairs).encode()

    def _multipart(self, form: Form, pairs: Pairs) -> tuple[str, bytes]:
        files = [(name, self.chance.choice(FILES)) for name in form.files]
        body = b"".join(
            [part(f'name="{name.encode().decode("latin-1")}"', raw(value)) for name, value in pairs]
            + [part(f'name="{name}"; filename="{called}"', data) for name, (called, data) in files]
        )
        return "multipart/form-data; boundary=b", body + b"--b--\r\n"

    def _broken(self, form: Form, pairs: Pairs) -> tuple[str, bytes]:
        kind, body = self._multipart(form, pairs)
        ways: list[Callable[[], tuple[str, bytes]]] = [
            lambda: (kind, body[: self.chance.randrange(len(body))]),
            lambda: ("multipart/form-data", body),
            lambda: ("multipart/form-data; boundary=" + "b" * 300, body),
            lambda: ("multipart/form-data; boundary=b; charset=utf-16", body),
            lambda: ("application/x-www-form-urlencoded; charset=utf-7", encoded(pairs).encode()),
            lambda: ("application/x-www-form-urlencoded; charset=no\xff", encoded(pairs).encode()),
            lambda: ("application/json", b'{"name": ["' + b"x" * 99 + b'"'),
            lambda: ("application/x-www-form-urlencoded", b"a=1&" * 1_500),
            lambda: ("application/x-www-form-urlencoded", b"%ZZ=%&%%%=;&\xff\xfe=\x00"),
            lambda: ("text/plain; charset=utf-16", body),
            lambda: ("", body),
        ]
        return self.chance.choice(ways)()


def raw(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def encoded(pairs: Pairs) -> str:
    return "&".join(f"{quote_plus(raw(name))}={quote_plus(raw(value))}" for name, value in pairs)


def part(said: str, data: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (
        said.encode("latin-1"),
        data,
    )


FILES = (
    ("empty.csv", b""),
    ("nul.csv", b"Name,Phone\n\x00\x00,\xff\xfe\n"),
    ("formula.csv", b'Name,Email\n=1+1,"<x-mark>"\n'),
    ("zip.xlsx", b"PK\x03\x04" + b"\x00" * 60),
    ("../../up.csv", b"Name\nBob\n"),
    ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>x-mark</script></svg>'),
    ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 30),
    ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 10),
    ("a.pdf", b"%PDF-1.7"),
)
