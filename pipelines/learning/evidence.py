"""What a site itself says of its articles elsewhere: feeds with whole texts and the JSON-LD of a page teach better than any guess."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree
from lxml.html import HtmlElement

from pipelines.block_text import block_text
from pipelines.boilerplate import find_furniture
from pipelines.comments.jsons import plain_text
from pipelines.document import Document
from pipelines.learning.likeness import LEAST_LIKENESS, find_holder, word_f1
from pipelines.structured import article_object, meta, text
from storage.addresses import variant_key
from storage.records import Article, Author

LEAST_BODY = 200
WHOLE = 0.6  # a text shorter than this share of the page's own is an excerpt
LONGEST_NAME = 60
_SITE = frozenset({"navigation", "sidebar", "footer", "share", "related", "latest_comments"})
_CONTENT = ("encoded", "content")
_AUTHOR = ("creator", "author")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the site says of one article: its *title*, its *author*, its whole *body* as plain text; None where it does not."""

    title: str | None = None
    author: str | None = None
    body: str | None = None


def read_evidence(feed: bytes) -> dict[str, Evidence]:
    """Return by address (storage.addresses.variant_key) what the entries of an RSS or Atom *feed* say; nothing for what is no feed.

    A title or an author that all entries share names the site, and is left out.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(feed, parser)
    except etree.XMLSyntaxError:
        return {}
    entries = root.iter("{*}item", "{*}entry") if root is not None else ()
    found = {variant_key(address): said for entry in entries for address, said in _of_entry(entry)}
    for name in ("title", "author"):
        if len(found) > 1 and len({getattr(said, name) for said in found.values()}) == 1:
            found = {address: replace(said, **{name: None}) for address, said in found.items()}
    return found


def _of_entry(entry: etree._Element) -> Iterator[tuple[str, Evidence]]:
    fields: dict[str, str] = {}
    for child in entry:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname.lower()
        value = child.get("href") if name == "link" and child.get("rel", "alternate") == "alternate" else None
        value = value or (child.findtext("{*}name") if name == "author" else None) or child.text or ""
        if value.strip():
            fields.setdefault(name, value.strip())
    if fields.get("link", "").startswith(("http://", "https://")):
        body = next((plain_text(fields[name]) for name in _CONTENT if name in fields), None)
        author = next((fields[name] for name in _AUTHOR if name in fields), None)
        is_name = author is not None and "@" not in author and len(author) <= LONGEST_NAME
        yield fields["link"], Evidence(plain_text(fields.get("title")) or None, author if is_name else None, body)


def evidence_for(document: Document, feeds: Mapping[str, Evidence]) -> Evidence:
    """Return what *feeds* and the page's own JSON-LD say of the article on it."""
    said = feeds.get(variant_key(document.url), Evidence())
    stated = text(article_object(document).get("articleBody"))
    return replace(said, body=said.body or stated)


def corrected(
    document: Document, article: Article, said: Evidence, threaded: set[HtmlElement]
) -> tuple[Article, HtmlElement | None]:
    """Return *article* as the evidence has it where its own page shows that too, and the element of a text that was read wrongly.

    What the evidence does not say, or says as it was read, stays; an excerpt is no evidence of a text.
    """
    names = [author.name for author in article.authors]
    author = said.author if said.author not in names and not _names_site(document, said.author or "") else None
    if author and next(shown_as(document, author, threaded), None) is not None:
        article = replace(article, authors=(Author(name=author),))
    title = said.title if said.title != article.headline else None
    if title and next(shown_as(document, title, threaded), None) is not None:
        article = replace(article, headline=title)
    body = said.body or ""
    is_whole = len(body) >= max(LEAST_BODY, WHOLE * len(article.article_body))
    if not is_whole or word_f1(article.article_body, body) >= LEAST_LIKENESS:
        return article, None
    holder = find_holder(document.tree, body, threaded)
    if holder is None:
        return article, None
    return replace(article, article_body=block_text(holder, threaded | find_furniture(holder).keys()), method="container"), holder


def _names_site(document: Document, name: str) -> bool:
    return name == meta(document, "og:site_name") or name in (document.tree.findtext(".//title") or "")


def shown_as(document: Document, words: str, threaded: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements that say *words* and nothing else, outside the thread and the site's own parts."""
    tree = document.tree
    outside = threaded | {element for element, reason in find_furniture(tree).items() if reason in _SITE}
    for element in tree.iter("h1", "h2", "h3", "a", "span", "b", "strong", "p", "div", "address", "cite"):
        if len(element) > 3 or " ".join(element.text_content().split()) != words:
            continue
        if not any(a in outside or a.tag in {"nav", "aside", "footer"} for a in (element, *element.iterancestors())):
            yield element
