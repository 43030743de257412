"""Routes that FRR's zebra has installed into the forwarding plane."""

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json
from plugfest.devices.records import NextHop, Route
from plugfest.sessions.result import CommandResult

SHOW_ROUTES = ("vtysh", "-c", "show ip route json")


class _NextHop(Shape):
    installed: bool = Field(default=False, alias="fib")
    active: bool = False
    """False for a port that lost its carrier: still in the group that the kernel was given, but not used."""
    address: str | None = Field(default=None, alias="ip")
    interface: str | None = Field(default=None, alias="interfaceName")
    weight: int | None = None


class _Route(Shape):
    prefix: str
    protocol: str
    selected: bool = False
    installed: bool = False
    metric: int | None = None
    next_hops: list[_NextHop] = Field(alias="nexthops")


_ROUTES: TypeAdapter[dict[str, list[_Route]]] = TypeAdapter(dict[str, list[_Route]])


def parse_routes(result: CommandResult) -> tuple[Route, ...]:
    """Selected and installed IPv4 routes from `SHOW_ROUTES` with the next hops in use; a blackhole has none."""
    candidates = (route for routes in read_json(result, _ROUTES).values() for route in routes)
    return tuple(_route(route) for route in candidates if route.selected and route.installed)


def _route(route: _Route) -> Route:
    hops = (hop for hop in route.next_hops if hop.installed and hop.active and hop.interface)
    return Route(
        prefix=route.prefix,
        protocol=route.protocol,
        next_hops=tuple(NextHop(address=hop.address, interface=hop.interface, weight=hop.weight) for hop in hops),
        metric=route.metric,
    )
