"""Takes each fabric link down once under load; the tests of this folder judge what happened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.changes import Changer
from plugfest.devices.roster import Roster
from plugfest.errors import LabError
from plugfest.inventory.models import Link
from plugfest.inventory.plan import Plan
from plugfest.planning.requires import requires
from plugfest.planning.stimuli import survivable
from plugfest.stimuli.failover import LOAD_SECONDS, FailoverRun, site_of
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.verdicts.resilience import Failover

Failovers = Callable[[Link], Failover]


@pytest.fixture(scope="package")
def failovers(
    plan: Plan,
    devices: Roster,
    rdma_endpoints: RdmaEndpoints,
    suite_change: Changer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Failovers:
    """The failover of a link, carried out when first asked for."""
    done: dict[str, Failover | LabError] = {}

    def failover(link: Link) -> Failover:
        if link.id not in done:
            done[link.id] = _run(link, plan, devices, rdma_endpoints, suite_change, tmp_path_factory.mktemp("failover"))
        result = done[link.id]
        if isinstance(result, LabError):
            raise result
        return result

    return failover


def _run(
    link: Link, plan: Plan, devices: Roster, endpoints: RdmaEndpoints, change: Changer, folder: Path
) -> Failover | LabError:
    site = site_of(link, plan)
    if site is None:
        pytest.skip(f"no pair of hosts has an equal path around {link.id}")
    try:
        for seconds in LOAD_SECONDS:
            result = FailoverRun(site, devices, endpoints, change, folder / f"{seconds}", seconds).run()
            if result.load.outlasted or result.load.error:
                break
    except LabError as error:
        return error
    return result


@pytest.fixture
@requires(survivable)
def failover(switch_link: Link, failovers: Failovers) -> Failover:
    """What happened when the link of this test went down and came back."""
    return failovers(switch_link)
