"""Do two things at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["beside", "together"]

A = TypeVar("A")
B = TypeVar("B")


def beside(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, Future[B]]:
    """Do both at once. Returns when the first is done, or raises its error when both are; the future is the second's.

    The caller waits for the future. So whatever interrupts that comes after the answer of the first.
    """
    from concurrent.futures import ThreadPoolExecutor, wait  # noqa: PLC0415 - loads logging; only sessions need it

    executor = ThreadPoolExecutor(1, "exchange_imap")
    other = executor.submit(second)
    executor.shutdown(wait=False)  # its thread ends with the second
    try:
        return first(), other
    except BaseException:
        wait([other])
        raise


def together(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Do both at once, and wait for both even if one fails."""
    made, other = beside(first, second)
    return made, other.result()
