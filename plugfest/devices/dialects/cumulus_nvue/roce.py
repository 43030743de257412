"""Cumulus NVUE: the RoCE profile of the switch (`nv show qos roce`)."""

import re
from dataclasses import dataclass

from plugfest.devices.dialects import values
from plugfest.devices.dialects.cumulus_nvue.roce_tables import tables
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.qos_records import EcnProfile, PfcConfig, TrustMode
from plugfest.records import Record

SETTINGS = {
    "state",
    "enable",
    "mode",
    "pfc-priority",
    "rx-enabled",
    "tx-enabled",
    "cable-length",
    "congestion-mode",
    "enabled-tc",
    "min-threshold",
    "max-threshold",
    "probability",
    "trust-mode",
    "priority",
    "protocol-id",
    "selector",
    "roce-mode",
}
SECTIONS = {"pfc", "congestion-control", "trust", "lldp-app-tlv", "congestion-config"}
RULER = re.compile(r"-+(?:\s+-+)*")
CELL = re.compile(r"\S+(?:,? \S+)*")


@dataclass(frozen=True)
class _Columns:
    operational: int
    applied: int
    description: int | None


def roce(output: Output) -> tuple[Record, ...]:
    """PFC, ECN and trust of the RoCE profile, in force where the switch prints that, else as applied.

    Newer releases print the maps and pools below; they become records of their own.
    """
    split = next((index for index, line in enumerate(output.lines) if line.text.startswith("RoCE ")), None)
    head = [line for line in output.lines[:split] if line.text]
    cells = _settings(output, head)
    settings = build(output, [Row(head[0], cells)], _records)[0]
    return (*settings, *(tables(output, output.lines[split:]) if split is not None else ()))


def _settings(output: Output, lines: list[Line]) -> dict[str, str]:
    header = lines[0].text
    if "operational" not in header or "applied" not in header:
        raise output.error("expected the columns operational and applied", lines[0])
    description = header.find("description")
    columns = _Columns(header.index("operational"), header.index("applied"), description if description > 0 else None)
    cells: dict[str, str] = {}
    for line in lines[1:]:
        if not RULER.fullmatch(line.text):
            with output.at(line):
                _setting(columns, line.text, cells)
    return cells


def _setting(columns: _Columns, text: str, cells: dict[str, str]) -> None:
    name = text[: columns.operational].strip()
    if name in SECTIONS and not text[columns.operational :].strip():
        return
    if name not in SETTINGS:
        raise ValueError(f"unknown setting {name!r}")
    found = {cell.start(): cell[0] for cell in CELL.finditer(text[: columns.description], columns.operational)}
    if not set(found) <= {columns.operational, columns.applied}:
        raise ValueError("a value does not begin under its column")
    value = found.get(columns.operational) or found.get(columns.applied)
    if name in cells:
        raise ValueError(f"{name!r} occurs twice")
    if value:
        cells[name] = value


def _records(row: Row) -> tuple[Record, ...]:
    enabled = row.read("state", values.switched) if "state" in row.cells else row.read("enable", values.switched)
    return (
        PfcConfig(
            port=None,
            mode=row.text("mode"),
            operational=enabled,
            priorities=row.read("pfc-priority", values.integers),
            rx_enabled=row.read("rx-enabled", values.switched),
            tx_enabled=row.read("tx-enabled", values.switched),
            cable_length_metres=row.count("cable-length"),
        ),
        EcnProfile(
            name=None,
            ecn=row.text("congestion-mode"),
            queues=row.read("enabled-tc", values.integers),
            min_threshold_bytes=row.size("min-threshold"),
            max_threshold_bytes=row.size("max-threshold"),
            probability_percent=row.read("probability", values.percent),
        ),
        *(
            [TrustMode(port=None, modes=tuple(part.strip() for part in row["trust-mode"].split(",")))]
            if row.text("trust-mode")
            else []
        ),
    )


READINGS = (
    Reading(("nv show qos roce",), (Question.PFC_CONFIG, Question.ECN_CONFIG, Question.TRUST), roce, Evidence.MANUAL),
)
