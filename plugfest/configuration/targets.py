"""Which switch and ports an intent is about, from the lab file."""

from plugfest.configuration.intent import Intent
from plugfest.configuration.rendering import Target
from plugfest.errors import UsageError
from plugfest.inventory.models import Lab


def target_in(lab: Lab, device: str, intent: Intent) -> Target:
    """The switch called `device` with the intent's ports, or those the lab file cables to another device.

    Raises UsageError for what is not a switch of the lab, and for a port that the switch is not known to have.
    """
    if device not in lab.switches:
        raise UsageError(f"lab {lab.name} has no switch {device!r}: choose one of {', '.join(lab.switches) or 'none'}")
    switch = lab.switches[device]
    cabled = [end.port for link in lab.links_of(device) for end in (link.a, link.b) if end.device == device]
    ports = intent.ports or tuple(dict.fromkeys(cabled))
    if not ports:
        raise UsageError(f"lab {lab.name} cables no port of {device}: name the ports in the intent")
    unknown = sorted(set(ports) - {*cabled, *switch.ports})
    if unknown:
        known = ", ".join(dict.fromkeys((*cabled, *switch.ports)))
        raise UsageError(f"{device} has no port {unknown[0]!r}, which intent {intent.name} names; it has {known}")
    return Target(device=device, dialect=switch.dialect, ports=ports, chip=switch.chip)
