"""Rules about reaching devices: SSH on hardware only, credentials and jump hosts that exist, pinned host keys."""

import os
from collections.abc import Iterator
from pathlib import Path

from plugfest.inventory.draft import Draft
from plugfest.inventory.locate import expanded
from plugfest.inventory.models import LabKind, Ssh
from plugfest.inventory.problems import Problem
from plugfest.inventory.rules.comparing import one_of


def access_problems(draft: Draft, folder: Path) -> Iterator[Problem]:
    """Every mistake in SSH access; a relative ``known_hosts`` starts at `folder`."""
    if draft.lab.kind is LabKind.EMBEDDED:
        yield from _needless_access(draft)
        return
    yield from _known_hosts(draft, folder)
    for name, device in draft.lab.devices.items():
        if device.ssh is None:
            text = "expected ssh (how to reach this device), found nothing – add ssh: {address: …, credential: …}"
            yield draft.problem(text, "devices", name)
        else:
            yield from _references(draft, name, device.ssh)
    yield from _jump_cycles(draft)


def _needless_access(draft: Draft) -> Iterator[Problem]:
    why = "an embedded lab makes its own access"
    for name, device in draft.lab.devices.items():
        if device.ssh is not None:
            text = f"expected no ssh ({why}), found one – remove it or make the lab kind: hardware"
            yield draft.problem(text, "devices", name, "ssh")
    if draft.lab.known_hosts is not None:
        text = f"expected no known_hosts ({why}), found one – remove it or make the lab kind: hardware"
        yield draft.problem(text, "known_hosts")


def _known_hosts(draft: Draft, folder: Path) -> Iterator[Problem]:
    if draft.lab.known_hosts is None:
        text = "expected known_hosts (the pinned host keys of the devices), found nothing"
        yield draft.problem(f"{text} – add known_hosts: FILE; ssh-keyscan prints its lines, verify them")
        return
    file = folder / expanded(draft.lab.known_hosts)
    if not file.is_file() or not os.access(file, os.R_OK):
        text = f"expected a readable file of pinned host keys, found none at {draft.lab.known_hosts!r}"
        yield draft.problem(f"{text} – write it beside the lab file or correct the path", "known_hosts")


def _references(draft: Draft, name: str, ssh: Ssh) -> Iterator[Problem]:
    credentials, devices = draft.names("credentials"), draft.names("devices")
    if ssh.credential not in credentials:
        text = (
            f"expected one of the lab's credentials, found {ssh.credential!r} – {one_of(credentials, ssh.credential)}"
        )
        yield draft.problem(text, "devices", name, "ssh", "credential")
    if ssh.jump is not None and ssh.jump not in devices:
        text = f"expected a device of this lab to jump through, found {ssh.jump!r} – {one_of(devices, ssh.jump)}"
        yield draft.problem(text, "devices", name, "ssh", "jump")


def _jump_cycles(draft: Draft) -> Iterator[Problem]:
    jumps = {name: device.ssh.jump for name, device in draft.lab.devices.items() if device.ssh and device.ssh.jump}
    reported: set[str] = set()
    for name in jumps:
        chain = [name]
        while (following := jumps.get(chain[-1])) is not None and following not in chain:
            chain.append(following)
        if following == name and name not in reported:
            reported.update(chain)
            lines = ", ".join(f"{each} on line {draft.line('devices', each, 'ssh', 'jump')}" for each in chain)
            text = f"expected jumps that end at a device reached directly, found a circle ({lines})"
            yield draft.problem(f"{text} – let one of them go without jump", "devices", name, "ssh", "jump")
