"""What pyright says of a user's files, in its strict mode."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import exchange_imap as xi

from .outside import Outside

__all__ = ["NEEDS_PYRIGHT", "SOURCE", "said_by_pyright"]

SOURCE: Final = Path(xi.__file__).parents[1]
_PROGRAM: Final = shutil.which("basedpyright", path=str(Path(sys.executable).parent)) or shutil.which("pyright")
NEEDS_PYRIGHT: Final = Outside("pyright", "" if _PROGRAM else "no pyright; pip install --group pyright")


def said_by_pyright(folder: Path, *, include: list[str], **settings: object) -> Any:  # Any: its JSON
    """Check these files of a folder that knows nothing of this project."""
    NEEDS_PYRIGHT.expect_mark()
    assert _PROGRAM is not None
    settings = {"typeCheckingMode": "strict", "include": include, "extraPaths": [str(SOURCE)], **settings}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [_PROGRAM, "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)
