"""A page's own text, coloured by what it was read as: one HTML file to look at in a browser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree
from lxml.html import HtmlElement

from pipelines.document import Document, is_invisible
from pipelines.inspection.inspection import FieldView, Inspection, ProposalView, place_of

_ROLES: Mapping[str, tuple[str, str]] = {
    "headline": ("#ffe08a", "the headline"),
    "text": ("#cdebc5", "the article's text"),
    "field": ("#ffd0a8", "where a field was read"),
    "comment": ("#c9dcff", "a comment's words"),
    "thread": ("#e6eefc", "the rest of the thread"),
    "cut": ("#f6c6c6", "cut from the text"),
    "none": ("#ffffff", "no part of the article"),
}
_LINE_TAGS = frozenset(
    "p div li dt dd tr td th h1 h2 h3 h4 h5 h6 section article aside header footer main nav ul ol dl"
    " table blockquote pre figure figcaption form fieldset address hr br".split()
)
_STYLE = """body{font:15px/1.45 sans-serif;margin:2em auto;max-width:60em;color:#222}
table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:.2em .6em;
text-align:left;vertical-align:top}p.l{margin:2px 0;padding:2px 6px;border-radius:3px}
small{color:#555}.chosen{font-weight:bold}"""


def coloured_page(inspection: Inspection) -> str:
    """Return an HTML page with the fields, the thread's readings, and every visible line of the
    inspected page in the colour of its role.
    """
    title = escape(inspection.url)
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}{''.join(map(_rule, _ROLES))}</style></head><body><h1>{title}</h1>",
        *_head(inspection),
        f"<p>{''.join(map(_legend, _ROLES))}</p>",
        *(_line(line) for line in _lines(inspection)),
        "</body></html>",
    ]
    return "\n".join(parts)


def _rule(role: str) -> str:
    return f".{role}{{background:{_ROLES[role][0]}}}"


def _legend(role: str) -> str:
    return f'<span class="{role}">&nbsp;{_ROLES[role][1]}&nbsp;</span> '


def _head(inspection: Inspection) -> Iterator[str]:
    """Yield what was read, as tables."""
    if inspection.refusal is not None:
        yield f"<p>No article: {escape(inspection.refusal[1])}</p>"
    for sentence in inspection.missing:
        yield f"<p>Missing: {escape(sentence)}</p>"
    yield f"<p>Read by: {escape(inspection.profile or 'no profile, the generic way')}</p>"
    yield "<table><tr><th>field</th><th>value</th><th>candidates</th></tr>"
    yield from map(_field, inspection.fields)
    yield "</table><table><tr><th>thread by</th><th>score</th><th>records</th><th>first</th></tr>"
    yield from map(_proposal, inspection.proposals)
    yield "</table>"


def _field(field: FieldView) -> str:
    found = "<br>".join(
        f'<span class="{"chosen" if one.is_chosen else ""}">{escape(one.source)}: '
        f"{escape(one.raw)}</span> <small>{escape(one.place or '')} {escape(one.against or '')}"
        "</small>"
        for one in field.candidates
    )
    value = escape(field.value or f"none: {field.lacks}")
    return f"<tr><td>{field.name}</td><td>{value}</td><td>{found}</td></tr>"


def _proposal(one: ProposalView) -> str:
    cells = (one.system, f"{one.score:.2f}", str(one.records), one.place or "")
    name = ' class="chosen"' if one.is_chosen else ""
    return f"<tr{name}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


@dataclass(frozen=True, slots=True)
class ColouredLine:
    """A line of a page, its role, and why or where."""

    text: str
    role: str
    note: str


def _line(line: ColouredLine) -> str:
    return f'<p class="l {line.role}" title="{escape(line.note)}">{escape(line.text)}</p>'


def _lines(inspection: Inspection) -> Iterator[ColouredLine]:
    document = inspection.document
    if document is None:
        return
    roles = _Roles(inspection, document)
    for text, element in visible_lines(document.tree):
        role, note = roles.of(text, element)
        yield ColouredLine(text, role, note)


class _Roles:
    """What each line of a page was read as: by its words, and by the elements that readers named."""

    def __init__(self, inspection: Inspection, document: Document) -> None:
        article, trace = inspection.article, document.trace
        self._headline = article.headline if article else None
        self._text = _words_of(article.article_body) if article else frozenset()
        stated = "\n".join(comment.text for comment in article.comments) if article else ""
        self._words = _words_of(stated)
        self._marked: dict[HtmlElement, tuple[str, str]] = {}
        self._marked |= dict.fromkeys(trace.thread, ("thread", "the thread"))
        self._marked |= {e: ("cut", reason) for e, reason in trace.cut.items()}
        for name, found in trace.candidates.items():
            if found and found[0].element is not None:
                self._marked.setdefault(found[0].element, ("field", name))

    def of(self, text: str, element: HtmlElement) -> tuple[str, str]:
        """Return the role of a line, and what the reader of it should know."""
        if text == self._headline:
            return "headline", "headline"
        role, note = self._mark_of(element)
        if role == "field" or (role == "cut" and text not in self._text):
            return role, note
        if text in self._words and (role == "thread" or text not in self._text):
            return "comment", place_of(element)
        if text in self._text and role != "thread":
            return "text", place_of(element)
        return role, note or place_of(element)

    def _mark_of(self, element: HtmlElement) -> tuple[str, str]:
        """Return what readers named the element, or the nearest one around it."""
        marks = map(self._marked.get, (element, *element.iterancestors()))
        return next(filter(None, marks), ("none", ""))


def _words_of(text: str) -> frozenset[str]:
    return frozenset(" ".join(line.split()) for line in text.split("\n"))


def visible_lines(tree: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Yield every line that a browser shows of *tree*, and the element in which it begins."""
    pieces: list[str] = []
    owner: HtmlElement | None = None
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if element.tag in _LINE_TAGS:
            if owner is not None:
                yield " ".join("".join(pieces).split()), owner
            pieces, owner = [], None
        if event == "end":
            text, holder = element.tail, element.getparent()
        elif is_invisible(element):
            walk.skip_subtree()
            continue
        else:
            text, holder = element.text, element
        if text:
            pieces.append(text)
            owner = holder if owner is None and not text.isspace() else owner
