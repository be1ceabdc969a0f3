from .app import Room
from .server import listen, serve

__all__ = ["Room", "listen", "serve"]
