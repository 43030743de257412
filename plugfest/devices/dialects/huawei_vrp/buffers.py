"""Huawei VRP: buffer thresholds of PFC, buffer use, and drops for want of buffer."""

import re
from collections.abc import Mapping

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.qos_records import BufferUse, DropCounters, PfcThresholds, Threshold

THRESHOLD = re.compile(r"([\d,]+)\(([BKD])\)")
KILOBYTE = 1024


def thresholds(output: Output) -> tuple[PfcThresholds, ...]:
    """`display dcb pfc buffer`: (B) bytes, (K) kilobytes, (D) dynamic alpha."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_dcb_pfc_buffer")
    return build(
        output,
        rows,
        lambda row: PfcThresholds(
            port=row["INTERFACE"].replace(" ", ""),
            queue=row["QUEUE"],
            xoff=row.read("XOFF", _threshold),
            xon=row.read("XON", _threshold),
            xon_offset=row.read("XON_OFFSET", _threshold),
            headroom=row.read("HEADROOM", _threshold),
            guaranteed=row.read("GUARANTEED", _threshold),
        ),
    )


def _threshold(text: str) -> Threshold:
    found = THRESHOLD.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a threshold with unit (B), (K) or (D)")
    number = values.count(found[1])
    if found[2] == "D":
        return Threshold(alpha=number)
    return Threshold(bytes=number * (KILOBYTE if found[2] == "K" else 1))


def use(output: Output) -> tuple[BufferUse, ...]:
    """`display qos buffer-usage interface I`: the port's total, then its egress queues; kilobytes made bytes."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_qos_buffer-usage")
    return build(output, rows, _use, output.port().replace(" ", ""))


def slot_use(output: Output) -> tuple[BufferUse, ...]:
    """`display qos buffer-usage`: the buffer of each slot; kilobytes made bytes."""
    return build(output, textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_qos_buffer-usage"), _use, None)


def _use(row: Row, port: str | None) -> BufferUse:
    if bool(port) == ("SLOT" in row.cells):
        raise ValueError("expected the buffer of a port with its queues where one was asked, else that of a slot")
    total = row.count("TOTAL")
    return BufferUse(
        port=port,
        direction="egress" if port else None,
        object="queue" if "QUEUE" in row.cells else "port" if port else "pool",
        index=row.cells.get("QUEUE") or port or f"slot {row['SLOT']}",
        total_bytes=None if total is None else total * KILOBYTE,
        current_bytes=values.count(row["CURRENT"]) * KILOBYTE,
        peak_bytes=values.count(row["PEAK"]) * KILOBYTE,
        average_bytes=values.count(row["AVERAGE"]) * KILOBYTE,
    )


def ingress_use(output: Output) -> tuple[BufferUse, ...]:
    """`display qos buffer ingress-usage`: current use by lossless priority and part of the buffer."""
    rows = textfsm_rows(output, "huawei_vrp/display_qos_buffer_ingress-usage")
    parts = build(output, rows, _ingress_use)
    return tuple(part for row in parts for part in row)


def _ingress_use(row: Row) -> tuple[BufferUse, ...]:
    whole = BufferUse(port=row["INTERFACE"], direction="ingress", object="priority group", index=row["PRIORITY"])
    return _parts(row, whole, {"GUARANTEED": "guaranteed", "XOFF": "xoff", "HEADROOM": "headroom"})


def egress_use(output: Output) -> tuple[BufferUse, ...]:
    """`display qos buffer egress-usage`: current use by queue and part of the buffer."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_qos_buffer_egress-usage")
    return tuple(part for parts in build(output, rows, _egress_use) for part in parts)


def _egress_use(row: Row) -> tuple[BufferUse, ...]:
    whole = BufferUse(port=row["INTERFACE"], direction="egress", object="queue", index=row["QUEUE"])
    return _parts(row, whole, {"GUARANTEED": "guaranteed", "SHARED": "shared"})


def _parts(row: Row, whole: BufferUse, names: Mapping[str, str]) -> tuple[BufferUse, ...]:
    """``current/total`` of each part; a dynamic total (``*``) is an alpha, so that its size is unknown."""
    found = []
    for column, part in names.items():
        text = row.text(column)
        if text is not None:
            current, _, total = text.partition("/")
            sizes = {
                "part": part,
                "current_bytes": values.count(current) * KILOBYTE,
                "total_bytes": None if total.endswith("*") else values.count(total) * KILOBYTE,
            }
            found.append(whole.model_copy(update=sizes))
    return tuple(found)


def ingress_drops(output: Output) -> tuple[DropCounters, ...]:
    """`display qos buffer ingress-statistics interface I`: packets dropped on the way in."""
    rows = textfsm_rows(output.ends_with_ruler(), "huawei_vrp/display_qos_buffer_ingress-statistics")
    return build(
        output,
        rows,
        lambda row: DropCounters(
            port=row["INTERFACE"].replace(" ", ""),
            direction="ingress",
            packets=row.count("PACKETS"),
            bytes=row.count("BYTES"),
            packets_per_second=row.count("PACKET_RATE"),
            bits_per_second=row.count("BIT_RATE"),
            last_drop=last_drop(row.text("DAY"), row.text("TIME")),
        ),
    )


def last_drop(day: str | None, time: str | None) -> str | None:
    """Day and time that the device prints one below the other."""
    return " ".join(part for part in (day, time) if part) or None


READINGS = (
    Reading(
        ("display dcb pfc buffer [interface {port}]",),
        (Question.BUFFERS, Question.PFC_CONFIG),
        thresholds,
        Evidence.MANUAL,
    ),
    Reading(("display qos buffer-usage interface [{port}]",), (Question.WATERMARKS,), use, Evidence.MANUAL),
    Reading(("display qos buffer-usage",), (Question.WATERMARKS,), slot_use, Evidence.MANUAL),
    Reading(
        ("display qos buffer ingress-usage [interface {port}]",), (Question.WATERMARKS,), ingress_use, Evidence.MANUAL
    ),
    Reading(
        ("display qos buffer egress-usage [interface {port}]",), (Question.WATERMARKS,), egress_use, Evidence.DEVICE
    ),
    Reading(
        ("display qos buffer ingress-statistics [interface {port}]", "display qos buffer ingress-statistics interface"),
        (Question.DROPS,),
        ingress_drops,
        Evidence.DEVICE,
    ),
)
