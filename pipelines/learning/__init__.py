"""Learning: from a few pages of a site, what its templates are. Pages in, profiles out."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
