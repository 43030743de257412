"""The interop matrix: results of a lab over its last runs, by any two axes."""
