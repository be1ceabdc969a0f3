"""How a page was read, for people at a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipelines.inspection import CandidateView, Inspection, ProposalView
from storage.records import Article, Comment

MOST_CANDIDATES, MOST_FEATURES = 6, 6
FIRST_WORDS = 60  # letters shown of a text


def inspection_lines(inspection: Inspection, whence: str) -> Iterator[RenderableType]:
    """Yield what was read of a page and why; *whence* is where the page came from."""
    yield Text(f"{inspection.url} ({whence}, {inspection.fetched_at:%Y-%m-%d %H:%M %Z})")
    if inspection.refusal is not None:
        yield Text(f"No article ({inspection.refusal[0]}): {inspection.refusal[1]}", style="bold")
    yield Text(f"Read by: {_by(inspection)}")
    if inspection.article is not None:
        yield _fields(inspection)
        yield Text(_body(inspection.article))
        yield from _cut(inspection.article)
        yield Text(_thread_line(inspection.article), style="bold")
    if inspection.proposals:
        yield _proposals(inspection.proposals)
    if inspection.article is not None:
        yield from (Text(line) for line in thread_lines(inspection.article.comments))
    yield Text("Missing: nothing that the page shows" if not inspection.missing else "Missing:")
    yield from (Text(f"  {sentence}") for sentence in inspection.missing)


def _by(inspection: Inspection) -> str:
    article = inspection.article
    missed = dict(article.field_methods).get("missed") if article is not None else None
    if inspection.profile is not None:
        return f"the site's profile for {inspection.profile}"
    return "no profile, the generic way" + (f" ({missed} did not fit)" if missed else "")


def _fields(inspection: Inspection) -> Table:
    table = Table(title="Fields", title_justify="left", show_header=False)
    for name in ("field", "what"):
        table.add_column(name, overflow="fold", no_wrap=name == "field")
    for field in inspection.fields:
        how = f"  [{field.how}]" if field.how else ""
        table.add_row(field.name, Text(f"{field.value or f'none: {field.lacks}'}{how}"))
        for one in field.candidates[:MOST_CANDIDATES]:
            table.add_row("", Text(_candidate(one), style="" if one.is_chosen else "dim"))
    return table


def _candidate(one: CandidateView) -> str:
    place = f" at {one.place}" if one.place else ""
    against = f" (not taken: {one.against})" if one.against else ""
    mark = "->" if one.is_chosen else "  "
    return f"{mark} {one.source}: {one.raw!r}{place}{against}"


def _body(article: Article) -> str:
    text = " ".join(article.article_body.split())
    if not text:
        return "article_body: none"
    ends = f"begins {text[:FIRST_WORDS]!r}, ends {text[-FIRST_WORDS:]!r}"
    return f"article_body: {len(text.split())} words by {article.method}; {ends}"


def _cut(article: Article) -> Iterator[Text]:
    for block in article.removed_blocks:
        words = " ".join(block.text.split())[:FIRST_WORDS]
        yield Text(f"  cut ({block.reason}): {words!r}")


def _thread_line(article: Article) -> str:
    declared = article.comments_declared
    counted = f"{declared} declared" if declared is not None else "none declared"
    gap = f", gap: {article.comments_gap_reason}" if article.comments_gap_reason else ""
    pings = f", {article.pingbacks} pingbacks" if article.pingbacks else ""
    system = f", read as {article.comment_system}" if article.comment_system else ""
    return f"comments: {len(article.comments)} read, {counted}{pings}{gap}{system}"


def _proposals(proposals: Sequence[ProposalView]) -> Table:
    table = Table("thread by", "score", "records", "first at", "because", title_justify="left")
    for one in proposals:
        strongest = sorted(one.features.items(), key=lambda pair: -abs(pair[1]))[:MOST_FEATURES]
        why = ", ".join(f"{name} {value:.2g}" for name, value in strongest)
        name = Text(one.system, style="bold" if one.is_chosen else "dim")
        table.add_row(name, f"{one.score:.2f}", str(one.records), Text(one.place or ""), why)
    return table


def thread_lines(thread: Sequence[Comment]) -> Iterator[str]:
    """Yield a thread as a tree: a line a comment, replies further in."""
    depths: list[int] = []
    for comment in thread:
        parent = comment.parent_position
        depth = depths[parent] + 1 if parent is not None and parent < len(depths) else 0
        depths.append(depth)
        yield "  " * (depth + 1) + _comment(comment)


def _comment(comment: Comment) -> str:
    when = comment.date_created
    date = f"{when:%Y-%m-%d %H:%M} ({comment.date_created_precision})" if when else "no date"
    if when is None and comment.date_created_raw:
        date = f"no date of {comment.date_created_raw!r}"
    number = f"#{comment.source_id} " if comment.source_id else ""
    how = f", answers by {comment.parent_how}" if comment.parent_how else ""
    words = " ".join(comment.text.split())
    quoted = repr(words[:FIRST_WORDS]) if words else f"no words ({comment.status})"
    return f"{number}{comment.author or 'no author'}, {date}{how}: {quoted}"
