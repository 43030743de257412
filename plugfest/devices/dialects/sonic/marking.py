"""SONiC: thresholds of zero, so that every ECN-capable packet is marked (`ecnconfig`)."""

from collections.abc import Sequence

from plugfest.devices.changes import Change, Command, ReadBack
from plugfest.devices.protocols import Unsupported
from plugfest.devices.qos_records import EcnProfile


def mark_all(device: str, profiles: Sequence[EcnProfile]) -> Change:
    """Let the one profile mark green packets from the first byte on; Unsupported unless there is exactly one.

    The profile serves all ports that are bound to it.
    """
    green = [profile for profile in profiles if profile.color == "green" and profile.name]
    if len(green) != 1:
        names = ", ".join(str(profile.name) for profile in green) or "none"
        raise Unsupported(f"{device}: expected one ECN profile with green thresholds, got {names}")
    (profile,) = green
    before = (profile.min_threshold_bytes, profile.max_threshold_bytes, profile.probability_percent)
    if None in before:
        raise Unsupported(f"{device}: ECN profile {profile.name} does not tell all its green thresholds")
    return Change(
        device=device,
        description=f"ECN profile {profile.name} of {device} from {before[0]}-{before[1]} bytes to 0-1",
        do=(_set(profile.name, 0, 1, 100),),
        undo=(_set(profile.name, *before),),
        read_back=ReadBack(
            ask=("show", "ecn"),
            made=r"^green_max_threshold +1 *$",
            undone=rf"^green_max_threshold +{before[1]} *$",
        ),
    )


def _set(profile: str | None, minimum: object, maximum: object, probability: float | None) -> Command:
    numbers = ("-gmin", str(minimum), "-gmax", str(maximum), "-gdrop", f"{probability:g}")
    return ("sudo", "config", "ecn", "-profile", str(profile), *numbers)
