"""Arista EOS: the configured part of the map from DSCP to traffic class."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.qos_records import DscpMapping

DSCP = re.compile(r"qos map dscp (\d+(?: \d+)*) to traffic-class ([0-7])(?: drop-precedence \d)?")
OTHER = re.compile(
    r"!|qos map cos \d(?: \d)* to traffic-class \d|"
    r"qos map traffic-class \d(?: \d)* to (?:cos|dscp|tx-queue|uc-tx-queue|mc-tx-queue) \d+"
)


def configured(output: Output) -> tuple[DscpMapping, ...]:
    """`show running-config section qos map`: one record a code point; those left at the default are not printed."""
    return tuple(record for line in output.lines if line.text for record in _line(output, line))


def _line(output: Output, line: Line) -> list[DscpMapping]:
    if OTHER.fullmatch(line.text):
        return []
    found = DSCP.fullmatch(line.text)
    if found is None:
        raise output.error("this line has a form we do not know", line)
    points = [values.count(text) for text in found[1].split()]
    if max(points) > 63:
        raise output.error("beyond the 64 code points", line)
    return [DscpMapping(map=None, dscp=point, priority=values.count(found[2])) for point in points]


READINGS = (
    Reading(
        ("show running-config section qos map", "show running-config | section qos map"),
        (Question.TRUST,),
        configured,
        Evidence.NONE,
    ),
)
