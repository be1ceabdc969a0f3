"""A small site that ships with Knipsel, for `knipsel demo` and the tests."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
