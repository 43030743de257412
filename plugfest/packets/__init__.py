"""RoCEv2, PFC and DCBX on the wire: layers over scapy, ICRC and packet-sequence-number arithmetic."""
