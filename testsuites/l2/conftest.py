"""LLDP tables, read once; LLDP senders silenced once for all cables."""

from collections.abc import Iterable

import pytest

from fixtures.changes import Changer
from plugfest.devices.dialects.reading import Question
from plugfest.devices.roster import Roster
from plugfest.inventory.models import Capability, Lab, Link, PortReference
from plugfest.planning import conditions
from plugfest.planning.answering import can_answer
from plugfest.planning.requires import requires
from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.lldp_silence import SilenceWatch, two_sides
from plugfest.verdicts.lldp import Silence, Tables, matches_cabling
from plugfest.verdicts.verdict import Outcome

DISCOVERY_SECONDS = 60.0
"""Time for LLDP to tell the truth after a link came up."""
AGEING_MARGIN_SECONDS = 15.0


def _hears(lab: Lab, name: str) -> bool:
    return Capability.LLDP in lab.device(name).capabilities and can_answer(lab, name, Question.LLDP)


def _tables(devices: Roster) -> Tables:
    """The tables of all devices that can be asked for them."""
    return {name: devices[name].lldp_neighbors() for name in devices if _hears(devices.lab, name)}


def _all_true(links: Iterable[Link], tables: Tables) -> bool:
    return all(matches_cabling(link, tables).outcome is Outcome.PASSED for link in links)


def _settled(lab: Lab, devices: Roster) -> Tables:
    links = [link for link in lab.links if all(_hears(lab, name) for name in conditions.ends_of(link))]
    deadline = Deadline("LLDP tables equal the cabling", DISCOVERY_SECONDS)
    return deadline.watch(lambda: _tables(devices), until=lambda tables: _all_true(links, tables), interval=1.0)


@pytest.fixture(scope="package")
@requires(conditions.ends_have(Capability.LLDP), conditions.ends_answer(Question.LLDP))
def lldp_tables(lab: Lab, devices: Roster) -> Tables:
    """Neighbour tables of all devices: as soon as they equal the cabling, or as they are after a minute."""
    return _settled(lab, devices)


Silences = dict[str, Silence]
"""One silence per link id."""


def _by_link(lab: Lab, silences: list[Silence]) -> Silences:
    def is_of(silence: Silence, link: Link) -> bool:
        return {silence.sender, silence.receiver} == {link.a, link.b}

    return {link.id: silence for link in lab.links for silence in silences if is_of(silence, link)}


@pytest.fixture(scope="package")
@requires(conditions.switches_are_configurable)
def frozen_senders(lab: Lab, devices: Roster, lldp_tables: Tables, suite_change: Changer) -> Silences:
    """Senders on one side of the fabric fall silent without a word, until their entries have aged out."""
    senders, _ = two_sides(lab.links)
    watch = SilenceWatch.of(devices, lab.links, senders)
    watch.before()
    undo = []
    paused: set[str] = set()

    def pause(sender: PortReference) -> None:
        if sender.device not in paused:
            paused.add(sender.device)
            undo.append(suite_change(devices[sender.device].pause_lldp()))

    watch.silence(pause)
    silences = watch.until_forgotten(AGEING_MARGIN_SECONDS)
    for resume in undo:
        resume()
    _settled(lab, devices)
    return _by_link(lab, silences)


@pytest.fixture(scope="package")
def departed_senders(lab: Lab, devices: Roster, frozen_senders: Silences, suite_change: Changer) -> Silences:
    """Senders on the other side say goodbye on every port, until their entries are gone."""
    _, senders = two_sides(lab.links)
    watch = SilenceWatch.of(devices, lab.links, senders)
    watch.before()
    undo = []
    watch.silence(lambda sender: undo.append(suite_change(devices[sender.device].set_lldp(sender.port, False))))
    silences = watch.until_forgotten(AGEING_MARGIN_SECONDS)
    for resume in undo:
        resume()
    return _by_link(lab, silences)
