"""What perftest programs print: queue pairs with PSNs and GIDs, result tables, failed completions.

The table is read instead of perftest's own JSON: the JSON lacks the queue pairs, and several releases print it with
unquoted keys.  Columns are found by their headings; an unknown heading or a row of another length is a `ParseError`.
"""

import re
from collections.abc import Iterator

from plugfest.devices.answers import unknown_form
from plugfest.devices.gid import canonical_gid
from plugfest.records import Record
from plugfest.sessions.result import CommandResult
from plugfest.stimuli.completion import CompletionStatus

LISTENING = r"Waiting for client to connect"
MEBIBYTE_BITS = 8 * 2**20

_ADDRESS = re.compile(
    r" (?P<side>local|remote) address: LID (0x)?[0-9a-f]+ QPN (?P<qpn>(0x)?[0-9a-f]+) PSN (?P<psn>(0x)?[0-9a-f]+)"
    r"( OUT (0x)?[0-9a-f]+)?( RKey (?P<rkey>(0x)?[0-9a-f]+) VAddr (?P<vaddr>(0x)?[0-9a-f]+))?"
)
# Sixteen octets, in decimal although they look hexadecimal.
_GID = re.compile(r" GID: (?P<octets>\d{2,3}(:\d{2,3}){15})")
_HEADING = re.compile(r" #bytes\s")
_RULE = re.compile(r"-{20,}")
_INFORMATION = re.compile(r"(?:^ |\t)(?P<key>[A-Za-z][\w .*]*?)\s*: (?P<value>[^\t]*?)(?=\s*$|\t)")
_FAILED = re.compile(
    r"Failed status(-(?P<text>.+) \((?P<new>\d+)\)| (?P<old>\d+)): wr_id \d+ syndrom (?P<syndrome>0x[0-9a-f]+)"
)

# Older releases print MiB as MB.
_COLUMNS: dict[str, tuple[str, float]] = {
    "#bytes": ("size", 1),
    "#iterations": ("iterations", 1),
    "BW peak[MiB/sec]": ("peak_bps", MEBIBYTE_BITS),
    "BW peak[MB/sec]": ("peak_bps", MEBIBYTE_BITS),
    "BW peak[Gb/sec]": ("peak_bps", 1e9),
    "BW average[MiB/sec]": ("average_bps", MEBIBYTE_BITS),
    "BW average[MB/sec]": ("average_bps", MEBIBYTE_BITS),
    "BW average[Gb/sec]": ("average_bps", 1e9),
    "MsgRate[Mpps]": ("messages_per_second", 1e6),
    "t_min[usec]": ("minimum_us", 1),
    "t_max[usec]": ("maximum_us", 1),
    "t_typical[usec]": ("typical_us", 1),
    "t_avg[usec]": ("average_us", 1),
    "t_stdev[usec]": ("deviation_us", 1),
    "99% percentile[usec]": ("percentile_99_us", 1),
    "99.9% percentile[usec]": ("percentile_99_9_us", 1),
    "tps average": ("transactions_per_second", 1),
    "CPU_Util[%]": ("processor_percent", 1),
    "#sl": ("service_level", 1),
    **{
        f"BW Port{port}[{unit}/sec]": (f"port{port}_bps", factor)
        for port in (1, 2)
        for unit, factor in (("MiB", MEBIBYTE_BITS), ("MB", MEBIBYTE_BITS), ("Gb", 1e9))
    },
    **{f"MsgRate Port{port}[Mpps]": (f"port{port}_messages_per_second", 1e6) for port in (1, 2)},
}
_COLUMN = re.compile("|".join(re.escape(heading) for heading in _COLUMNS))


class QueuePairAddress(Record):
    """One end of a queue pair as perftest announced it."""

    qpn: int
    psn: int
    """First packet sequence number this end sends."""
    gid: str | None = None
    rkey: int | None = None
    address: int | None = None


class PerftestRow(Record):
    """One row of the result table; what a program does not measure is None."""

    size: int
    """Bytes per message."""
    iterations: int
    peak_bps: float | None = None
    """Bits per second; None where perftest prints 0.00, its resolution being 0.01 MiB/s or Gb/s."""
    average_bps: float | None = None
    messages_per_second: float | None = None
    minimum_us: float | None = None
    maximum_us: float | None = None
    typical_us: float | None = None
    average_us: float | None = None
    deviation_us: float | None = None
    percentile_99_us: float | None = None
    percentile_99_9_us: float | None = None
    transactions_per_second: float | None = None
    processor_percent: float | None = None
    service_level: int | None = None
    port1_bps: float | None = None
    """With two ports, what each of them carried."""
    port1_messages_per_second: float | None = None
    port2_bps: float | None = None
    port2_messages_per_second: float | None = None


