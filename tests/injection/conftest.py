"""Injections run in a network namespace of this machine's own kernel."""

import pytest

from tests.injection.namespace import namespaces_work


@pytest.fixture
def own_network() -> None:
    """Skip where no network namespace can be made."""
    if not namespaces_work():
        pytest.skip("needs nft, ip, tc and permission to make network namespaces")
