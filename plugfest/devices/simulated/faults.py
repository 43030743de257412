"""Faults of a simulated lab as people write them: ``leaf2:400GE1/0/3:mtu=1500``."""

from plugfest.devices.simulated.fabric import Announcement, Fault, announced
from plugfest.errors import UsageError
from plugfest.inventory.models import Lab, PortReference

SWITCHABLE = ("admin_up", "oper_up")
NUMBERS = ("mtu", "speed_mbps")
COUNTERS = ("errors", "carrier_changes")
FORMS = (
    "admin_up=no",
    "oper_up=no",
    "mtu=BYTES",
    "speed_mbps=MBPS",
    "errors=growing",
    "carrier_changes=growing",
    "neighbor=none",
    "neighbor=DEVICE:PORT",
)
WORDS = {"yes": True, "no": False}


def fault_of(lab: Lab, text: str) -> Fault:
    """The fault that `text` describes, ``DEVICE:PORT:FIELD=VALUE``; UsageError says what would be right.

    ``neighbor=DEVICE:PORT`` is a cable that goes somewhere else, as the device's own table tells it.
    """
    place, _, wrong = _split(text)
    field, _, value = wrong.partition("=")
    if field in COUNTERS and value == "growing":
        return Fault(port=place, values={}, growing=frozenset({field}))
    if field in SWITCHABLE and value in WORDS:
        return Fault(port=place, values={field: WORDS[value]})
    if field in NUMBERS and value.isdecimal():
        return Fault(port=place, values={field: int(value)})
    if field == "neighbor":
        return Fault(port=place, values={field: _neighbor(lab, value)})
    raise UsageError(f"--fault {text}: expected DEVICE:PORT: and one of {', '.join(FORMS)}")


def _split(text: str) -> tuple[str, str, str]:
    """The port, a colon, what is wrong; ports and neighbours hold colons themselves."""
    before, equals, value = text.partition("=")
    place, colon, field = before.rpartition(":")
    return place, colon, f"{field}{equals}{value}"


def _neighbor(lab: Lab, value: str) -> Announcement | None:
    if value == "none":
        return None
    name, _, port = value.partition(":")
    if name not in lab.devices or port not in lab.device(name).ports:
        raise UsageError(f"neighbor={value}: expected none or a DEVICE:PORT of {lab.name}")
    return announced(lab, PortReference(device=name, port=port))
