"""What is made of a generation once, for all who ask of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Any, TypeVar

Made = TypeVar("Made")


class Remembering:
    """What was made, by name; threads that ask for the same wait for the one that makes it."""

    def __init__(self, most: int) -> None:
        """Of what is asked lately the last `most` are remembered."""
        self._most = most
        self._made: dict[str, Any] = {}
        self._locks: dict[str, RLock] = {}
        self._lock = Lock()
        self._last: OrderedDict[Hashable, Any] = OrderedDict()

    def kept(self, key: str, make: Callable[[], Made]) -> Made:
        """What is noted under `key`, made where it is not yet."""
        with self._lock:
            lock = self._locks.setdefault(key, RLock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
            made: Made = self._made[key]
            return made

    def remade(self, key: str, of: Hashable, make: Callable[[], Made]) -> Made:
        """What is noted under `key` of this very thing; else it is made, and what was noted before is let go."""
        with self._lock:
            lock = self._locks.setdefault(key, RLock())
        with lock:
            if key not in self._made or self._made[key][0] != of:
                self._made[key] = of, make()
            made: Made = self._made[key][1]
            return made

    def remembered(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was asked lately; two that ask at once both make it, and wait for nobody."""
        with self._lock:
            if key in self._last:
                self._last.move_to_end(key)
                held: Made = self._last[key]
                return held
        made = make()
        with self._lock:
            self._last[key] = made
            while len(self._last) > self._most:
                self._last.popitem(last=False)
        return made

    def forget(self) -> None:
        """Let go of all of it."""
        self._made.clear()
        self._last.clear()
