"""The pages that the site has besides those in `docs/`: the API by section, and the pages that stand beside the README.

`make docs` writes them below `docs/api/` and `docs/project/` and turns links to the files into links to the pages.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any

import attrs
import reference

import exchange_imap as xi
from exchange_imap import testing
from exchange_imap._model.common_parameters import CommonParameters
from exchange_imap._names import MODULES

ROOT = Path(__file__).parents[1]
BESIDE = {name: f"project/{name.lower()}" for name in ("CONTRIBUTING", "SECURITY", "CHANGELOG")}
# Inherited members are shown up to these: what they have is on their own page, or is Python's.
BASES = (
    "object, Mapping, tuple, dict, str, Enum, Exception, ValueError, BaseException, Cmdlet, Snapshot, PartialSnapshot"
)


COMMON = {field.name for field in attrs.fields(CommonParameters)}
CMDLETS = "Cmdlets and snapshots"


def slug(room: str) -> str:
    """Return the file of a section's page."""
    return "api/" + re.sub(r"\W+", "-", room.lower())


def directive(name: str, value: object) -> str:
    """Return what makes Sphinx show a public name with its docstring and members."""
    if inspect.isclass(value):
        return f".. autoclass:: exchange_imap.{name}\n   :members:\n   :inherited-members: {BASES}\n"
    if inspect.isfunction(value):
        return f".. autofunction:: exchange_imap.{name}\n"
    return f".. py:data:: {name}\n\n   {reference.CONSTANTS[name][1].replace('`', '``')}\n"


def meaning(name: str) -> str:
    """Return what ``help`` says of an attribute of a public class."""
    path, _, attribute = name.removeprefix("exchange_imap.").rpartition(".")
    return inspect.getdoc(inspect.getattr_static(attrgetter(path)(xi), attribute)) or ""


def is_field(path: str, name: str) -> bool:
    """Whether a public cmdlet or snapshot has this field, and says what it means."""
    owner: Any = getattr(xi, path, None)  # Any: a class of either kind
    declared = inspect.isclass(owner) and issubclass(owner, xi.Cmdlet | xi.Snapshot)
    return (
        declared and name in attrs.fields_dict(owner) and not name.startswith("_") and bool(meaning(f"{path}.{name}"))
    )


def entry(name: str, value: object) -> str:
    """Return the heading and the directive of a public name."""
    return f"## {name}\n\n```{{eval-rst}}\n.. py:currentmodule:: exchange_imap\n\n{directive(name, value)}```\n"


def group(name: str, room: str) -> tuple[str, str]:
    """Return the page of a public name and its title: a section's, or for a cmdlet and its answers one of their own."""
    if room != CMDLETS:
        return slug(room), room
    described = inspect.getdoc(import_module(f"exchange_imap.{MODULES[name]}")) or ""
    title = described.partition("\n")[0].partition(": ")[0].rstrip(".").replace("`", "")
    return f"{slug(room)}/{MODULES[name].rpartition('.')[2]}", title


def api() -> dict[str, str]:
    """Return the pages of the public names, in the order of the sections."""
    names = {name: (reference.line(name)[0], getattr(xi, name)) for name in dir(xi)}
    names |= {f"testing.{name}": (reference.TESTING, getattr(testing, name)) for name in dir(testing)}
    pages: dict[str, str] = {}
    for name, (room, value) in sorted(names.items(), key=lambda each: reference.SECTIONS.index(each[1][0])):
        page, title = group(name, room)
        pages[page] = pages.get(page, f"# {title}\n\n") + entry(name, value)
    return pages


def sections(pages: Iterable[str]) -> dict[str, str]:
    """Return the page of contents of each section that has several pages."""
    folder = slug(CMDLETS)
    inside = [page.removeprefix("api/") for page in pages if page.startswith(f"{folder}/")]
    return {folder: f"# {CMDLETS}\n\n```{{toctree}}\n:maxdepth: 2\n\n" + "\n".join(inside) + "\n```\n"}


def write(source: Path) -> None:
    """Write the pages that are made for the build; one that is as it was stays, so that it is not read again."""
    made = api()
    made |= sections(made) | {page: (ROOT / f"{name}.md").read_text(encoding="utf-8") for name, page in BESIDE.items()}
    for name, text in made.items():
        path = source / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def on_site(name: str, text: str) -> str:
    """Return a page with the links that it has on the site: its files are pages there, and names lead to the API."""
    if name == "reference":
        top = dict.fromkeys("/".join(page.split("/")[:2]) for page in api())
        text = re.sub(r"^- `([\w.]+)`:", r"- {py:obj}`\1 <exchange_imap.\1>`:", text, flags=re.MULTILINE)
        return f"{text}\n```{{toctree}}\n:hidden:\n\n" + "\n".join(top) + "\n```\n"
    if name.startswith("project/"):
        text = text.replace("](docs/", "](/")
        text = re.sub(r"\[([^]]+)\]\(tests/[^)]+\)", r"\1", text)
    for file, page in BESIDE.items():
        text = re.sub(rf"\]\((?:\.\./)*{file}\.md", f"](/{page}.md", text)
    return text
