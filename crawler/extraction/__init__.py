"""Pages read in worker processes during a crawl, and the profiles that a site has taught."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
