"""Threads that scripts draw: how a page names them, which addresses to ask, how answers read."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
