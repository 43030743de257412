"""Layer 2: LLDP truth, MTU, reserved addresses."""
