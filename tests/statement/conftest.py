"""The recorded run of the evidence tests."""

from tests.evidence.conftest import evidence_copy, recorded

__all__ = ["evidence_copy", "recorded"]
