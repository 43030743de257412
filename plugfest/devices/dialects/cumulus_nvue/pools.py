"""Cumulus NVUE: buffer pools and what is mapped to them, port by port."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.qos_records import BufferPool

INTERFACE = re.compile(r"Interface: (\S+)")


def pool_map(output: Output) -> tuple[BufferPool, ...]:
    """`nv show interface qos-roce-status-pool-map`: pools of each port; size ``inf`` is unlimited."""
    tables = ruler_tables(
        output,
        required=("name", "mode", "pool-id", "switch-priorities", "traffic-class", "size"),
        optional=("", "current-usage", "max-usage"),
        prose=(INTERFACE.pattern, r"-+"),
    )
    records: list[BufferPool] = []
    for table in tables:
        port = _port_above(output, table.header)
        records.extend(build(output, table.rows, _pool, port))
    return tuple(records)


def _port_above(output: Output, header: Line) -> str:
    found = [
        named[1]
        for line in output.lines
        if line.number < header.number and (named := INTERFACE.fullmatch(line.text.strip()))
    ]
    return found[-1] if found else output.port()


def _pool(row: Row, port: str | None) -> BufferPool:
    unlimited = row["size"] == "inf"
    name = row["name"]
    return BufferPool(
        name=name,
        port=port,
        mode=row["mode"].lower(),
        unlimited=unlimited,
        direction="ingress" if name.endswith("ingress") else "egress" if name.endswith("egress") else None,
        size_bytes=None if unlimited or row["size"].endswith("%") else row.size("size"),
        current_bytes=row.size("current-usage"),
        peak_bytes=row.size("max-usage"),
        priorities=row.read("switch-priorities", values.integers),
        traffic_classes=row.read("traffic-class", values.integers),
    )


READINGS = (
    Reading(
        (
            "nv show interface qos-roce-status-pool-map",
            "nv show interface {port} qos roce status pool-map",
            "nv show interface {port} qos-roce-status-pool-map",
        ),
        (Question.BUFFERS, Question.WATERMARKS),
        pool_map,
        Evidence.MANUAL,
    ),
)
