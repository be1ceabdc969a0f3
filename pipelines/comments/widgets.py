"""Comments that a browser would draw: which system's they are. They are recognised and named, never fetched."""

from lxml import etree

from pipelines.comments.index import Index

# A piece of an id, a class token, a tag or a script's address -> the system that draws its comments there.
_WIDGETS: tuple[tuple[str, str], ...] = (
    ("disqus_thread", "disqus"), ("disqus.com/embed", "disqus"), ("disqus-thread", "disqus"), ("disqus-comments", "disqus"),
    ("fb-comments", "facebook"), ("fb:comments", "facebook"),
    ("coral_thread", "coral"), ("coral-thread", "coral"), ("coral-talk", "coral"), ("coral_talk", "coral"), ("talk-stream", "coral"), ("coral-stream", "coral"), ("coral-container", "coral"), ("coral.coralproject", "coral"), ("coral-embed", "coral"),
    ("spotim", "openweb"), ("spot.im", "openweb"), ("spot-im", "openweb"), ("openweb", "openweb"),
    ("viafoura", "viafoura"), ("vf-conversations", "viafoura"), ("vf-comments", "viafoura"),
    ("hyvor-talk", "hyvor"), ("talk.hyvor", "hyvor"),
    ("giscus", "giscus"), ("utteranc", "utterances"), ("gitalk", "gitalk"),
    ("nujij", "nujij"), ("insticator", "insticator"), ("vuukle", "vuukle"), ("fastcomments", "fastcomments"), ("graphcomment", "graphcomment"),
    ("commento", "commento"), ("remark42", "remark42"), ("remark#", "remark42"), ("cusdis", "cusdis"), ("isso-thread", "isso"), ("intensedebate", "intensedebate"),
    ("idc-container", "intensedebate"), ("livefyre", "livefyre"), ("discourse-comments", "discourse"), ("replybox", "replybox"), ("muut", "muut"), ("cackle", "cackle"),
    ("ghost-comments", "ghost"), ("comments-ui", "ghost"), ("waline", "waline"), ("twikoo", "twikoo"), ("commentbox", "commentbox"), ("htmlcommentbox", "htmlcommentbox"), ("cbox.ws", "cbox"),
)  # fmt: skip
_SPOTIM = etree.XPath("descendant-or-self::*/@data-spotim-module", smart_strings=False)


def find_widget(index: Index) -> str | None:
    """Return the system whose comments a browser would draw on the page, None when there is none."""
    names = [*index.by_id, index.class_words, *(tag for tag in {str(e.tag) for e in index.elements} if "-" in tag or ":" in tag)]
    if index.elements:
        names += [address.lower() for e in index.elements[0].iter("script", "iframe") if (address := e.get("src"))]
        names += ["spotim" for module in _SPOTIM(index.elements[0]) if module]
    said = "\n".join(names)
    return next((system for piece, system in _WIDGETS if piece in said), None)
