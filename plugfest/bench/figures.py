"""The register of figures that the project promises; `plugfest bench` prints them by name."""

from collections.abc import Callable, Iterable

from plugfest.records import Record


class Figure(Record):
    """One measured figure."""

    name: str
    """Dotted name with unit suffix, such as ``lab.cold_start_s``."""
    value: float
    unit: str
    target: str | None = None
    """What we promise, such as ``<= 40``; None for comparison rows."""
    note: str = ""
    """Conditions: sizes, baseline, machine."""


Benchmark = Callable[[], Iterable[Figure]]
