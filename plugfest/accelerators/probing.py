"""The first look at a new host: every read command of the families that it has, nothing changed, answers kept."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from plugfest.accelerators.detection import detect, families
from plugfest.accelerators.family import Family
from plugfest.accelerators.host import AcceleratorHost, typed
from plugfest.accelerators.network import SHOW_LINKS, parse_links
from plugfest.devices.dialects.probing import Finding, Findings, save_recording
from plugfest.devices.protocols import Unsupported
from plugfest.errors import PlugfestError, SessionError
from plugfest.nics.dialect import FAMILY as TOOLS
from plugfest.records import Record
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.redaction import redact

Arguments = Sequence[Mapping[str, str]]


def probe_host(name: str, session: SessionProtocol, *, folder: Path, only: str | None = None) -> Findings:
    """Run the read commands of host tools and of all detected families, or only of the dialect called `only`.

    Tools that are not installed are told once and not tried further.  A lost connection ends the probe.
    """
    host = AcceleratorHost(name, session)
    return Findings(finding for each in _chosen(host, only) for finding in _probe(host, session, each, folder))


def _chosen(host: AcceleratorHost, only: str | None) -> Iterator[Family]:
    known = {each.name: each for each in (TOOLS, *families())}
    if only is not None:
        yield known[only]
        return
    yield TOOLS
    yield from (known[match.family] for match in detect(host.pci_devices()))


def _probe(host: AcceleratorHost, session: SessionProtocol, known: Family, folder: Path) -> Iterator[Finding]:
    arguments = _arguments(host, session, known)
    missing: set[str] = set()
    for reading in known.dialect.readings:
        for command in typed(reading.commands[0], arguments):
            tool = command.split()[0]
            if host.program(known, tool) is not None:
                yield _finding(host, known, command, folder)
            elif tool not in missing:
                missing.add(tool)
                yield Finding(tool, None, "not installed")


def _finding(host: AcceleratorHost, known: Family, command: str, folder: Path) -> Finding:
    records: Sequence[Record] | None = None
    problem = ""
    text = redact(host.answer(known, command))
    try:
        records = known.dialect.parse(command, text, device=host.name)
    except SessionError:
        raise
    except PlugfestError as error:
        problem = str(error)
    file = save_recording(folder, known.dialect, command, text, records)
    return Finding(command, None if records is None else len(records), problem, file)


def _arguments(host: AcceleratorHost, session: SessionProtocol, known: Family) -> Arguments:
    """What stands for the placeholders of a family's commands on this host."""
    if known.name == TOOLS.name:
        return _ports(session)
    if known.listing and host.program(known, known.tool) is not None:
        try:
            listed = host.listed(known)
        except SessionError:
            raise
        except (PlugfestError, Unsupported):
            return ()
        return [{"index": str(each.index), "chip": str(each.chip)} for each in listed]
    return ()


def _ports(session: SessionProtocol) -> Arguments:
    pcie = parse_links(session.run(*SHOW_LINKS, check=False, idempotent=True))
    return [{"netdev": name} for name in pcie.netdevs] + [{"rdma_device": name} for name in pcie.rdma_devices]
