"""What a person does about refusals: looks, mends, puts them through again, and sees them gone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.command import onrecord
from warehouse.query import query

GOOD = {
    "text": "“We will open the gate at noon,” said Ada Brandt, the warden.",
    "outlet": "Lake News",
}
MENDED = {"text": "“Nobody asked the crew,” said Jon Pell, the captain.", "outlet": "Lake News"}


def test_refusals_are_looked_at_mended_and_put_through_again(tmp_path: Path, server: str) -> None:
    home, folder = tmp_path / "record", tmp_path / "news"
    folder.mkdir()
    lines = folder / "lines.jsonl"
    lines.write_text(f"{json.dumps(GOOD)}\nnot json\n", encoding="utf-8")
    (folder / "table.csv").write_text(
        'says,outlet\n"“The bridge is shut,” said Tom Weir, the engineer.",Post\n', encoding="utf-8"
    )
    (folder / "quiet.txt").write_text("The lake froze. Nobody saw it.\n", encoding="utf-8")
    onrecord("run", "news", warehouse=home, server=server, expect=3)

    listed = onrecord("rejects", "--format", "json", warehouse=home, server=server).stdout
    ids = {row["reason"]: row["id"] for row in map(json.loads, listed.splitlines())}
    assert set(ids) == {"not_json", "no_text", "no_quotation"}
    shown = onrecord("rejects", ids["not_json"], "--payload", warehouse=home, server=server)
    assert shown.stdout == "not json\n"

    lines.write_text(f"{json.dumps(GOOD)}\n{json.dumps(MENDED)}\n", encoding="utf-8")
    (folder / "quiet.txt").unlink()
    config = tmp_path / "c.yaml"
    config.write_text("ingest: {columns: {text: says}}", encoding="utf-8")
    done = onrecord("--config", str(config), "retry", warehouse=home, server=server, expect=3)
    # The file that is gone was kept whole, and quotes nobody still.
    assert "3 put through again: 2 on record, 1 refused again" in done.stdout
    assert query(home, "SELECT count(*) AS n FROM articles").item() == 3
    assert query(home, "SELECT count(*) AS n FROM quotations").item() == 3
    left = onrecord("rejects", "--format", "json", warehouse=home, server=server).stdout
    assert [json.loads(line)["reason"] for line in left.splitlines()] == ["no_quotation"]
    again = onrecord("retry", "--reason", "not_json", warehouse=home, server=server, expect=2)
    assert "no open reject fits" in again.stderr
    balanced = query(home, "SELECT bool_and(balanced) AS b FROM accounting")
    assert balanced.item()
