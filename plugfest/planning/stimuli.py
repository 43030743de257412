"""Conditions of tests that break, slow down or crowd something."""

from plugfest.inventory.models import Capability, Link
from plugfest.inventory.plan import HostPair, Plan
from plugfest.planning.answering import LINUX_DIALECT
from plugfest.planning.requires import Condition
from plugfest.stimuli.concurrent_flows import bystander, incast
from plugfest.stimuli.failover import site_of
from plugfest.stimuli.foreign_notifications import third_host
from plugfest.stimuli.injection.events import Towards
from plugfest.stimuli.injection.point import injection_point, why_not
from plugfest.stimuli.switch_events import first_switch_port, last_switch_port


def injectable(*directions: Towards) -> Condition:
    """Events can be injected into what travels in each of these directions."""

    def reason(plan: Plan, pair: HostPair) -> str | None:
        missing = (towards for towards in directions if injection_point(plan.lab, pair, towards) is None)
        return next((why_not(plan.lab, pair, towards) for towards in missing), None)

    return reason


def senders(number: int) -> Condition:
    """So many hosts can send to the server."""

    def reason(plan: Plan, pair: HostPair) -> str | None:
        found = len(incast(plan, pair, number))
        return None if found >= number else f"the lab has {found} of {number} hosts that can send to {pair.server}"

    return reason


def another_receiver(plan: Plan, pair: HostPair) -> str | None:
    """The client of two senders' traffic has somebody else to send to."""
    if bystander(plan, incast(plan, pair, 2)) is not None:
        return None
    return f"the lab has no host that {pair.client} could send to besides {pair.server}"


def third_party(plan: Plan, pair: HostPair) -> str | None:
    """Some host that is no end of the pair can send raw packets to the client."""
    if third_host(plan, pair) is not None:
        return None
    return f"the lab has no third host with the capability {Capability.CAPTURE} that reaches {pair.client}"


def first_switch_drops(plan: Plan, pair: HostPair) -> str | None:
    """The switch where the client's packets enter the fabric can be given an access list that counts."""
    port = first_switch_port(plan.lab, pair)
    if port is None:
        return _no_switch(pair.client)
    dialect = plan.lab.switches[port.device].dialect
    return None if dialect == LINUX_DIALECT else f"{port.device}: plugfest cannot set access lists in {dialect}"


def last_switch_marks(plan: Plan, pair: HostPair) -> str | None:
    """The switch by which packets leave the fabric for the server can be told to mark everything."""
    from plugfest.devices.dialects import registry

    port = last_switch_port(plan.lab, pair)
    if port is None:
        return _no_switch(pair.server)
    dialect = plan.lab.switches[port.device].dialect
    if dialect == LINUX_DIALECT or registry.dialect(dialect).mark_all is not None:
        return None
    return f"{port.device}: plugfest cannot make {dialect} mark everything"


def _no_switch(host: str) -> str:
    return f"needs a switch with the capability {Capability.CONFIGURATION} beside {host}"


def survivable(plan: Plan, link: Link) -> str | None:
    """Some pair of hosts has an equal path around the link, and the leaf's port can be switched off."""
    site = site_of(link, plan)
    if site is None:
        return f"no pair of hosts has an equal path around {link.id}"
    if Capability.CONFIGURATION in plan.lab.device(site.failed.device).capabilities:
        return None
    return f"{site.failed.device} has no capability {Capability.CONFIGURATION} in the lab file"
