"""Writes the generated tables into the page: `python -m plugfest.accelerators.support_page docs/accelerators.md`."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from plugfest.accelerators.detection import families
from plugfest.accelerators.family import Family
from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.support import MARKS, command_table, support_table
from plugfest.nics.dialect import DIALECT as TOOLS
from plugfest.nics.drivers import TABLES

MARKED = re.compile(r"(<!-- (?P<name>\w+): generated [^\n]*-->\n).*?(<!-- end of (?P=name) -->\n)", re.DOTALL)
FIELDS = {
    "model": "model",
    "bus": "PCI address",
    "health": "health",
    "firmware": "firmware",
    "driver": "driver",
    "memory_used_bytes": "memory",
    "temperature_celsius": "temperature",
    "power_watts": "power",
    "uncorrected_ecc_errors": "uncorrected errors",
    "partitioning": "partitions",
}


def tables() -> dict[str, str]:
    """Each generated part by the name of its mark."""
    known = families()
    commands = [f"### {each.title}: `{each.name}`\n\n{each.note}\n\n{command_table(each)}" for each in _dialects(known)]
    return {
        "families": _families(known),
        "fields": _fields(known),
        "questions": support_table(each.dialect for each in known) + "\n" + support_table((TOOLS,)),
        "counters": _counters(),
        "commands": "\n".join(commands),
    }


def with_tables(page: str) -> str:
    """The page with the tables of today's code between their marks."""
    parts = tables()
    return MARKED.sub(lambda found: f"{found[1]}\n{parts[found['name']]}\n{found[3]}", page)


def _dialects(known: Iterable[Family]) -> Iterator[Dialect]:
    yield from (each.dialect for each in known)
    yield TOOLS


def _families(known: Iterable[Family]) -> str:
    lines = ["| family | in a lab file | PCI | program | network |", "|---|---|---|---|---|"]
    for each in known:
        ids = [f"{match.vendor}:{device}" for match in each.pci for device in match.devices] or [
            match.vendor for match in each.pci
        ]
        unsure = [f"{match.vendor}:{device}" for match in each.pci if not match.verified for device in match.devices]
        unsure += [match.vendor for match in each.pci if not match.verified and not match.devices]
        said = ", ".join(f"{name}{' (unverified)' if name in unsure else ''}" for name in ids)
        lines.append(f"| `{each.name}` | {', '.join(each.makers)} | {said} | `{each.tool}` | {each.network} |")
    return "\n".join(lines) + "\n"


def _fields(known: Iterable[Family]) -> str:
    columns = list(known)
    lines = ["| tells | " + " | ".join(f"`{each.name}`" for each in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for field, words in FIELDS.items():
        cells = (_evidence(each, field) for each in columns)
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _evidence(known: Family, field: str) -> str:
    return next((MARKS[evidence] for evidence, fields in known.tells.items() if field in fields), "")


def _counters() -> str:
    meanings = list(dict.fromkeys(meaning for table in TABLES for meaning in table.names))
    lines = [
        "| counts | " + " | ".join(f"`{table.driver}`" for table in TABLES) + " |",
        "|---" * (len(TABLES) + 1) + "|",
    ]
    for meaning in meanings:
        cells = (", ".join(f"`{name}`" for name in table.names.get(meaning, ())) for table in TABLES)
        lines.append(f"| {meaning.name.lower().replace('_', ' ')} | " + " | ".join(cells) + " |")
    lines += ["", "| driver | source | standing | note |", "|---|---|---|---|"]
    lines += [
        f"| `{table.driver}` | {table.source} | {'' if table.verified else 'unverified'} | {table.note} |"
        for table in TABLES
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_tables(file.read_text()))
