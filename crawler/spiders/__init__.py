"""The spiders: KnipselSpider, of which a site's own is made, and the one for every other site."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
