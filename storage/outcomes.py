"""Outcomes: what came of a request or of reading a page, in a word, and what follows from it.

One table for everybody who asks: the downloader (which outcome is this answer?), the throttle and
robots (does the site ask for rest?), the frontier (what is the page's next state, is it tried
again?), and the verdict of a run (is this a wall, is it trouble?).
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one status or failure means.

    *cause* is an HTTP status or a failure in a word; 100, 300, 400 and 500 also are the
    statuses of their class that are not named. *state* is the page's next state: "retry" is tried
    again after a pause that doubles, "put_back" as soon as something may be sent again, the others
    when the schedule has it. *marks* are letters: R the site asks for rest (the pause between two
    requests doubles, and Retry-After is kept to), U its robots.txt is unreachable by such an
    answer, W a wall in the place of a page, T trouble that a run's verdict counts.
    """

    cause: int | str
    name: str
    state: str
    sentence: str = ""
    marks: str = ""

    @property
    def asks_for_rest(self) -> bool:
        """Whether the site wants fewer requests."""
        return "R" in self.marks

    @property
    def closes_robots(self) -> bool:
        """Whether such an answer for robots.txt closes the whole site (RFC 9309, 2.3.1)."""
        return "U" in self.marks


LONGEST_REST_SECONDS = 7 * 86400.0  # a Retry-After of more is kept to for a week
RUN_REST_SECONDS = 120.0  # a longer rest ends the run; the next one keeps to it

_TABLE = (
    # An answer's status.
    Outcome(200, "ok", "done"),
    Outcome(100, "server_error", "retry", "The site gave no final answer.", "TU"),
    Outcome(300, "redirect", "refused", "The redirect names no address."),
    Outcome(304, "not_modified", "unchanged", "The page has not changed."),
    Outcome(400, "client_error", "refused", "The site refused the request.", "T"),
    Outcome(401, "login", "refused", "The page wants a login.", "WT"),
    Outcome(402, "paywall", "refused", "The page wants to be paid for.", "W"),
    Outcome(403, "forbidden", "refused", "The site forbids the page.", "WT"),
    Outcome(404, "not_found", "gone", "There is no such page."),
    Outcome(408, "timeout", "retry", "The site gave the request up.", "T"),
    Outcome(410, "gone", "gone", "The page was removed."),
    Outcome(429, "too_many_requests", "retry", "The site asks for fewer requests.", "RTU"),
    Outcome(451, "legal", "refused", "The page is withheld for legal reasons.", "WT"),
    Outcome(500, "server_error", "retry", "The site failed to answer.", "TU"),
    Outcome(503, "server_error", "retry", "The site failed to answer.", "RTU"),
    # A request that got no answer, or none that can be used.
    Outcome("dns", "dns", "retry", "The host name does not resolve.", "T"),
    Outcome("timeout", "timeout", "retry", "The site did not answer in time.", "T"),
    Outcome("refused", "connection_refused", "retry", "The site refused the connection.", "T"),
    Outcome("cut_off", "cut_off", "retry", "The connection ended before the answer did.", "T"),
    Outcome("lost", "connection_lost", "retry", "The connection was lost.", "T"),
    Outcome("fetch_error", "fetch_error", "retry", "The request failed.", "T"),
    Outcome("head_size", "too_large", "failed", "The answer's head is larger than 256 KiB.", "T"),
    Outcome("size", "too_large", "failed", "The answer is larger than DOWNLOAD_MAXSIZE.", "T"),
    Outcome(
        "unpacked_size",
        "too_large",
        "failed",
        "The answer unpacks to more than DOWNLOAD_MAXSIZE.",
        "T",
    ),
    Outcome(
        "bad_encoding", "bad_encoding", "failed", "The answer's content encoding is broken.", "T"
    ),
    Outcome("bad_scheme", "bad_address", "failed", "The address is not http or https."),
    # A request that was not sent.
    Outcome("robots", "robots", "refused", "robots.txt forbids this address.", "W"),
    Outcome("opted_out", "opted_out", "refused", "The opt-out list covers this address.", "W"),
    Outcome("resting", "resting", "refused", "The thread's own host may not be asked for now."),
    Outcome("sent_away", "sent_away", "put_back", "Nothing may be sent to the site for now."),
    Outcome(
        "robots_unavailable",
        "robots_unavailable",
        "put_back",
        "robots.txt gives no answer, so nothing may be fetched.",
        "T",
    ),
    Outcome(
        "private_address",
        "private_address",
        "failed",
        "The address leads to a loopback or private host.",
        "T",
    ),
    Outcome("no_browser", "no_browser", "retry", "The browser cannot be started.", "T"),
    # A redirect that is not followed.
    Outcome("bad_address", "bad_address", "refused", "The redirect leads to no address."),
    Outcome("redirect_loop", "redirect_loop", "refused", "The page sends its reader on for ever."),
    Outcome("redirect_offsite", "redirect_offsite", "refused", "The page leads to another site."),
    # What reading an answer came to; every other word is a kind of page that is no article.
    Outcome("article", "article", "done"),
    Outcome("part", "part", "done"),
    Outcome("consent", "consent", "refused", "The site asks for consent first.", "WT"),
    Outcome("bot_check", "bot_check", "refused", "The site wants to see a person.", "WT"),
    Outcome("extraction_failed", "extraction_failed", "failed", "Reading the page failed.", "T"),
    Outcome("internal_error", "internal_error", "failed", "Reading the page failed.", "T"),
    Outcome("not_stored", "not_stored", "failed", "The database refused the page.", "T"),
    Outcome("unavailable", "unavailable", "failed", "The capture cannot be read."),
)

_BY_CAUSE = {row.cause: row for row in _TABLE}
_STATES = {row.name: row.state for row in reversed(_TABLE)}

WALLS = frozenset(row.name for row in _TABLE if "W" in row.marks)
TROUBLES = frozenset(row.name for row in _TABLE if "T" in row.marks)


def _statuses_of(state: str) -> Iterator[int]:
    for row in _TABLE:
        if row.state == state and isinstance(row.cause, int):
            yield row.cause


GONE_STATUSES = tuple(_statuses_of("gone"))
GONE = tuple(row.name for row in _TABLE if row.state == "gone")


def outcome_of(cause: int | str) -> Outcome:
    """Return what an HTTP status, or a failure in a word, means.

    A status that is not named is of its class, one outside 100 to 599 a refused request. Raises
    KeyError for a word that is not in the table.
    """
    if isinstance(cause, str):
        return _BY_CAUSE[cause]
    return _BY_CAUSE.get(cause) or _BY_CAUSE.get(cause // 100 * 100) or _BY_CAUSE[400]


def state_of(outcome: str) -> str:
    """Return the state in which a page with this outcome rests; a page that was read and is no
    article is "refused".
    """
    return _STATES.get(outcome, "refused")
