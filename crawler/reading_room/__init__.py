"""The reading room: Datasette over the archive, with pages of our own for people."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
