"""The imports of the packages whose names are imported on first use, from the tables in `_names.py`.

`python docs/front_door.py --write` writes them again, after a name was added to a table; a test holds them against it.
The names of cmdlets and snapshots it adds to the table itself. Type checkers read these imports. At run time a name is
imported when it is first used.
"""

from __future__ import annotations

import pkgutil
import re
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path

import exchange_imap
from exchange_imap import _cmdlets
from exchange_imap._model.cmdlet import REGISTERED
from exchange_imap._model.snapshots import SNAPSHOTS
from exchange_imap._names import MODULES, TESTING_MODULES, VALUES_MODULES

SOURCE = Path(exchange_imap.__file__).parent
TABLES: dict[Path, dict[str, str]] = {
    SOURCE / "__init__.py": MODULES,
    SOURCE / "testing" / "__init__.py": {n: m.removeprefix("testing.") for n, m in TESTING_MODULES.items()},
    SOURCE / "_values" / "__init__.py": {n: m.removeprefix("_values.") for n, m in VALUES_MODULES.items()},
}
IMPORTS = re.compile(r"(?<=^if TYPE_CHECKING:\n).*?(?=^\S)", re.DOTALL | re.MULTILINE)


def declared() -> dict[str, str]:
    """Return the module of each cmdlet and snapshot that a module here declares."""
    for module in pkgutil.iter_modules(_cmdlets.__path__):
        import_module(f"{_cmdlets.__name__}.{module.name}")
    package = _cmdlets.__name__.rpartition(".")[0] + "."
    found = (*REGISTERED.values(), *SNAPSHOTS.values())
    classes = {cls.__name__: cls.__module__.removeprefix(package) for cls in found}
    return {name: module for name, module in classes.items() if module.startswith("_cmdlets.")}


def added(text: str, new: dict[str, str]) -> str:
    """Return the table with a line for each module whose names it has not; the others stay as they are."""
    lines = text.split("\n")
    for module, names in groupby(sorted(new, key=lambda name: (new[name], order(name))), key=lambda name: new[name]):
        start = f'        "{module}"'
        place = next(n for n, line in enumerate(lines) if line.startswith('        "_') and line > start)
        lines.insert(place, f'{start}: "{" ".join(names)}",')
    return "\n".join(lines)


def order(name: str) -> tuple[int, str]:
    """Sort as ruff does: constants, then classes, then functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def imports(table: dict[str, str]) -> str:
    """Write the imports, sorted by module. A name that is imported ``as`` itself is public to a type checker."""
    homes = {name: "" if name == module else module for name, module in table.items()}  # a package is itself a name
    found = sorted((module, order(name)) for name, module in homes.items())
    return "".join(f"    from .{module} import {name} as {name}\n" for module, (_, name) in found) + "\n"


def page(text: str, table: dict[str, str]) -> str:
    """Return the text of a file with the imports that its table asks for."""
    return IMPORTS.sub(lambda _: imports(table), text)


def pages() -> dict[Path, str]:
    """Return each file as it has to be."""
    return {file: page(file.read_text(encoding="utf-8"), table) for file, table in TABLES.items()}


if __name__ == "__main__":
    new = {name: module for name, module in declared().items() if name not in MODULES}
    if new and "--write" in sys.argv:
        table = SOURCE / "_names.py"
        table.write_text(added(table.read_text(encoding="utf-8"), new), encoding="utf-8")
        MODULES.update(new)
    for file, text in pages().items():
        if "--write" in sys.argv:
            file.write_text(text, encoding="utf-8")
        else:
            print(text)
