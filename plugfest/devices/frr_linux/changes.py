"""Changes to FRR's configuration, made through its shell and taken back by the opposite lines.

The running configuration is changed, never the file: a restart of FRR is an undo as well.
"""

import re

from plugfest.devices.changes import Change, Command, ReadBack


def set_bgp_neighbor(device: str, asn: int, neighbor: str, up: bool) -> Change:
    """Shut one BGP session down in an orderly way (RFC 4486 administrative shutdown) or allow it again."""
    shut, allow = f"neighbor {neighbor} shutdown", f"no neighbor {neighbor} shutdown"
    present = rf"^ {re.escape(shut)}"
    absent = rf"\A(?![\s\S]*{present})"
    return Change(
        device=device,
        description=f"BGP neighbour {neighbor} of {device} {'allowed' if up else 'shut down'}",
        do=(configure(f"router bgp {asn}", allow if up else shut),),
        undo=(configure(f"router bgp {asn}", shut if up else allow),),
        read_back=ReadBack(
            ask=("vtysh", "-c", "show running-config"),
            made=absent if up else present,
            undone=present if up else absent,
        ),
    )


def configure(*lines: str) -> Command:
    """One `vtysh` call that enters `lines` in configuration mode."""
    options = (option for line in ("configure terminal", *lines) for option in ("-c", line))
    return ("vtysh", *options)
