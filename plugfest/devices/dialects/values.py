"""Reads single values as devices print them: separators, unit words, marks for "not there"; never a guess.

Every reader takes the text of one cell and raises ValueError with a reason if the text is anything else.
"""

import re

ABSENT = frozenset({"n/a", "na", "-", "--", "---", "not supported", "unsupported", "none", "not available"})
COUNT = re.compile(r"\d+|\d{1,3}(?:,\d{3})+", re.ASCII)
NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
QUANTITY = re.compile(rf"({NUMBER.pattern})\s*([A-Za-z/%]*)", re.ASCII)
BYTE_UNITS = {
    "": 1,
    "b": 1,
    "byte": 1,
    "bytes": 1,
    "k": 2**10,
    "kb": 2**10,
    "kib": 2**10,
    "kbyte": 2**10,
    "kbytes": 2**10,
    "m": 2**20,
    "mb": 2**20,
    "mib": 2**20,
    "mbytes": 2**20,
    "mbyte": 2**20,
    "g": 2**30,
    "gb": 2**30,
    "gib": 2**30,
    "gbytes": 2**30,
    "t": 2**40,
    "tb": 2**40,
    "tib": 2**40,
}
RATE_UNITS = {"b/s": 1, "kb/s": 10**3, "mb/s": 10**6, "gb/s": 10**9, "tb/s": 10**12}
SPEED_UNITS = {
    "": 1,
    "m": 1,
    "mb/s": 1,
    "mbps": 1,
    "mbit/s": 1,
    "g": 1000,
    "gb/s": 1000,
    "gbps": 1000,
    "gbit/s": 1000,
    "ge": 1000,
    "t": 1_000_000,
}


def absent(text: str) -> bool:
    """True if the device marks the value as not there: ``N/A``, ``-``, ``--``, …"""
    return text.strip().lower() in ABSENT


def count(text: str) -> int:
    """A non-negative whole number, thousands separators allowed: ``1,200``."""
    text = text.strip()
    if not COUNT.fullmatch(text):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text.replace(",", ""))


def number(text: str) -> float:
    """A decimal number, sign, exponent and thousands separators allowed."""
    text = text.strip()
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number")
    return float(text.replace(",", ""))


def quantity(text: str, units: dict[str, float] | dict[str, int], what: str) -> float:
    """A number with one of these unit words (compared in lower case), times the unit's factor."""
    found = QUANTITY.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text.strip()!r} is not a {what}")
    if found[2].lower() not in units:
        raise ValueError(f"{text.strip()!r} has the unknown unit {found[2]!r}: a {what} was expected")
    return number(found[1]) * units[found[2].lower()]


def size(text: str) -> int:
    """Bytes from ``268736``, ``0 Bytes``, ``146.48 KB`` or ``14.02 MB``; K is 1024 as switches count memory."""
    return round(quantity(text, BYTE_UNITS, "size"))


def speed(text: str) -> int:
    """Link speed in Mbit/s from ``100G``, ``1000M``, ``25 Gbit/s``."""
    return round(quantity(text, SPEED_UNITS, "speed"))


def percent(text: str) -> float:
    """Percent from ``64.00%`` or ``5``."""
    return quantity(text, {"%": 1, "": 1}, "percentage")


def integers(text: str) -> tuple[int, ...]:
    """A list of numbers with ranges: ``0,1,4-6`` is 0, 1, 4, 5, 6."""
    numbers: list[int] = []
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        numbers.extend(range(count(first), count(last if dash else first) + 1))
    return tuple(numbers)


def one_of(text: str, meanings: dict[str, bool], what: str) -> bool:
    """Look a word up, in lower case; ValueError names the words that are known."""
    try:
        return meanings[text.strip().lower()]
    except KeyError:
        raise ValueError(f"{text.strip()!r} is not a known {what} (known: {', '.join(meanings)})") from None


def switched(text: str) -> bool:
    """``on``/``off``, ``enabled``/``disabled``, ``yes``/``no``, ``true``/``false``."""
    words = {
        "on": True,
        "enabled": True,
        "enable": True,
        "yes": True,
        "true": True,
        "up": True,
        "off": False,
        "disabled": False,
        "disable": False,
        "no": False,
        "false": False,
        "down": False,
    }
    return one_of(text, words, "switch position")


def duration(text: str) -> int:
    """Seconds from ``1d21h11m``, ``02:25:23``, ``3w0d``, ``1y10w``, ``0286h47m``, ``14week(s) 5day(s)``."""
    text = text.strip()
    clock = re.fullmatch(r"(?:(\d+)\.)?(\d+):([0-5]\d):([0-5]\d)", text)
    if clock:
        days, hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return days * 86400 + hours * 3600 + minutes * 60 + seconds
    lengths = {"y": 31_536_000, "w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
    parts = re.findall(r"(\d+)([ywdhms])", text)
    if not parts or "".join(map("".join, parts)) != text:
        raise ValueError(f"{text!r} is not a duration")
    return sum(int(length) * lengths[unit] for length, unit in parts)
