"""The imports and ``__all__`` of the packages whose names are imported on first use, from the tables in `_names.py`.

`python docs/front_door.py --write` writes them again, after a name was added to a table; a test holds them against it.
Type checkers read these imports. At run time a name is imported when it is first used.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

from exchange_imap._names import MODULES, TESTING_MODULES, VALUES_MODULES

SOURCE = Path(__file__).parents[1] / "src" / "exchange_imap"
TABLES = {
    SOURCE / "__init__.py": MODULES,
    SOURCE / "testing" / "__init__.py": {n: m.removeprefix("testing.") for n, m in TESTING_MODULES.items()},
    SOURCE / "_values" / "__init__.py": {n: m.removeprefix("_values.") for n, m in VALUES_MODULES.items()},
}
WIDTH = 120
IMPORTS = re.compile(r"(?<=^if TYPE_CHECKING:\n).*?(?=^\S)", re.DOTALL | re.MULTILINE)
ALL = re.compile(r"^__all__ = \[.*?^\]\n", re.DOTALL | re.MULTILINE)


def order(name: str) -> tuple[int, str]:
    """Sort as ruff does: constants, then classes, then functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def statement(module: str, names: list[str]) -> str:
    """Write the import of a module's names, each on a line of its own where one line is too short for them."""
    line = f"    from .{module} import {', '.join(names)}\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"    from .{module} import (\n" + "".join(f"        {name},\n" for name in names) + "    )\n"


def imports(table: dict[str, str]) -> str:
    """Write the imports, sorted by module."""
    homes = {name: "" if name == module else module for name, module in table.items()}  # a package is itself a name
    pairs = sorted((module, order(name)) for name, module in homes.items())
    found = groupby(pairs, key=lambda pair: pair[0])
    return "".join(statement(module, [name for _, (_, name) in each]) for module, each in found) + "\n"


def names(table: dict[str, str]) -> str:
    """Write ``__all__``."""
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(table, key=order)) + "]\n"


def page(text: str, table: dict[str, str]) -> str:
    """Return the text of a file with the imports and ``__all__`` that its table asks for."""
    return ALL.sub(lambda _: names(table), IMPORTS.sub(lambda _: imports(table), text))


def pages() -> dict[Path, str]:
    """Return each file as it has to be."""
    return {file: page(file.read_text(encoding="utf-8"), table) for file, table in TABLES.items()}


if __name__ == "__main__":
    for file, text in pages().items():
        if "--write" in sys.argv:
            file.write_text(text, encoding="utf-8")
        else:
            print(text)
