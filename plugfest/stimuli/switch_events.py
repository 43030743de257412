"""Events that a switch makes itself, without an injector: an access list that drops, thresholds at which all is marked.

Less exact than `plugfest.stimuli.injection` – whole flows instead of single packets – but every switch can do it.
"""

from collections.abc import Callable
from enum import StrEnum

from plugfest.devices.access_rule import AccessRule
from plugfest.devices.changes import Change
from plugfest.devices.roster import Roster
from plugfest.inventory.models import Capability, Lab, PortReference, Switch
from plugfest.inventory.plan import HostPair
from plugfest.records import Record
from plugfest.stimuli.injected_transfer import InjectedTransfer, InjectedTransfers
from plugfest.stimuli.rdma_plan import RdmaPlan

Changer = Callable[[Change], Callable[[], None]]


class SwitchMethod(StrEnum):
    """How a switch makes an event."""

    ACCESS_LIST = "access list"
    MARK_ALL = "marking thresholds of zero"


class SwitchRun(Record):
    """One transfer while a switch dropped or marked, with what the switch counted meanwhile."""

    method: SwitchMethod
    port: PortReference
    """Where packets enter (access list) or leave (marking) the switch."""
    counted: int
    """Packets that the switch says it dropped or marked."""
    transfer: InjectedTransfer


def first_switch_port(lab: Lab, pair: HostPair) -> PortReference | None:
    """Where the client's packets enter the fabric; None unless that is a switch that may be configured."""
    return _configurable(lab, pair.paths[0].segments[0].receiver)


def last_switch_port(lab: Lab, pair: HostPair) -> PortReference | None:
    """Where packets leave the fabric for the server; None unless that is a switch that may be configured."""
    return _configurable(lab, pair.paths[0].segments[-1].sender)


def _configurable(lab: Lab, port: PortReference) -> PortReference | None:
    device = lab.device(port.device)
    able = isinstance(device, Switch) and Capability.CONFIGURATION in device.capabilities
    return port if able else None


class SwitchRuns:
    """Runs transfers between pairs of hosts while a switch on the way does something to them.

    Raises `plugfest.devices.protocols.Unsupported` if the switch cannot do it or cannot count it; what was changed by
    then is taken back when the test ends.
    """

    def __init__(self, transfers: InjectedTransfers, devices: Roster, change: Changer) -> None:
        self._transfers, self._devices, self._change = transfers, devices, change

    def dropping(self, pair: HostPair, port: PortReference, rule: AccessRule, plan: RdmaPlan) -> SwitchRun:
        """Transfer while the access list of `port` drops what `rule` describes."""
        switch = self._devices.switch(port.device)
        change = switch.drop_by_acl(port.port, rule)
        return self._run(SwitchMethod.ACCESS_LIST, pair, port, change, plan, lambda: switch.acl_drops(port.port))

    def marking(self, pair: HostPair, port: PortReference, plan: RdmaPlan) -> SwitchRun:
        """Transfer while everything ECN-capable that leaves by `port` is marked."""
        switch = self._devices.switch(port.device)
        change = switch.mark_all(port.port)
        return self._run(SwitchMethod.MARK_ALL, pair, port, change, plan, lambda: switch.marks(port.port))

    def _run(
        self,
        method: SwitchMethod,
        pair: HostPair,
        port: PortReference,
        change: Change,
        plan: RdmaPlan,
        count: Callable[[], int],
    ) -> SwitchRun:
        undo = self._change(change)
        before = count()
        transfer = self._transfers.run(pair, plan)
        after = count()
        undo()
        return SwitchRun(method=method, port=port, counted=after - before, transfer=transfer)
