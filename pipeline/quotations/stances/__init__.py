"""Whether the words were said, as the clause that reports them tells."""
