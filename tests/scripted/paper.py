"""A paper whose articles each have another stand-in's thread."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from tests.scripted.elsewhere import VARIABLE
from tests.scripted.site_software import WordPress
from tests.scripted.stand_in import Asked, Reply, StandIn
from tests.scripted.village_site import article_page, path_of


class Paper(StandIn):
    """The paper: its n-th article has the n-th system's box."""

    def __init__(self, stand_ins: Sequence[StandIn]) -> None:
        super().__init__()
        self.stand_ins = stand_ins

    def answer(self, asked: Asked) -> Reply:
        if asked.path.startswith("/wp-json/"):
            return next(one for one in self.stand_ins if one.system == "wordpress").answer(asked)
        if asked.path == "/":
            links = "".join(f'<li><a href="{one.path}">Bericht</a>' for one in self.stand_ins)
            return Reply(200, f"<html lang=nl><ul>{links}</ul></html>".encode(), "text/html")
        found = [n for n, one in enumerate(self.stand_ins) if one.path == asked.path]
        if not found:
            return Reply(404, b"weg", "text/html")
        stand_in = self.stand_ins[found[0]]
        page = article_page(found[0], stand_in.box())
        named = f'<link rel="canonical" href="{stand_in.page}">'
        named += stand_in.head() if isinstance(stand_in, WordPress) else ""
        page = page.replace("</head>", f"{named}</head>")
        return Reply(200, page.encode(), "text/html; charset=utf-8")


@contextmanager
def opened(stand_ins: Sequence[StandIn]) -> Iterator[tuple[Paper, dict[str, str]]]:
    """Start a paper with *stand_ins*; return it, and the environment in which hosts of the web are
    theirs.
    """
    paper = Paper(stand_ins)
    with ExitStack() as stack:
        for one in (paper, *stand_ins):
            stack.enter_context(one)
        for number, one in enumerate(stand_ins):
            one.site, one.path = paper.url, path_of(number)
        hosts = [f"{h}={one.url}" for one in stand_ins for h in getattr(one, "hosts", ())]
        yield paper, {VARIABLE: " ".join(hosts)}
