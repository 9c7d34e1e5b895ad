"""Run a function in a process of its own, because what it's given may want all time or memory.

Pages of others and patterns of users are such things: the run goes on without their result.
"""

import contextlib
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

SECONDS = 10.0  # for a call
MEMORY = 600 * 2**20  # bytes that the process may address


class LimitError(Exception):
    """A function wanted more time or memory than it may have."""


class Aside:
    """A process that is started for the first call, and again after one that failed."""

    process: SpawnProcess | None = None
    is_closed = False

    def call(
        self, function: Callable[..., Any], *arguments: object, seconds: float = SECONDS
    ) -> Any:  # noqa: ANN401
        """Call a function of a module, one at a time.

        Args:
            function: what to call.
            arguments: what it's given.
            seconds: what it may take.

        Returns:
            Its result.

        Raises:
            LimitError: if there is none within the limits.
        """
        if self.process is None:
            spawn = multiprocessing.get_context("spawn")
            self.pipe, end = spawn.Pipe()
            process = spawn.Process(target=_serve, args=(end,), daemon=True)
            _start(process)
            end.close()
            self.process = process
        try:
            if self.is_closed:  # while the process started
                raise EOFError
            self.pipe.send((function, arguments))
            if self.pipe.poll(seconds):
                return self.pipe.recv()
        except (EOFError, OSError):  # it has ended
            pass
        self._kill()
        raise LimitError

    def close(self) -> None:
        """End the process, from whatever thread."""
        self.is_closed = True
        self._kill()

    def _kill(self) -> None:
        """End the process; the next call starts another one."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.join()
            self.pipe.close()


def _start(process: SpawnProcess) -> None:
    """Start a process that Ctrl-C doesn't end, even while it starts."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        return process.start()
    resource_tracker.ensure_running()  # each start does this, and it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return None


def _serve(pipe: Connection) -> None:
    """Answer calls until one fails, or until nobody is left to call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends this process
    with contextlib.suppress(ImportError, ValueError):  # Windows and macOS have no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with contextlib.suppress(Exception):
        while True:
            function, arguments = pipe.recv()
            pipe.send(function(*arguments))
