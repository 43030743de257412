"""NICs and what Linux tells of them: tools, RDMA devices, lossless settings, counters by meaning."""
