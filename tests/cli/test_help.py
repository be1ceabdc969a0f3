"""Help reads as it was written: an option's help is no heading."""

import re
from argparse import ArgumentParser
from importlib import import_module
from itertools import pairwise

import pytest
from scrapy.utils.project import get_project_settings

from crawler import console


@pytest.mark.parametrize("name", console.commands())
def test_help_has_no_headings_but_its_own(name: str) -> None:
    command = import_module(f"crawler.commands.{name}").Command()
    command.settings = get_project_settings()
    parser = ArgumentParser(conflict_handler="resolve")
    command.add_options(parser)
    lines = parser.format_help().splitlines()
    underlined = {above for above, line in pairwise(lines) if re.fullmatch("[=-]{4,}", line)}
    assert underlined == {"Usage", "Options", "Global Options", "Output", "Examples"}
