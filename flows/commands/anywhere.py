"""What fingers expect: global options before and after the verb, and `--json` wherever there is a --format."""

from __future__ import annotations

from collections.abc import Iterator

from typer import Context
from typer.core import TyperGroup


class Anywhere(TyperGroup):
    """A group whose own options may stand anywhere on the command line, up to a `--`."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Take the group's options out of what follows the verb and put them before it."""
        until = args.index("--") if "--" in args else len(args)
        mine: list[str] = []
        others: list[str] = []
        for option, rest in self._pairs(ctx, args[:until]):
            (mine if option else others).extend(rest)
        return super().parse_args(ctx, [*mine, *others, *args[until:]])

    def _pairs(self, ctx: Context, args: list[str]) -> Iterator[tuple[bool, list[str]]]:
        """Each argument, with its value where it has one; whether it is an option of the group that takes a value."""
        names = {
            name
            for parameter in self.get_params(ctx)
            if parameter.param_type_name == "option" and not getattr(parameter, "is_flag", False)
            for name in parameter.opts
        }
        words = iter(args)
        for word in words:
            name, equals, _ = word.partition("=")
            if word in names:
                yield True, [word, *([value] if (value := next(words, None)) is not None else [])]
            elif name in names and equals:
                yield True, [word]
            elif word == "--json":
                yield False, ["--format", "json"]
            else:
                yield False, [word]
