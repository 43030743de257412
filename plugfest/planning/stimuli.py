"""Conditions of tests that break, slow down or crowd something."""

from plugfest.inventory.models import Capability, Link
from plugfest.inventory.plan import HostPair, Plan
from plugfest.planning.requires import Condition
from plugfest.stimuli.concurrent_flows import bystander, incast
from plugfest.stimuli.failover import site_of
from plugfest.stimuli.injection.events import Towards
from plugfest.stimuli.injection.point import injection_point, why_not


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


def survivable(plan: Plan, link: Link) -> str | None:
    """Some pair of hosts has an equal path around the link, and the leaf's port can be switched off."""
    site = site_of(link, plan)
    if site is None:
        return f"no pair of hosts has an equal path around {link.id}"
    if Capability.CONFIGURATION in plan.lab.device(site.failed.device).capabilities:
        return None
    return f"{site.failed.device} has no capability {Capability.CONFIGURATION} in the lab file"
