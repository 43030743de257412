"""`python -m plugfest` is the `plugfest` command."""

from plugfest.cli import main

main()
