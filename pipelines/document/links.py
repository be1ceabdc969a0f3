"""The links in a text: their words, where they lead, as the archive writes that, to whose domain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.document.placement import READERS, Line, MarkTree, lines_of, placed_lines
from pipelines.document.text import Segment
from storage.contacts import without_addresses
from storage.records import Link
from storage.urls import LONGEST, BadAddress, canonical, resolve

if TYPE_CHECKING:
    import tldextract

_WEB = frozenset({"http", "https"})
SCHEMES = _WEB | {"mailto", "tel"}


def link_target(href: str | None, base: str) -> str | None:
    """Return the address to which *href* leads from *base*, None where it stays on its page or is
    no web, mail or telephone address.
    """
    if href is None or href.lstrip().startswith("#"):
        return None
    address = resolve(href, base)
    if address is None or len(address) > LONGEST:
        return None
    return address if urlsplit(address).scheme in SCHEMES else None


def link_of(href: str, words: str, base: str) -> Link | None:
    """Return the link that *words* are, None where *href* leads to no other address."""
    address = link_target(href, base)
    if address is None:
        return None
    if urlsplit(address).scheme not in _WEB:
        return Link(url=address, text=words)
    try:
        same = canonical(address)
    except BadAddress:
        return None
    return Link(url=address, canonical_url=same, domain=domain_of(same), text=words)


def domain_of(url: str) -> str:
    """Return the domain of *url* that can be registered ("bbc.co.uk"), its host where it has none."""
    host = urlsplit(url).hostname or ""
    return _suffixes()(host).top_domain_under_public_suffix or host


@cache
def _suffixes() -> "tldextract.TLDExtract":
    """The list of public suffixes that comes with the package: nothing is fetched."""
    import tldextract  # noqa: PLC0415  # it loads requests, which a crawl's start has no use for

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def links_in(text: str, segments: Iterable[Segment], base: str) -> tuple[Link, ...]:
    """Return the links in a reader's *text*, which was made of *segments* and hides whose mailboxes
    are named; of a line that lost its label or its note the links in what is left.
    """
    blocks = [one for one in segments if one.linked]
    if not blocks or not text:
        return ()
    placed = list(placed_lines(text, lines_of(blocks), READERS))
    tree = MarkTree([run.source for _paragraph, _words, line in placed for run in line])
    links = (_without_mailbox(link) for link in found_links(placed, tree, base))
    return tuple(link for link in links if link.text in text)


def _without_mailbox(link: Link) -> Link:
    scheme, found, rest = link.url.partition(":")
    url = f"{scheme}:{without_addresses(rest)}" if found and scheme == "mailto" else link.url
    return replace(link, url=url, text=without_addresses(link.text))


def found_links(
    placed: Sequence[tuple[int, str, Line]], tree: MarkTree, base: str
) -> Iterator[Link]:
    """Yield the links of some lines; one that goes on in the next line is one."""
    anchors: dict[HtmlElement, list[str]] = {}
    for _paragraph, _words, line in placed:
        for run in line:
            for mark in tree.around(run.source)[1]:
                if mark.href and isinstance(mark.key, HtmlElement):
                    anchors.setdefault(mark.key, []).append(run.text)
    for element, words in anchors.items():
        link = link_of(element.get("href") or "", " ".join("".join(words).split()), base)
        if link is not None:
            yield link
