"""Which requests of a drawn page are not needed to read it, and are never sent."""

from urllib.parse import urlsplit

NEEDED = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
METHODS = frozenset({"GET", "POST"})
# Counting readers and selling their attention: no thread comes from there.
TRACKERS = frozenset(
    """
    2mdn.net adform.net adnxs.com adobedtm.com adsafeprotected.com adsrvr.org amazon-
    adsystem.com atinternet.com bat.bing.com bluekai.com chartbeat.com chartbeat.net clarity.ms
    cloudflareinsights.com comscore.com connect.facebook.net consensu.org cookiebot.com
    cookielaw.org criteo.com criteo.net crwdcntrl.net demdex.net doubleclick.net
    everesttech.net exelator.com fullstory.com gemius.pl google-analytics.com
    googleadservices.com googlesyndication.com googletagmanager.com googletagservices.com
    hotjar.com hotjar.io iubenda.com krxd.net mathtag.com matomo.cloud mixpanel.com moatads.com
    mouseflow.com newrelic.com nr-data.net omtrdc.net onesignal.com onetrust.com optimizely.com
    outbrain.com parsely.com permutive.com piano.io pubmatic.com quantcast.com quantserve.com
    rubiconproject.com scorecardresearch.com segment.com segment.io sentry.io smartadserver.com
    snowplowanalytics.com stats.wp.com taboola.com teads.tv tiktok.com usercentrics.eu xiti.com
    yieldlab.net
    """.split()
)


def why_blocked(url: str, kind: str, method: str) -> str | None:
    """Return in a word why a request of a page, of a *kind* as browsers call it, is not sent:
    "video" (or sound), "unneeded" (pictures, fonts, trackers), "method"; None where it is.
    """
    if kind == "media":
        return "video"
    if kind not in NEEDED or _is_tracker(urlsplit(url).hostname or ""):
        return "unneeded"
    return None if method in METHODS else "method"


def _is_tracker(host: str) -> bool:
    labels = host.split(".")
    return any(".".join(labels[start:]) in TRACKERS for start in range(len(labels)))
