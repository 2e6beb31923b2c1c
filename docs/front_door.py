"""The imports and the ``__all__`` of `exchange_imap`, written by this file from the table in `_names.py`.

`python docs/front_door.py --write` writes them again, after a name was added to the table; a test holds them against
it. Type checkers read these imports. At run time a name is imported when it is first used.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

from exchange_imap._names import MODULES

FILE = Path(__file__).parents[1] / "src" / "exchange_imap" / "__init__.py"
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


def imports() -> str:
    """Write the imports, sorted by module."""
    by_module = sorted(((module, order(name)) for name, module in MODULES.items() if name != module))
    found = groupby(by_module, key=lambda pair: pair[0])
    packages = [name for name, module in MODULES.items() if name == module]
    statements = [statement(module, [name for _, (_, name) in pairs]) for module, pairs in found]
    return "".join((statement("", packages), *statements)) + "\n"


def names() -> str:
    """Write ``__all__``."""
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(MODULES, key=order)) + "]\n"


def page() -> str:
    """Return the file as it has to be."""
    text = FILE.read_text(encoding="utf-8")
    return ALL.sub(lambda _: names(), IMPORTS.sub(lambda _: imports(), text))


if __name__ == "__main__":
    if "--write" in sys.argv:
        FILE.write_text(page(), encoding="utf-8")
    else:
        print(page())
