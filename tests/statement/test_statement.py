"""The statement says what was tested and what was not, in both languages, and can be printed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.evidence.folder import EvidenceFolder
from plugfest.inventory.explain import ROLES
from plugfest.reporting.labels import LAYERS
from plugfest.reporting.outcomes import TestOutcome
from plugfest.statement.catalogue import TEMPLATES, all_texts
from plugfest.statement.facts import facts_of
from plugfest.statement.language import Language
from plugfest.statement.page import render
from plugfest.verdicts.verdict import View
from tests.evidence.lab_project import SUITE, recorded_run
from tests.reporting.chromium import open_page

ENDINGS = (
    SUITE
    + """
from plugfest.errors import LabError

def test_skipped(switch):
    pytest.skip("the lab has no injector")

def test_broken(host):
    raise LabError(f"{host}: no answer within 5 s")
"""
)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> EvidenceFolder:
    return recorded_run(tmp_path_factory.mktemp("run"), ENDINGS)[1]


def test_facts_count_every_test_once(evidence: EvidenceFolder) -> None:
    facts = facts_of(evidence)
    assert facts.counts == {
        TestOutcome.PASSED: 12, TestOutcome.FAILED: 4, TestOutcome.SKIPPED: 4, TestOutcome.BROKEN: 4,
    }  # fmt: skip
    assert facts.judged == 16
    assert facts.skipped == {"the lab has no injector": 4}
    [layer] = facts.layers
    assert [(case.case, case.passed, case.ran) for case in layer.cases if case.case] == [
        ("L2-07", 4, 8),
        ("PHY-01", 8, 8),
    ]
    assert layer.cases[-2].criteria == ("RFC 4821", "IEEE 802.3 clause 3.2.7; RFC 4821")
    assert facts.untested_layers == tuple(name for name in LAYERS if name != "l2")
    assert facts.views[View.SWITCH] == 32
    assert facts.damages == ()


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html.partition("<body>")[2]).replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            Language.ENGLISH,
            ("12 of 16 judged tests passed; 4 deviations", "lab was emulated", "Approved by", "Not tested"),
        ),
        (Language.CHINESE, ("已判定 16 项测试，其中 12 项通过；不符合 4 项", "仿真环境", "批准", "未测试内容")),
    ],
)
def test_the_page_says_it_all(evidence: EvidenceFolder, language: Language, words: tuple[str, ...]) -> None:
    text = _text(render(evidence, language))
    facts = facts_of(evidence)
    assert facts.manifest is not None
    reasons = ("leaf2:swp1 MTU in bytes – expected 4200, got 9000", "the lab has no injector", "no answer within 5 s")
    common = (*reasons, facts.manifest.seal, str(facts.run.harness), "Linux Soft-RoCE")
    assert [word for word in (*words, *common) if word not in text] == []


def test_evidence_that_was_changed_is_said_so_in_the_statement(evidence_copy: EvidenceFolder) -> None:
    bundle = next(evidence_copy.bundles())
    (bundle.folder / "transcript.txt").write_text("nothing happened")
    text = _text(render(evidence_copy, Language.ENGLISH))
    assert "THE EVIDENCE IS NOT AS IT WAS SEALED" in text
    assert "transcript.txt: changed since it was sealed" in text
    assert "nothing has changed since" not in text


def test_both_languages_have_every_text_and_no_text_is_unused() -> None:
    template = (TEMPLATES / "statement.html.j2").read_text()
    named = set(re.findall(r'\bt\("(\w+)"[,)]', template)) | {view.value for view in View} | {"hardware", "embedded"}
    named |= {f"outcome_{outcome}" for outcome in TestOutcome} | {f"layer_{layer}" for layer in LAYERS}
    named |= {f"role_{role}" for role in ROLES}
    assert set(all_texts()) == named
    for key, text in all_texts().items():
        assert set(re.findall(r"{\w+}", text.en)) == set(re.findall(r"{\w+}", text.zh)), key
        assert re.search(r"[\u4e00-\u9fff]", text.zh), key


def _report(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plugfest", "report", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.browser
def test_the_command_prints_a_pdf_with_chinese_texts(evidence: EvidenceFolder, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    answer = _report("--pdf", evidence.path.parent, "--language", "zh", "--out", out)
    assert (answer.returncode, answer.stdout) == (0, f"{out}\n"), answer.stderr
    pdf = out.read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert b"NotoSansCJK" in pdf.replace(b" ", b""), "the Chinese texts have no font: apt install fonts-noto-cjk"


@pytest.mark.browser
def test_the_page_opens_from_a_file_and_asks_nobody(evidence: EvidenceFolder, tmp_path: Path) -> None:
    answer = _report("--html", evidence.path.parent)
    page_file = Path(answer.stdout.strip())
    assert page_file == evidence.path.parent / "statement-en.html"
    with open_page(tmp_path / "profile") as page:
        page.open(page_file.as_uri())
        page.wait_for("document.querySelector('.signatures')")
        assert page.complaints == []
        assert page.requests == [page_file.as_uri()]


def test_a_run_without_evidence_is_refused(tmp_path: Path) -> None:
    answer = _report("--html", tmp_path)
    assert answer.returncode == 2
    assert "no evidence there" in answer.stderr
