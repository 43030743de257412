"""What a test leaves behind as proof."""
