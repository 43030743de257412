"""The command line of the virtual machine, and the machine's identity for snapshots."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from plugfest.embedded.guest_records import GuestPlan
from plugfest.embedded.programs import program
from plugfest.embedded.state import TestPortSocket
from plugfest.records import Record

MEMORY_MB = 1024
"""Memory of the guest in MiB; the process adds about 300 MB of its own."""
_TRANSLATION_CACHE_MB = 256
"""Code cache of the emulation in MiB; the built-in default would be 1024."""
_KERNEL_OPTIONS = " ".join(
    [
        "console=ttyS0 quiet panic=-1",
        # Protections that a throw-away guest on a loopback network does not need and that cost seconds of its boot.
        "mitigations=off rodata=off init_on_alloc=0 hardened_usercopy=off kfence.sample_interval=0 lsm= audit=0",
        "nowatchdog tsc=nowatchdog cryptomgr.notests random.trust_cpu=on rcupdate.rcu_expedited=1",
        # Same addresses in every process: the emulator translates a library once instead of once a process.
        "nokaslr norandmaps",
    ]
)
_EMULATED_CPU = "qemu64,+rdrand,+aes,+pclmulqdq,+ssse3,+sse4.1,+sse4.2,+popcnt,+fsgsbase"
"""What is cheap to emulate and speeds SSH up; wide vectors, extended state and access keys cost a quarter more time."""
# One virtual CPU under emulation: with two, kernels of today crash now and then while they patch their own code.
_ACCELERATION = {
    "tcg": ["-accel", f"tcg,tb-size={_TRANSLATION_CACHE_MB}", "-cpu", _EMULATED_CPU, "-smp", "1"],
    "kvm": ["-accel", "kvm", "-cpu", "host", "-smp", "2"],
}
_LARGEST_FRAME_MTU = 9216


class Wiring(Record):
    """Loopback ports of one start of the virtual machine."""

    ssh: dict[str, int]
    """TCP port by device name."""
    test_ports: dict[str, TestPortSocket]


@cache
def version() -> str:
    """First line of ``qemu-system-x86_64 --version``."""
    command = [program("qemu-system-x86_64"), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def machine(acceleration: str) -> list[str]:
    """Program and options that do not depend on the lab."""
    return [
        program("qemu-system-x86_64"),
        *("-name", "plugfest-lab", "-machine", "pc", *_ACCELERATION[acceleration], "-m", str(MEMORY_MB)),
        *("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-rtc", "base=utc"),
    ]


def boot(kernel: Path, initramfs: Path, options: str = _KERNEL_OPTIONS) -> list[str]:
    """Options that boot `kernel` directly, without boot loader."""
    return ["-kernel", str(kernel), "-initrd", str(initramfs), "-append", options]


def identity(acceleration: str) -> str:
    """Everything of the virtual machine that a snapshot depends on."""
    return " ".join([version(), *machine(acceleration), _KERNEL_OPTIONS])


def devices(plan: GuestPlan, wiring: Wiring, folder: Path) -> list[str]:
    """Options for disk, serial ports, monitor and NICs; all files are in `folder`, which must be the working folder."""
    return [
        *("-drive", "file=disk.qcow2,if=virtio,format=qcow2,cache=unsafe,id=disk"),
        *("-chardev", "file,id=console,path=console.log", "-serial", "chardev:console"),
        *("-chardev", "socket,id=control,path=control.sock,server=on,wait=off", "-serial", "chardev:control"),
        *("-qmp", "unix:qmp.sock,server=on,wait=off", "-pidfile", str(folder / "qemu.pid")),
        *_management(plan, wiring),
        *(option for name in plan.test_ports for option in _test_port(plan, wiring, name)),
    ]


def _management(plan: GuestPlan, wiring: Wiring) -> Iterator[str]:
    network = plan.management_network
    prefix = network.rpartition(".")[0]
    forwards = ",".join(
        f"hostfwd=tcp:127.0.0.1:{wiring.ssh[device.name]}-{device.management_address.partition('/')[0]}:22"
        for device in plan.devices
    )
    # restrict: the guest reaches nothing outside; only our connections come in.
    user = f"user,id=management,net={network},host={prefix}.1,dns={prefix}.2,dhcpstart={prefix}.3,restrict=on,ipv6=off"
    yield from ("-netdev", f"{user},{forwards}")
    yield from ("-device", f"virtio-net-pci,netdev=management,mac={plan.management_mac},romfile=")


def _test_port(plan: GuestPlan, wiring: Wiring, name: str) -> Iterator[str]:
    sockets = wiring.test_ports[name]
    identifier = f"test{list(plan.test_ports).index(name)}"
    near = f"local.type=inet,local.host=127.0.0.1,local.port={sockets.remote_port}"
    far = f"remote.type=inet,remote.host=127.0.0.1,remote.port={sockets.local_port}"
    yield from ("-netdev", f"dgram,id={identifier},{near},{far}")
    nic = f"virtio-net-pci,netdev={identifier},mac={plan.test_ports[name]},romfile=,host_mtu={_LARGEST_FRAME_MTU}"
    yield from ("-device", nic)
