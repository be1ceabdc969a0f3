"""What may be fetched and how fast: robots.txt, opt-outs, opening hours, pauses."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
