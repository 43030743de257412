"""Changes to a Linux device, each with the undo that leads back to the state it was built from."""

import re

from plugfest.devices.changes import Change, Command, ReadBack
from plugfest.devices.records import InterfaceState, NextHop, Route

BLACKHOLE_METRIC = 5
"""Lower than FRR's 20; the kernel prefers the lowest."""


def set_mtu(device: str, port: InterfaceState, mtu: int) -> Change:
    """Give `port` another IP MTU in bytes."""
    return Change(
        device=device,
        description=f"MTU of {device}:{port.name} from {port.mtu} to {mtu} bytes",
        do=(_set_mtu(port.name, mtu),),
        undo=(_set_mtu(port.name, port.mtu),),
        read_back=_link(port.name, made=rf"\bmtu {mtu}\b", undone=rf"\bmtu {port.mtu}\b"),
    )


def set_admin(device: str, port: InterfaceState, up: bool, static_routes: tuple[Route, ...] = ()) -> Change:
    """Switch `port` on or off.

    The kernel drops the static routes of a port that goes down: the undo puts `static_routes` back.  Routing daemons
    bring theirs back themselves; global IPv6 addresses are lost unless the host keeps them (keep_addr_on_down).
    """
    was_up = port.admin_up is True
    word, before = _word(up), _word(was_up)
    return Change(
        device=device,
        description=f"{device}:{port.name} from admin {before} to {word}",
        do=(("ip", "link", "set", "dev", port.name, word),),
        undo=(("ip", "link", "set", "dev", port.name, before), *(_restore(route) for route in static_routes)),
        read_back=_link(port.name, made=_flag(up), undone=_flag(was_up)),
    )


def pause_lldp(device: str) -> Change:
    """Let lldpd fall silent and deaf on every port; what it heard before stays until its time to live ends."""
    return Change(
        device=device,
        description=f"LLDP of {device} paused",
        do=(("lldpcli", "pause"),),
        undo=(("lldpcli", "resume"),),
    )


def set_lldp(device: str, port: str, enabled: bool) -> Change:
    """Switch LLDP on one port off or on; both directions are on before or after."""
    on: Command = ("lldpcli", "configure", "ports", port, "lldp", "status", "rx-and-tx")
    off: Command = (*on[:-1], "disabled")
    shown = {True: "Administrative status: +RX and TX$", False: "Administrative status: +disabled$"}
    return Change(
        device=device,
        description=f"LLDP of {device}:{port} {'enabled' if enabled else 'disabled'}",
        do=(on if enabled else off,),
        undo=(off if enabled else on,),
        read_back=ReadBack(
            ask=("lldpcli", "show", "interfaces", "ports", port), made=shown[enabled], undone=shown[not enabled]
        ),
    )


def add_route(device: str, prefix: str, hop: NextHop) -> Change:
    """Add one route with one next hop to the kernel."""
    return Change(
        device=device,
        description=f"route {prefix} via {hop.address or hop.interface} added on {device}",
        do=(("ip", "route", "add", prefix, *_nexthop(hop)),),
        undo=(("ip", "route", "del", prefix, *_nexthop(hop)),),
        read_back=_shown(prefix, present=True),
    )


def remove_route(device: str, route: Route) -> Change:
    """Remove one route from the kernel with all its next hops; the undo restores metric and next hops."""
    return Change(
        device=device,
        description=f"route {route.prefix} removed on {device}",
        do=(("ip", "route", "del", route.prefix, *_metric(route)),),
        undo=(_restore(route),),
        read_back=_shown(route.prefix, present=False),
    )


def blackhole(device: str, prefix: str) -> Change:
    """Discard what is sent to `prefix`: a metric below that of routing daemons' routes, which stay in place."""
    route = ("blackhole", prefix, "metric", str(BLACKHOLE_METRIC))
    return Change(
        device=device,
        description=f"{prefix} discarded on {device}",
        do=(("ip", "route", "add", *route),),
        undo=(("ip", "route", "del", *route),),
        read_back=ReadBack(
            ask=("ip", "route", "show", "exact", prefix), made=r"^blackhole ", undone=r"\A(?!blackhole )"
        ),
    )


def _restore(route: Route) -> Command:
    hops = [_nexthop(hop) for hop in route.next_hops]
    ways = hops[0] if len(hops) == 1 else tuple(word for hop in hops for word in ("nexthop", *hop))
    return ("ip", "route", "replace", route.prefix, *_metric(route), *ways)


def _metric(route: Route) -> Command:
    return ("metric", str(route.metric)) if route.metric else ()


def _set_mtu(port: str, mtu: int | None) -> Command:
    return ("ip", "link", "set", "dev", port, "mtu", str(mtu))


def _word(up: bool) -> str:
    return "up" if up else "down"


def _flag(up: bool) -> str:
    return r"<[^>]*\bUP\b[^>]*>" if up else r"<(?![^>]*\bUP\b)[^>]*>"


def _link(port: str, made: str, undone: str) -> ReadBack:
    return ReadBack(ask=("ip", "link", "show", "dev", port), made=made, undone=undone)


def _nexthop(hop: NextHop) -> Command:
    family = ("inet6",) if hop.address and ":" in hop.address else ()
    via = ("via", *family, hop.address) if hop.address else ()
    dev = ("dev", hop.interface) if hop.interface else ()
    return (*via, *dev)


def _shown(prefix: str, present: bool) -> ReadBack:
    there, gone = r"\S", r"\A\s*\Z"
    ask = ("ip", "route", "show", "exact", re.sub(r"^0\.0\.0\.0/0$", "default", prefix))
    return ReadBack(ask=ask, made=there if present else gone, undone=gone if present else there)
