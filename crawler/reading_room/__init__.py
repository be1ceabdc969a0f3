"""The reading room: Datasette over the archive, with pages of our own for people."""
