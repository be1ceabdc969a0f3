"""Learning: from a few pages of a site, what its templates are. Pages in, profiles out."""
