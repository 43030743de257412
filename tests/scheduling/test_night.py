"""The gates of a night hold for all workers of a distributed run."""

from collections import Counter
from pathlib import Path

from plugfest.evidence.manifest import damages
from tests.nightly.night_project import NightProject


def test_gates_end_before_the_rest_and_close_their_cell_for_all_workers(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", gate_fails=True)
    project.plan()
    answer = project.run("--nightly=plan.yaml", "-n2", PLUGFEST_STATE=str(tmp_path / "state"))
    assert answer.returncode == 1, answer.stdout + answer.stderr
    outcomes = project.outcomes()
    traffic = {name: made[-1] for name, made in outcomes.items() if name.startswith("test_traffic")}
    assert outcomes["test_mtu_agrees[h1:eth1<->leaf1:swp1]"] == ["failed", "failed"]
    assert {name for name, outcome in traffic.items() if outcome == "skipped"} == {
        name for name in traffic if "h1" in name
    }
    assert Counter(traffic.values()) == {"skipped": 6, "passed": 6}
    assert outcomes["test_steady"] == ["failed", "flaky"]
    bundles = [bundle.record for bundle in project.evidence.bundles()]
    gates_ended = max(bundle.ended for bundle in bundles if bundle.suite == "link")
    assert all(bundle.started >= gates_ended for bundle in bundles if bundle.suite != "link")
    assert list(damages(project.evidence)) == []
