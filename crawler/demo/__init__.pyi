from .server import DemoServer, LoopbackServer

__all__ = ["DemoServer", "LoopbackServer"]
