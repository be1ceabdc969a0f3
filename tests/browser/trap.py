"""A server that must never be asked."""

import socket
import threading


class Trap:
    """Notes every connection to a free loopback port."""

    def __init__(self) -> None:
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            connection, _address = self._socket.accept()
            with connection:
                connection.settimeout(5)
                if connection.recv(4) == b"STOP":
                    return
                self.connections += 1

    def close(self) -> None:
        """Stop listening."""
        with socket.create_connection(self._socket.getsockname()) as connection:
            connection.sendall(b"STOP")
        self._thread.join()
        self._socket.close()
