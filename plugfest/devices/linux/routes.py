"""Routes in the Linux kernel's main table, from iproute2's JSON."""

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json
from plugfest.devices.records import NextHop, Route
from plugfest.sessions.result import CommandResult

SHOW_ROUTES = ("ip", "-j", "route", "show", "table", "main")

DEFAULT_PREFIX = "0.0.0.0/0"


class _Via(Shape):
    host: str


class _NextHop(Shape):
    gateway: str | None = None
    via: _Via | None = None
    """Next hop of another address family, as BGP unnumbered has it (RFC 8950)."""
    dev: str | None = None
    weight: int | None = None


class _Route(_NextHop):
    kind: str = Field(default="unicast", alias="type")
    dst: str
    protocol: str = "boot"
    metric: int | None = None
    next_hops: list[_NextHop] = Field(default=[], alias="nexthops")


_ROUTES: TypeAdapter[list[_Route]] = TypeAdapter(list[_Route])


def parse_routes(result: CommandResult) -> tuple[Route, ...]:
    """IPv4 routes from `SHOW_ROUTES`; a blackhole or prohibit route has no next hop and its kind as protocol."""
    return tuple(_route(route) for route in read_json(result, _ROUTES))


def _route(route: _Route) -> Route:
    hops = route.next_hops or ([route] if route.dev else [])
    return Route(
        prefix=_prefix(route.dst),
        protocol=route.protocol if route.kind == "unicast" else route.kind,
        next_hops=tuple(
            NextHop(address=hop.via.host if hop.via else hop.gateway, interface=hop.dev, weight=hop.weight)
            for hop in hops
        ),
        metric=route.metric,
    )


def _prefix(destination: str) -> str:
    if destination == "default":
        return DEFAULT_PREFIX
    return destination if "/" in destination else f"{destination}/32"
