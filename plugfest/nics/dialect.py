"""What every RDMA host can be asked, whatever its accelerators: Linux, RDMA and NIC tools."""

from plugfest.accelerators.family import Family, family_dialect
from plugfest.nics import dcb, ethtool, ethtool_module, hinic, ibv_devinfo, mlnx_qos, niccli, pci, perftest, rdma_tools

DIALECT = family_dialect(
    "rdma_host",
    "RDMA hosts: Linux, RDMA and NIC tools",
    (
        *pci.READINGS,
        *rdma_tools.READINGS,
        *ibv_devinfo.READINGS,
        *ethtool.READINGS,
        *ethtool_module.READINGS,
        *dcb.READINGS,
        *mlnx_qos.READINGS,
        *hinic.READINGS,
        *niccli.READINGS,
        *perftest.READINGS,
    ),
    "A NIC whose user-space provider is missing is listed by `rdma link`, not by `ibv_devices`: ask both.",
    r"Couldn't get IB device list",
    rf"(?!{ethtool.DENIED.pattern})"
    r"(?:netlink error|Cannot get .*|RTNETLINK answers|Attribute (?:read|not found)): .*",
)
FAMILY = Family(dialect=DIALECT, makers=(), pci=(), tool="ip", listing=())
"""The tools are asked as those of an accelerator family are, and found on every host."""
