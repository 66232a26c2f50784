"""One list of dependencies: pyproject.toml, environment.yml and requirements.txt agree."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [Requirement(line) for line in PROJECT["dependencies"]]
LAB = [Requirement(line) for line in PROJECT["optional-dependencies"]["lab"]]
FOR_TESTS = [
    Requirement(line)
    for line in PROJECT["optional-dependencies"]["test"]
    if not line.startswith("lecture643")
]
PINS = [
    Requirement(line)
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("requirement", NEEDED + LAB + FOR_TESTS, ids=str)
def test_every_dependency_is_pinned_at_a_version_it_allows(requirement: Requirement) -> None:
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
    assert pins
    for pin in pins:
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert exact.version in requirement.specifier


def test_conda_installs_the_same_dependencies() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"^  - ([\w.>=]+)$", text, re.M)) - {"pip", "conda-forge"}
    python = {line for line in listed if line.startswith("python=")}
    assert listed - python == {str(requirement) for requirement in NEEDED + LAB}
    assert re.fullmatch(r"python=3\.1[1-9]", python.pop())  # one `=`, or Binder takes another Python
    assert "- -e ." in text


@pytest.mark.parametrize(
    "name", ["requirements.txt", "environment.yml", "pyproject.toml", "Makefile", ".ci/run"]
)
def test_no_file_names_a_registry(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_a_plain_install_brings_the_browser_part_and_the_server_setting() -> None:
    """What stands in the package's folder is installed; the setting is found by Jupyter's server."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["lecture643"]
    assert {path.name for path in (ROOT / "lecture643").rglob("*.[jc]s*")} >= {
        "player.js",
        "stage.js",
        "stage.css",
    }
    for file, place in wheel["shared-data"].items():
        assert (ROOT / file).exists()
        assert (Path(sys.prefix) / place).exists(), "install anew: make clean test"


def test_the_package_alone_imports_no_jupyterlab() -> None:
    names = {requirement.name for requirement in NEEDED}
    assert not names & {"jupyterlab", "ipykernel", "IPython", "ipyevents"}
