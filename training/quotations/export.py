"""Turn a checkpoint into what ships: ``python -m training.quotations.export --checkpoint FILE
--out FOLDER``.

Writes ``tagger.onnx`` (weights stored as float16, computed in float32) and ``tagger.json``, its
manifest.
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.quotations.tagging.spans import LABELS
from onrecord.pipeline.text.token_features import FEATURES, SIZES
from onrecord.pipeline.text.wordpieces import PACKAGE
from training.quotations.net import HEADS, TAGS, Net, Shape

OPSET: Final = 17


class Runnable(nn.Module):
    """The net without its mask, one text at a time: (n, 384), (n), (n, 5) to probabilities (n, 3, 3)."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, vectors: Tensor, known: Tensor, features: Tensor) -> Tensor:
        mask = torch.ones_like(vectors[:, 0])[None]
        logits = self.net(vectors[None], known[None], features[None], mask)
        return torch.softmax(logits.reshape(-1, HEADS, TAGS), -1)


def load(checkpoint: Path) -> tuple[Net, np.ndarray[Any, Any], dict[str, Any]]:
    """The net of a checkpoint, in evaluation mode, its frequent pieces and its figures."""
    saved = torch.load(checkpoint, weights_only=False)
    net = Net(Shape(*saved["shape"]), len(saved["known"]) + 1)
    net.load_state_dict(saved["state"])
    return net.eval(), saved["known"], saved["figures"]


def export(checkpoint: Path, out: Path, recipe: dict[str, Any]) -> Path:
    """Write the model and its manifest into ``out``; returns the manifest's path."""
    net, known, figures = load(checkpoint)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "tagger.onnx"
    n = 50
    sample = (
        torch.zeros(n, net.shape.vectors),
        torch.zeros(n, dtype=torch.int64),
        torch.zeros(n, len(SIZES), dtype=torch.int64),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Runnable(net),
            sample,
            str(path),
            input_names=["vectors", "known", "features"],
            output_names=["probabilities"],
            dynamic_axes={
                k: {0: "words"} for k in ("vectors", "known", "features", "probabilities")
            },
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(str(path))
    halve(model)
    onnx.save(model, str(path))
    manifest = {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        "labels": list(LABELS),
        "tags": ["outside", "begin", "inside"],
        "features": dict(zip(FEATURES, SIZES, strict=True)),
        "vectors": PACKAGE,
        "reach": 1 + sum(net.shape.dilations),
        "shape": {"width": net.shape.width, "dilations": list(net.shape.dilations)},
        "known": [int(i) for i in known],
        "recipe": recipe,
        "figures": figures,
    }
    target = out / "tagger.json"
    target.write_text(json.dumps(manifest) + "\n", encoding="utf-8")
    pin(target)
    return target


def halve(model: onnx.ModelProto) -> None:
    """Store large float32 constants as float16 with a cast, which ONNX Runtime folds away when it loads the model."""
    graph = model.graph
    casts = []
    for constant in list(graph.initializer):
        if constant.data_type != TensorProto.FLOAT or np.prod(constant.dims) < 512:
            continue
        half = numpy_helper.from_array(
            numpy_helper.to_array(constant).astype(np.float16), constant.name + ".half"
        )
        casts.append(helper.make_node("Cast", [half.name], [constant.name], to=TensorProto.FLOAT))
        graph.initializer.remove(constant)
        graph.initializer.append(half)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def main() -> None:
    """Read the options and export."""
    p = argparse.ArgumentParser(description="Export the quotation tagger to ONNX.")
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--recipe", default="{}", help="JSON for the manifest: data, options")
    args = p.parse_args()
    print(export(args.checkpoint, args.out, json.loads(args.recipe)))


if __name__ == "__main__":
    main()
