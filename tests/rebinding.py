"""A resolver for tests: every name below .test leads to this machine, as a hostile site's
name may.
"""

from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed


class Resolver(CachingThreadedResolver):
    """Scrapy's resolver, but for names below .test."""

    def getHostByName(self, name: str, timeout: Any = None) -> "Deferred[str]":  # noqa: N802  # Twisted's name
        return (
            succeed("127.0.0.1") if name.endswith(".test") else super().getHostByName(name, timeout)
        )
