"""How each device is told something: the POSIX shell of a Linux device or a switch's own command line."""

from typing import TYPE_CHECKING

from plugfest.devices.changes import Line
from plugfest.sessions.network_cli import Manners, NetworkCli

if TYPE_CHECKING:
    from plugfest.devices.dialects.dialect import Dialect
    from plugfest.inventory.models import Lab
    from plugfest.sessions.pool import SessionPool


def line_to(lab: "Lab", pool: "SessionPool", name: str) -> Line:
    """What takes the commands of a `Change` of the device called `name`; nothing connects before first use."""
    from plugfest.devices.dialects import registry

    switch = lab.switches.get(name)
    if switch is None or switch.dialect not in registry.NAMES:
        return pool.session(name)
    return command_line(pool, name, registry.dialect(switch.dialect))


def command_line(pool: "SessionPool", name: str, dialect: "Dialect") -> NetworkCli:
    """The command line of a switch that speaks `dialect`, which knows its prompts and its refusals."""
    traits = dialect.traits
    manners = Manners(error_phrases=traits.error_phrases, prompt=traits.prompt, enable=traits.enable)
    return pool.network_cli(name, traits.netmiko_type, manners)
