"""Conditions of tests for ``@requires``: what the lab file must hold; each gives its reason in words."""

from collections.abc import Iterable

from plugfest.devices.dialects.reading import Question
from plugfest.devices.linux.host import NPU_PORT
from plugfest.inventory.design import designed_path_mtu
from plugfest.inventory.models import Capability, LabKind, Link, Switch
from plugfest.inventory.plan import DesignedRoute, HostPair, Plan
from plugfest.planning.answering import LINUX_DIALECT, can_answer, why_silent
from plugfest.planning.requires import Condition


def ends_of(subject: Link | HostPair | DesignedRoute) -> tuple[str, ...]:
    """The devices at the ends of a test's subject."""
    if isinstance(subject, Link):
        return (subject.a.device, subject.b.device)
    return (subject.client, subject.server) if isinstance(subject, HostPair) else (subject.switch,)


def ends_have(capability: Capability) -> Condition:
    """The devices at both ends have a capability."""
    return lambda plan, subject: _lacking(plan, ends_of(subject), capability)


def ends_answer(question: Question) -> Condition:
    """The devices at both ends can be asked a question; injectors are not asked."""

    def why_not(plan: Plan, subject: Link | HostPair | DesignedRoute) -> str | None:
        silent = (name for name in ends_of(subject) if not can_answer(plan.lab, name, question))
        return next((why_silent(plan.lab, name, question) for name in silent), None)

    return why_not


def rdma_at_both_ends(plan: Plan, pair: HostPair) -> str | None:
    """Both hosts have RDMA and the lab file names the device."""
    for host, nic in ((pair.client, pair.client_nic), (pair.server, pair.server_nic)):
        if reason := _lacking(plan, [host], Capability.RDMA):
            return reason
        if nic.rdma_device is None:
            return f"the lab file names no rdma_device for {host}:{nic.port}"
    return None


def capture_at_both_ends(plan: Plan, pair: HostPair) -> str | None:
    """Packets can be recorded at both hosts."""
    return _lacking(plan, (pair.client, pair.server), Capability.CAPTURE)


def capture_on_the_way(plan: Plan, pair: HostPair) -> str | None:
    """Packets can be recorded where the first switch sends them on."""
    if not pair.switches:
        return f"no switch between {pair.client} and {pair.server}"
    return _lacking(plan, [path.switches[0] for path in pair.paths], Capability.CAPTURE)


def several_paths(plan: Plan, pair: HostPair) -> str | None:
    """There are equal paths that part at the first switch."""
    ways = {path.segments[1].sender for path in pair.paths if len(path.segments) > 2}
    return None if len(ways) > 1 else f"{pair.id} has one path only"


def one_hop_count(plan: Plan, pair: HostPair) -> str | None:
    """All equal paths cross the same number of routers."""
    return f"the equal paths of {pair.id} differ in their number of routers" if pair.routed_hops is None else None


def crosses_routers(plan: Plan, pair: HostPair) -> str | None:
    """At least one router decrements the TTL, and the number is the same on all paths."""
    return one_hop_count(plan, pair) or (None if pair.routed_hops else f"{pair.id} crosses no router")


def path_mtu_is_designed(plan: Plan, pair: HostPair) -> str | None:
    """The lab file gives a path MTU and an address to send to."""
    known = designed_path_mtu(plan.lab, pair) is not None and pair.server_address is not None
    return None if known else f"the lab file designs no MTU or no address for {pair.id}"


def server_notifies(plan: Plan, pair: HostPair) -> str | None:
    """The NIC of the server sends congestion notification packets."""
    if Capability.CNP in plan.lab.device(pair.server).capabilities:
        return None
    nic = pair.server_nic
    return f"{pair.server}: {nic.vendor} {nic.model} sends no congestion notifications (capability cnp)"


def tells_carrier_changes(plan: Plan, link: Link) -> str | None:
    """One end at least counts how often the carrier changed: link fault signalling takes the other end down, too."""
    ends = [end for end in (link.a, link.b) if not NPU_PORT.fullmatch(end.port)]
    if any(can_answer(plan.lab, end.device, Question.CARRIER_CHANGES) for end in ends):
        return None
    return f"neither {link.a.device} nor {link.b.device} counts carrier changes"


def hold_times_are_told(plan: Plan, link: Link) -> str | None:
    """Both ends can be asked how long they wait for a silent BGP neighbour."""
    silent = (name for name in ends_of(link) if plan.lab.switches[name].dialect != LINUX_DIALECT)
    return next((f"{name} cannot be asked for the hold times of its BGP sessions" for name in silent), None)


def tells_mtu(plan: Plan, link: Link) -> str | None:
    """Both ends tell their MTU."""
    owned = (end for end in (link.a, link.b) if NPU_PORT.fullmatch(end.port))
    return next((f"{end} belongs to an NPU, whose tool tells no MTU" for end in owned), None)


def client_sends_pings(plan: Plan, pair: HostPair) -> str | None:
    """The client's `ping` leaves by its NIC."""
    if NPU_PORT.fullmatch(pair.client_nic.port):
        return f"{pair.client_port} belongs to an NPU: the host's ping does not leave by it"
    return None


def switches_are_configurable(plan: Plan, subject: object) -> str | None:
    """Every switch of the lab may be told something."""
    return _lacking(plan, plan.switches, Capability.CONFIGURATION)


def harness_is_cabled(plan: Plan, subject: object) -> str | None:
    """The harness itself can send and receive frames at the test ports."""
    if plan.lab.kind is LabKind.EMBEDDED:
        return None
    return "test ports of hardware labs need an interface of this machine; the lab file gives none"


def port_can_be_slowed(plan: Plan, pair: HostPair) -> str | None:
    """The switch beside the server is a Linux switch that the harness may configure."""
    sender = pair.paths[0].segments[-1].sender.device
    device = plan.lab.device(sender)
    able = isinstance(device, Switch) and device.dialect == "frr_linux"
    if able and Capability.CONFIGURATION in device.capabilities:
        return None
    return f"needs a Linux switch with the capability configuration beside {pair.server}"


def _lacking(plan: Plan, names: Iterable[str], capability: Capability) -> str | None:
    lacking = [name for name in dict.fromkeys(names) if capability not in plan.lab.device(name).capabilities]
    if not lacking:
        return None
    has = "has" if len(lacking) == 1 else "have"
    return f"{' and '.join(lacking)} {has} no capability {capability} in the lab file"
