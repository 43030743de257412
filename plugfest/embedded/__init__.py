"""The embedded lab: image, virtual machine, topology."""
