from .hours import BadHours, is_open, read_hours
from .optout import FILE_NAME, OptOut
from .robots import Robots, robots_text
from .run import ForgetfulMemory, OriginMemory
from .throttle import PATIENCE_SECONDS, Pace

__all__ = [
    "FILE_NAME",
    "PATIENCE_SECONDS",
    "BadHours",
    "ForgetfulMemory",
    "OptOut",
    "OriginMemory",
    "Pace",
    "Robots",
    "is_open",
    "read_hours",
    "robots_text",
]
