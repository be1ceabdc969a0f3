"""Datasets made from the archive: what is asked, which fields, how they are written, and what goes with them."""
