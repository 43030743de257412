"""Arista EOS: which mark a port trusts and how its queues share the bandwidth."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import SchedulerQueue, TrustMode

ALGORITHMS = {"SP": "strict priority", "RR": "round robin"}


def ports(output: Output) -> tuple[TrustMode | SchedulerQueue, ...]:
    """`show qos interfaces`: trust and egress queues; ParseError without the legend that follows the last port."""
    rows = textfsm_rows(output, "arista_eos/show_qos_interfaces")
    if not any(line.text.strip() == "Legend:" for line in output.lines):
        raise output.error("the output is cut off: the legend must follow", output.last)
    return build(output, rows, _record)


def _record(row: Row) -> TrustMode | SchedulerQueue:
    if "TRUST" in row.cells:
        return TrustMode(port=row["PORT"], modes=(row["TRUST"].lower(),))
    return SchedulerQueue(
        port=row["PORT"],
        queue=row["QUEUE"],
        algorithm=ALGORITHMS[row["PRIORITY"]],
        bandwidth_percent=row.read("BANDWIDTH", values.percent),
    )


READINGS = (Reading(("show qos interfaces [{port}]",), (Question.ETS, Question.TRUST), ports, Evidence.NONE),)
