"""Build the wheel and the sdist, and use each as somebody does who has no clone: `make release-check`.

Each is installed into an empty environment. There the tutorial is run as it is written; then the examples of all pages
and docstrings, and the tests of what the package shows and what its errors say; the type checkers read a user's
program, and pytest finds the plugin. The folder of all that has the project's tests and pages, and none of its source.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = (
    "tests/docs",
    "tests/test_front_door.py",
    "tests/test_errors.py",
    "tests/test_shown.py",
    "tests/typing/test_user.py",
)
PLUGIN = """
def test_the_fixtures_are_there(fake_exchange, psrp_server):
    assert fake_exchange.transport() and psrp_server.url
"""
# With nothing but what `pip install` brings: the tutorial asks for no extra.
TUTORIAL = """
import doctest, pathlib, sys
text = pathlib.Path("tutorial.md").read_text(encoding="utf-8").replace("```", "")
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
runner.run(doctest.DocTestParser().get_doctest(text, {}, "tutorial.md", None, 0))
sys.exit(not runner.tries or runner.failures)
"""
FOREIGN = ("tests/", "docs/", "typings/", "benchmarks/", ".ci/")


def run(*command: str | Path, folder: Path) -> None:
    """Run a command; end here if it fails."""
    print("$", Path(command[0]).name, *(str(each).strip().partition("\n")[0] for each in command[1:]), flush=True)
    subprocess.run(command, cwd=folder, check=True)


def build(folder: Path) -> tuple[Path, Path]:
    """Build both, the wheel from the sdist, and say what is wrong with their content."""
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, folder=folder)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        held = archive.namelist()
    with tarfile.open(sdist) as archive_of_source:
        sources = archive_of_source.getnames()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## {project['version']}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), "no such changelog"
    assert "exchange_imap/py.typed" in held, "type checkers will not read the package"
    assert any(name.endswith("licenses/LICENSE") for name in held), "no licence"
    assert not [name for name in held if name.startswith(FOREIGN)], "the wheel has more than the package"
    assert any(name.endswith("/tests/conftest.py") for name in sources), "the sdist has no tests"
    return wheel, sdist


def use(artifact: Path, folder: Path) -> None:
    """Install what was built into an empty environment, and use it there."""
    run(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    python = folder / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    began = time.monotonic()
    run(*pip, artifact, folder=folder)
    shutil.copy(ROOT / "docs" / "tutorial.md", folder)
    run(python, "-c", TUTORIAL, folder=folder)
    print(f"the tutorial, from pip install to its end: {time.monotonic() - began:.0f} s", flush=True)
    run(*pip, f"{artifact}[testing]", folder=folder)
    run(python, "-m", "pip", "check", folder=folder)
    run(python, "-c", "import exchange_imap as xi; xi.testing.FakeExchange; print(xi.__file__)", folder=folder)
    run(*pip, "hypothesis", "mypy", "pandas", "pytest-cov", "pytest-xdist", "rich", folder=folder)
    project = folder / "project"
    left_out = shutil.ignore_patterns("src", ".*", "_build", "__pycache__")
    shutil.copytree(ROOT, project, ignore=left_out)
    run(python, "-m", "pytest", "-q", "-n", "2", "-p", "no:randomly", "-m", "not outside", *TESTS, folder=project)
    user = folder / "user"
    user.mkdir()
    (user / "test_plugin.py").write_text(PLUGIN, encoding="utf-8")
    run(python, "-m", "pytest", "-q", folder=user)
    shutil.copy(ROOT / "tests" / "typing" / "user.py", user)
    run(python, "-m", "mypy", "--strict", "--warn-unused-ignores", "user.py", folder=user)
    run(python, "user.py", folder=user)
    if pyright := shutil.which("basedpyright", path=str(Path(sys.executable).parent)):
        settings = '{"typeCheckingMode": "strict", "include": ["user.py"], "enableTypeIgnoreComments": true}'
        (user / "pyrightconfig.json").write_text(settings, encoding="utf-8")
        run(pyright, "--pythonpath", python, folder=user)


def _use_elsewhere(artifact: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        use(artifact, Path(folder))


def main() -> None:
    """Check the release, both artifacts at once; what fails first is raised at the end."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as executor:
        list(executor.map(_use_elsewhere, build(Path(name))))
    print("wheel and sdist: built, installed and used without the repository")


if __name__ == "__main__":
    main()
