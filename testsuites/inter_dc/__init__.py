"""RDMA between sites: the same hosts, far apart."""
