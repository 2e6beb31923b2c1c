"""How Sphinx builds the site: `make docs`.

Pages that are made from the library, and those that stand beside the README, are written below `docs/` for the build
(`site_pages.py` has them) and are no part of the project.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import site_pages

project = "exchange_imap"
author = "the authors of exchange_imap"
project_copyright = "the authors of exchange_imap"
version = release = version_of("exchange-imap")

extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
nitpicky = True
# Types of annotations: Python's own are elsewhere, and aliases have no page. Fields are described with their class.
# That there is what docstrings name is tested in tests/docs.
nitpick_ignore_regex = [("py:class", ".*"), ("py:attr", ".*")]

html_theme = "furo"
html_title = f"exchange_imap {version}"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
pygments_style = "default"
pygments_dark_style = "github-dark"

myst_heading_anchors = 4
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 60

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_type_aliases = {"Json": "Json", "RecordValue": "RecordValue", "VariableValue": "VariableValue"}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
python_display_short_literal_types = True


def short_aliases(*event: Any) -> tuple[str | None, ...]:  # Any: autodoc's arguments, of which the last two are texts
    """Return a signature with the names of aliases, which Sphinx 9.0 writes as ``TypeAliasForwardRef('Json')``."""
    return tuple(text and re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", text) for text in event[-2:])


def whole_meaning(*event: Any) -> None:  # Any: autodoc's arguments, among them the name and the lines
    """Show what ``help`` shows of a parameter: its meaning, and then its type, range and default."""
    _, what, name, _, _, lines = event
    if what == "attribute":
        lines[:] = [*site_pages.meaning(name).splitlines(), ""]


def is_left_out(*event: Any) -> bool | None:  # Any: as above
    """Say whether a member is left out, where Sphinx is wrong about it.

    The common parameters, such as ``verbose``, are on the page of ``Cmdlet``. Sphinx looks for what a field means in
    the module that the class says to be in, and does not find it there.
    """
    app, what, name, _, skipped, _ = event
    shown = app.env.current_document.autodoc_class
    if what != "class" or not shown:
        return None
    if name in site_pages.COMMON:
        return bool(shown != "Cmdlet")
    return False if skipped and site_pages.is_field(shown, name) else None


def setup(app: Any) -> None:  # Any: Sphinx's application; `make test` checks this file and has no Sphinx
    """Make what is made, and let each page link to it."""
    app.connect("builder-inited", lambda app: site_pages.write(Path(app.srcdir)))
    app.connect("autodoc-process-signature", short_aliases)
    app.connect("autodoc-process-docstring", whole_meaning)
    app.connect("autodoc-skip-member", is_left_out)
    app.connect("source-read", lambda _app, name, source: source.append(site_pages.on_site(name, source.pop())))
