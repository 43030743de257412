"""``mlnx_qos``: trust, DSCP map, buffers, PFC and ETS of one port of an NVIDIA (Mellanox) NIC."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import DscpMapping, PfcConfig, SchedulerQueue, TrustMode
from plugfest.nics.records import DcbxMode, ReceiveBuffer
from plugfest.records import Record

PRIORITIES = 8


@dataclass
class _Said:
    """What was read so far."""

    port: str
    dcbx: str | None = None
    trust: str | None = None
    dscp: dict[int, int] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()
    maximum: int | None = None
    cable: int | None = None
    table: dict[str, tuple[int, ...]] = field(default_factory=dict)
    classes: list[SchedulerQueue] = field(default_factory=list)
    served: dict[str, list[str]] = field(default_factory=dict)


def _dcbx(said: _Said, found: re.Match[str]) -> None:
    said.dcbx = found["value"]


def _trust(said: _Said, found: re.Match[str]) -> None:
    said.trust = found["value"]


def _dscp(said: _Said, found: re.Match[str]) -> None:
    for text in filter(None, found["value"].split(",")):
        dscp = values.count(text)
        if dscp in said.dscp or dscp > 63:
            raise ValueError(f"DSCP {dscp} stands twice or does not exist")
        said.dscp[dscp] = int(found["priority"])


def _sizes(said: _Said, found: re.Match[str]) -> None:
    said.sizes = tuple(values.count(text) for text in filter(None, found["sizes"].split(",")))
    said.maximum = int(found["maximum"]) if found["maximum"] else None


def _cable(said: _Said, found: re.Match[str]) -> None:
    said.cable = values.count(found["value"])


def _row(said: _Said, found: re.Match[str]) -> None:
    numbers = tuple(values.count(text) for text in found["value"].split())
    if len(numbers) != PRIORITIES or found["name"] in said.table:
        raise ValueError(f"expected {PRIORITIES} values for {found['name']}, once")
    said.table[found["name"]] = numbers


def _class(said: _Said, found: re.Match[str]) -> None:
    number = found["number"]
    if number in said.served:
        raise ValueError(f"traffic class {number} stands twice")
    share = float(found["share"]) if found["share"] else None
    said.classes.append(
        SchedulerQueue(port=said.port, queue=number, algorithm=found["algorithm"].lower(), bandwidth_percent=share)
    )
    said.served[number] = []


def _served(said: _Said, found: re.Match[str]) -> None:
    if not said.classes:
        raise ValueError("a priority without its traffic class")
    said.served[str(said.classes[-1].queue)].append(found["priority"])


LINES: tuple[tuple[re.Pattern[str], Callable[[_Said, re.Match[str]], None]], ...] = tuple(
    (re.compile(pattern), take)
    for pattern, take in (
        (r"DCBX mode: (?P<value>OS|Firmware) controlled.*", _dcbx),
        (r"Priority trust (?:state|mode): (?P<value>dscp|pcp|both|none)", _trust),
        (r"\s+prio:(?P<priority>[0-7]) dscp:(?P<value>(?:\d\d,)*)", _dscp),
        (r"Receive buffer size \(bytes\): (?P<sizes>[\d,]+?),?(?:max_buffer_size=(?P<maximum>\d+))?", _sizes),
        (r"Cable len: (?P<value>\d+)", _cable),
        (r"\s+(?P<name>priority|enabled|buffer)\s+(?P<value>\d[\d ]*)", _row),
        (
            r"tc: (?P<number>\d) ratelimit: [^,]+, tsa: (?P<algorithm>\w+)(?:, bw: (?P<share>\d+)%)?",
            _class,
        ),
        (r"\s+priority:\s+(?P<priority>[0-7])", _served),
        (r"\s+up:\s+(?P<priority>[0-7])", _served),
        (
            r"dscp2prio mapping:|default priority:|PFC configuration:|.* (?:is|are) not supported.*|\s+skprio: .*",
            lambda said, found: None,
        ),
    )
)


def settings(output: Output) -> tuple[Record, ...]:
    """Everything that is told of the port; what is not told gives no record."""
    said = _Said(output.arguments["netdev"])
    for line in output.lines:
        if line.text.strip():
            _take(output, said, line)
    if "enabled" in said.table and said.table.get("priority") != tuple(range(PRIORITIES)):
        raise output.error("the table of priorities is cut off or out of order")
    _check_totals(output, said)
    return tuple(_records(output, said))


def _check_totals(output: Output, said: _Said) -> None:
    """What is told must be whole: all priorities have their place, and what is shared adds up."""
    served = sorted(priority for group in said.served.values() for priority in group)
    if served and served != [str(priority) for priority in range(PRIORITIES)]:
        raise output.error(f"expected every priority in one traffic class, got {', '.join(served)}")
    classes = [str(queue.queue) for queue in said.classes]
    firsts = [group[0] for group in said.served.values() if group]
    if any(group != sorted(group) for group in said.served.values()):
        raise output.error("the priorities of a traffic class do not stand in order")
    if classes != sorted(classes) and firsts != sorted(firsts):
        raise output.error("neither the traffic classes nor their first priorities stand in order")
    if said.sizes and (len(said.sizes) != PRIORITIES or sum(said.sizes) > (said.maximum or sum(said.sizes))):
        raise output.error(f"expected {PRIORITIES} receive buffers that fit into the largest size")
    shares = sum(queue.bandwidth_percent or 0 for queue in said.classes)
    if shares not in (0, 100):
        raise output.error(f"the traffic classes share {shares:g} % of the bandwidth, not 100 %")


def _take(output: Output, said: _Said, line: Line) -> None:
    for pattern, take in LINES:
        if found := pattern.fullmatch(line.text):
            with output.at(line):
                take(said, found)
            return
    raise output.error("this line has a form we do not know", line)


def _records(output: Output, said: _Said) -> list[Record]:
    port, records = said.port, list[Record]()
    if said.dcbx:
        records.append(DcbxMode(port=port, controlled_by=said.dcbx.lower()))
    if said.trust:
        records.append(TrustMode(port=port, modes=(said.trust,)))
    records += [DscpMapping(map=port, dscp=dscp, priority=said.dscp[dscp]) for dscp in sorted(said.dscp)]
    if "enabled" in said.table:
        on = tuple(priority for priority, flag in enumerate(said.table["enabled"]) if _flag(output, flag))
        records.append(PfcConfig(port=port, priorities=on, cable_length_metres=said.cable))
    if said.sizes:
        records.append(
            ReceiveBuffer(
                port=port,
                sizes_bytes=said.sizes,
                maximum_bytes=said.maximum,
                buffer_of_priority=said.table.get("buffer"),
                cable_length_metres=said.cable,
            )
        )
    for queue in said.classes:
        group = ",".join(said.served[str(queue.queue)]) or None
        records.append(queue.model_copy(update={"group": group}))
    if not records:
        raise output.error("nothing that mlnx_qos tells was found")
    return records


def _flag(output: Output, flag: int) -> bool:
    if flag not in (0, 1):
        raise output.error(f"expected 0 or 1 for PFC, got {flag}")
    return flag == 1


READINGS = (
    Reading(
        ("mlnx_qos -i {netdev}", "mlnx_qos --interface={netdev}", "mlnx_qos --interface {netdev}"),
        (Question.PFC_CONFIG, Question.TRUST, Question.ETS, Question.BUFFERS, Question.DCBX),
        settings,
        Evidence.DEVICE,
    ),
)
