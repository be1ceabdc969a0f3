"""Why a page is no article."""


class NotAnArticle(Exception):
    """Raised when a page holds no article.

    *reason* is one word ("listing", "no_text", "consent", "login", "bot_check", "not_html",
    "error_page", "unreadable" ...); the exception's text is a sentence.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["NotAnArticle"], tuple[str, str]]:
        """Survive the way back from a worker process."""
        return type(self), (self.reason, self.detail)
