"""Datasets made from the archive: what is asked, which fields, how they are written, and what goes
with them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
