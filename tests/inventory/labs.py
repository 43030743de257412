"""Labs for the tests of planner and drawings."""

from pathlib import Path

from plugfest.inventory.loader import examine
from plugfest.inventory.models import Lab

SWITCH = "role: switch, vendor: V, model: M, chip: C, nos: N, dialect: sonic"


def lab_of(text: str) -> Lab:
    """The lab that `text` describes; the test fails when it has a mistake."""
    lab, problems = examine("version: 1\nname: small\nkind: embedded\n" + text, Path.cwd())
    assert lab is not None, problems
    return lab


def clos(hosts: int, leaves: int, spines: int) -> Lab:
    """A leaf-spine fabric with one subnet for each host."""
    per_leaf = hosts // leaves
    places = [(host + 1, host // per_leaf + 1, host % per_leaf + 1) for host in range(hosts)]
    switch = SWITCH.replace("sonic", "frr_linux")
    lines = ["devices:"]
    for host, leaf, port in places:
        nic = f"{{vendor: Linux, model: Soft-RoCE, rdma_device: rxe{host}, port: eth1}}"
        lines.append(f"  h{host}: {{role: host, ports: {{eth1: {{address: 10.{leaf}.{port}.2/24}}}}, nics: [{nic}]}}")
    for leaf in range(1, leaves + 1):
        down = [f"swp{port}: {{address: 10.{leaf}.{port}.1/24}}" for port in range(1, per_leaf + 1)]
        up = [f"swp{48 + spine}: {{}}" for spine in range(1, spines + 1)]
        lines.append(f"  leaf{leaf}: {{{switch}, tier: leaf, asn: {65100 + leaf}, ports: {{{', '.join(down + up)}}}}}")
    for spine in range(1, spines + 1):
        ports = ", ".join(f"swp{leaf}: {{}}" for leaf in range(1, leaves + 1))
        lines.append(f"  spine{spine}: {{{switch}, tier: spine, asn: 65000, ports: {{{ports}}}}}")
    lines.append("links:")
    lines += [f"  - h{host}:eth1 <-> leaf{leaf}:swp{port}" for host, leaf, port in places]
    lines += [
        f"  - leaf{a}:swp{48 + b} <-> spine{b}:swp{a}" for a in range(1, leaves + 1) for b in range(1, spines + 1)
    ]
    return lab_of("\n".join(lines) + "\n")
