"""NVUE: the configuration is a list of ``nv set`` lines, in which ports and numbers may be written as ranges."""

import itertools
import re
from collections.abc import Iterator

from plugfest.configuration.lines import Path
from plugfest.configuration.readers.configuration_lines import LinesReader

RANGE = re.compile(r"([a-zA-Z]*)(\d+)-(?:[a-zA-Z]*)(\d+)")
LIST = re.compile(r"[a-zA-Z]*\d+(?:-[a-zA-Z]*\d+)?(?:,[a-zA-Z]*\d+(?:-[a-zA-Z]*\d+)?)*")
LARGEST = 1024
"""Longer ranges are not port lists."""


class SetCommandsReader(LinesReader):
    """Reads ``nv config show -o commands``."""

    def shown(self, text: str) -> frozenset[Path]:
        """Every line with its ranges spelt out: ``swp1-2`` is two lines."""
        lines = (" ".join(line.split()) for line in text.splitlines())
        return frozenset((each,) for line in lines if line.startswith("nv set ") for each in spelt_out(line))


def spelt_out(line: str) -> Iterator[str]:
    """The lines that a line with ranges or lists stands for."""
    for words in itertools.product(*(_members(word) for word in line.split())):
        yield " ".join(words)


def _members(word: str) -> list[str]:
    if not LIST.fullmatch(word):
        return [word]
    return [member for piece in word.split(",") for member in _range(piece)]


def _range(piece: str) -> list[str]:
    found = RANGE.fullmatch(piece)
    if not found or not 0 <= int(found[3]) - int(found[2]) < LARGEST:
        return [piece]
    return [f"{found[1]}{number}" for number in range(int(found[2]), int(found[3]) + 1)]


READER = SetCommandsReader()
