"""Huawei VRP: ETS profiles."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import SchedulerQueue

EFFECTIVE = re.compile(r"\d+\((\d+)\)")


def profiles(output: Output) -> tuple[SchedulerQueue, ...]:
    """`display dcb ets-profile`: priority groups and queues; the weight in brackets is the one in force."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_dcb_ets-profile")
    return build(output, rows, _record)


def _record(row: Row) -> SchedulerQueue:
    return SchedulerQueue(
        port=None,
        profile=row["PROFILE"],
        group=row["GROUP"].partition("(")[0],
        queue=row.text("QUEUE"),
        algorithm=row["SCHEDULE"].lower(),
        bandwidth_percent=row.read("WEIGHT", _weight),
    )


def _weight(text: str) -> int:
    found = EFFECTIVE.fullmatch(text)
    return values.count(found[1] if found else text)


READINGS = (Reading(("display dcb ets-profile [{profile}]",), (Question.ETS,), profiles, Evidence.MANUAL),)
