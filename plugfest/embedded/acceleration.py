"""Whether hardware virtualisation really works here: an existing /dev/kvm proves nothing."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from plugfest.embedded import cpio, qemu
from plugfest.embedded.folders import cache_folder
from plugfest.embedded.image import LabImage
from plugfest.embedded.progress import Report
from plugfest.errors import UsageError

_LIMIT = 10.0
"""Seconds that a guest with working hardware virtualisation needs many times over."""
_SIGN = "plugfest: acceleration works"
_INIT = f"#!/busybox sh\n/busybox mkdir -p /dev\n/busybox mount -t devtmpfs dev /dev\necho '{_SIGN}' >/dev/ttyS0\n"


def acceleration(image: LabImage, report: Report) -> str:
    """``kvm`` if a guest boots with it within seconds, else ``tcg``; ``PLUGFEST_ACCEL`` overrides.

    The answer is remembered until this machine or its emulator changes.
    """
    wanted = os.environ.get("PLUGFEST_ACCEL")
    if wanted:
        if wanted not in ("kvm", "tcg"):
            raise UsageError(f"PLUGFEST_ACCEL is {wanted!r}; expected kvm or tcg")
        return wanted
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    memory = cache_folder() / "acceleration.json"
    here = _machine()
    remembered = _remembered(memory)
    if remembered.get("machine") != here:
        report("probing whether hardware virtualisation works (once)")
        remembered = {"machine": here, "acceleration": "kvm" if kvm_works(image) else "tcg"}
        memory.write_text(json.dumps(remembered))
    return str(remembered["acceleration"])


def kvm_works(image: LabImage, limit: float = _LIMIT) -> bool:
    """Boot a guest that only says that it lives, within `limit` seconds."""
    initramfs = cache_folder() / "probe.initramfs"
    busybox = cpio.Entry("busybox", 0o755, (image.boot_files / "busybox").read_bytes())
    end = "/busybox poweroff -f\n"
    initramfs.write_bytes(cpio.archive([busybox, cpio.Entry("init", 0o755, (_INIT + end).encode())]))
    command = [*qemu.machine("kvm"), *qemu.boot(image.kernel, initramfs), "-serial", "stdio"]
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return False
    return _SIGN.encode() in result.stdout


def _machine() -> list[str]:
    """What the answer depends on: this boot of this kernel, and the emulator."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return [boot, os.uname().release, qemu.version()]


def _remembered(memory: Path) -> dict[str, Any]:
    try:
        content = json.loads(memory.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
