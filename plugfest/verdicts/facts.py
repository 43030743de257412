"""Verdicts on device facts: a NIC behaves in one way, and in the way that is known of it."""

from pydantic import JsonValue

from plugfest.facts.behaviour import NicBehaviour
from plugfest.facts.seen import Identity, Seen
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict

SMALLEST_MATTERS = ("cnp_minimum_interval_us",)
"""Facts that state a lower bound: what was seen varies, and may not be less."""


def one_behaviour(device: str, identity: Identity, seen: Seen) -> Verdict:
    """A NIC does not change its ways from queue pair to queue pair."""
    steady = {name: values for name, values in seen.values.items() if name not in SMALLEST_MATTERS}
    reasons = [
        row(f"{device} {_words(name)}", "one value", in_words_all(values), len(values) == 1, View.WIRE)
        for name, values in steady.items()
    ]
    return verdict(f"{device} ({identity.vendor} {identity.model}) behaves in one way", reasons, "device facts")


def behaves_as_stated(device: str, identity: Identity, stated: NicBehaviour, seen: Seen) -> Verdict:
    """What was measured of a NIC is what its device facts state; what only one of them knows is not judged."""
    known = stated.model_dump(mode="json", exclude_none=True)
    reasons = [
        _row(device, name, known[name], seen.values[name]) for name in NicBehaviour.model_fields if name in known
        and name in seen.values
    ]  # fmt: skip
    return verdict(f"{device} ({identity.vendor} {identity.model}) behaves as its facts state", reasons, "device facts")


def _row(device: str, name: str, stated: JsonValue, values: tuple[JsonValue, ...]) -> Reason:
    expected = f"at least {in_words(stated)}" if name in SMALLEST_MATTERS else in_words(stated)
    return row(f"{device} {_words(name)}", expected, in_words_all(values), as_stated(name, stated, values), View.WIRE)


def as_stated(name: str, stated: JsonValue, values: tuple[JsonValue, ...]) -> bool:
    """True if all values seen are what is stated, or not below it where that is a lower bound."""
    if name in SMALLEST_MATTERS and isinstance(stated, int | float):
        return all(isinstance(value, int | float) and value >= stated for value in values)
    return values == (stated,)


def _words(name: str) -> str:
    return name.replace("_", " ")


def in_words(value: JsonValue) -> str:
    """A fact's value for people."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {value[key]}" for key in sorted(value))
    return str(value)


def in_words_all(values: tuple[JsonValue, ...]) -> str:
    """All values that were seen, for people."""
    return " and ".join(map(in_words, values))
