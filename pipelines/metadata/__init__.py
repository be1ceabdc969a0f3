"""An article's facts: headline, authors, dates, section, keywords, language."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
