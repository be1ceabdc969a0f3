"""One file for each `knipsel NAME` command."""
