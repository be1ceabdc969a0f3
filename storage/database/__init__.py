"""The SQL archive: its schema, views, migrations, and how it is opened."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
