"""What gives a class its HTML in notebooks and its parts in rich, without loading either before they are used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._html.facts import Facts, Mark

__all__ = ["Viewed"]


class Viewed:
    """A base of classes whose objects notebooks show as HTML and rich as a tree: derive from it, and that is all.

    The facts that are shown are the fields that the repr has. A class with other facts defines ``_facts``, and one that
    only wants a word beside the title, such as ``problem``, defines ``_mark``. Both are called when an object is shown.
    """

    __slots__ = ()

    def _mark(self) -> Mark:
        """Return what is to be noticed of the whole object."""
        from ._html.facts import Mark  # noqa: PLC0415 - loaded by who looks

        return Mark.NONE

    def _facts(self) -> Facts:
        """Return what text, HTML and rich show."""
        from ._html.of_fields import facts_of_fields  # noqa: PLC0415 - loaded by who looks

        return facts_of_fields(self, self._mark())

    def _repr_html_(self) -> str:
        """Return what Jupyter and VS Code show."""
        from ._html.page import as_html  # noqa: PLC0415 - loaded by who looks

        return as_html(self._facts())

    def __rich_repr__(self) -> Iterator[str | tuple[str, object]]:
        """Yield what rich shows."""
        from ._html.rich_parts import as_rich  # noqa: PLC0415 - loaded by who looks

        return as_rich(self._facts(), type(self).__qualname__)
