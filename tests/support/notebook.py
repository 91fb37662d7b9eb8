"""A notebook run without a notebook server: its code cells, one after the other, and what each shows.

`python -m tests.support.notebook examples/*.ipynb` runs notebooks and writes what they show into them.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Its code cells."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(notebook: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The outputs of each code cell in turn, as a notebook server would keep them."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(cells(notebook), start=1):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            value = _value("".join(cell["source"]), names)
        outputs: list[dict[str, Any]] = []
        if printed.getvalue():
            told = printed.getvalue().splitlines(keepends=True)
            outputs.append({"output_type": "stream", "name": "stdout", "text": told})
        if value is not None:
            data = {"text/plain": repr(value).splitlines(keepends=True)}
            if hasattr(value, "_repr_html_"):
                data["text/html"] = value._repr_html_().splitlines(keepends=True)
            outputs.append(
                {
                    "output_type": "execute_result",
                    "execution_count": number,
                    "data": data,
                    "metadata": {},
                }
            )
        yield outputs


def _value(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; the value of its last line, where that is an expression."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


@contextlib.contextmanager
def beside_samples() -> Iterator[None]:
    """In a new folder with nothing but samples/."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "samples").symlink_to(ROOT / "samples")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        told = json.loads(path.read_text(encoding="utf-8"))
        with beside_samples():
            for number, (cell, outputs) in enumerate(zip(cells(told), run(told), strict=True), 1):
                cell.update(outputs=outputs, execution_count=number)
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
