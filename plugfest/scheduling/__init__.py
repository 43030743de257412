"""Which test runs when and where: side by side as far as devices allow, divided over controllers, merged again."""
