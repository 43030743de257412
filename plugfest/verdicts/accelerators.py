"""Verdicts on the accelerators of a host: all there, well, and beside the NICs that the lab file names."""

import re
from collections.abc import Iterator

from plugfest.accelerators.records import Accelerator, Health
from plugfest.devices.records import RdmaDevice
from plugfest.inventory.models import Accelerators, Nic
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict

NUMBER_OF_MODEL = re.compile(r"[A-Za-z]*\d+")
"""H100 of "H100 SXM", MI300 of "Instinct MI300X": what tools and people write alike."""


def present_and_healthy(host: str, named: tuple[Accelerators, ...], seen: tuple[Accelerator, ...]) -> Verdict:
    """The host has as many accelerators as the lab file names, of those models, and none of them is unwell."""
    reasons = [equal(f"{host} accelerators", sum(kind.count for kind in named), len(seen), View.NIC)]
    reasons += [_model(host, kind, seen) for kind in named]
    reasons += _health(host, seen)
    return verdict(f"{host} has its accelerators, and they are well", reasons, "the makers' management tools")


def _model(host: str, kind: Accelerators, seen: tuple[Accelerator, ...]) -> Reason:
    words = NUMBER_OF_MODEL.findall(kind.model)
    subject = f"{host} accelerators called {kind.model}"
    told = [each.model for each in seen if each.model]
    if not words or len(told) < len(seen):
        return row(subject, kind.count, "models are not told", None, View.NIC)
    pattern = re.compile("|".join(f"{re.escape(word)}(?!\\d)" for word in words), re.IGNORECASE)
    count = sum(pattern.search(model) is not None for model in told)
    return row(subject, kind.count, f"{count} of {', '.join(sorted(set(told)))}", count == kind.count, View.NIC)


def _health(host: str, seen: tuple[Accelerator, ...]) -> Iterator[Reason]:
    """Rows on health where the tool tells it of any accelerator, and on errors that memory could not correct."""
    told = any(each.health is not None for each in seen)
    for each in seen:
        name = f"{host} accelerator {each.index}" + (f" chip {each.chip}" if each.chip else "")
        if told:
            got = each.health_words or "not told"
            yield row(f"{name} health", "ok", got, None if each.health is None else each.health is Health.OK, View.NIC)
        if each.uncorrected_ecc_errors is not None:
            yield equal(f"{name} uncorrected memory errors", 0, each.uncorrected_ecc_errors, View.NIC)


def nics_as_cabled(host: str, nics: tuple[Nic, ...], seen: tuple[RdmaDevice, ...]) -> Verdict:
    """Each RDMA device that the lab file names belongs to the port that is cabled, and is active."""
    reasons: list[Reason] = []
    for nic in nics:
        if nic.rdma_device is None:
            continue
        ports = [device for device in seen if device.name == nic.rdma_device]
        subject = f"{host} {nic.rdma_device}"
        reasons.append(row(subject, "present", "present" if ports else "absent", bool(ports), View.NIC))
        if ports:
            reasons.append(equal(f"{subject} net device", nic.port, ports[0].netdev, View.NIC))
            reasons.append(equal(f"{subject} state", "ACTIVE", ports[0].state, View.NIC))
    return verdict(f"{host} has its RDMA devices on the ports that are cabled", reasons, "lab file")
