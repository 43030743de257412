"""SONiC: the PFC watchdog, its settings and what it saw."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.prose import COMMON
from plugfest.devices.qos_records import PfcWatchdogConfig, PfcWatchdogCounters

POLLING = re.compile(r"Changed polling interval to (\d+)ms.*")
SWITCH = r"BIG_RED_SWITCH status is \w+.*"
PAIRS = {
    "TX OK/DROP": ("tx_packets", "tx_dropped_packets"),
    "RX OK/DROP": ("rx_packets", "rx_dropped_packets"),
    "TX LAST OK/DROP": ("last_tx_packets", "last_tx_dropped_packets"),
    "RX LAST OK/DROP": ("last_rx_packets", "last_rx_dropped_packets"),
    "STORM DETECTED/RESTORED": ("storms_detected", "storms_restored"),
}


def config(output: Output) -> tuple[PfcWatchdogConfig, ...]:
    """`show pfcwd config`: one record a port; times in milliseconds."""
    tables = ruler_tables(
        output,
        required=("PORT", "ACTION", "DETECTION TIME", "RESTORATION TIME"),
        optional=("HISTORY",),
        prose=(*COMMON, POLLING.pattern, SWITCH),
    )
    polling = {int(found[1]) for line in output.lines if (found := POLLING.fullmatch(line.text.strip()))}
    interval = polling.pop() if len(polling) == 1 else None
    return build(output, (row for table in tables for row in table.rows), _config, interval)


def _config(row: Row, polling: int | None) -> PfcWatchdogConfig:
    return PfcWatchdogConfig(
        port=row["PORT"],
        action=row.text("ACTION"),
        detection_milliseconds=row.count("DETECTION TIME"),
        restoration_milliseconds=row.read("RESTORATION TIME", _restoration),
        polling_milliseconds=polling,
        history=row.read("HISTORY", values.switched),
    )


def _restoration(text: str) -> int | None:
    """``infinite`` means that only a person restores the queue: there is no time to give."""
    return None if text == "infinite" else values.count(text)


def stats(output: Output) -> tuple[PfcWatchdogCounters, ...]:
    """`show pfcwd stats`: one record a queue; the key is printed as port:queue."""
    tables = ruler_tables(output, required=("QUEUE", "STATUS", *PAIRS), prose=(*COMMON, POLLING.pattern, SWITCH))
    return build(output, (row for table in tables for row in table.rows), _stats)


def _stats(row: Row) -> PfcWatchdogCounters:
    port, separator, queue = row["QUEUE"].rpartition(":")
    if not separator or not port:
        raise ValueError(f"{row['QUEUE']!r} is not port:queue")
    counts: dict[str, int | None] = {}
    for column, names in PAIRS.items():
        counts.update(zip(names, _pair(row[column]), strict=True))
    return PfcWatchdogCounters(port=port, queue=str(values.count(queue)), status=row.text("STATUS"), **counts)


def _pair(text: str) -> tuple[int | None, int | None]:
    first, slash, second = text.replace("N/A", "-").partition("/")
    if not slash:
        raise ValueError(f"{text!r} is not a pair of counters")
    return _counter(first), _counter(second)


def _counter(text: str) -> int | None:
    return None if text == "-" else values.count(text)


READINGS = (
    Reading(
        ("show pfcwd config", "show pfcwd config {port}", "pfcwd show config [{port}]"),
        (Question.PFC_WATCHDOG,),
        config,
        Evidence.DEVICE,
    ),
    Reading(
        ("show pfcwd stats", "show pfcwd stats {port}", "pfcwd show stats [{port}]"),
        (Question.PFC_WATCHDOG,),
        stats,
        Evidence.DEVICE,
    ),
)
