"""What a JupyterHub needs: its files can be read, and name what there is."""

import json
import re
import sys
from pathlib import Path

import pytest
import test_packaging as packaging
import yaml

from lecture643.reach import command, copies

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
IMAGE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))
WORDS = (DEPLOY / "README.md").read_text(encoding="utf-8")


def test_the_image_installs_the_pinned_packages_on_the_python_of_conda() -> None:
    assert "pip install --no-cache-dir --constraint requirements.txt" in IMAGE
    assert "requirements.txt" in {path.name for path in ROOT.iterdir()}
    (python,) = re.findall(r"^FROM python:(3\.\d+)-slim$", IMAGE, re.M)
    assert f"python={python}" in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_every_step_of_the_image_is_one_that_docker_knows() -> None:
    steps = re.sub(r"\\\n", " ", IMAGE).splitlines()
    known = {"FROM", "ARG", "RUN", "COPY", "WORKDIR", "ENV", "USER", "CMD"}
    assert {line.split()[0] for line in steps if line and not line.startswith("#")} <= known
    for copied, _ in re.findall(r"^COPY (\S+) (\S+)$", IMAGE, re.M):
        assert (ROOT / copied).exists()
    (started,) = re.findall(r"^CMD (.+)$", IMAGE, re.M)
    assert json.loads(started) == VALUES["singleuser"]["cmd"]


def test_what_the_image_starts_is_a_command_of_ours() -> None:
    for word in re.findall(r"lecture643 ([a-z]+)\b", IMAGE + VALUES["singleuser"]["cmd"][-1]):
        assert word in command.parser().format_help(), word


def test_the_values_name_this_version_and_the_first_notebook() -> None:
    user = VALUES["singleuser"]
    assert user["image"]["tag"] == packaging.PROJECT["version"]
    assert f":{packaging.PROJECT['version']} ." in WORDS
    assert user["defaultUrl"] == f"/lab/tree/lecture643/{copies.FIRST}"
    assert user["memory"]["guarantee"] < user["memory"]["limit"] or user["memory"]["limit"].endswith("G")


def test_kernels_are_ended_before_their_server_and_never_at_work() -> None:
    told = json.loads((DEPLOY / "jupyter_server_config.json").read_text(encoding="utf-8"))
    culling = told["MappingKernelManager"]
    assert 0 < culling["cull_interval"] < culling["cull_idle_timeout"] < VALUES["cull"]["timeout"]
    assert not culling["cull_busy"]


def test_jupyters_own_names_for_culling_are_these() -> None:
    from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

    told = json.loads((DEPLOY / "jupyter_server_config.json").read_text(encoding="utf-8"))
    assert told["MappingKernelManager"].keys() <= set(MappingKernelManager.class_trait_names())


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_no_file_names_a_registry_or_this_machine(path: Path) -> None:
    for address in re.findall(r"\w+://([\w.-]+)", path.read_text(encoding="utf-8")):
        assert address == "YOUR-HUB"
    assert sys.prefix not in path.read_text(encoding="utf-8")
