"""Addresses: the one canonicaliser, used everywhere, and what is never followed.

A trailing slash is kept as the site writes it: sites differ, and a redirect shows it. same_page
folds what is one page all the same.
"""

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

_PART = re.compile(r"/(?:comment-page-\d+|feed|amp|embed|trackback|print)/?$", re.IGNORECASE)
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


def site_of(url: str) -> str:
    """Return the name of the site that *url* is on: its host without "www.", with the port when it
    is not the default.
    """
    host = parts_of(url).netloc.rpartition("@")[2].lower()
    return host.removeprefix("www.").removesuffix(":80").removesuffix(":443")


def site_named(text: str) -> str:
    """Return the name of the site that a user means by a host or an address: "www.example.nl",
    "https://example.nl/".
    """
    return site_of(text if "//" in text else f"//{text}")


def variant_key(url: str) -> str:
    """Return a key that is equal for the addresses under which one page usually answers.

    Scheme, "www.", a trailing slash and index.html do not count.
    """
    parts = parts_of(url)
    path = without_index(parts.path).rstrip("/")
    return unquote(f"{site_of(url)}{path}") + (f"?{parts.query}" if parts.query else "")


def without_index(path: str) -> str:
    """Return *path* without the name of a folder's own page: "/2007/index.html" is "/2007/"."""
    return _INDEX_FILE.sub("/", path)


def is_way_to(address: str, url: str) -> bool:
    """Return whether *address* is only a way to the page at *url*: its feed, a page of its
    comments, a link that shares it.
    """
    if variant_key(_PART.sub("/", address)) == variant_key(url):
        return True
    path = parts_of(url).path
    named = {value for _name, value in parse_qsl(parts_of(address).query)}
    return url in named or (len(path) > 1 and path in named and site_of(address) == site_of(url))


LONGEST, MOST_SEGMENTS, MOST_PARAMETERS = 2000, 12, 8

# Parameters that track a reader or change only how the same page is shown.
_DROPPED = re.compile(
    r"""(?: utm_\w+ | _ga | _gl | gclid | dclid | gbraid | wbraid | fbclid | msclkid | yclid
        | igshid | twclid | mc_[ce]id | mkt_tok | hss_channel | _hs\w+ | vero_\w+ | fb_\w+
        | ns_\w+ | at_(?:medium|campaign|custom\d) | ref_src | ref_url | replytocom | unapproved
        | moderation-hash | share | nb | like_comment | _wpnonce | print | printpage | printer
        | print_view | amp | outputtype | w3tc_note | doing_wp_cron | preview(?:_\w+)?
        | (?:php|j|asp)?_?sess(?:ion)?_?(?:id|key|hash) | aspsessionid\w+ | asp\.net_sessionid
        | oscsid | xtcsid | zenid | cfid | cftoken | vbsessionhash )""",
    re.IGNORECASE | re.VERBOSE,
)
# Of Java's servers (";jsessionid=..."), of PHP's (";sid=...") and of ASP.NET's ("/(S(...))/").
_SESSION_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sessionid|sid)=[^/?#;]*|/(?:\((?:[A-Z]\([^()/]*\))+\)(?=/|$))+",
    re.IGNORECASE,
)
# Parameters that number a session, unless their value can be the number of a page: PHP-Nuke's
# "sid=12" is an article.
_SESSIONS = (
    (re.compile(r"sid", re.IGNORECASE), re.compile(r"(?!\d{1,8}$).+")),
    (
        re.compile(r"s|ssid|ses|sess|session", re.IGNORECASE),
        re.compile(r"(?=.*\d)[0-9A-Za-z,_-]{16,}"),
    ),
)
_TO_HOST = re.compile(r"^[/\\]{2,}")
_ESCAPED_SCHEME = re.compile(r"^(https?)%3A(?=//)", re.IGNORECASE)
_SCHEME_ONLY = re.compile(r"https?:/*", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_VIEW_PATH = re.compile(r"/(?:amp|print|printversie)(/?)$", re.IGNORECASE)
_AMP_FILE = re.compile(r"\.amp(\.html?)?$", re.IGNORECASE)
_COMMENT_PATH = re.compile(r"/comment-page-\d+/?$")
_COMMENT_PARAMETERS = frozenset({"cpage", "cp"})
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|pdf|docx?|xlsx?|pptx?|odt|ods|"
    r"epub|zip|gz|tgz|bz2|xz|rar|7z|exe|dmg"
    r"|mp[34]|m4[av]|mov|avi|wmv|webm|og[gv]|wav|flac|woff2?|ttf|eot|ics|vcf|swf)$",
    re.IGNORECASE,
)
# A script, unless it is an article about one: "/nieuws/leren-werken-met-node.js".
_SCRIPT = re.compile(
    r"^(?=.*\.(?:css|m?js|json|map)$)(?:.*/(?:assets?|static|js|scripts?|css|styles?|dist|build|libs?"
    r"|vendor|bundles?|themes?|node_modules|wp-content|wp-includes|plugins?|media|includes?|modules)/"
    r"|/[^/]*$|.*[._-](?:min|bundle|prod|v?\d{1,8}(?:\.\d{1,8}){1,4}|[0-9a-f]{6,})\.\w+$)",
    re.IGNORECASE,
)

