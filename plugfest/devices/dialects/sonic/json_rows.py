"""SONiC: the same rows as a table, printed as JSON with `--json` or `-j`."""

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import dropwhile

from plugfest.devices.dialects.json_output import looks_like_json, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row
from plugfest.devices.dialects.sonic.prose import COMMON

QUEUE_FIELDS = {
    "totalpacket": "Counter/pkts",
    "totalbytes": "Counter/bytes",
    "droppacket": "Drop/pkts",
    "dropbytes": "Drop/bytes",
    "creditWDPkts": "Credit-WD-Del/pkts",
    "wreddroppacket": "WredDrp/pkts",
    "wreddropbytes": "WredDrp/bytes",
    "ecnmarkedpacket": "EcnMarked/pkts",
    "ecnmarkedbytes": "EcnMarked/bytes",
}
Cells = dict[str, str]


def is_json(output: Output) -> bool:
    """True if the answer is JSON and not a table."""
    return looks_like_json(_document(output))


def _document(output: Output) -> Output:
    """The answer from the document on: a line before it may say when the counters were cleared."""
    around = re.compile("|".join(COMMON))
    lines = dropwhile(lambda line: not line.text or around.fullmatch(line.text) is not None, output.lines)
    return replace(output, lines=tuple(lines))


def rows_by_port(output: Output, key: str, required: Collection[str]) -> tuple[Row, ...]:
    """``{port: {column: text}}`` as rows; the port goes to column `key`."""
    document = read_json(_document(output), dict[str, Cells])
    return tuple(_row(output, {key: port, **cells}, required) for port, cells in document.items())


def rows_listed(output: Output, required: Collection[str]) -> tuple[Row, ...]:
    """``[{column: text}]`` as rows."""
    return tuple(_row(output, cells, required) for cells in read_json(_document(output), list[Cells]))


def rows_by_queue(output: Output, required: Collection[str]) -> tuple[Row, ...]:
    """``{port: {queue: {field: text}}}`` as rows with the columns of the table."""
    rows = []
    for port, queues in read_json(_document(output), dict[str, dict[str, Cells | str]]).items():
        for queue, fields in queues.items():
            if isinstance(fields, dict):
                rows.append(_row(output, {"Port": port, "TxQ": queue, **_columns(fields)}, required))
    return tuple(rows)


def _row(output: Output, cells: Cells, required: Collection[str]) -> Row:
    for name in required:
        if name not in cells:
            raise output.error(f"{' '.join(list(cells.values())[:2])}: field {name!r} is missing")
    return Row(output.lines[0], cells)


def _columns(fields: Cells) -> Cells:
    return {QUEUE_FIELDS.get(name, name): text for name, text in fields.items()}
