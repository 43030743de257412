"""From the cells of a table to records: the same cell names in every family's layout.

Cells are named after the fields of `Accelerator`; `memory_used` and `memory_total`, `power`, `power_limit`,
`temperature` and `utilisation` may carry their unit.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise

from plugfest.accelerators.records import Accelerator, AcceleratorProcess, Health
from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row, build

MEBIBYTE = 2**20
FAULT_MARKS = frozenset({"err!", "unknown error", "[unknown error]", "gpu is lost", "[gpu is lost]"})
"""Where a value should stand: the tool could not read it, so the accelerator is not well."""
ABSENT_MARKS = frozenset({"[n/a]", "[not supported]", "[not found]", "unknown", "[unknown]", "/", "n/s"})
HEALTH = {
    "ok": Health.OK,
    "healthy": Health.OK,
    "normal": Health.OK,
    "available": Health.OK,
    "true": Health.OK,
    "good": Health.OK,
    "warning": Health.WARNING,
    "general_warning": Health.WARNING,
    "alarm": Health.FAULT,
    "critical": Health.FAULT,
    "error": Health.FAULT,
    "fault": Health.FAULT,
    "abnormal": Health.FAULT,
    "unhealthy": Health.FAULT,
    "not available": Health.FAULT,
    "unavailable": Health.FAULT,
    "offline": Health.FAULT,
    "lost": Health.FAULT,
    "false": Health.FAULT,
}
DASHED = re.compile(r"(?:[A-Z]+-)?[\da-f]+(?:-[\da-f]+){4}", re.IGNORECASE)
"""What is meant to be a UUID; other tools number their devices otherwise."""
UUID = re.compile(r"(?:[A-Z]+-)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}", re.IGNORECASE)
"""RFC 9562, 4, with the letters that tools put before it."""
MEMORY_ROUNDING = 4 * MEBIBYTE
TEXTS = ("model", "uuid", "serial", "firmware", "driver", "partitioning")


def watts(text: str) -> float:
    """Power in watts; the unit may be missing."""
    return values.quantity(text, {"w": 1, "": 1}, "power")


def celsius(text: str) -> float:
    """Temperature in degrees Celsius; the unit may be missing."""
    return values.quantity(text.replace("℃", "C").replace("°", ""), {"c": 1, "": 1}, "temperature")


def memory(text: str) -> int:
    """Bytes from ``666``, ``114MiB`` or ``147456MiB``; tools count in MiB, also where they print MB or no unit."""
    units = {
        "": MEBIBYTE,
        "mib": MEBIBYTE,
        "mb": MEBIBYTE,
        "m": MEBIBYTE,
        "gib": 2**30,
        "gb": 2**30,
        "b": 1,
        "kib": 1024,
    }
    return round(values.quantity(text, units, "memory size"))


def bus_address(text: str) -> str:
    """``00000000:8A:00.0`` and ``2d:00.0`` as ``0000:8a:00.0`` and ``0000:2d:00.0``."""
    found = re.fullmatch(r"(?:([0-9a-f]{1,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])", text.strip().lower())
    if not found:
        raise ValueError(f"{text!r} is not a PCI address")
    return f"{int(found[1] or '0', 16):04x}:{found[2]}:{found[3]}.{found[4]}"


def ecc_errors(text: str) -> int | None:
    """Uncorrected errors; None where ECC is off, or on in partitions (``On``), and nothing is counted for the whole."""
    return None if text.strip().lower() in ("off", "on", "disabled", "disable") else values.count(text)


def health(text: str) -> Health:
    """The meaning of a health word; ValueError for one that is not known."""
    try:
        return HEALTH[text.strip().lower()]
    except KeyError:
        raise ValueError(f"{text.strip()!r} is not a known health word (known: {', '.join(HEALTH)})") from None


NUMBERS: Mapping[str, tuple[str, Callable[[str], float | int | str | None]]] = {
    "physical_id": ("physical_id", values.count),
    "bus": ("bus", bus_address),
    "memory_total": ("memory_total_bytes", memory),
    "memory_used": ("memory_used_bytes", memory),
    "temperature": ("temperature_celsius", celsius),
    "power": ("power_watts", watts),
    "power_limit": ("power_limit_watts", watts),
    "utilisation": ("utilisation_percent", values.percent),
    "ecc_errors": ("uncorrected_ecc_errors", ecc_errors),
}
"""Cell, field and reader."""


def accelerator(row: Row, driver: str | None = None) -> Accelerator:
    """One accelerator from a row; a cell that is missing or marked absent is None."""
    row, faults = cleaned(row)
    words = row.cells.get("health", "")
    fields: dict[str, object] = {field: row.read(cell, reader) for cell, (field, reader) in NUMBERS.items()}
    fields |= {name: row.text(name) for name in TEXTS}
    if DASHED.fullmatch(str(fields["uuid"])) and not UUID.fullmatch(str(fields["uuid"])):
        raise ValueError(f"{fields['uuid']} is no UUID: a digit is missing")
    _check_memory(row)
    if faults:
        fields |= {"health": Health.FAULT, "health_words": f"{', '.join(faults)} cannot be read"}
    elif words and words != "N/A":  # "Not Available" is a state here, not a missing value
        fields |= {"health": health(words), "health_words": words}
    for name in ("firmware", "driver"):
        fields[name] = re.sub(r"^[vV](?=\d)", "", str(fields[name])) if fields[name] else None
    fields["driver"] = fields["driver"] or driver
    return Accelerator(index=values.count(row["index"]), chip=row.count("chip") or 0, **fields)


def _check_memory(row: Row) -> None:
    """Used, free and reserved memory must add up to the total, where a tool tells all of it."""
    total, *parts = (row.read(f"memory_{part}", memory) for part in ("total", "used", "free", "reserved"))
    if total is not None and None not in parts[:2] and abs(total - sum(filter(None, parts))) > MEMORY_ROUNDING:
        raise ValueError("used, free and reserved memory do not add up to the total: a digit is missing or wrong")


def cleaned(row: Row) -> tuple[Row, list[str]]:
    """The row with one mark for all that is absent, and the names of the cells that hold an error."""
    faults = [name for name, cell in row.cells.items() if cell.lower() in FAULT_MARKS]
    cells = {
        name: "N/A" if name in faults or cell.lower() in ABSENT_MARKS else cell for name, cell in row.cells.items()
    }
    return Row(row.line, cells), faults


def accelerators(output: Output, rows: Iterable[Row], driver: str | None = None) -> tuple[Accelerator, ...]:
    """One record a row; ParseError if two rows claim to be the same chip, or if they do not stand in order.

    Tools count upwards: else lines of two devices were mixed up, and values stand with the wrong one.
    """
    found = list(rows)
    records = build(output, found, partial(accelerator, driver=driver))
    for (before, after), row in zip(pairwise(records), found[1:], strict=True):
        if (after.index, after.chip) == (before.index, before.chip):
            raise output.error(f"accelerator {after.index} stands twice", row.line)
        if (after.index, after.chip) < (before.index, before.chip):
            raise output.error("accelerators do not stand in the order of their numbers", row.line)
    return records


def process(row: Row) -> AcceleratorProcess:
    """One process from the cells index, chip, pid, name and memory_used."""
    row, _ = cleaned(row)
    return AcceleratorProcess(
        accelerator=values.count(row["index"]),
        chip=row.count("chip") or 0,
        process_id=values.count(row["pid"]),
        name=row.text("name"),
        memory_used_bytes=row.read("memory_used", memory),
    )


def version(banner: Mapping[str, str], name: str) -> str | None:
    """A version from the lines above a table, without the letter v; None for ``N/A``."""
    text = banner.get(name, "")
    return None if not text or values.absent(text) or text.lower() in ABSENT_MARKS else re.sub(r"^[vV](?=\d)", "", text)


def merged(groups: Sequence[Sequence[Accelerator]]) -> tuple[Accelerator, ...]:
    """The same accelerators from several answers; what the first did not say is taken from the next."""
    found: dict[tuple[int, int], Accelerator] = {}
    for record in (record for group in groups for record in group):
        key = (record.index, record.chip)
        known = found.get(key)
        more = {
            name: getattr(record, name)
            for name in Accelerator.model_fields
            if known is not None and getattr(known, name) is None
        }
        found[key] = record if known is None else known.model_copy(update=more)
    return tuple(found.values())
