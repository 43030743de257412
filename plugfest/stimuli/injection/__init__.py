"""Does exact things to single RoCEv2 packets on a Linux hop: built as nftables rules, proven by their counters."""
