"""What every user of the archive must expect; it is a room of its own, so that who only waits for
it need not load SQLAlchemy.
"""


class ArchiveUnavailable(Exception):
    """Raised when the archive cannot be opened, read or written; its text is one sentence for the
    user.
    """
