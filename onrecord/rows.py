"""What is answered: a polars frame that says in one word how pandas and Arrow get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Rows(pl.DataFrame):
    """A polars frame, with everything that polars does with one.

    Example:
        >>> rows = onrecord.extract("“We open at noon,” said Mara Lind.")
        >>> rows["speaker"].to_list(), rows.pandas().loc[0, "words"]
        (['Mara Lind'], 'We open at noon')
    """

    def pandas(self) -> pd.DataFrame:
        """The same as a pandas frame: to_pandas() by a shorter name.

        Returns:
            A copy, with pandas' types.

        Example:
            >>> type(onrecord.blocks("One line.").pandas()).__module__.split(".")[0]
            'pandas'
        """
        return self.to_pandas()

    def arrow(self) -> pa.Table:
        """The same as an Arrow table: to_arrow() by a shorter name.

        Returns:
            A table, mostly without a copy.

        Example:
            >>> onrecord.blocks("One line.").arrow().num_rows
            1
        """
        return self.to_arrow()
