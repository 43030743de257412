"""Huawei VRP: PFC counters, profiles, state and deadlock detection."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import PfcConfig, PfcCounters, PfcProfile, PfcWatchdogConfig

ENABLED = {"enable": True, "succeed": True, "disable": False, "failed": False}


def counters(output: Output) -> tuple[PfcCounters, ...]:
    """`display dcb pfc [interface I]`: one record a queue, joined from its two lines."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_dcb_pfc")
    return build(output, rows, _counters)


def _counters(row: Row) -> PfcCounters:
    return PfcCounters(
        port=row["INTERFACE"].replace(" ", ""),
        priority=values.count(row["QUEUE"]),
        rx_frames=row.count("RECEIVED"),
        tx_frames=row.count("TRANSMITTED"),
        rx_frames_per_second=row.count("RECEIVED_RATE"),
        tx_frames_per_second=row.count("TRANSMITTED_RATE"),
        deadlocks_detected=row.count("DEADLOCKS"),
        deadlocks_recovered=row.count("RECOVERIES"),
    )


def deadlock(output: Output) -> tuple[PfcWatchdogConfig, ...]:
    """`display dcb pfc deadlock trigger status`: action after so many deadlocks, and the port's state."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_dcb_pfc_deadlock_trigger_status")
    return build(
        output,
        rows,
        lambda row: PfcWatchdogConfig(
            port=row["INTERFACE"].replace(" ", ""),
            queue=row["QUEUE"],
            action=row["MODE"].lower(),
            trigger_threshold=row.count("THRESHOLD"),
            status=row["STATUS"],
        ),
    )


def profiles(output: Output) -> tuple[PfcProfile, ...]:
    """`display dcb pfc-profile`: priorities of each profile."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_dcb_pfc-profile")
    return build(
        output,
        rows,
        lambda row: PfcProfile(
            name=row["NAME"], priorities=row.read("PRIORITIES", lambda text: values.integers(",".join(text.split())))
        ),
    )


def ports(output: Output) -> tuple[PfcConfig, ...]:
    """`display dcb [interface I]`: PFC of each port; mode is manual or auto (negotiated by DCBX)."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_dcb")
    return build(output, rows, _port)


def _port(row: Row) -> PfcConfig:
    status, _, mode = row["PFC_STATUS"].rstrip(")").partition("(")
    return PfcConfig(
        port=row["INTERFACE"],
        mode={"M": "manual", "A": "auto"}.get(mode),
        profile=row.text("PFC_NAME"),
        operational=None if values.absent(status) else values.one_of(status, ENABLED, "PFC status"),
    )


READINGS = (
    Reading(
        ("display dcb pfc [interface {port}]", "display dcb pfc interface"),
        (Question.PFC_COUNTERS, Question.PFC_WATCHDOG),
        counters,
        Evidence.MANUAL,
    ),
    Reading(
        ("display dcb pfc deadlock trigger status [interface {port}]",),
        (Question.PFC_WATCHDOG,),
        deadlock,
        Evidence.MANUAL,
    ),
    Reading(("display dcb pfc-profile [{profile}]",), (Question.PFC_CONFIG,), profiles, Evidence.MANUAL),
    Reading(("display dcb [interface {port}]",), (Question.PFC_CONFIG, Question.DCBX), ports, Evidence.MANUAL),
)
