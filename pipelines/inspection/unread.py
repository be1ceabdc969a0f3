"""What a page shows of an article without its having been read: the witness against our readers.

It looks at plain lines around the text and at nothing that the readers decided, so that it does not
share their blind spots. It shows that something is shown, never what: nothing is stored of it.
"""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from pipelines.comments import is_thread_heading, read_count
from pipelines.dates import DutchDate, parse_page_date, plausible
from pipelines.document import Document, article_object, block_text, stated_text
from storage.records import Article

LONG = 60  # letters: a line of the text itself
SHORT, LABELLED = 80, 160  # letters of a line that is about its date, and of one that states so
LONGEST_NAME = 60
BEFORE, AFTER, DEEPEST = 6, 8, 25  # lines above the headline, below the text, and between both
LEAST_RECORDS = 2
NEAREST_BOXES = 5  # around a form to write in

_BESIDE = frozenset({"aside", "nav", "footer"})
_BESIDE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:sidebar|side-?bar|widgets?|related|gerelateerd|footer|zijbalk|nav|menu)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:^|[\s|•·–—(-])(?:door|auteur|tekst|schrijver|by|author|words|von|autor|text|par|por|di|autore|redaktion(?=:)|redactie(?=:))"
    r"(?:\s*:)?\s+(?P<name>[A-ZÀ-Þ][\w'’.-]+)",
    re.IGNORECASE,
)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[-_\s])(?:author|auteur|byline|schrijver|autor|verfasser|auteurs|authors)(?:$|[-_\s])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:geplaatst|gepubliceerd|gepost|verschenen|datum|posted|published|date|veröffentlicht"
    r"|publié|publicado|door|by|von|par|por)\b",
    re.IGNORECASE,
)
_OTHER_MAKERS = re.compile(
    r"^\W*(?:foto|beeld|bron|video|illustrati|vertaling|muziek|photo|image|source|bild|quelle)",
    re.IGNORECASE,
)
# Words before a name that say that it wrote: in a text other words speak of what it is about.
_WRITTEN = re.compile(
    r"\b(?:geschreven|ge(?:plaats|pos|publiceer|maak)[td]|verschenen|inge(?:zonden|stuurd|diend)"
    r"|toegevoegd|opgetekend|opgesteld|aangeleverd|samengesteld|getekend|vertaald|bewerk(?:t|ing)"
    r"|tekst|verslag|interview|recensie|review|column|reportage|artikel|bericht|verhaal|stuk|nieuws"
    r"|\w*blog|opinie|bijdrage|essay|gedicht|analyse|commentaar|publicatie|gisteren|vandaag|text"
    r"|texte|words|written|post|posted|published|submitted|added|article|story|report|beitrag"
    r"|geschrieben|verfasst|veröffentlicht|eingestellt|écrit|rédigé|publié|escrito|publicado"
    r"|artículo|scritto|pubblicato|articolo)\b",
    re.IGNORECASE,
)
_LABELS = re.compile(r"auteur|author|autore?|schrijver|te[kx]st|words", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"[^|•·–—(\[,;/]*$")
_FROM_CHANGE = re.compile(
    r"(?:©|copyright|bijgewerkt|gewijzigd|updated|modified|aktualisiert|mis à jour).*",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"^\W*(?:locatie|plaats|waar|wanneer|aanvang|tijdstip|zaal|toegang|entree|prijs|location"
    r"|venue|where|when)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset({"admin", "administrator", "webmaster", "redactie", "editor", "onze", "de"})


def unread_fields(article: Article, document: Document) -> dict[str, str]:
    """Return which of "date_published", "authors" and "comments" the page of *document* shows
    although *article*, which was read from it, has none, each with the words that show it.
    """
    found: dict[str, str] = {}
    around: _Surrounding | None = None
    for name, is_lacking, shows in _WITNESSES:
        if is_lacking(article):
            around = around or _Surrounding(article, document)
            words = shows(around)
            if words is not None:
                found[name] = words
    return found


@dataclass
class _Surrounding:
    """The plain lines of a page, and where its article is among them."""

    article: Article
    document: Document

    @cached_property
    def beside(self) -> Set[HtmlElement]:
        """What is beside the article."""
        return {
            e
            for e in self.document.tree.iter("*")
            if (e.tag in _BESIDE or (_is_beside(e))) and e.find(".//h1") is None
        }

    @cached_property
    def skipped(self) -> Set[HtmlElement]:
        """What stands beside the article, and its thread."""
        return self.beside | set(self.document.trace.thread)

    @cached_property
    def lines(self) -> list[str]:
        """All lines outside of *skipped*."""
        shown = block_text(self.document.tree, self.skipped)
        return [" ".join(line.split()) for line in shown.split("\n") if line.strip()]

    @cached_property
    def said(self) -> frozenset[str]:
        """All lines of the article's text, short ones too."""
        return frozenset(" ".join(line.split()) for line in self.article.article_body.split("\n"))

    @cached_property
    def text(self) -> list[str]:
        """The long lines of the article's text."""
        own = [" ".join(line.split()) for line in self.article.article_body.split("\n")]
        return [line for line in own if len(line) >= LONG]

    @cached_property
    def _headline(self) -> int:
        wanted = " ".join(self.article.headline.split()).casefold()
        places = [n for n, line in enumerate(self.lines) if line.casefold() == wanted]
        before = [n for n in places if n <= self._begin] if self._begin else places
        return before[-1] if before else max(self._begin - BEFORE, 0)

    @cached_property
    def _begin(self) -> int:
        return _place(self.lines, self.text[:1])

    @cached_property
    def end(self) -> int:
        """The place after the last line of the text."""
        return _place(self.lines, self.text[-1:]) + 1

    @cached_property
    def head(self) -> list[str]:
        """The lines from a little above the headline to the first line of the text."""
        last = self._begin or self._headline + DEEPEST
        return self.lines[max(self._headline - BEFORE, 0) : min(last, self._headline + DEEPEST)]

    @cached_property
    def near(self) -> list[str]:
        """The head, short lines below the text's first, and the lines right below the text."""
        opening = self.lines[self._begin + 1 : min(self._begin + BEFORE, self.end)]
        below = self.lines[self.end : self.end + AFTER]
        return [*self.head, *(line for line in opening if len(line) <= SHORT), *below]

    def is_dated(self, line: str, longest: int = SHORT) -> bool:
        """Return whether *line* is short and states a moment that has been."""
        if not 3 < len(line) <= longest or not any(map(str.isdigit, line)):
            return False
        date = self._date_in(line)
        now = self.document.fetched_at
        return date is not None and date.precision != "year" and plausible(date.moment, now)

    def is_timed(self, line: str) -> bool:
        """Return whether *line* states a moment to the minute."""
        date = self._date_in(line)
        return date is not None and date.precision in {"minute", "second"}

    def _date_in(self, line: str) -> DutchDate | None:
        now = self.document.fetched_at
        return parse_page_date(line, language=self.document.language, reference=now)


def _place(lines: Sequence[str], wanted: Sequence[str]) -> int:
    return next((n for n, line in enumerate(lines) if line in wanted), 0)


def _is_beside(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in {"html", "body"} and bool(_BESIDE_CLASS.search(names))


def _shows_date(around: _Surrounding) -> str | None:
    stated = stated_text(article_object(around.document).get("datePublished"))
    if around.article.date_published_raw or stated:
        return around.article.date_published_raw or stated
    if any(_EVENT.match(line) for line in around.near if len(line) <= SHORT):
        return None  # what has a place has the day on which it is held
    today = _day_of_fetch(around)
    lines = (_FROM_CHANGE.sub("", line) for line in around.near if line != around.article.headline)
    return next(
        (
            line
            for line in lines
            if around.is_dated(line, LABELLED if _LABEL.search(line) else SHORT)
            and today not in line
        ),
        None,
    )


def _day_of_fetch(around: _Surrounding) -> str:
    """Return how a site's head writes the day on which it is looked at, in its shortest form."""
    return f"{around.document.fetched_at:%d-%m-%Y}"


def _shows_author(around: _Surrounding) -> str | None:
    for line in around.near:
        signing = _signing(line)
        if signing is not None and (line not in around.said or _signs_text(signing, around)):
            return line
    shown = set(around.near)
    return next(
        (name for name in _names_by_class(around) if any(name in line for line in shown)), None
    )


def _signing(line: str) -> re.Match[str] | None:
    """Return where *line* states by whom something is made that is not said at once to be a picture,
    music, a source or a translation.
    """
    match = _BY.search(line) if 5 < len(line) <= LABELLED else None
    if match is None or _OTHER_MAKERS.match(line):
        return None
    name = match["name"]
    is_name = name[:1].isupper() and name.strip(".").casefold() not in _NOBODY
    return match if is_name else None


def _signs_text(signing: re.Match[str], around: _Surrounding) -> bool:
    """Return whether *signing*, in a line of the text, names its author: by a label, or as the words
    before it, up to a mark that parts them from others, are none, or speak of writing, or are a
    date. "Muziek door" and "(prod. by" name no author.
    """
    found = _BEFORE_NAME.search(signing.string[: signing.start()])
    words = found[0].strip(" -") if found is not None else ""
    label = signing.string[signing.start() : signing.start("name")]
    is_labelled = bool(_LABELS.search(label) or _WRITTEN.search(words))
    return not words or is_labelled or around.is_dated(words)


def _names_by_class(around: _Surrounding) -> Iterator[str]:
    """Yield the words of elements that are called an author's, as far as they can be a name."""
    for element in around.document.tree.iter("*"):
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        is_named = _AUTHOR_CLASS.search(f"{marks} {element.get('rel') or ''}")
        if not is_named or element.tag in {"body", "article", "section", "main", "meta", "link"}:
            continue
        words = " ".join(element.text_content().split())
        if 3 <= len(words) <= LONGEST_NAME and any(map(str.isupper, words)):
            first = words.split(maxsplit=1)[0].strip(".:,").casefold()
            if first not in _NOBODY and not any(map(str.isdigit, words)):
                yield words


def _shows_comments(around: _Surrounding) -> str | None:
    below = around.lines[around.end :]
    start = next((n for n, line in enumerate(below) if _is_over_thread(line)), None)
    if start is None:
        return _over_form(around)
    records = [line for line in below[start + 1 :] if around.is_dated(line, LABELLED)]
    return f"{below[start]}: {records[0]}" if len(records) >= LEAST_RECORDS else None


def _over_form(around: _Surrounding) -> str | None:
    """Return the first of the dated lines that stand in one box with a form to write in, and without
    the beginning of the article; None where there are too few. One is enough that states a time of
    the day, in the nearest box that has words beside the form's.
    """
    own = {*around.text[:1], around.article.headline}
    for form in around.document.tree.iter("textarea"):
        is_nearest, words = True, 0
        for box in islice(form.iterancestors(), NEAREST_BOXES):
            lines = [" ".join(line.split()) for line in block_text(box, around.beside).split("\n")]
            if box.tag in {"body", "html"} or not own.isdisjoint(lines):
                break
            records = [line for line in lines if around.is_dated(line, LABELLED)]
            is_timed = is_nearest and any(map(around.is_timed, records))
            if is_timed or len(records) >= LEAST_RECORDS:
                return f"over a form: {records[0]}"
            is_nearest = is_nearest and (box.tag == "form" or len(lines) == words)
            words = len(lines)
    return None


def _is_over_thread(line: str) -> bool:
    if len(line) > SHORT:
        return False
    count = read_count(line)
    return count > 0 if count is not None else is_thread_heading(line)


_Witness = tuple[str, Callable[[Article], bool], Callable[[_Surrounding], str | None]]
_WITNESSES: tuple[_Witness, ...] = (
    ("date_published", lambda article: article.date_published is None, _shows_date),
    ("authors", lambda article: not article.authors, _shows_author),
    ("comments", lambda article: not article.comments, _shows_comments),
)
