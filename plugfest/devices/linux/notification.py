"""How a NIC's driver paces congestion notifications, from its files under ``/sys/class/net/PORT/ecn/roce_np``.

Drivers of ConnectX NICs have them (MLNX_OFED, chapter Explicit Congestion Notification).
"""

from plugfest.devices.answers import unknown_form
from plugfest.sessions.result import CommandResult


def show_interval(port: str) -> tuple[str, ...]:
    """The command that `parse_interval` reads."""
    return ("cat", f"/sys/class/net/{port}/ecn/roce_np/min_time_between_cnps")


def parse_interval(result: CommandResult) -> float:
    """Least time between two congestion notifications in microseconds."""
    text = result.out.strip()
    if not text.isdecimal():
        raise unknown_form(result, f"expected a whole number of microseconds, got {text!r:.60}")
    return float(text)
