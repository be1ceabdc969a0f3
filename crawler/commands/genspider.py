"""``knipsel genspider``: Scrapy's own command, which knows a template of Knipsel's, too."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands.genspider import Command as ScrapyGenspider

from crawler.cli import CommandResult, OurCommand, Refused

TEMPLATE = Path(__file__).parent.parent / "spiders" / "knipsel.tmpl"


class Command(OurCommand, ScrapyGenspider):
    """Write a spider from a template into the folder of the user's own spiders."""

    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    promise = "Write a spider of your own from a template"
    explanation = (
        "-t knipsel makes one that crawls its site into the archive; the others are Scrapy's."
    )
    arguments = "NAME SITE"
    examples = ("knipsel genspider -t knipsel dorpsblad www.dorpsblad.example",)

    def answer(self, args: list[str], opts: argparse.Namespace) -> CommandResult | None:
        """Have Scrapy write it, which also says so."""
        if len(args) != 2 and not (opts.list or opts.dump):
            raise Refused(f"Which spider, of which site? Say: {self.examples[0]}")
        for wish in ("template", "dump"):
            if getattr(opts, wish) == TEMPLATE.stem:
                setattr(opts, wish, str(TEMPLATE.with_suffix("")))
        ScrapyGenspider.run(self, args, opts)
        if opts.list:
            self.output.print(f"  {TEMPLATE.stem}")
        return None
