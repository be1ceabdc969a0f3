"""The browser, as an option: pages drawn by the user's Chromium, within the rules of the crawl."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
