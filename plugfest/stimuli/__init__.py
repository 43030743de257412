"""What we do to the network: traffic, raw frames through test ports, injected events."""
