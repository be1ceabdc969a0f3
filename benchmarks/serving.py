"""A server in a thread of this process, for as long as a block lasts; it leaves no socket, task or
loop behind.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Self

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Serving:
    """Hands every connection on a free port of *host* to *answer*; ``call`` runs something in the
    server's thread.
    """

    def __init__(self, answer: Answer, host: str) -> None:
        self._answer = answer
        self._host = host
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._accept, self._host, 0), self._loop
        ).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, action: Callable[[], object]) -> None:
        """Run *action* in the server's thread, soon."""
        self._loop.call_soon_threadsafe(action)

    def reset(self) -> None:
        """Break every connection."""
        self.call(self._abort)

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._answer(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _end(self) -> None:
        self._server.close()
        self._abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if tasks:
            await asyncio.wait(tasks, timeout=5)
        await asyncio.sleep(0)  # aborted transports close their sockets in the loop's next turn
