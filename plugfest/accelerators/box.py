"""The overview that most tools print without arguments: versions, one box a device, processes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plugfest.accelerators.building import accelerators, process, version
from plugfest.accelerators.records import AcceleratorSoftware
from plugfest.devices.dialects.boxed_table import Layout, boxed_tables, only
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.row import Row, build
from plugfest.records import Record

DATE = r"(?:Timestamp +)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .* \d{4}"
WARNING = r"(?:\[?(?:WARNING|Warning|WARN)\]?:? .*)"
"""Tools put such lines above the table."""


@dataclass(frozen=True)
class Overview:
    """How one tool prints it.

    Cells of `devices` and `processes` are named as in `plugfest.accelerators.building`; `banner` names `version`,
    `driver` and `runtime`.
    """

    tool: str
    banner: tuple[str, ...]
    devices: tuple[Layout, ...]
    processes: tuple[Layout, ...] = ()
    others: tuple[Layout, ...] = ()
    """Tables that are checked but not kept."""
    prose: tuple[str, ...] = ()
    closed: bool = True
    common: tuple[str, ...] = ()
    """Cells of the banner that hold for every device."""
    completed: Callable[[Row], Row] = lambda row: row
    """What a family must do with a row before it is read."""

    def __call__(self, output: Output) -> Sequence[Record]:
        """Accelerators, their software and their processes."""
        found = boxed_tables(
            output,
            (*self.devices, *self.processes, *self.others),
            banner=self.banner,
            prose=(DATE, WARNING, *self.prose),
            closed=self.closed,
        )
        common = {name: found.banner[name] for name in self.common if name in found.banner}
        told = [Row(row.line, common | dict(row.cells)) for row in only(found, self.devices)]
        rows = build(output, told, self.completed)
        driver = version(found.banner, "driver")
        software = AcceleratorSoftware(
            tool=self.tool,
            version=version(found.banner, "version"),
            driver=driver,
            runtime=version(found.banner, "runtime"),
        )
        processes = build(output, only(found, self.processes), process)
        if not rows:
            raise output.error("the table lists no accelerator")
        return (*accelerators(output, rows, driver), software, *processes)
