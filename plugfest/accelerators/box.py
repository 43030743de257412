"""The overview that most tools print without arguments: versions, one box a device, processes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from plugfest.accelerators.building import accelerators, process, version
from plugfest.accelerators.records import Accelerator, AcceleratorSoftware
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
        tables = boxed_tables(
            output,
            (*self.devices, *self.processes, *self.others),
            banner=self.banner,
            prose=(DATE, WARNING, *self.prose),
            closed=self.closed,
        )
        common = {name: tables.banner[name] for name in self.common if name in tables.banner}
        told = [Row(row.line, common | dict(row.cells)) for row in only(tables, self.devices)]
        rows = build(output, told, self.completed)
        driver = version(tables.banner, "driver")
        software = AcceleratorSoftware(
            tool=self.tool,
            version=version(tables.banner, "version"),
            driver=driver,
            runtime=version(tables.banner, "runtime"),
        )
        processes = build(output, only(tables, self.processes), process)
        if not rows:
            raise output.error("the table lists no accelerator")
        found = accelerators(output, rows, driver)
        _check_order(output, rows, found)
        return (*found, software, *processes)


def _check_order(output: Output, rows: Sequence[Row], found: Sequence[Accelerator]) -> None:
    """Chips are counted through all cards: else the second lines of two records were mixed up."""
    told = [(each.physical_id, row.line) for each, row in zip(found, rows, strict=True) if each.physical_id is not None]
    for (before, _), (after, line) in pairwise(told):
        if after <= before:
            raise output.error("accelerators do not stand in the order of their numbers", line)
