"""Cumulus NVUE: the maps, scheduler and pools that newer releases print below `nv show qos roce`."""

from dataclasses import replace

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.qos_records import BufferPool, DscpMapping, SchedulerQueue
from plugfest.records import Record

COLUMNS = (
    "",
    "pcp",
    "dscp",
    "switch-prio",
    "traffic-class",
    "scheduler-weight",
    "name",
    "mode",
    "size",
    "switch-priorities",
    "description",
)
PROSE = (r"RoCE .*", r"=+", r"Exception List", r"No Data", r"description", r"-+")


def tables(output: Output, lines: tuple[Line, ...]) -> tuple[Record, ...]:
    """Records of all tables in these lines."""
    records: list[Record] = []
    for table in ruler_tables(replace(output, lines=lines), required=(), optional=COLUMNS, prose=PROSE):
        if "description" in table.columns:  # exceptions, in words
            continue
        make = _mapping if "dscp" in table.columns else _scheduler if "scheduler-weight" in table.columns else _pool
        for made in build(output, table.rows, make):
            records.extend(made)
    return tuple(records)


def _mapping(row: Row) -> list[Record]:
    return [
        DscpMapping(map="RoCE", dscp=dscp, priority=row.count("switch-prio")) for dscp in values.integers(row["dscp"])
    ]


def _scheduler(row: Row) -> list[Record]:
    algorithm, _, share = row["scheduler-weight"].partition("-")
    strict = row["scheduler-weight"].replace(" ", "-") == "strict-priority"
    return [
        SchedulerQueue(
            port=None,
            queue=row["traffic-class"],
            group=row["switch-prio"],
            algorithm="strict-priority" if strict else algorithm.lower(),
            bandwidth_percent=None if strict else values.percent(share),
        )
    ]


def _pool(row: Row) -> list[Record]:
    return [
        BufferPool(
            name=row["name"],
            mode=row["mode"].lower(),
            unlimited=row["size"] == "inf",
            size_bytes=None if row["size"] == "inf" or row["size"].endswith("%") else row.size("size"),
            priorities=row.read("switch-priorities", values.integers),
            traffic_classes=row.read("traffic-class", values.integers),
        )
    ]