class FailedCompletion(Record):
    """A work request that ended with an error."""

    status: CompletionStatus
    vendor_syndrome: int


class PerftestReport(Record):
    """What one side of a perftest run printed."""

    information: dict[str, str]
    """Settings by perftest's own names: Device, Mtu, Link type, GID index, …"""
    local: tuple[QueuePairAddress, ...]
    """Own ends of the queue pairs, in order."""
    remote: tuple[QueuePairAddress, ...]
    """The peer's ends, in the same order."""
    rows: tuple[PerftestRow, ...]
    """Results; servers of one-sided tests repeat what their client measured."""
    failed: FailedCompletion | None = None
    """The completion that ended the run, if one did."""


def parse_report(result: CommandResult) -> PerftestReport:
    """What `result`, one finished perftest program, printed."""
    lines = result.out.splitlines()
    ends = list(_ends(result, lines))
    return PerftestReport(
        information=dict(_information(lines)),
        local=tuple(end for side, end in ends if side == "local"),
        remote=tuple(end for side, end in ends if side == "remote"),
        rows=tuple(_rows(result, lines)),
        failed=_failed(result),
    )


def _information(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if not (_ADDRESS.match(line) or _GID.match(line)):
            yield from ((match["key"].strip(), match["value"].strip()) for match in _INFORMATION.finditer(line))


def _ends(result: CommandResult, lines: list[str]) -> Iterator[tuple[str, QueuePairAddress]]:
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if match := _ADDRESS.fullmatch(line):
            yield match["side"], _end(match, _gid(result, following))
        elif " address: LID" in line:
            raise unknown_form(result, f"expected LID, QPN and PSN, got {line!r}")


def _gid(result: CommandResult, line: str) -> str | None:
    match = _GID.fullmatch(line)
    if not match:
        return None
    try:
        return canonical_gid(bytes(int(octet) for octet in match["octets"].split(":")))
    except ValueError:
        raise unknown_form(result, f"expected a GID of octets, got {line!r}") from None


def _end(match: re.Match[str], gid: str | None) -> QueuePairAddress:
    numbers = {name: int(match[name], 16) for name in ("qpn", "psn", "rkey", "vaddr") if match[name]}
    return QueuePairAddress(
        qpn=numbers["qpn"],
        psn=numbers["psn"],
        gid=gid,
        rkey=numbers.get("rkey"),
        address=numbers.get("vaddr"),
    )


def _rows(result: CommandResult, lines: list[str]) -> Iterator[PerftestRow]:
    columns: list[str] = []
    for line in lines:
        if _HEADING.match(line):
            columns = _columns(result, line)
        elif _RULE.fullmatch(line.strip()):
            columns = []
        elif columns and re.match(r"\s*\d", line):
            yield _row(result, columns, line.split())


def _columns(result: CommandResult, heading: str) -> list[str]:
    if rest := _COLUMN.sub("", heading).strip():
        raise unknown_form(result, f"unknown column {rest!r} in {heading!r}")
    return _COLUMN.findall(heading)


def _row(result: CommandResult, columns: list[str], cells: list[str]) -> PerftestRow:
    # Before release 4 the percentile columns had headings but no values.
    if len(cells) != len(columns) and not (len(cells) < len(columns) and "percentile" in columns[len(cells)]):
        raise unknown_form(result, f"expected {len(columns)} columns {columns}, got {cells}")
    values: dict[str, float] = {}
    for column, cell in zip(columns, cells, strict=False):
        name, factor = _COLUMNS[column]
        values[name] = _number(result, column, cell) * factor
    # Zero bandwidth is not a measurement: runs for a time have no peak, slow ones are below perftest's resolution.
    measured = {name: value for name, value in values.items() if value or not name.endswith("_bps")}
    return PerftestRow.model_validate(measured)


def _number(result: CommandResult, column: str, cell: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", cell):
        raise unknown_form(result, f"expected a number for {column}, got {cell!r}")
    return float(cell)


def _failed(result: CommandResult) -> FailedCompletion | None:
    match = _FAILED.search(f"{result.out}\n{result.err}")
    if not match:
        return None
    number = int(match["new"] or match["old"])
    try:
        return FailedCompletion(status=CompletionStatus(number), vendor_syndrome=int(match["syndrome"], 16))
    except ValueError:
        raise unknown_form(result, f"unknown completion status {number}") from None
