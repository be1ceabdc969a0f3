"""Threads that a page states for machines: JSON-LD, page state, sources with addresses."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
