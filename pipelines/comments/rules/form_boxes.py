"""What readers wrote right over the form in which others may answer, or the line that they no longer
may, in a box of its own: a thread whatever its heading says.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml.html import HtmlElement

from pipelines.comments.page import View, view_of
from pipelines.document import Document, is_other_heading

LONGEST_HEAD = 120  # letters of the box before what was written
LEAST_TITLE = 12  # letters: a shorter heading may be in a title by chance
MOST_IN_BOX = 12  # forms beside each other, over each of which it is looked
LEVELS = 4  # boxes around a form, the nearest with words over it is looked at
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 legend".split())
_LANDMARKS = frozenset({"body", "html", "main"})
_UNSEEN = frozenset({"script", "style", "template"})


@dataclass(frozen=True, slots=True)
class FormBox:
    """The siblings over a form, *roots*, behind the heading of the box that they share with it."""

    roots: tuple[HtmlElement, ...]


def boxes_over_forms(view: View) -> Iterator[FormBox]:
    """Yield what is over each form for comments, or the line in the place of one, in a box that
    holds nothing of the article; of many in one box over the first and the last ones. Where several
    like siblings over a form have forms of their own and no headings, what is over each of these is
    taken for one comment, and not yielded.
    """
    boxes = [
        found
        for around, under in _boxes_under_words(view).items()
        for one in _ends(under)
        if (found := _box_over(one, around, view.subject)) is not None
    ]
    roots = {root: found for found in boxes for root in found.roots}
    inside = [_nearest(found, roots) for found in boxes]
    single = _single_comments({*inside}, roots)
    yield from (found for found, root in zip(boxes, inside, strict=True) if root not in single)


def _nearest(inner: FormBox, roots: Container[HtmlElement]) -> HtmlElement | None:
    """Return the nearest of *roots* that *inner* is in."""
    return next((one for one in inner.roots[0].iterancestors() if one in roots), None)


def _single_comments(
    inside: Set[HtmlElement | None], roots: Mapping[HtmlElement, FormBox]
) -> set[HtmlElement]:
    """Return which of *inside*, roots that hold forms of their own, are like others of their box."""
    kinds = {
        root: (roots[root], root.tag, root.get("class"))
        for root in inside
        if root is not None and next(root.iter(*_HEADINGS), None) is None
    }
    alike = Counter(kinds.values())
    return {root for root, kind in kinds.items() if alike[kind] > 1}


def _boxes_under_words(view: View) -> dict[HtmlElement, list[HtmlElement]]:
    """Return the boxes of forms that have words over them, in the order of the page, by the box
    that each is in.
    """
    known: dict[HtmlElement, bool] = {}
    under: dict[HtmlElement, list[HtmlElement]] = {}
    for form in _forms(view):
        box = _under_words(form, known)
        if box is not None and (around := box.getparent()) is not None:
            under.setdefault(around, []).append(box)
    return under


def _ends(boxes: Sequence[HtmlElement]) -> Sequence[HtmlElement]:
    """Return the first and the last of *boxes*, each once; all where they are few."""
    once = list(dict.fromkeys(boxes))
    return (
        once
        if len(once) <= MOST_IN_BOX
        else [*once[: MOST_IN_BOX // 2], *once[-MOST_IN_BOX // 2 :]]
    )


def _box_over(box: HtmlElement, around: HtmlElement, subject: str) -> FormBox | None:
    before = [one for one in box.itersiblings("*", preceding=True) if _states(one)]
    return _behind_heading(before, around, subject)


def _forms(view: View) -> Iterable[HtmlElement]:
    """Return the forms for comments, or what is written in where it is in none, and the lines in
    the place of one.
    """
    places = sorted({*view.forms, *view.notices})
    written_in = (view.index.elements[place] for place in places)
    return dict.fromkeys(next(one.iterancestors("form"), one) for one in written_in)


def has_words_over_form(document: Document) -> bool:
    """Return whether something is written over a form for comments, in a box of its own."""
    has_form = next(document.tree.iter("textarea"), None) is not None
    return has_form and next(boxes_over_forms(view_of(document)), None) is not None


def _under_words(form: HtmlElement, known: dict[HtmlElement, bool]) -> HtmlElement | None:
    """Return the nearest box around *form* that has words over it in the box that it is in; of what
    is *known* of other boxes nothing is looked for again.
    """
    for box in (form, *islice(form.iterancestors(), LEVELS)):
        if box.getparent() is None or box.tag in _LANDMARKS:
            return None
        if box not in known:
            known[box] = _has_words_before(box, known)
        if known[box]:
            return box
    return None


def _has_words_before(box: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    for one in box.itersiblings("*", preceding=True):
        if known.get(one) or _states(one):
            return True
        if one in known:
            return False
    return False


def _states(element: HtmlElement) -> bool:
    """Return whether *element* shows words that are not all links, as those of a pager are."""
    linked = sum(len(link.text_content().strip()) for link in element.iter("a"))
    return element.tag not in _UNSEEN and len(element.text_content().strip()) > linked


def _behind_heading(before: list[HtmlElement], around: HtmlElement, subject: str) -> FormBox | None:
    """Return what of the siblings *before* a form, the nearest first, is behind the heading of the
    box *around* them; None where that is another list's, or one of them bears the article's own
    title: a part of its *subject*.
    """
    roots = [*takewhile(lambda one: one.tag not in _HEADINGS, before)][::-1]
    heads = [_words(one) for one in before[len(roots) :]]
    titles = (_words(title) for box in before for title in box.iter(*_HEADINGS))
    is_own = any(len(title) >= LEAST_TITLE and title.casefold() in subject for title in titles)
    is_other = any(map(is_other_heading, heads)) or sum(map(len, heads)) > LONGEST_HEAD
    has_headline = next(around.iter("h1"), None) is not None
    return None if not roots or is_own or is_other or has_headline else FormBox(tuple(roots))


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
