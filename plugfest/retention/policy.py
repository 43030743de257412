"""How long what is kept, and how much room it may take."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from plugfest.records import Record

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([KMGT])(?:i?B)?")
_UNITS = {unit: 1024**power for power, unit in enumerate("KMGT", 1)}


def size(text: object) -> int:
    """Bytes of ``50G``, ``1.5T`` or ``200 MiB``; K, M, G and T are powers of 1024.  ValueError for anything else."""
    found = _SIZE.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or not float(found[1]):
        raise ValueError(f"expected a size such as 50G or 1.5T, found {text!r}")
    return int(float(found[1]) * _UNITS[found[2]])


def shown_size(count: int) -> str:
    """Bytes as people read them."""
    unit = next((unit for unit in "TGMK" if count >= _UNITS[unit]), None)
    return f"{count / _UNITS[unit]:.1f} {unit}iB" if unit else f"{count} bytes"


class RetentionPolicy(Record):
    """What may go.  Runs that are not green are always kept whole."""

    keep_green_days: Annotated[int, Field(ge=0)] | None = None
    """After so many days captures and transcripts of passed tests of green runs go; verdicts stay."""
    disk_budget: Annotated[int, BeforeValidator(size)] | None = None
    """Bytes that all runs together may take; written as ``50G``."""
