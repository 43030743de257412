"""The recorded run of the evidence tests."""

from tests.evidence.conftest import recorded

__all__ = ["recorded"]
