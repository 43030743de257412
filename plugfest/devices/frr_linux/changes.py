"""Changes to FRR's configuration, made through its shell and taken back by the opposite lines.

The running configuration is changed, never the file: a restart of FRR is an undo as well.
"""

from plugfest.devices.changes import Change, Command


def set_bgp_neighbor(device: str, asn: int, neighbor: str, up: bool) -> Change:
    """Shut one BGP session down in an orderly way (RFC 4486 administrative shutdown) or allow it again."""
    shut, allow = f"neighbor {neighbor} shutdown", f"no neighbor {neighbor} shutdown"
    return Change(
        device=device,
        description=f"BGP neighbour {neighbor} of {device} {'allowed' if up else 'shut down'}",
        do=(configure(f"router bgp {asn}", allow if up else shut),),
        undo=(configure(f"router bgp {asn}", shut if up else allow),),
    )


def configure(*lines: str) -> Command:
    """One `vtysh` call that enters `lines` in configuration mode."""
    options = (option for line in ("configure terminal", *lines) for option in ("-c", line))
    return ("vtysh", *options)
