"""SONiC: peak use of buffers by queue, priority group and pool (`watermarkstat`)."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.json_rows import is_json, rows_listed
from plugfest.devices.dialects.sonic.prose import COMMON
from plugfest.devices.qos_records import BufferUse

SUFFIX = r"(?: \(Namespace .*\))?"
QUEUE_TITLE = rf"Egress shared pool occupancy per (?:(\w+) queue|queue|all queues?):{SUFFIX}"
GROUP_TITLE = rf"Ingress (?:(shared) pool occupancy|(headroom)) per PG:{SUFFIX}"
POOL_TITLE = rf"(Shared|Headroom) pool maximum occupancy:{SUFFIX}"


def queues(output: Output) -> tuple[BufferUse, ...]:
    """`show queue watermark unicast|multicast|all`: peak bytes of each egress queue."""
    if is_json(output):
        rows = list(rows_listed(output, ("Port",)))
    else:
        tables = ruler_tables(output, required=("Port", r"(?:UC|MC|ALL)\d+"), prose=(*COMMON, QUEUE_TITLE))
        rows = [row for table in tables for row in table.rows]
    return tuple(use for uses in build(output, rows, _queues, _persistent(output)) for use in uses)


def _queues(row: Row, persistent: bool) -> tuple[BufferUse, ...]:
    return tuple(
        BufferUse(
            port=row["Port"],
            direction="egress",
            object="queue",
            index=queue,
            peak_bytes=row.count(queue),
            persistent=persistent,
        )
        for queue in row.cells
        if queue != "Port"
    )


def priority_groups(output: Output) -> tuple[BufferUse, ...]:
    """`show priority-group watermark shared|headroom`: peak bytes of each ingress priority group."""
    if is_json(output):
        part = "headroom" if "headroom" in output.command else "shared"
        groups = build(output, rows_listed(output, ("Port",)), _groups, part, _persistent(output))
        return tuple(use for uses in groups for use in uses)
    tables = ruler_tables(output, required=("Port", r"PG\d+"), prose=(*COMMON, GROUP_TITLE))
    records: list[BufferUse] = []
    for table in tables:
        title = re.fullmatch(GROUP_TITLE, table.title)
        part = (title[1] or title[2]) if title else _part(output)
        for uses in build(output, table.rows, _groups, part, _persistent(output)):
            records.extend(uses)
    return tuple(records)


def _part(output: Output) -> str:
    raise output.error("no title says whether this is shared or headroom use")


def _groups(row: Row, part: str, persistent: bool) -> tuple[BufferUse, ...]:
    return tuple(
        BufferUse(
            port=row["Port"],
            direction="ingress",
            object="priority group",
            index=group,
            part=part,
            peak_bytes=row.count(group),
            persistent=persistent,
        )
        for group in row.cells
        if group != "Port"
    )


def pools(output: Output) -> tuple[BufferUse, ...]:
    """`show buffer_pool watermark` and `show headroom-pool watermark`: peak bytes of each pool."""
    tables = ruler_tables(output, required=("Pool", "Bytes"), prose=(*COMMON, POOL_TITLE))
    records: list[BufferUse] = []
    for table in tables:
        title = re.fullmatch(POOL_TITLE, table.title)
        part = title[1].lower() if title else _part(output)
        records.extend(build(output, table.rows, _pool, part, _persistent(output)))
    return tuple(records)


def _pool(row: Row, part: str, persistent: bool) -> BufferUse:
    return BufferUse(
        port=None,
        direction=None,
        object="pool",
        index=row["Pool"],
        part=part,
        peak_bytes=row.count("Bytes"),
        persistent=persistent,
    )


def _persistent(output: Output) -> bool:
    return "persistent" in output.command


def _forms(*commands: str) -> tuple[str, ...]:
    forms = (*commands, *(command.replace("watermark", "persistent-watermark") for command in commands))
    return (*forms, *(f"{form} --json" for form in forms))


READINGS = (
    Reading(
        _forms("show queue watermark unicast", "show queue watermark multicast", "show queue watermark all"),
        (Question.WATERMARKS,),
        queues,
        Evidence.DEVICE,
    ),
    Reading(
        _forms("show priority-group watermark shared", "show priority-group watermark headroom"),
        (Question.WATERMARKS,),
        priority_groups,
        Evidence.DEVICE,
    ),
    Reading(
        _forms("show buffer_pool watermark", "show headroom-pool watermark"),
        (Question.WATERMARKS,),
        pools,
        Evidence.DEVICE,
    ),
)