_FORM_PATH = (
    r"/(?:comments?|reacties?|posts?|replies)/(?:\d+/)?(?:reply|respond|post|sent|flag|flagged|like|dislike|vote|report|edit|delete|mute|antwoord(?:en)?|beantwoord(?:en)?|reageer|meld(?:en)?|create)(?:/|$)"
    r"|/(?:posting|newreply|memberlist|ucp|mcp|report)\.php$"
)
# Paths that hold no article or change something, each with its reason.
_UNFOLLOWED = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"/wp-(?:admin|login|json|includes|cron)\b|/xmlrpc\.php", "machinery"),
        (r"/(?:trackback|oembed)/?$|/embed/$", "machinery"),
        (_FORM_PATH, "machinery"),
        (r"/(?:comments|reacties)/feed\b|/[^/]+/feed/?$|/feed/(?:atom|rss2?|rdf)/?$", "feed"),
        (r"/(?:log-?in|logout|inloggen|uitloggen|aanmelden)\b", "login"),
        (r"/(?:registreren|register|signup|wachtwoord)\b", "login"),
        (r"/(?:my-)?(?:account|cart|checkout|winkelwagen|winkelmand|afrekenen)\b", "shop"),
        (r"/(?:search|zoeken|zoek)(?:/|$)", "search"),
        (r"/(?:share|mailto|email|tell-a-friend|stuur-door)(?:/|$)", "share"),
    )
)
_UNFOLLOWED_PARAMETERS: dict[str, str] = {
    "s": "search", "q": "search", "zoek": "search", "search": "search", "zoekterm": "search",
    "add-to-cart": "shop", "action": "machinery", "do": "machinery", "sort": "filter",
    "order": "filter", "orderby": "filter", "filter": "filter", "view": "filter", "feed": "feed",
    "tb": "machinery",
}  # fmt: skip
_FAR_YEAR = re.compile(r"/(?:(?:1[0-8]|2[1-9]|[3-9]\d)\d\d)/(?:0?[1-9]|1[0-2])(?:/|$)")


class BadAddress(ValueError):
    """Raised when a text is no address of a page on the web; its text gives the reason."""


def canonical(url: str, base: str | None = None) -> str:
    """Return *url*, resolved against *base*, in the one form in which addresses are stored and
    compared.

    Raises BadAddress for other schemes, missing hosts, credentials, and addresses over 2,000
    characters.
    """
    try:
        address = _canonical(_split(url, base))
    except BadAddress:
        raise
    except ValueError as error:
        raise BadAddress(f"{url[:200]!r} is no address: {error}") from error
    if len(address) > LONGEST:
        raise BadAddress(f"The address is longer than {LONGEST} characters.")
    return address


def resolve(href: str | None, base: str) -> str | None:
    """Return the address that *href* names on a page whose links are counted from *base*, None
    when it names none. For a site's own text: never raises.
    """
    try:
        address = urljoin(base, as_browsers_read(href or ""))
        return address if href and urlsplit(address).port != 0 else None
    except ValueError:
        return None


def as_browsers_read(href: str) -> str:
    """Return *href* as browsers read it: "///host" names a host, backslashes are slashes (WHATWG
    URL Standard), and an address whose colon is escaped is one all the same.
    """
    return _ESCAPED_SCHEME.sub(r"\1:", _TO_HOST.sub("//", href.strip()))


