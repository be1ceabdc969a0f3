"""The dataset card: what a dataset is, for people, under the header that a dataset hub reads."""

from storage.exports.fields import ExportRequest, shown_name
from storage.exports.hub import front_matter
from storage.exports.made import CardCounts, Made


def card(made: Made, version: str) -> str:
    """Return the dataset card as Markdown, with the header that dataset hubs read."""
    request, counts = made.request, made.counts
    return "\n".join(
        (
            *front_matter(made),
            "",
            f"# {made.title}",
            "",
            made.description(version),
            "",
            "## Files",
            "",
            *(
                f"- `{one['name']}`: {one['bytes']} bytes, SHA-256 `{one['sha256']}`"
                for one in made.files
            ),
            "",
            "## Fields",
            "",
            "| field | type | filled | meaning |",
            "| --- | --- | --- | --- |",
            *(
                f"| {shown_name(one, request)} | {one.kind} | {counts.filled[one.name]} "
                f"| {one.meaning} |"
                for one in made.fields
            ),
            "",
            "## Sites and years",
            "",
            "| site | year | rows |",
            "| --- | --- | --- |",
            *(
                f"| {site} | {year} | {count} |"
                for (site, year), count in sorted(counts.by_site_and_year.items())
            ),
            "",
            *_coverage(counts),
            *_names(request),
            *_rights(made),
        )
    )


def _coverage(counts: CardCounts) -> tuple[str, ...]:
    if not counts.declared:
        return ()
    share = counts.captured / counts.declared
    return (
        "## Coverage",
        "",
        f"The sites declare {counts.declared} comments under these articles; "
        f"{counts.captured} were captured ({share:.1%}). "
        "Why the others are missing is in `comments_gap_reason`. A date that a "
        "page does not state is empty, never guessed.",
        "",
    )


def _names(request: ExportRequest) -> tuple[str, ...]:
    treated = (
        "Commenters' names are as they wrote them."
        if request.names
        else "Commenters' names are pseudonyms: a keyed hash (HMAC-SHA-256) whose key stays "
        "with the archive. "
        "The same name has the same pseudonym throughout. Names of the articles' "
        "authors are as published."
    )
    masked = (
        "Mail addresses, phone numbers and postal addresses inside comments are masked."
        if request.mask
        else "The comments' texts are as written; they may name people."
    )
    return ("## Names", "", f"{treated} {masked}", "")


def _rights(made: Made) -> tuple[str, ...]:
    left_out = (
        f" {made.left_out} rows of pages with a reservation were left out."
        if made.request.training
        else ""
    )
    stated = any(one.name == "tdm_reservation" for one in made.fields) and not made.request.training
    reserved = f" {made.counts.reserved} rows are of pages that reserve it." if stated else ""
    return (
        "## Rights",
        "",
        "Texts belong to those who wrote them; the archive knows no licence for them. "
        "Whether a site reserved text and data mining (W3C TDMRep) is in "
        "`tdm_reservation` as it last stated; "
        f"no signal is no consent.{left_out}{reserved}",
        "",
    )
