"""Huawei VRP: who the switch is, and which software modules it runs."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import SoftwareModule
from plugfest.devices.records import DeviceFacts

SUFFIX = re.compile(r"( Terabit)?( Routing)? (Switch|Router)$")
"""What VRP adds to a model's name: ``S5735-S24T4X Routing Switch``."""


def version(output: Output) -> tuple[DeviceFacts, ...]:
    """`display version` of VRP5, VRP8 and YunShan OS."""
    rows = textfsm_rows(output, "huawei_vrp/display_version")
    if len(rows) != 1:
        raise output.error("the lines with version and 'uptime is' were not found")
    return build(output, rows, _facts, output.device)


def _facts(row: Row, device: str) -> DeviceFacts:
    details = {"product version": row.text("PRODUCT"), "patch": row.text("PATCH")}
    return DeviceFacts(
        device=device,
        vendor="Huawei",
        model=SUFFIX.sub("", row["MODEL"]),
        chip=None,
        software=f"{row['SYSTEM']} {row['VERSION']}",
        details={name: text for name, text in details.items() if text},
    )


def modules(output: Output) -> tuple[SoftwareModule, ...]:
    """`display module-information verbose`: installed software modules; board details are left out."""
    rows = textfsm_rows(output, "huawei_vrp/display_module-information_verbose")
    return build(
        output,
        rows,
        lambda row: SoftwareModule(
            name=row["MODULE"], version=row["VERSION"], package=row["PACKAGE"], installed=row["INSTALLED"]
        ),
    )


READINGS = (
    Reading(("display version",), (Question.VERSION,), version, Evidence.DEVICE),
    Reading(("display module-information verbose",), (Question.VERSION,), modules, Evidence.DEVICE),
)
