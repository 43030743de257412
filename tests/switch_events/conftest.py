from tests.injection.conftest import own_network

__all__ = ["own_network"]
