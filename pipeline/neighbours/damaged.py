"""What becomes of a kept file that is not what it should be."""


class Damaged(ValueError):  # noqa: N818 - it is a state, told by `except`
    """A kept file is missing, cut off, not what it says, or made for other cells: it is to be built again."""
