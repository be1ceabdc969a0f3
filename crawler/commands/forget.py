"""``scrapy forget``: erase a commenter, a comment, a page or a site, so that no trace stays and none comes back."""

import argparse
from datetime import datetime

from crawler.command import ArchiveCommand, Refused, console
from storage.archive import Archive
from storage.erasure import Receipt, count_rows, erase, receipt_text
from storage.erasure_plan import ErasureRequest, NothingToErase, Plan, make_plan


class Command(ArchiveCommand):
    """Erase on request. Without ``--yes`` only tells what would be erased."""

    def syntax(self) -> str:
        """Return how the command is typed."""
        return "--author NAME | --comment KEY | --url URL | --site HOST  [--yes]"

    def short_desc(self) -> str:
        """Return what ``scrapy`` lists."""
        return "Erase a commenter, a comment, a page or a site for good; first only tells what would go"

    def long_desc(self) -> str:
        """Return what ``scrapy forget --help`` explains."""
        return (
            "Rows, versions, search index and captures in WARC files go; keyed hashes keep later crawls from bringing them back. "
            "Example: scrapy forget --author 'Jan Jansen', and then the same with --yes"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--author", metavar="NAME", help="all that a commenter of this name wrote")
        what.add_argument("--comment", metavar="KEY", type=int, help="one comment, by its id in comment_thread")
        what.add_argument("--url", metavar="URL", help="an article, or any page, with its comments")
        what.add_argument("--site", metavar="HOST", help="a whole site")
        parser.add_argument("--yes", action="store_true", help="erase; without it nothing is changed")

    def work(self, archive: Archive, args: list[str], opts: argparse.Namespace) -> None:
        """Tell what would go, or let it go and leave a receipt."""
        if args:
            raise Refused("Whose, or what? Say one of --author NAME, --comment KEY, --url URL or --site HOST.")
        request = ErasureRequest(author=opts.author, comment=opts.comment, url=opts.url, site=opts.site)
        try:
            plan = make_plan(archive, request, self.folder)
        except NothingToErase as reason:
            raise Refused(str(reason)) from reason
        if opts.yes:
            self._tell_done(erase(archive, plan, self.folder), plan)
        else:
            self._tell_plan(count_rows(archive, plan), plan)

    def _tell_plan(self, rows: dict[str, int], plan: Plan) -> None:
        out = console()
        out.print("This would be erased:")
        for name, count in rows.items():
            out.print(f"  {name}: {count}")
        captures = sum(len(found) for found in plan.captures.values())
        out.print(f"  captures in WARC files: {captures}")
        for copy in plan.copies:
            out.print(f"  older copy of the archive: {copy.name}")
        self._tell_mentions(plan)
        out.print("Nothing was changed. Say --yes to erase it; it cannot be undone.")

    def _tell_done(self, receipt: Receipt, plan: Plan) -> None:
        path = self._keep(receipt)
        out = console()
        out.print(receipt_text(receipt), markup=False)
        self._tell_mentions(plan)
        out.print(f"This receipt, which does not say what was erased, is kept in {path}.")
        out.print("Backups and exports made before still hold it: they are yours to replace.")

    def _tell_mentions(self, plan: Plan) -> None:
        if plan.mentions:
            console().print(f"The name stands in {plan.mentions} texts of others, which stay: search for it, and judge each.")

    def _keep(self, receipt: Receipt) -> str:
        folder = self.folder / "receipts"
        folder.mkdir(parents=True, exist_ok=True)
        at: datetime = receipt.erased_at
        path = folder / f"erasure-{at:%Y%m%dT%H%M%S%f}.json"
        path.write_text(receipt_text(receipt) + "\n", encoding="utf-8")
        return str(path)
