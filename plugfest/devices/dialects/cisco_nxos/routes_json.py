"""Cisco NX-OS: the routing table of one VRF from JSON."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.cisco_nxos.routes import hop
from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.next_hops import Hop, join_next_hops
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import Route


def _listed(rows: Any) -> Any:
    """NX-OS prints a list of one row as the row itself."""
    return [rows] if isinstance(rows, dict) else rows


ONE_OR_MORE = BeforeValidator(_listed)


class _Path(Wire):
    address: str | None = Field(default=None, alias="ipnexthop")
    interface: str | None = Field(default=None, alias="ifname")
    metric: str | int
    protocol: str = Field(alias="clientname")
    best: str | bool = Field(default=False, alias="ubest")


class _Paths(Wire):
    rows: Annotated[list[_Path], ONE_OR_MORE] = Field(alias="ROW_path")


class _Prefix(Wire):
    prefix: str = Field(alias="ipprefix")
    best: str | int = Field(alias="ucast-nhops")
    paths: _Paths = Field(alias="TABLE_path")


class _Prefixes(Wire):
    rows: Annotated[list[_Prefix], ONE_OR_MORE] = Field(alias="ROW_prefix")


class _Family(Wire):
    prefixes: _Prefixes | None = Field(default=None, alias="TABLE_prefix")


class _Families(Wire):
    rows: Annotated[list[_Family], ONE_OR_MORE] = Field(alias="ROW_addrf")


class _Vrf(Wire):
    families: _Families = Field(alias="TABLE_addrf")


class _Vrfs(Wire):
    rows: Annotated[list[_Vrf], ONE_OR_MORE] = Field(alias="ROW_vrf")


class _Routes(Wire):
    vrfs: _Vrfs = Field(alias="TABLE_vrf")


def routes(output: Output) -> tuple[Route, ...]:
    """`show ip route | json`: best unicast paths, as from the text."""
    wire = read_json(output, _Routes)
    if len(wire.vrfs.rows) != 1:
        raise output.error("the routes of several VRFs cannot be told apart: ask for one VRF at a time")
    families = wire.vrfs.rows[0].families.rows
    prefixes = [prefix for family in families if family.prefixes for prefix in family.prefixes.rows]
    return join_next_hops(found for prefix in prefixes for found in _best(prefix))


def _best(prefix: _Prefix) -> list[Hop]:
    paths = [path for path in prefix.paths.rows if values.switched(str(path.best))]
    if len(paths) != values.count(str(prefix.best)):
        raise ValueError(f"{prefix.prefix}: {len(paths)} best unicast paths where {prefix.best} were announced")
    return [
        hop(prefix.prefix, path.protocol, path.address, path.interface, values.count(str(path.metric)))
        for path in paths
    ]


READINGS = (
    Reading(
        ("show ip route [vrf {vrf}] | json", "show ip route {more} | json"), (Question.ROUTES,), routes, Evidence.DEVICE
    ),
)
