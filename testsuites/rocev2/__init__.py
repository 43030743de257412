"""RoCEv2: what the endpoints put on the wire, and whether data arrives intact."""
