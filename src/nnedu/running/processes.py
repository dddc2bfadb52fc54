"""Processes that work for a command: they end with it, however it ends, and Ctrl-C is the command's own business."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.process import BaseProcess


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Start processes that Ctrl-C in the terminal does not reach: it is for the command, which then ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_pool(pool: ProcessPoolExecutor, others: Collection[BaseProcess]) -> None:
    """End all processes of a pool at once, whatever they are doing; `others` were there before it."""
    pool.shutdown(wait=False, cancel_futures=True)
    for process in set(multiprocessing.active_children()) - set(others):
        process.kill()
        process.join()


def end_with_parent() -> None:
    """Have this process end when the command has been killed: nothing else would tell it."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
