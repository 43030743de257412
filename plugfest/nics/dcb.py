"""iproute2's ``dcb``: PFC, ETS, priorities of applications, trust and buffers of one port (IEEE 802.1Q).

All are read as JSON (``-j``); PFC, ETS and trust as text, too.
"""

import re
from typing import TypeVar

from pydantic import Field

from plugfest.devices.dialects.json_output import Wire, looks_like_json, read_json, shaped
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import DscpMapping, PfcConfig, PfcCounters, SchedulerQueue, TrustMode
from plugfest.nics.records import ApplicationPriority, ReceiveBuffer

PRIORITIES = 8
NUMBERED = re.compile(r"\d:\S+", re.ASCII)
NAME = re.compile(
    r"pfc-cap|prio-pfc|requests|indications|willing|tc-bw|pg-bw|tc-tsa|prio-tc|reco-tc-bw|reco-tc-tsa|reco-prio-tc|order"
)
"""How the lines of text begin."""
Told = TypeVar("Told", bound=Wire)


class _Pfc(Wire):
    prio_pfc: list[bool] = Field(min_length=PRIORITIES, max_length=PRIORITIES)
    requests: list[int] | None = Field(default=None, min_length=PRIORITIES, max_length=PRIORITIES)
    indications: list[int] | None = Field(default=None, min_length=PRIORITIES, max_length=PRIORITIES)


class _Ets(Wire):
    tc_bw: list[int] = Field(min_length=PRIORITIES, max_length=PRIORITIES)
    tc_tsa: list[str] = Field(min_length=PRIORITIES, max_length=PRIORITIES)
    prio_tc: list[int] = Field(min_length=PRIORITIES, max_length=PRIORITIES)


class _App(Wire):
    dscp_prio: list[list[int]] = []
    ethtype_prio: list[list[int]] = []
    stream_port_prio: list[list[int]] = []
    dgram_port_prio: list[list[int]] = []
    port_prio: list[list[int]] = []
    default_prio: list[int] = []


class _Trust(Wire):
    order: list[str]


class _Buffer(Wire):
    prio_buffer: list[int] = Field(min_length=PRIORITIES, max_length=PRIORITIES)
    buffer_size: list[int]
    total_size: int | None = None


def _read(output: Output, form: type[Told]) -> Told:
    """JSON, or text of the same names: ``prio-pfc 0:off 1:on …``, ``order dscp pcp``, ``pfc-cap 8 delay 0``."""
    if looks_like_json(output):
        return read_json(output, form)
    return shaped(output, _told_in_text(output), form)


def _told_in_text(output: Output) -> dict[str, object]:
    said: dict[str, object] = {}
    for line in filter(lambda line: line.text, output.lines):
        name, *words = line.text.split()
        numbered = [word.split(":", 1) for word in words if NUMBERED.fullmatch(word)]
        if not NAME.fullmatch(name) or (numbered and len(numbered) != len(words)):
            raise output.error("this line has a form we do not know", line)
        if name.replace("-", "_") in said:
            raise output.error("this line stands twice", line)
        if [number for number, _ in numbered] != [str(place) for place in range(len(numbered))]:
            raise output.error("expected a value for each number from 0", line)
        said[name.replace("-", "_")] = [_value(value) for _, value in numbered] or words
    return said


def _value(text: str) -> bool | int | str:
    if text in ("on", "off"):
        return text == "on"
    return int(text) if text.isascii() and text.isdecimal() else text


def pfc(output: Output) -> tuple[PfcConfig | PfcCounters, ...]:
    """`dcb -j [-s] pfc show`: priorities with PFC on; with -s also frames sent (requests) and received."""
    port, said = output.arguments["netdev"], _read(output, _Pfc)
    on = tuple(priority for priority, enabled in enumerate(said.prio_pfc) if enabled)
    records: list[PfcConfig | PfcCounters] = [PfcConfig(port=port, priorities=on)]
    if said.requests is not None or said.indications is not None:
        for priority in range(PRIORITIES):
            records.append(
                PfcCounters(
                    port=port,
                    priority=priority,
                    tx_frames=said.requests[priority] if said.requests else None,
                    rx_frames=said.indications[priority] if said.indications else None,
                )
            )
    return tuple(records)


def ets(output: Output) -> tuple[SchedulerQueue, ...]:
    """`dcb -j ets show`: traffic classes with algorithm, share and the priorities they serve."""
    said = _read(output, _Ets)
    return tuple(
        SchedulerQueue(
            port=output.arguments["netdev"],
            queue=str(number),
            algorithm=said.tc_tsa[number],
            bandwidth_percent=float(said.tc_bw[number]) if said.tc_tsa[number] == "ets" else None,
            group=",".join(str(priority) for priority, served in enumerate(said.prio_tc) if served == number) or None,
        )
        for number in range(PRIORITIES)
    )


def applications(output: Output) -> tuple[DscpMapping | ApplicationPriority, ...]:
    """`dcb -j app show`: priorities by DSCP and by application; a port without any gives no record."""
    port, said = output.arguments["netdev"], read_json(output, _App)
    records: list[DscpMapping | ApplicationPriority] = [
        DscpMapping(map=port, dscp=dscp, priority=priority) for dscp, priority in map(_pair, said.dscp_prio)
    ]
    for selector in ("ethtype", "stream_port", "dgram_port", "port"):
        records += [
            ApplicationPriority(port=port, selector=selector.replace("_", "-"), protocol=protocol, priority=priority)
            for protocol, priority in map(_pair, getattr(said, f"{selector}_prio"))
        ]
    records += [
        ApplicationPriority(port=port, selector="default", protocol=None, priority=priority)
        for priority in said.default_prio
    ]
    return tuple(records)


def _pair(pair: list[int]) -> tuple[int, int]:
    if len(pair) != 2:
        raise ValueError(f"expected a pair of protocol and priority, got {pair}")
    return pair[0], pair[1]


def trust(output: Output) -> tuple[TrustMode, ...]:
    """`dcb -j apptrust show`: which marks decide, first choice first."""
    return (TrustMode(port=output.arguments["netdev"], modes=tuple(_read(output, _Trust).order)),)


def buffer(output: Output) -> tuple[ReceiveBuffer, ...]:
    """`dcb -j buffer show`: receive buffers and the priorities they hold."""
    said = read_json(output, _Buffer)
    return (
        ReceiveBuffer(
            port=output.arguments["netdev"],
            sizes_bytes=tuple(said.buffer_size),
            maximum_bytes=said.total_size,
            buffer_of_priority=tuple(said.prio_buffer),
        ),
    )


IN_TEXT = ("pfc", "ets", "apptrust")


def _forms(what: str, option: str = "") -> tuple[str, ...]:
    forms = (f"dcb -j{option} {what} show dev {{netdev}}", f"dcb{option} -j {what} show dev {{netdev}}")
    text = (f"dcb{option} {what} show dev {{netdev}}",) if what in IN_TEXT else ()
    return tuple(dict.fromkeys((*forms, *text)))


READINGS = (
    Reading(
        (*_forms("pfc", " -s"), *_forms("pfc")), (Question.PFC_CONFIG, Question.PFC_COUNTERS), pfc, Evidence.MANUAL
    ),
    Reading(_forms("ets"), (Question.ETS,), ets, Evidence.MANUAL),
    Reading(_forms("app"), (Question.TRUST,), applications, Evidence.MANUAL),
    Reading(_forms("apptrust"), (Question.TRUST,), trust, Evidence.MANUAL),
    Reading(_forms("buffer"), (Question.BUFFERS,), buffer, Evidence.MANUAL),
)
