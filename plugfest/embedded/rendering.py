"""The files that a guest is built from, rendered from `templates/embedded` and `plugfest/embedded/guest`."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plugfest.embedded.cpio import Entry
from plugfest.embedded.guest_records import GuestDevice, GuestPlan
from plugfest.embedded.keys import LabKeys

TEMPLATES = Path(__file__).parents[2] / "templates" / "embedded"
GUEST = Path(__file__).parent / "guest"
_INITTAB = b"::sysinit:/etc/plugfest/start\n"


def guest_files(plan: GuestPlan, keys: LabKeys) -> list[Entry]:
    """Everything below ``/lab`` in the guest: its programs, the plan as `ip` batches, each device's own files."""
    programs = [_file(f"lab/{name}", _program(name), 0o755) for name in ("machine", "device", "control", "unplug")]
    plans = [
        _file("lab/fabric", _render("fabric.j2", plan=plan)),
        _file("lab/nics", _render("nics.j2", plan=plan)),
        _file("lab/modules", (TEMPLATES / "modules.txt").read_bytes()),
        _file("lab/sysctl.conf", (TEMPLATES / "sysctl.conf").read_bytes()),
    ]
    devices = [entry for device in plan.devices for entry in _device_files(plan, device, keys)]
    return [_file("init", _program("init"), 0o755), *programs, *plans, *devices]


def _device_files(plan: GuestPlan, device: GuestDevice, keys: LabKeys) -> Iterator[Entry]:
    def rendered(path: str, template: str) -> Entry:
        return _file(f"{root}/{path}", _render(f"device/{template}.j2", plan=plan, device=device))

    root = f"lab/devices/{device.name}"
    yield _file(f"{root}/etc/hostname", f"{device.name}\n".encode())
    yield _file(f"{root}/etc/inittab", _INITTAB)
    yield _file(f"{root}/etc/plugfest/start", _program("start"), 0o755)
    yield _file(f"{root}/etc/plugfest/ports", "".join(f"{port}\n" for port in device.lldp_ports).encode())
    yield _file(f"{root}/etc/ssh/ssh_host_ed25519_key", keys.host[device.name].private, 0o600)
    yield Entry(f"{root}/root", 0o700, None)
    yield Entry(f"{root}/root/.ssh", 0o700, None)
    yield _file(f"{root}/root/.ssh/authorized_keys", keys.login.public + b"\n", 0o600)
    yield rendered("etc/hosts", "hosts")
    yield rendered("etc/lldpd.d/plugfest.conf", "lldpd.conf")
    yield rendered("etc/plugfest/interfaces", "interfaces")
    yield rendered("etc/plugfest/sysctl.conf", "sysctl.conf")
    yield rendered("etc/ssh/sshd_config.d/plugfest.conf", "sshd.conf")
    if device.rdma:
        yield rendered("etc/plugfest/rdma", "rdma")
    if device.asn is not None:
        yield rendered("etc/frr/frr.conf", "frr.conf")


def _file(path: str, content: bytes, mode: int = 0o644) -> Entry:
    return Entry(path, mode, content)


def _program(name: str) -> bytes:
    return (GUEST / name).read_bytes()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _render(template: str, **context: object) -> bytes:
    return _environment().get_template(template).render(**context).encode()
