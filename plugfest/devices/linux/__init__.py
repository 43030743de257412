"""Linux as hosts and white-box switches run it: iproute2, lldpd, ethtool, rdma-core."""
