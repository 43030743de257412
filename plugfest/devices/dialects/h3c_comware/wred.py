"""H3C Comware: WRED tables and the ports that use them."""

from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import WredApplication, WredCurve


def tables(output: Output) -> tuple[WredCurve, ...]:
    """`display qos wred table`: one record a queue and colour."""
    rows = textfsm_rows(output, "h3c_comware/display_qos_wred_table")
    return tuple(curve for curves in build(output, rows, _curves) for curve in curves)


def _curves(row: Row) -> tuple[WredCurve, ...]:
    return _curve(row, "green"), _curve(row, "yellow"), _curve(row, "red")


def _curve(row: Row, color: Literal["green", "yellow", "red"]) -> WredCurve:
    low, high, probability = (
        values.count(row[f"{color.upper()}_{column}"]) for column in ("LOW", "HIGH", "PROBABILITY")
    )
    if low > high or probability > 100:
        raise ValueError(f"expected thresholds in order and a percentage for {color} packets")
    return WredCurve(
        table=row["TABLE"],
        queue=row["QUEUE"],
        color=color,
        low_threshold=low,
        high_threshold=high,
        probability_percent=probability,
        exponent=row.count("EXPONENT"),
        ecn=row["ECN"] == "Y",
    )


def applications(output: Output) -> tuple[WredApplication, ...]:
    """`display qos wred interface`: the table of each port that has one."""
    rows = textfsm_rows(output, "h3c_comware/display_qos_wred_interface")
    return build(output, rows, lambda row: WredApplication(port=row["INTERFACE"], table=row["TABLE"]))


READINGS = (
    Reading(
        ("display qos wred table", "display qos wred table name {profile}"),
        (Question.ECN_CONFIG,),
        tables,
        Evidence.NONE,
    ),
    Reading(("display qos wred interface [{port}]",), (Question.ECN_CONFIG,), applications, Evidence.NONE),
)
