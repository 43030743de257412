"""The compiled loops of the capture analysis.  Importing any module of this folder imports numba."""
