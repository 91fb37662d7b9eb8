"""Work on a stream's items ahead of whoever takes them, in order and in flat memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
# Items without work that wait behind one that is being worked on.
_MOST_WAITING = 256


def in_order(
    items: Iterable[Item], begin: Callable[[Item], Future[Result] | None], most: int
) -> Iterator[tuple[Item, Result | None]]:
    """Each item with the result of the work that `begin` began on it, None where there is none to do.

    At most `most` pieces of work are under way beyond the item that is handed over next.
    """
    waiting: deque[tuple[Item, Future[Result] | None]] = deque()
    pending = 0
    for item in items:
        future = begin(item)
        waiting.append((item, future))
        pending += future is not None
        while waiting and (waiting[0][1] is None or pending > most or len(waiting) > _MOST_WAITING):
            first, done = waiting.popleft()
            pending -= done is not None
            yield first, done.result() if done else None
    for item, future in waiting:
        yield item, future.result() if future else None
