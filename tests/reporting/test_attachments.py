"""Evidence beside a result."""

from pathlib import Path

import allure
import pytest

from plugfest.reporting import attachments
from plugfest.reporting.attachments import verdict_table
from plugfest.reporting.figures import record_figures
from plugfest.reporting.result_files import read_results
from plugfest.verdicts.verdict import View, equal, verdict


def test_verdict_table_shows_every_row() -> None:
    judged = verdict("LLDP equals the cabling", [equal("leaf1:swp1", "h1", "h2", View.WIRE), equal("h1", "x", "x")])
    table = verdict_table([judged, verdict("Nothing seen", [])])
    assert '<tr class="failed"><td>leaf1:swp1</td><td>h1</td><td>h2</td><td>wire</td><td>failed</td></tr>' in table
    assert '<tr class="passed"><td>h1</td>' in table
    assert "Nothing was measured." in table


def test_device_output_is_not_markup() -> None:
    table = verdict_table([verdict("claim", [equal("sysName", "leaf1", "<script>alert(1)</script>")])])
    assert "<script>" not in table
    assert "&lt;script&gt;" in table


def test_figures_of_verdicts() -> None:
    judged = verdict("Failover", [equal("a", 1, 1)]).model_copy(update={"figures": {"outage_s": 0.30912}})
    assert "outage_s = 0.3091" in verdict_table([judged])


def test_large_capture_is_only_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[object, str, object]] = []
    monkeypatch.setattr(allure, "attach", lambda *arguments: kept.append(arguments))
    capture = tmp_path / "incast.pcap"
    capture.write_bytes(bytes(100))
    attachments.attach_capture(capture)
    monkeypatch.setattr(attachments, "LARGEST_CAPTURE", 99)
    attachments.attach_capture(capture)

    assert kept[0] == (bytes(100), "incast.pcap", allure.attachment_type.PCAP)
    note, name, kind = kept[1]
    assert name == "incast.pcap (not attached)"
    assert str(capture) in str(note)
    assert kind is allure.attachment_type.TEXT


def test_no_figures_leave_no_file(tmp_path: Path) -> None:
    record_figures(tmp_path, "L2-02", {})
    assert list(tmp_path.iterdir()) == []
    record_figures(tmp_path, "L2-02", {"removed_after_s": 3.5, "jain_index": 0.99})
    [file] = tmp_path.iterdir()
    assert file.name.endswith("-perf.json")
    assert '"title": "L2-02: removed after", "unit": "s", "value": 3.5' in file.read_text()
    assert '"title": "L2-02: jain index", "unit": "", "value": 0.99' in file.read_text()


def test_damaged_results_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "1-result.json").write_text('{"name": "test_a"}')
    (tmp_path / "2-result.json").write_text('{"name": ')
    (tmp_path / "3-result.json").write_text("[]")
    assert list(read_results(tmp_path)) == [{"name": "test_a"}]
