"""A whole simulated lab: every host and switch of a hardware lab's file, on this computer's loopback."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from plugfest.devices.simulated.fabric import Fault, SimulatedFabric
from plugfest.devices.simulated.host import simulated_host
from plugfest.devices.simulated.server import PASSWORD, USER, close_server, loop_in_thread
from plugfest.devices.simulated.switch import SimulatedSwitch, simulated_switch
from plugfest.devices.simulated.tools import serve_questions, write_tools
from plugfest.devices.simulated.voices import Answers, Speaker
from plugfest.devices.simulated.voices.linux import answer, tools_of
from plugfest.errors import UsageError
from plugfest.inventory.models import Capability, Device, Lab, LabKind, Link, Switch

LINUX_DIALECT = "frr_linux"
CAPABILITIES = frozenset({Capability.LLDP})
"""What simulated devices can do: they are asked; nothing is sent, captured, injected or configured."""


@dataclass(frozen=True)
class SimulatedLab:
    """A running simulated lab."""

    file: Path
    """The lab file to give to pytest or to any command of plugfest."""
    switches: Mapping[str, SimulatedSwitch]
    """The switches with a command line of their own; they remember what was typed."""


@contextmanager
def simulated_lab(lab: Lab, folder: Path, faults: tuple[Fault, ...] = ()) -> Iterator[SimulatedLab]:
    """Run the hosts and switches of `lab`; its lab file and host keys are written to `folder`.

    UsageError if the lab is embedded, or for a fault at a port without a cable.
    """
    if lab.kind is not LabKind.HARDWARE:
        raise UsageError(
            f"{lab.name} runs in a virtual machine: `plugfest lab up`; simulated are labs of kind hardware"
        )
    try:
        fabric = SimulatedFabric(lab, faults)
    except KeyError as error:
        raise UsageError(f"no cable of {lab.name} ends at {error.args[0]}") from None
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        places, switches = _started(fabric, folder, stack)
        file = folder / f"{lab.name}-simulated.yaml"
        (folder / "known_hosts").write_text("".join(line.rstrip() + "\n" for _, line in places.values()))
        ports = {name: port for name, (port, _) in places.items()}
        file.write_text(_lab_file(lab, ports, _password_file(folder)), encoding="utf-8")
        yield SimulatedLab(file, switches)


def _started(
    fabric: SimulatedFabric, folder: Path, stack: ExitStack
) -> tuple[dict[str, tuple[int, str]], dict[str, SimulatedSwitch]]:
    """TCP port and known_hosts line by device, and the switches."""
    places: dict[str, tuple[int, str]] = {}
    switches: dict[str, SimulatedSwitch] = {}
    run = stack.enter_context(loop_in_thread())
    questions = run(serve_questions(lambda device, argv: answer(fabric, device, argv)))
    stack.callback(lambda: run(close_server(questions)))
    for name, device in fabric.lab.devices.items():
        if isinstance(device, Switch) and device.dialect != LINUX_DIALECT:
            answers = Answers(Speaker(name, device, fabric))
            switch = stack.enter_context(simulated_switch(device.dialect, answers, folder, name=name))
            switches[name], places[name] = switch, (switch.port, switch.known_hosts.read_text())
        else:
            tools = folder / "tools" / name
            write_tools(tools, name, tools_of(device), questions.sockets[0].getsockname()[1])
            host = stack.enter_context(simulated_host(name, tools))
            places[name] = (host.port, host.known_hosts_line)
    return places, switches


def _lab_file(lab: Lab, ports: Mapping[str, int], password_file: Path) -> str:
    """The lab as it is reached here: same devices and cables, other addresses and fewer capabilities."""
    from ruamel.yaml import YAML

    document: dict[str, Any] = {
        "version": lab.version,
        "name": f"{lab.name}-simulated",
        "kind": "hardware",
        "description": f"{lab.description} (simulated on this computer)",
        "known_hosts": "known_hosts",
        "credentials": {"simulated": {"user": USER, "password_command": ["cat", str(password_file)]}},
        "devices": {name: _device(device, ports[name]) for name, device in lab.devices.items()},
        "links": [_link(link) for link in lab.links],
    }
    yaml, text = YAML(), StringIO()
    yaml.width = 160
    yaml.dump(document, text)
    return f"# Written by plugfest; valid as long as the simulated lab runs.\n{text.getvalue()}"


def _password_file(folder: Path) -> Path:
    """No secret, but where a lab file expects one."""
    file = folder.resolve() / "password"
    file.write_text(f"{PASSWORD}\n")
    return file


def _device(device: Device, port: int) -> dict[str, Any]:
    entry = device.model_dump(mode="json", exclude_unset=True, exclude={"group", "ssh", "capabilities", "accelerators"})
    return {
        "role": device.role,
        **entry,
        "ssh": {"address": "127.0.0.1", "port": port, "credential": "simulated"},
        "capabilities": sorted(str(each) for each in device.capabilities & CAPABILITIES),
    }


def _link(link: Link) -> dict[str, Any]:
    more = link.model_dump(mode="json", exclude_unset=True, exclude={"a", "b"})
    return {"between": f"{link.a} <-> {link.b}", **more}
