"""Arista EOS: PFC counters and the PFC watchdog."""

from pydantic import Field

from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import PfcCounters, PfcWatchdogCounters


class _Queue(Wire):
    stuck: int | None = Field(default=None, alias="stuckCount")
    recovered: int | None = Field(default=None, alias="recoveryCount")


class _Port(Wire):
    queues: dict[str, _Queue] = Field(default={}, alias="txQueues")


class _Counts(Wire):
    received: int | None = Field(default=None, alias="rxFrames")
    sent: int | None = Field(default=None, alias="txFrames")


class _Counters(Wire):
    interfaces: dict[str, _Counts] = Field(alias="interfaceCounters")


class _Watchdog(Wire):
    interfaces: dict[str, _Port]


def counters(output: Output) -> tuple[PfcCounters, ...]:
    """`show priority-flow-control counters`: all priorities of a port together."""
    rows = textfsm_rows(output, "arista_eos/show_priority-flow-control_counters")
    return build(
        output,
        rows,
        lambda row: PfcCounters(
            port=row["PORT"], priority=None, rx_frames=row.count("RECEIVED"), tx_frames=row.count("SENT")
        ),
    )


def counters_json(output: Output) -> tuple[PfcCounters, ...]:
    """`show priority-flow-control counters | json`."""
    wire = read_json(output, _Counters)
    return tuple(
        PfcCounters(port=port, priority=None, rx_frames=counts.received, tx_frames=counts.sent)
        for port, counts in wire.interfaces.items()
    )


def watchdog(output: Output) -> tuple[PfcWatchdogCounters, ...]:
    """`show priority-flow-control counters watchdog | json`: a queue appears with its first event."""
    wire = read_json(output, _Watchdog)
    return tuple(
        PfcWatchdogCounters(port=port, queue=queue, storms_detected=counts.stuck, storms_restored=counts.recovered)
        for port, ports in wire.interfaces.items()
        for queue, counts in ports.queues.items()
    )


READINGS = (
    Reading(("show priority-flow-control counters",), (Question.PFC_COUNTERS,), counters, Evidence.NONE),
    Reading(("show priority-flow-control counters | json",), (Question.PFC_COUNTERS,), counters_json, Evidence.MANUAL),
    Reading(
        ("show priority-flow-control counters watchdog | json",), (Question.PFC_WATCHDOG,), watchdog, Evidence.NONE
    ),
)
