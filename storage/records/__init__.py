"""The records that travel through the house: frozen, slotted dataclasses, standard library only."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
