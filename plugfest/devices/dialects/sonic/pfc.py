"""SONiC: PFC configuration and counters by priority (`pfcstat`)."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import Table, ruler_tables
from plugfest.devices.dialects.sonic.prose import COMMON
from plugfest.devices.qos_records import PfcConfig, PfcCounters, PfcPauseHistory

PRIORITY = re.compile(r"PFC(\d)")
Counts = dict[tuple[str, int], int | None]


def counters(output: Output) -> tuple[PfcCounters, ...]:
    """`show pfc counters`: one record a port and priority, received and sent frames joined."""
    tables = ruler_tables(output, required=(r"PFC\d",), optional=("Port Rx", "Port Tx"), prose=COMMON)
    received, sent = _counts(output, tables, "Port Rx"), _counts(output, tables, "Port Tx")
    if received.keys() != sent.keys():
        raise output.error("the tables 'Port Rx' and 'Port Tx' do not list the same ports and priorities")
    return tuple(
        PfcCounters(port=port, priority=priority, rx_frames=received[port, priority], tx_frames=sent[port, priority])
        for port, priority in received
    )


def _counts(output: Output, tables: tuple[Table, ...], key: str) -> Counts:
    counts: Counts = {}
    for row in (row for table in tables if key in table.columns for row in table.rows):
        with output.at(row.line):
            for column in filter(PRIORITY.fullmatch, row.cells):
                place = row[key], int(column.removeprefix("PFC"))
                if place in counts:
                    raise ValueError("this port occurs twice")
                counts[place] = row.count(column)
    if not any(key in table.columns for table in tables):
        raise output.error(f"no table {key!r} was found")
    return counts


def history(output: Output) -> tuple[PfcPauseHistory, ...]:
    """`show pfc counters --history`: how often and how long each priority was paused by the peer."""
    tables = ruler_tables(
        output,
        required=(
            "Port",
            "Priority",
            "RX Pause Transitions",
            "Total RX Pause Time US",
            "Recent RX Pause Time US",
            "Recent RX Pause Timestamp",
        ),
        prose=COMMON,
    )
    rows = [row for table in tables for row in table.rows]
    return build(
        output,
        rows,
        lambda row: PfcPauseHistory(
            port=row["Port"],
            priority=values.count(row["Priority"].removeprefix("PFC")),
            transitions=row.count("RX Pause Transitions"),
            total_microseconds=row.count("Total RX Pause Time US"),
            recent_microseconds=row.count("Recent RX Pause Time US"),
            recent=row.text("Recent RX Pause Timestamp"),
        ),
    )


def priority(output: Output) -> tuple[PfcConfig, ...]:
    """`show pfc priority`: lossless priorities of each port."""
    tables = ruler_tables(output, required=("Interface", "Lossless priorities"), prose=COMMON)
    rows = [row for table in tables for row in table.rows]
    return build(output, rows, _lossless)


def _lossless(row: Row) -> PfcConfig:
    """An empty cell: PFC was switched off for the last priority that had it; ``N/A``: the port has no such setting."""
    off = not row.cells["Lossless priorities"]
    return PfcConfig(port=row["Interface"], priorities=() if off else row.read("Lossless priorities", values.integers))


def asymmetric(output: Output) -> tuple[PfcConfig, ...]:
    """`show pfc asymmetric`."""
    tables = ruler_tables(output, required=("Interface", "Asymmetric"), prose=COMMON)
    rows = [row for table in tables for row in table.rows]
    return build(output, rows, _asymmetric)


def _asymmetric(row: Row) -> PfcConfig:
    return PfcConfig(port=row["Interface"], asymmetric=row.read("Asymmetric", values.switched))


READINGS = (
    Reading(("show pfc counters", "pfcstat"), (Question.PFC_COUNTERS,), counters, Evidence.DEVICE),
    Reading(("show pfc counters --history", "pfcstat --history"), (Question.PFC_COUNTERS,), history, Evidence.DEVICE),
    Reading(
        ("show pfc priority [{port}]", "pfc show priority [{port}]"), (Question.PFC_CONFIG,), priority, Evidence.DEVICE
    ),
    Reading(
        ("show pfc asymmetric [{port}]", "pfc show asymmetric [{port}]"),
        (Question.PFC_CONFIG,),
        asymmetric,
        Evidence.DEVICE,
    ),
)
