"""Huawei VRP: queue counters, ECN marks and ECN thresholds."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import EcnCounters, EcnThresholds
from plugfest.devices.records import QueueCounters

KILOBYTE = 1024


def counters(output: Output) -> tuple[QueueCounters, ...]:
    """`display qos queue statistics`: one record a queue; the device updates them every two minutes."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_qos_queue_statistics")
    return build(output, rows, lambda row: _queue(row, row.text("INTERFACE") or output.port()))


def _queue(row: Row, port: str) -> QueueCounters:
    return QueueCounters(
        port=port.replace(" ", ""),
        queue=row["QUEUE"],
        tx_packets=row.count("PASSED_PACKETS"),
        tx_bytes=row.count("PASSED_BYTES"),
        dropped_packets=row.count("DROPPED_PACKETS"),
        dropped_bytes=row.count("DROPPED_BYTES"),
    )


def marks(output: Output) -> tuple[EcnCounters, ...]:
    """`display qos ecn statistics interface I`: marked packets of the port; cleared when ECN is switched off."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_qos_ecn_statistics")
    return build(
        output,
        rows,
        lambda row: EcnCounters(port=row["INTERFACE"].replace(" ", ""), queue=None, marked_packets=row.count("MARKED")),
    )


def thresholds(output: Output) -> tuple[EcnThresholds, ...]:
    """`display qos ecn threshold`: thresholds in force, kilobytes made bytes."""
    return build(output, textfsm_rows(output, "huawei_vrp/display_qos_ecn_threshold"), _threshold)


def _threshold(row: Row) -> EcnThresholds:
    return EcnThresholds(
        port=row["INTERFACE"],
        queue=row["QUEUE"],
        low_bytes=row.read("LOW", _kilobytes),
        high_bytes=row.read("HIGH", _kilobytes),
        probability_percent=row.number("PROBABILITY"),
        mode="AI" if "AI" in row.cells else None,
    )


def _kilobytes(text: str) -> int:
    return values.count(text.strip("[]")) * KILOBYTE


def calculated(output: Output) -> tuple[EcnThresholds, ...]:
    """`display ai-ecn calculated state`: thresholds the device calculated, in bytes, and by which model."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_ai-ecn_calculated_state")
    return build(
        output,
        rows,
        lambda row: EcnThresholds(
            port=row["INTERFACE"].replace(" ", ""),
            queue=row["QUEUE"],
            low_bytes=row.count("LOW"),
            high_bytes=row.count("HIGH"),
            probability_percent=row.number("PROBABILITY"),
            mode=row.text("MODE"),
            model=row.text("MODEL"),
        ),
    )


READINGS = (
    Reading(
        (
            "display qos queue statistics interface [{port}]",
            "display qos queue statistics slot {slot}",
            "display qos queue statistics",
        ),
        (Question.QUEUE_COUNTERS,),
        counters,
        Evidence.MANUAL,
    ),
    Reading(("display qos ecn statistics interface [{port}]",), (Question.ECN_COUNTERS,), marks, Evidence.MANUAL),
    Reading(("display qos ecn threshold [interface {port}]",), (Question.ECN_CONFIG,), thresholds, Evidence.MANUAL),
    Reading(
        ("display ai-ecn calculated state [interface {port}]",), (Question.ECN_CONFIG,), calculated, Evidence.MANUAL
    ),
)
