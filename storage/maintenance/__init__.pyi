from .backup import back_up
from .copy import NotCopied, copy_archive
from .verify import verify_archive

__all__ = ["NotCopied", "back_up", "copy_archive", "verify_archive"]
