"""What this machine can do at best, and how much of it the embedding model asks for."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_MULTIPLY = """
import sys, time, numpy, onnx, onnxruntime, torch
from onnx import TensorProto, helper, numpy_helper
draw = numpy.random.default_rng(0).random
best = 0.0

def pace(rows, inner, columns, multiply):
    for _ in range(12):
        started = time.perf_counter()
        multiply()
        yield 2 * rows * inner * columns / (time.perf_counter() - started) / 1e9

for rows, inner, columns in ((2048, 2048, 2048), (512, 384, 1536), (512, 1536, 384)):
    one, other = (draw(shape, dtype=numpy.float32) for shape in ((rows, inner), (inner, columns)))
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["one", "other"], ["product"])],
        "product",
        [helper.make_tensor_value_info("one", TensorProto.FLOAT, [rows, inner])],
        [helper.make_tensor_value_info("product", TensorProto.FLOAT, [rows, columns])],
        [numpy_helper.from_array(other, "other")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(sys.argv[1])
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    a, b = torch.from_numpy(one), torch.from_numpy(other)
    for multiply in (lambda: one @ other, lambda: a @ b, lambda: session.run(None, {"one": one})):
        best = max(best, *pace(rows, inner, columns, multiply))
print(best)
"""
LAYERS, WIDTH, INNER = 6, 384, 1536
"""MiniLM-L6: what decides its cost."""


def gigaflops() -> float:
    """The best of a hundred products of single precision matrices by numpy, torch and ONNX Runtime, on all cores.

    Large square ones, and 512 rows in the model's own shapes: these stay in the cache, and can be twice as fast.
    """
    cores = len(os.sched_getaffinity(0))
    told = subprocess.run(
        [sys.executable, "-c", _MULTIPLY, str(cores)], capture_output=True, text=True, check=True
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

    from onrecord.pipeline.embedders.models import packaged_folder

    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    weights = LAYERS * (4 * WIDTH**2 + 2 * WIDTH * INNER)
    pieces = [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]
    work = sum(2 * weights * n + LAYERS * 4 * WIDTH * n * n for n in pieces)
    return sum(pieces), work / 1e9
