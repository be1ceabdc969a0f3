"""What every command shares: the archive, output, progress bars, reports of profiles."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
