"""The arguments of a crawl, and workers that are gone."""

import pytest

from crawler.crawl import BadArgument, is_gone, read_arguments
from crawler.crawl.lock import worker_name


def test_this_process_lives_and_a_stranger_with_its_number_does_not() -> None:
    assert not is_gone(worker_name())
    host, _, process = worker_name().partition(":")
    assert is_gone(f"{host}:{process.partition(':')[0]}:12345")
    assert is_gone(f"{host}:999999999:1")
    assert not is_gone("another-machine:1:1")


@pytest.mark.parametrize(
    "arguments",
    [
        {"refresh": "some"},
        {"if_running": "perhaps"},
        {"until": "morgen"},
        {"site": ""},
        {"speed": "9"},
    ],
)
def test_an_argument_that_cannot_be_used_is_said(arguments: dict[str, str]) -> None:
    with pytest.raises(BadArgument, match=r"say|use|Say"):
        read_arguments(arguments)
