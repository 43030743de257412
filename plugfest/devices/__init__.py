"""What a switch or host can be asked or told, whatever its vendor."""
