"""A line to a server that can be cut: bytes are passed on until they are held back, and then go on
or are lost with the line.
"""

import asyncio
from contextlib import suppress
from typing import Self

from benchmarks.serving import Serving


class CutLine:
    """Passes connections on a free loopback port on to *host* and *port*."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._open = asyncio.Event()
        self._open.set()
        self._serving = Serving(self._pass_both_ways, "127.0.0.1")

    def __enter__(self) -> Self:
        self._serving.__enter__()
        self.port = self._serving.port
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.call(self._open.set)
        self._serving.__exit__()

    def cut(self) -> None:
        """Hold every byte back, in both directions."""
        self._serving.call(self._open.clear)

    def restore(self, *, reset: bool) -> None:
        """Pass bytes on again; with *reset* the connections of before are gone, and what they held
        back.
        """
        if reset:
            self._serving.reset()
        self._serving.call(self._open.set)

    async def _pass_both_ways(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection(*self._target)
        try:
            ways = [
                asyncio.ensure_future(self._pass_on(*way))
                for way in ((reader, back), (there, writer))
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            back.transport.abort()
            writer.transport.abort()
        await asyncio.wait(ways)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                await self._open.wait()
                target.write(data)
                await target.drain()
