"""Says what a run tests and with which harness: the facts of ``run.json``."""

import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from plugfest.evidence.cell import nic_kind, switch_kind
from plugfest.evidence.files import sha256_of
from plugfest.evidence.records import Digest, Harness, LabDevice, RunRecord
from plugfest.inventory.models import Device, Host, Lab, Switch
from plugfest.reporting.environment import REPOSITORY, TOOLS, git_revision, version_of

FACTS = REPOSITORY / "lab_inventory" / "device_facts"
MEASURING = (*TOOLS, "numpy", "numba", "pydantic")


@cache
def this_harness() -> Harness:
    """Version and revision of the running harness."""
    return Harness(version=version("plugfest"), git_revision=git_revision(REPOSITORY))


def run_record(run: str, lab: Lab) -> RunRecord:
    """What a run that starts now tests."""
    return RunRecord(
        run=run,
        started=datetime.now(UTC),
        lab=lab.name,
        kind=lab.kind.value,
        devices=tuple(_device(name, device) for name, device in lab.devices.items()),
        harness=this_harness(),
        tools={"Python": platform.python_version()} | {name: version_of(name) for name in MEASURING},
        facts=fact_digests(),
    )


def fact_digests() -> dict[str, Digest]:
    """Digest of every file of device facts in the repository."""
    files = sorted(path for path in FACTS.rglob("*") if path.is_file())
    return {path.relative_to(FACTS).as_posix(): sha256_of(path) for path in files}


def _device(name: str, device: Device) -> LabDevice:
    if isinstance(device, Switch):
        return LabDevice(name=name, role=device.role, switch=switch_kind(device))
    nics = tuple(nic_kind(device, nic) for nic in device.nics) if isinstance(device, Host) else ()
    return LabDevice(name=name, role=device.role, nics=nics)
