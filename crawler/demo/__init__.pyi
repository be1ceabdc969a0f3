from .server import DemoServer

__all__ = ["DemoServer"]