def is_address(text: str) -> bool:
    """Return whether *text* is an address of a page on the web."""
    try:
        canonical(text)
    except BadAddress:
        return False
    return True


def parts_of(url: str) -> SplitResult:
    """Return the parts of *url*, all empty where it is no address."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _canonical(parts: SplitResult) -> str:
    path = _AMP_FILE.sub(r"\1", _VIEW_PATH.sub(r"\1", _SLASHES.sub("/", parts.path or "/")))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([pair for pair in pairs if not _is_dropped(*pair)])
    return str(canonicalize_url(urlunsplit((parts.scheme, _host(parts), path or "/", query, ""))))


def _is_dropped(name: str, value: str) -> bool:
    """Return whether a parameter tracks a reader, or numbers his session."""
    return bool(_DROPPED.fullmatch(name)) or any(
        names.fullmatch(name) and values.fullmatch(value) for names, values in _SESSIONS
    )


def _split(url: str, base: str | None) -> SplitResult:
    text = as_browsers_read(url)
    if len(text) > 2 * LONGEST:
        raise BadAddress(f"The address is longer than {LONGEST} characters.")
    if _SCHEME_ONLY.fullmatch(text):
        raise BadAddress(f"{text!r} names no host.")
    if base is not None:
        text = urljoin(base, text)
    scheme = urlsplit(text).scheme.lower()
    if scheme not in {"http", "https"}:
        raise BadAddress(f"{text[:200]!r} is not an http or https address.")
    parts = urlsplit(safe_url_string(_SESSION_PATH.sub("", text)))
    if not parts.hostname:
        raise BadAddress(f"{text[:200]!r} names no host.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("The address holds a user name or password.")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return host if port is None or port == _DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"


_DEFAULT_PORTS = {"http": 80, "https": 443}


def same_site(url: str, other: str) -> bool:
    """Return whether two addresses are on one site; http and https, with and without "www."
    are one.
    """
    return site_of(url) == site_of(other)


def at_host_of(page: str, url: str) -> str:
    """Return *url* under the scheme and host of *page*, a page of the same site: one page is then
    one address.
    """
    return urlunsplit((*parts_of(page)[:2], *parts_of(url)[2:]))


def is_comment_page(url: str) -> bool:
    """Return whether *url* is a further page of an article's comments, never a page of its own."""
    parts = parts_of(url)
    names = {pair.partition("=")[0] for pair in parts.query.split("&")}
    return bool(_COMMENT_PATH.search(parts.path) or names & _COMMENT_PARAMETERS)


def first_comment_page(url: str) -> str:
    """Return the canonical address of the article whose comments' further page *url* is; any other
    address as it is.
    """
    parts = parts_of(url)
    pairs = [
        pair for pair in parts.query.split("&") if pair.partition("=")[0] not in _COMMENT_PARAMETERS
    ]
    return urlunsplit((*parts[:2], _COMMENT_PATH.sub("/", parts.path), "&".join(pairs), ""))


def why_unfollowed(url: str) -> str | None:
    """Return in a word why the canonical address *url* is never fetched as a page; None when it may
    be.
    """
    parts = parts_of(url)
    path = parts.path.lower()
    if _MEDIA.search(path) or _SCRIPT.search(path):
        return "media"
    for pattern, reason in _UNFOLLOWED:
        if pattern.search(path):
            return reason
    names = [pair.partition("=")[0].lower() for pair in parts.query.split("&") if pair]
    for name in names:
        if name in _UNFOLLOWED_PARAMETERS:
            return _UNFOLLOWED_PARAMETERS[name]
    if len(names) > MOST_PARAMETERS or _is_trap(path):
        return "trap"
    return "comment_page" if is_comment_page(url) else None


def _is_trap(path: str) -> bool:
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > MOST_SEGMENTS or _FAR_YEAR.search(path):
        return True
    return any(
        segments[i : i + size]
        == segments[i + size : i + 2 * size]
        == segments[i + 2 * size : i + 3 * size]
        for size in (1, 2, 3)
        for i in range(len(segments) - 3 * size + 1)
    )
