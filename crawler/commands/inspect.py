"""``knipsel inspect URL|FILE``: how one page is read, and why; nothing is stored."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler import downloader, politeness
from crawler.cli import CommandResult, OurCommand, Refused, set_contact
from pipelines import inspection as inspecting
from pipelines import profiles as site_profiles
from storage.records import Page

NO_ADDRESS = "https://inspected.example/"


class Command(OurCommand):
    """Show how one page is read. Exit code 0, also for a page that is no article; 2: there is no
    page.
    """

    promise = "Show how one page is read and why: fields, thread, what was cut, what is missing"
    explanation = (
        "A page of the archive is read as it was fetched last; any other address is fetched, once"
        " and by the site's rules, and nothing is stored. A file is read as if it stood at --url."
    )
    arguments = "URL|FILE"
    examples = (
        "knipsel inspect https://www.example.nl/artikel/",
        "knipsel inspect saved.html --url https://www.example.nl/artikel/ --html how.html",
    )
    files = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument("--url", help="the address of a page that is a file")
        parser.add_argument(
            "--live", action="store_true", help="fetch the page, also where the archive has it"
        )
        parser.add_argument(
            "--html", metavar="FILE", help="write the page's own text, coloured by role"
        )

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult:
        """Find the page, read it and show how."""
        if len(args) != 1:
            raise Refused("Which page? Say: knipsel inspect https://www.example.nl/artikel/")
        page, profiles, whence = self._find(args[0], opts)
        inspection = inspecting.inspect_page(page, profiles)
        from crawler.cli import inspection_lines  # noqa: PLC0415  # it knows pages, which --help does not

        shown = list(inspection_lines(inspection, whence))
        data = {**inspection.as_data(), "from": whence, "html": opts.html}
        if opts.html:
            Path(opts.html).write_text(inspecting.coloured_page(inspection), encoding="utf-8")
            shown.append(f"The page in colours: {opts.html}")
        return CommandResult(data, tuple(shown))

    def _find(
        self, named: str, opts: argparse.Namespace
    ) -> tuple[Page, tuple[site_profiles.Profile, ...], str]:
        """Return the page that is meant, its site's profiles, and where it came from."""
        path = Path(named)
        if "://" not in named:
            if not path.is_file():
                raise Refused(f"{named} is neither an address (https://...) nor a file.")
            url = opts.url or NO_ADDRESS
            moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            page = Page(url=url, body=path.read_bytes(), fetched_at=moment)
            return page, self._profiles(url), f"file {named}"
        if not opts.live and self._has_archive():
            kept = self._kept(named)
            if kept is not None:
                return replace(kept, status=200), self._profiles(named), "from the archive"
        return self._fetched(named), self._profiles(named), "fetched now, not stored"

    def _has_archive(self) -> bool:
        assert self.settings is not None  # noqa: S101  # Scrapy sets them when it makes the command
        return bool(self.settings["KNIPSEL_DATABASE"]) or (self.folder / "archive.db").exists()

    def _kept(self, url: str) -> Page | None:
        """Return the page as the archive has it, None where it has none."""
        from crawler.archive import open_archive  # noqa: PLC0415  # SQLAlchemy
        from crawler.extraction import newest_look  # noqa: PLC0415  # SQL
        from storage.articles import NotThere  # noqa: PLC0415  # as above

        assert self.settings is not None  # noqa: S101  # as above
        archive, folder = open_archive(self.settings)
        try:
            with archive.read() as connection:
                return newest_look(connection, folder, url)
        except NotThere:
            return None
        finally:
            archive.close()

    def _profiles(self, url: str) -> tuple[site_profiles.Profile, ...]:
        """Return the profiles of the site of *url*, none where nothing is known of it."""
        assert self.settings is not None  # noqa: S101  # as above
        if not self._has_archive():
            return ()
        from crawler.archive import open_archive  # noqa: PLC0415  # as above
        from crawler.extraction import profiles_for  # noqa: PLC0415  # as above

        archive, _folder = open_archive(self.settings)
        try:
            with archive.read() as connection:
                return profiles_for(connection, url, self.settings.getlist("PROFILE_MODULES"))
        except site_profiles.BadProfile as error:
            raise Refused(str(error)) from error
        finally:
            archive.close()

    def _fetched(self, url: str) -> Page:
        """Fetch the page, by robots.txt and the opt-out list, in the name of the contact."""
        assert self.settings is not None  # noqa: S101  # as above
        set_contact(self.settings)
        agent: str = self.settings["USER_AGENT"]
        opted_out = politeness.OptOut(self.folder / politeness.FILE_NAME)
        known: dict[str, politeness.Robots] = {}

        def check(address: str) -> None:
            if opted_out.covers(address):
                raise downloader.NotFetched(
                    f"The opt-out list ({politeness.FILE_NAME}) forbids {address}."
                )
            parts = urlsplit(address)
            origin = f"{parts.scheme}://{parts.netloc}"
            if origin not in known:
                known[origin] = robots_of(fetch, f"{origin}/robots.txt")
            if not known[origin].allows(address, agent):
                raise downloader.NotFetched(f"The site's robots.txt forbids {address}.")

        timeout = self.settings.getfloat("DOWNLOAD_TIMEOUT")
        fetch = downloader.SingleFetch(
            agent, timeout, self.settings.getint("DOWNLOAD_MAXSIZE"), check
        )
        try:
            return fetch.page(url)
        except downloader.NotFetched as error:
            raise Refused(str(error)) from error


def robots_of(fetch: downloader.SingleFetch, url: str) -> politeness.Robots:
    """Return the rules of the robots.txt at *url*; no answer closes the site."""
    try:
        answer = fetch.answer(url)
    except downloader.NotFetched:
        return politeness.Robots.from_answer(None, b"", url)
    return politeness.Robots.from_answer(answer.status, answer.body, url)
