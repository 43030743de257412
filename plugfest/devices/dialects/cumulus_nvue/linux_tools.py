"""Cumulus: FRR's and lldpd's own JSON, as on any Linux switch; both need root, which `sudo -n` gets without asking."""

from collections.abc import Callable, Sequence
from typing import Any

from plugfest.devices.dialects.json_output import read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.frr_linux.bgp import parse_summary
from plugfest.devices.frr_linux.routes import parse_routes
from plugfest.devices.linux.lldp import parse_neighbors
from plugfest.errors import ParseError
from plugfest.records import Record
from plugfest.sessions.result import NO_STATUS, CommandResult


def summary(output: Output) -> Sequence[Record]:
    """`vtysh -c 'show bgp ipv4 unicast summary json'`: sessions of the default VRF."""
    return _parsed(output, parse_summary)


def routes(output: Output) -> Sequence[Record]:
    """`vtysh -c 'show ip route json'`: selected and installed IPv4 routes of the default VRF."""
    return _parsed(output, parse_routes)


def neighbors(output: Output) -> Sequence[Record]:
    """`lldpcli -f json0 show neighbors details`."""
    return _parsed(output, parse_neighbors)


def _parsed(output: Output, parse: Callable[[CommandResult], Sequence[Record]]) -> Sequence[Record]:
    """What the parser of the Linux device makes of it; what is not JSON is refused here, with its line."""
    read_json(output, dict[str, Any])
    result = CommandResult(
        device=output.device,
        command=output.command,
        out=output.text,
        err="",
        exit_status=NO_STATUS,
        duration=0.0,
        started=0.0,
    )
    try:
        return parse(result)
    except ParseError as error:
        raise output.error(str(error).removeprefix(f"{result.device}: `{result.command}`: ")) from error


def _forms(command: str) -> tuple[str, str]:
    return (f"sudo -n {command}", command)


READINGS = (
    Reading(_forms("lldpcli -f json0 show neighbors details"), (Question.LLDP,), neighbors, Evidence.NONE),
    Reading(_forms("vtysh -c 'show bgp ipv4 unicast summary json'"), (Question.BGP,), summary, Evidence.NONE),
    Reading(_forms("vtysh -c 'show ip route json'"), (Question.ROUTES,), routes, Evidence.NONE),
)
