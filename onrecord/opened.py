"""A published record, opened to be questioned."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from onrecord.given import Config, config_file, count_of, day_of, folder_of, required, word_of
from onrecord.pipeline.core.problems import InputError, OnRecordError

if TYPE_CHECKING:
    import polars as pl

    from onrecord.pipeline.core.settings import Settings
    from onrecord.rows import Rows

Day = date | str


def open(path: str | os.PathLike[str] | None = None, *, config: Config | None = None) -> Record:
    """Open a published record.

    Args:
        path: The folder of the record, or one file of it: a generation that is kept. That of config.yaml, else
            "record", where not given.
        config: A config.yaml, or keys and values as in one: of the model by which meaning is searched.

    Returns:
        The record. It needs no closing, and each question is answered by what is published then.

    Raises:
        NoWarehouse: Where nothing is published there, or what is there is no record.
        WarehouseError: Where the file is damaged.
        SettingsError: Where the configuration cannot be used.

    Example:
        >>> onrecord.open("record")
        Record('record', generation 1)
    """
    from onrecord.pipeline.core.configuration import load_settings
    from onrecord.warehouse.errors import NoWarehouse, QueryError
    from onrecord.warehouse.publishing.publish import require

    with config_file(config) as file:
        settings = load_settings(file, warehouse=folder_of(path, "path"))
    home = settings.warehouse
    try:
        require(home)
    except NoWarehouse:
        raise NoWarehouse(
            f"{home}: nothing is published here yet; onrecord.run(sources, record={str(home)!r}) makes a record,"
            " or open the folder that holds yours"
        ) from None
    record = Record(home, settings)
    try:
        _ = record.generation
    except QueryError:
        raise NoWarehouse(
            f"{home}: a DuckDB file, but no record of OnRecord; open the folder that holds yours"
        ) from None
    return record


class Record:
    """A published record of who said what; `onrecord.open` gives one.

    Example:
        >>> record = onrecord.open("record")
        >>> record.quotes(speaker="Lindqvist", most=1)["outlet"].item()
        'The Calder Post'
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self._settings = settings

    def __repr__(self) -> str:
        try:
            told = f"generation {self.generation}"
        except OnRecordError as error:
            told = str(error)
        return f"Record({str(self.path)!r}, {told})"

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open between two questions."""

    @property
    def generation(self) -> int:
        """The number of the generation that answers now.

        Example:
            >>> onrecord.open("record").generation
            1
        """
        return int(self.sql("SELECT max(generation) AS number FROM generations").item())

    def sql(self, query: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Rows:
        """Ask in SQL; nothing can be changed. `FROM columns` lists what there is to ask.

        Args:
            query: One statement. embed('words') in it is their vector, for search_meaning and search_both.
            params: What is bound to its question marks, in order, or by name to its $names.

        Returns:
            The answer.

        Raises:
            QueryError: Where DuckDB refuses it: a wrong column, two statements, a statement that would write.
            InputError: Where there is no query, or the parameters are none.

        Example:
            >>> record = onrecord.open("record")
            >>> record.sql("SELECT count(*) AS n FROM quotes WHERE outlet = ?", ["Veldmark Wire"]).item() > 10
            True
        """
        from onrecord.warehouse.asking.query import query as ask
        from onrecord.warehouse.errors import QueryError

        asked = required(query, "query", "one SQL statement, such as 'FROM quotes LIMIT 10',")
        if isinstance(params, str | bytes) or not isinstance(params, Sequence | Mapping):
            raise InputError(
                f"params: a list for question marks, or a dictionary for $names, is wanted, not {params!r}"
            )
        try:
            return _rows(ask(self.path, asked, params, encode=self._vector))
        except QueryError as error:
            if str(error).startswith(("Binder", "Catalog")):
                raise QueryError(
                    f"{error}\n\nsql('FROM columns') lists every table and column."
                ) from error
            raise

    def search(
        self,
        words: str,
        *,
        speaker: str | None = None,
        outlet: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        theme: str | None = None,
        by: Literal["both", "words", "meaning"] = "both",
        limit: int = 10,
    ) -> Rows:
        """Find statements by their words and by their meaning.

        Args:
            words: What to look for, in your own words.
            speaker: Only theirs: a name, any known spelling, a surname, an id.
            outlet: Only what this outlet carries.
            since: Not before this day, such as "2026-01-31".
            until: Not after this day.
            theme: Only of this theme: its id or label.
            by: "words" (no model is loaded), "meaning", or "both".
            limit: How many at the most.

        Returns:
            A row a statement, the best first: `words`, `speaker`, `day`, `outlets`, `link`, `title`, `theme`, `score`,
            `statement_id`, `quotation_id`. A score is a share of the best one, which is 1.

        Raises:
            InputError: Where there is nothing to search for, or a filter is of a wrong type.
            QueryError: Where the record was made with another model than that of the configuration.
            ModelError: Where the model cannot be used.

        Example:
            >>> found = onrecord.open("record").search("nurses sleeping in cars", speaker="Reyes-Okoro", limit=1)
            >>> found["speaker"].item(), len(found["outlets"].item())
            ('Tomas Reyes-Okoro', 3)
        """
        from onrecord.warehouse.asking.search import search

        asked = required(words, "words", "what to look for, in words,")
        if not any(map(str.isalnum, asked)):
            raise InputError(f"words: {asked!r} holds no word that can be searched for; give one")
        if by not in ("both", "words", "meaning"):
            raise InputError(f"by: 'both', 'words' or 'meaning' is wanted, not {by!r}")
        return _rows(
            search(
                self.path,
                "" if by == "meaning" else asked,
                None if by == "words" else self._vector(asked),
                speaker=word_of(speaker, "speaker"),
                outlet=word_of(outlet, "outlet"),
                since=day_of(since, "since"),
                until=day_of(until, "until"),
                theme=word_of(theme, "theme"),
                across=lambda: self._across(asked),
                limit=count_of(limit, "limit", 1),
            )
        )

    def quotes(
        self,
        *,
        speaker: str | None = None,
        outlet: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        theme: str | None = None,
        statement: str | None = None,
        most: int | None = None,
        unsure: bool = False,
    ) -> Rows:
        """All quotations that pass the filters, the newest first.

        Args:
            speaker: Only theirs: a name, any known spelling, a surname, an id.
            outlet: Only what this outlet carries.
            since: Not before this day.
            until: Not after this day.
            theme: Only of this theme: its id or label.
            statement: Only those that report this statement: its id.
            most: How many at the most; all where not given.
            unsure: Also what is less sure than the setting `show.confidence` asks.

        Returns:
            Rows of the view `quotes` (docs/warehouse.md).

        Raises:
            InputError: Where a filter is of a wrong type.

        Example:
            >>> rows = onrecord.open("record").quotes(outlet="Veldmark Wire", until="2026-02-11")
            >>> rows.is_empty(), set(rows["outlet"])
            (False, {'Veldmark Wire'})
        """
        from onrecord.warehouse.asking import lookup

        return _rows(
            lookup.quotes(
                self.path,
                speaker=word_of(speaker, "speaker"),
                outlet=word_of(outlet, "outlet"),
                since=day_of(since, "since"),
                until=day_of(until, "until"),
                theme=word_of(theme, "theme"),
                statement=word_of(statement, "statement"),
                most=None if most is None else count_of(most, "most", 1),
                unsure=unsure,
            )
        )

    def context(self, quotation_id: str, paragraphs: int = 1) -> Rows:
        """What stands around a quotation in its article.

        Args:
            quotation_id: As `search` and `quotes` give it.
            paragraphs: How many before and after the paragraphs that hold it.

        Returns:
            A row a paragraph, in order: `place` (0 for those that hold it, -1, -2 … before, 1, 2 … after), `kind`,
            `text`, `quoted_start` and `quoted_end` (where it stands in the text), `article_id`, `start`, `end`.

        Raises:
            NotOnRecord: Where there is no such quotation.
            InputError: Where these are no id and no number.

        Example:
            >>> record = onrecord.open("record")
            >>> hit = record.search("the last rail was laid", by="words", limit=1)
            >>> around = record.context(hit["quotation_id"].item())
            >>> row = around.filter(place=0).row(0, named=True)
            >>> row["text"][row["quoted_start"] : row["quoted_end"]][:19]
            '“The last rail was '
        """
        from onrecord.warehouse.asking import lookup

        asked = required(quotation_id, "quotation_id", "the id of a quotation")
        return _rows(lookup.context(self.path, asked, count_of(paragraphs, "paragraphs", 0)))

    def statement(self, statement_id: str) -> Rows:
        """The wordings of a statement, and who printed which; `quotes(statement=...)` has each report.

        Args:
            statement_id: As `search` and `quotes` give it; one that was merged into another leads there.

        Returns:
            Rows of the view `statement_variants`, the likest to the representative wording first: `wording`,
            `difference`, `similarity`, `outlets`, `links` …

        Raises:
            NotOnRecord: Where there is no such statement.
            InputError: Where this is no id.

        Example:
            >>> record = onrecord.open("record")
            >>> hit = record.search("nurses sleep in their cars", by="words", limit=1)
            >>> record.statement(hit["statement_id"].item())["difference"].to_list()
            ['same', 'altered', 'altered']
        """
        from onrecord.warehouse.asking import lookup

        return _rows(
            lookup.statement(
                self.path, required(statement_id, "statement_id", "the id of a statement")
            )
        )

    def speaker(self, name: str) -> Rows:
        """Whom a name means.

        Args:
            name: A name, any known spelling, a person's surname, or an id.

        Returns:
            A row a speaker, the most quoted first, none where nobody is called so: `speaker`, `kind`, `aliases`,
            `descriptors`, `first_seen`, `last_seen`, `statements`, `quotations`, `outlets`, `speaker_id`.

        Raises:
            InputError: Where this is no name.

        Example:
            >>> onrecord.open("record").speaker("lindqvist")["speaker"].to_list()
            ['Mara Lindqvist']
        """
        from onrecord.warehouse.asking import lookup

        return _rows(lookup.speakers(self.path, required(name, "name", "the name of a speaker")))

    def _vector(self, words: str) -> list[float]:
        from onrecord.pipeline.embedders.questions import vector_of

        return vector_of(words, self._settings.embed)

    def _across(self, words: str) -> dict[str, list[float]]:
        from onrecord.pipeline.embedders import load_finders
        from onrecord.pipeline.statements.translated import questions

        return questions(words, load_finders(self._settings.embed))


def _rows(frame: pl.DataFrame) -> Rows:
    from onrecord.rows import Rows

    return Rows(frame)
