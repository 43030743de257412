"""The RDMA endpoint programs of a run: one for each NIC, started when first needed, replaced after a failure."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from plugfest.devices.roster import Roster
from plugfest.errors import LabError
from plugfest.inventory.models import Nic
from plugfest.stimuli.rdma_endpoint import RdmaEndpoint, rdma_endpoint

Key = tuple[str, str, int]


class RdmaEndpoints:
    """Gives out endpoints by host and NIC; leaving the block ends all programs."""

    def __init__(self, devices: Roster) -> None:
        self._devices = devices
        self._running: dict[Key, tuple[RdmaEndpoint, AbstractContextManager[RdmaEndpoint]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for key in list(self._running):
            self._end(key)

    def of(self, host: str, nic: Nic, number: int = 0) -> RdmaEndpoint:
        """The endpoint on `nic` of `host`; further ones, by `number`, serve further connections at the same time.

        LabError if the NIC has no RDMA device or the program does not start.
        """
        key = (host, nic.port, number)
        if key not in self._running:
            if nic.rdma_device is None:
                raise LabError(f"{host}: the lab file gives {nic.port} no RDMA device")
            gid = self._devices.host(host).roce_gid(nic.rdma_device)
            program = rdma_endpoint(self._devices.pool.session(host), nic.rdma_device, gid.index)
            self._running[key] = (program.__enter__(), program)
        return self._running[key][0]

    def discard(self, host: str, nic: Nic) -> None:
        """End the endpoints of a NIC because a conversation broke off; the next `of` starts a fresh one."""
        for key in list(self._running):
            if key[:2] == (host, nic.port):
                self._end(key)

    def _end(self, key: Key) -> None:
        _, program = self._running.pop(key)
        program.__exit__(None, None, None)
