"""A plan as tables for the terminal and as plain data for programs."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from plugfest.inventory.labels import equipment, link_text
from plugfest.inventory.models import Device, Host, Switch
from plugfest.inventory.plan import Plan

if TYPE_CHECKING:
    from rich.table import Table

Row = tuple[str, ...]


def tables(plan: Plan) -> Iterator["Table"]:
    """Devices, links, host pairs and cells."""
    yield _table("Devices", ("name", "role", "what it is", "ports", "reached at"), _device_rows(plan))
    yield _table("Links", ("link", "speed and media", "cable", "kind"), _link_rows(plan))
    yield _table("Host pairs", ("pair", "relation", "routers", "equal paths", "by way of"), _pair_rows(plan))
    yield _table("Cells of the matrix", ("NIC", "switches", "media", "peer NIC", "pairs"), _cell_rows(plan))


def summary(plan: Plan) -> str:
    """One line that says how much there is to test."""
    counts = (
        _count(len(plan.hosts), "host"),
        _count(len(plan.switches), "switch", "switches"),
        _count(len(plan.links), "link"),
        _count(len(plan.host_pairs), "host pair"),
        _count(len(plan.cells), "cell"),
        _count(len(plan.test_ports), "test port"),
    )
    return f"{plan.lab.name} ({plan.lab.kind}): {', '.join(counts)}"


def described(plan: Plan) -> dict[str, Any]:
    """Everything testable as JSON-ready data."""
    lab = plan.lab
    return {
        "name": lab.name,
        "kind": lab.kind.value,
        "description": lab.description,
        "devices": {name: device.model_dump(mode="json", exclude_unset=True) for name, device in lab.devices.items()},
        "links": [
            {"id": link.id, "speed": link.speed, "media": link.media, "cable": link.cable} for link in plan.links
        ],
        "wires": [{"id": wire.id, "injectors": list(wire.injectors)} for wire in plan.wires],
        "bgp_links": [link.id for link in plan.bgp_links],
        "test_ports": [str(port) for port in plan.test_ports],
        "host_pairs": [
            {
                "id": pair.id,
                "relation": pair.relation.value,
                "routed_hops": pair.routed_hops,
                "paths": [path.id for path in pair.paths],
                "cell": plan.cell(pair).key,
            }
            for pair in plan.host_pairs
        ],
        "cells": [
            {"key": cell.key, "id": cell.id, "pairs": [pair.id for pair in pairs]} for cell, pairs in plan.cells.items()
        ],
        "routes": [
            {"switch": route.switch, "prefix": route.prefix, "ports": sorted(route.ports)} for route in plan.routes
        ],
    }


def _table(title: str, columns: Row, rows: Iterable[Row]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))  # as Text, so that brackets in names are not taken for markup
    return table


def _device_rows(plan: Plan) -> Iterator[Row]:
    for name, device in plan.lab.devices.items():
        yield name, _role(device), _made_of(device), str(len(device.ports)), _reached(device)


def _role(device: Device) -> str:
    tier = device.tier if isinstance(device, Switch) else None
    return f"{device.role} ({tier})" if tier else device.role


def _reached(device: Device) -> str:
    if device.ssh is None:
        return "embedded"
    address = f"[{device.ssh.address}]" if ":" in device.ssh.address else device.ssh.address
    through = f" through {device.ssh.jump}" if device.ssh.jump else ""
    return f"{address}:{device.ssh.port}{through}"


def _made_of(device: Device) -> str:
    match device:
        case Switch():
            return f"{device.vendor} {device.model}: {device.chip}, {device.nos}"
        case Host():
            return ", ".join(equipment(device))
    return ""


def _link_rows(plan: Plan) -> Iterator[Row]:
    bgp = {link.id for link in plan.bgp_links}
    for link in plan.links:
        kind = "BGP" if link.id in bgp else ""
        yield link.id, link_text(link), link.cable or "", kind


def _pair_rows(plan: Plan) -> Iterator[Row]:
    for pair in plan.host_pairs:
        hops = "differs" if pair.routed_hops is None else str(pair.routed_hops)
        way = ", ".join((*pair.switches, *pair.injectors))
        yield pair.id, pair.relation.replace("_", " "), hops, str(len(pair.paths)), way


def _cell_rows(plan: Plan) -> Iterator[Row]:
    for cell, pairs in plan.cells.items():
        yield cell.nic, "\n".join(cell.switches), "\n".join(cell.media), cell.peer, " ".join(pair.id for pair in pairs)


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
