"""Narrows a failed end-to-end test down: on which cable, or in which device, packets vanished or changed."""
