"""What this machine can do at best, and how much of it the embedding model asks for."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_MULTIPLY = """
import time, numpy, torch
one, other = (numpy.random.default_rng(i).random((2048, 2048), dtype=numpy.float32) for i in (0, 1))
best = 9.0
for a, b in ((one, other), (torch.from_numpy(one), torch.from_numpy(other))):
    for _ in range(12):
        started = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - started)
print(2 * 2048**3 / best / 1e9)
"""
LAYERS, WIDTH, INNER = 6, 384, 1536
"""MiniLM-L6: what decides its cost."""


def gigaflops() -> float:
    """The best of two dozen products of square matrices of 2,048 single precision numbers, by numpy and by torch."""
    told = subprocess.run(
        [sys.executable, "-c", _MULTIPLY], capture_output=True, text=True, check=True
    )
    return float(told.stdout)


def described() -> str:
    """Processor, cores, memory and Python of this machine."""
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    cores = len(os.sched_getaffinity(0))
    return f"{processor}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def embedding_work(texts: Sequence[str]) -> tuple[int, float]:
    """Word pieces of the texts, the two at the ends included, and the GFLOP of one pass over each without padding.

    A quotation of 26 pieces costs 559 MFLOP: two for each weight of six layers and piece, and attention's part.
    """
    from tokenizers import Tokenizer

    from pipeline.embedders.models import packaged_folder

    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    weights = LAYERS * (4 * WIDTH**2 + 2 * WIDTH * INNER)
    pieces = [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]
    work = sum(2 * weights * n + LAYERS * 4 * WIDTH * n * n for n in pieces)
    return sum(pieces), work / 1e9
