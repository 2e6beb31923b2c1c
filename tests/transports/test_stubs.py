"""The type checker sees of pypsrp what the transport uses, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
USES = {
    "script text": (
        "from pypsrp.powershell import PowerShell\ndef f(shell: PowerShell) -> None:\n    shell.add_script('1')\n",
        '"PowerShell" has no attribute "add_script"',
    ),
    "another class": ("from pypsrp.client import Client\nClient('h')\n", '"pypsrp.client"'),
    "an option that pypsrp drops": (
        "from pypsrp.wsman import WSMan\nWSMan('h', resource_uri='x')\n",
        'Unexpected keyword argument "resource_uri"',
    ),
    "a tuple": (
        (
            "from pypsrp.powershell import PowerShell\n"
            "def f(shell: PowerShell) -> None:\n    shell.add_parameter('Name', ('a', 'b'))\n"
        ),
        'incompatible type "tuple[str, str]"',
    ),
}


def test_a_use_outside_the_stubs_is_a_type_error(tmp_path: Path) -> None:
    """Whatever pypsrp itself would make of it; the type checker is asked once about a file for each use."""
    files = {use: tmp_path / f"use_{number}.py" for number, use in enumerate(USES)}
    for use, file in files.items():
        file.write_text(USES[use][0], encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", ROOT / "pyproject.toml", *files.values()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    for use, file in files.items():
        assert any(file.name in line and USES[use][1] in line for line in done.stdout.splitlines()), use


def test_no_stub_has_script_text() -> None:
    """Only names and typed parameters are sent: a script is what an injection would need."""
    stubs = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "typings" / "pypsrp").glob("*.pyi")}

    assert "def add_cmdlet" in stubs["powershell.pyi"]
    assert not [name for name, text in stubs.items() if "script" in text.lower()]
