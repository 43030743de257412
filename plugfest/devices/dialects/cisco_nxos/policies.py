"""Cisco NX-OS: classification, scheduling and WRED/ECN as configured, from one piece of the running configuration."""

import re
from dataclasses import dataclass, field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import DscpMapping, EcnProfile, SchedulerQueue
from plugfest.records import Record

START = re.compile(r"version \S.*")
SECTION = re.compile(r"(class-map|policy-map) type (qos|queuing|network-qos) (?:match-(any|all) )?(\S+)")
PLACE = re.compile(r"system qos|interface \S+")
CLASS = re.compile(r"  class (?:type (?:qos|queuing|network-qos) )?(\S+)")
MATCH_DSCP = re.compile(r"  match dscp (\S+)")
MATCH_PRECEDENCE = re.compile(r"  match precedence ([\d,-]+)")
MATCH_OTHER = re.compile(r"  match (?:not )?(?:cos|protocol|access-group name|packet length|qos-group|ip rtp) .+")
GROUP = re.compile(r"    set qos-group (\d+)")
SHARE = re.compile(r"    bandwidth (?:remaining )?percent (\d+)")
PRIORITY = re.compile(r"    priority(?: level \d+)?")
WRED = re.compile(
    r"    random-detect minimum-threshold (\d+ [km]?bytes) maximum-threshold (\d+ [km]?bytes) "
    r"drop-probability (\d+) weight \d+(?: cap-average)?( ecn)?"
)
WRED_BUILT_IN = re.compile(r"    random-detect threshold (?:burst|mesh)-optimized( ecn)?")
"""Thresholds of the switch's own choice, which it does not print."""
OTHER = re.compile(
    r"!.*|  service-policy type (?:qos|queuing|network-qos) (?:(?:in|out)put )?\S+(?: no-stats)?|"
    r"(?:  )?(?:no )?(?:priority-flow-control|hardware qos|congestion-control) .+|    mtu \d+|"
    r"    pause (?:no-drop|pfc-cos \d+|buffer-size .+)|    set (?:dscp|cos|precedence) .+|    police .+|"
    r"    (?:queue-limit|shape|afd|congestion-control) .+"
)
QUEUE = re.compile(r"c-out-(?:8q-)?q(\d|-default)")
NAMED = {"default": 0, "ef": 46}
"""DSCP by name beside the classes: class selectors (RFC 2474) and assured forwarding (RFC 2597)."""


@dataclass
class _State:
    section: str = ""
    name: str = ""
    member: str = ""
    needs_all: bool = False
    classes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    partly: set[str] = field(default_factory=set)
    """Classes that need more than a code point: no map from DSCP says what becomes of it."""
    mapped: set[tuple[str, int]] = field(default_factory=set)
    records: list[Record] = field(default_factory=list)


def policies(output: Output) -> tuple[Record, ...]:
    """`show running-config ipqos`: DSCP to QoS group by policy, shares and WRED/ECN of each queue by policy.

    Of two classes with the same DSCP, the first of a policy counts.  Defaults are not printed.
    """
    state = _State()
    if not any(START.fullmatch(line.text) for line in output.lines):
        raise output.error("expected the line 'version …' of a running configuration", output.lines[0])
    for line in output.lines:
        if line.text and not START.fullmatch(line.text):
            with output.at(line):
                _take(state, line)
    return tuple(state.records)


def _take(state: _State, line: Line) -> None:
    if found := SECTION.fullmatch(line.text):
        state.section, state.name, state.member = f"{found[1]} {found[2]}", found[4], ""
        state.needs_all = found[3] == "all"
        if state.section == "class-map qos":
            state.classes[state.name] = ()
    elif PLACE.fullmatch(line.text):
        state.section = ""
    elif (found := CLASS.fullmatch(line.text)) and state.section.startswith("policy-map"):
        state.member = found[1]
    elif state.section.startswith("class-map"):
        _match(state, line.text)
    elif (found := GROUP.fullmatch(line.text)) and state.section == "policy-map qos":
        _map(state, values.count(found[1]))
    elif state.section == "policy-map queuing" and state.member and (record := _queue(state, line.text)):
        state.records.append(record)
    elif not OTHER.fullmatch(line.text):
        raise ValueError("this line has a form we do not know")


def _match(state: _State, text: str) -> None:
    if state.section == "class-map qos" and (dscps := _matched(text)):
        if state.needs_all and state.classes[state.name]:
            raise ValueError("no packet matches two lists of code points at once")
        state.classes[state.name] += dscps
    elif MATCH_OTHER.fullmatch(text) and state.needs_all:
        state.partly.add(state.name)
    elif not MATCH_OTHER.fullmatch(text) and not OTHER.fullmatch(text):
        raise ValueError("this line has a form we do not know")


def _matched(text: str) -> tuple[int, ...]:
    """Code points that a line names: an IP precedence is the first three bits of eight of them (RFC 2474, 4.2.2)."""
    if found := MATCH_DSCP.fullmatch(text):
        return _dscps(found[1])
    if found := MATCH_PRECEDENCE.fullmatch(text):
        return tuple(8 * precedence + rest for precedence in values.integers(found[1]) for rest in range(8))
    return ()


def _map(state: _State, group: int) -> None:
    if state.member != "class-default" and state.member not in state.classes:
        raise ValueError(f"class {state.member!r} is not defined above")
    for dscp in () if state.member in state.partly else state.classes.get(state.member, ()):
        if (state.name, dscp) not in state.mapped:
            state.mapped.add((state.name, dscp))
            state.records.append(DscpMapping(map=state.name, dscp=dscp, priority=group))


def _queue(state: _State, text: str) -> Record | None:
    number = QUEUE.fullmatch(state.member)
    queue = number[1].replace("-default", "0") if number else state.member
    if found := SHARE.fullmatch(text):
        return SchedulerQueue(port=None, profile=state.name, queue=queue, bandwidth_percent=values.count(found[1]))
    if PRIORITY.fullmatch(text):
        return SchedulerQueue(port=None, profile=state.name, queue=queue, algorithm="priority")
    if found := WRED.fullmatch(text):
        return EcnProfile(
            name=state.name,
            enabled=True,
            ecn="ecn" if found[4] else None,
            min_threshold_bytes=values.size(found[1]),
            max_threshold_bytes=values.size(found[2]),
            probability_percent=values.percent(found[3]),
            queues=(int(queue),) if number else None,
        )
    if found := WRED_BUILT_IN.fullmatch(text):
        ecn = "ecn" if found[1] else None
        return EcnProfile(name=state.name, enabled=True, ecn=ecn, queues=(int(queue),) if number else None)
    return None


def _dscps(text: str) -> tuple[int, ...]:
    """A list of numbers, ranges and names: ``24,26-28,af31``."""
    found: list[int] = []
    for part in text.split(","):
        if assured := re.fullmatch(r"af([1-4])([1-3])", part):
            found.append(8 * int(assured[1]) + 2 * int(assured[2]))
        elif selector := re.fullmatch(r"cs([1-7])", part):
            found.append(8 * int(selector[1]))
        else:
            found.extend([NAMED[part]] if part in NAMED else values.integers(part))
    if any(dscp > 63 for dscp in found):
        raise ValueError(f"{text!r} is beyond the 64 code points")
    return tuple(found)


READINGS = (
    Reading(
        ("show running-config ipqos",),
        (Question.TRUST, Question.ETS, Question.ECN_CONFIG),
        policies,
        Evidence.NONE,
    ),
)
