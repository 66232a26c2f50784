"""The command `lecture643`: what it does, and that it tells what it cannot do in a sentence."""

import json
import os
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from lecture643.reach import check, command, copies, lab
from lecture643.reach.sorry import Sorry

ROOT = Path(__file__).parent.parent
NAME = "04.ipynb"


def notebook(*sources: str, output: str = "") -> bytes:
    """A small notebook."""
    cells = [{"cell_type": "code", "source": [each], "outputs": [output]} for each in sources]
    return json.dumps({"cells": cells}).encode()


# --- a folder of one's own ------------------------------------------------------------------------


def test_notebooks_are_copied_once_and_links_hold(tmp_path: Path) -> None:
    told = copies.bring(tmp_path / "mine", copies.originals())
    assert told == ["9 files copied."]
    assert copies.bring(tmp_path / "mine", copies.originals()) == []
    first = (tmp_path / "mine" / copies.FIRST).read_text(encoding="utf-8")
    assert "(notation.md)" in first
    assert "../docs" not in first
    assert (tmp_path / "mine" / "notation.md").read_bytes() == (ROOT / "docs/notation.md").read_bytes()


def test_copy_does_that_and_no_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["copy", str(tmp_path / "mine")]) == 0
    assert capsys.readouterr().out == "9 files copied.\n"
    assert (tmp_path / "mine" / copies.FIRST).exists()


def test_what_was_only_run_is_brought_up_to_date(tmp_path: Path) -> None:
    copies.bring(tmp_path, {NAME: notebook("a")})
    (tmp_path / NAME).write_bytes(notebook("a", output="run"))
    assert copies.bring(tmp_path, {NAME: notebook("a")}) == []
    assert (tmp_path / NAME).read_bytes() == notebook("a", output="run")  # nothing new: outputs are kept
    assert copies.bring(tmp_path, {NAME: notebook("b")}) == [f"{NAME} brought up to date."]
    assert (tmp_path / NAME).read_bytes() == notebook("b")


def test_what_was_changed_stays_and_the_newer_version_stands_beside_it_once(tmp_path: Path) -> None:
    copies.bring(tmp_path, {NAME: notebook("a")})
    (tmp_path / NAME).write_bytes(notebook("mine"))
    assert copies.bring(tmp_path, {NAME: notebook("a")}) == []
    (told,) = copies.bring(tmp_path, {NAME: notebook("b")})
    assert told == f"{NAME} has your changes and stays; the newer version is 04.new.ipynb."
    (tmp_path / "04.new.ipynb").unlink()
    assert copies.bring(tmp_path, {NAME: notebook("b")}) == []
    assert not (tmp_path / "04.new.ipynb").exists()
    assert (tmp_path / NAME).read_bytes() == notebook("mine")


def test_a_newer_version_takes_no_ones_place(tmp_path: Path) -> None:
    copies.bring(tmp_path, {NAME: notebook("a")})
    (tmp_path / NAME).write_bytes(notebook("mine"))
    (tmp_path / "04.new.ipynb").write_bytes(notebook("mine too"))
    (told,) = copies.bring(tmp_path, {NAME: notebook("b")})
    assert "04.new2.ipynb" in told
    assert (tmp_path / "04.new.ipynb").read_bytes() == notebook("mine too")
    assert (tmp_path / "04.new2.ipynb").read_bytes() == notebook("b")


@pytest.mark.parametrize("notes", [None, b"{", b"[1]"])
def test_what_nobody_noted_counts_as_the_readers_own(tmp_path: Path, notes: bytes | None) -> None:
    (tmp_path / NAME).write_bytes(notebook("who knows"))
    if notes is not None:
        (tmp_path / copies.NOTES).write_bytes(notes)
    copies.bring(tmp_path, {NAME: notebook("b")})
    assert (tmp_path / NAME).read_bytes() == notebook("who knows")


@pytest.mark.parametrize("mine", [b"no notebook", b"{}", b'{"cells": 3}', b"\xff\xfe"])
def test_what_is_no_notebook_is_changed_by_any_byte(tmp_path: Path, mine: bytes) -> None:
    copies.bring(tmp_path, {NAME: notebook("a")})
    (tmp_path / NAME).write_bytes(mine)
    copies.bring(tmp_path, {NAME: notebook("b")})
    assert (tmp_path / NAME).read_bytes() == mine


# --- JupyterLab -----------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Path]]:
    """What would have been started, and where."""
    runs: list[tuple[list[str], Path]] = []
    monkeypatch.setattr(lab, "_run", lambda words, folder: runs.append((words, folder)) or 0)
    return runs


def test_without_a_word_the_notebooks_open_in_a_folder_here(
    started: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command.main([]) == 0
    ((words, folder),) = started
    assert folder == tmp_path / lab.DEFAULT
    assert words[:4] == [sys.executable, "-m", "jupyterlab", str(folder / copies.FIRST)]
    monkeypatch.chdir(folder)  # and there, another time
    assert command.main(["lab", "--no-browser"]) == 0
    assert started[1][1] == folder
    assert "--no-browser" in started[1][0]


def test_the_notebooks_of_a_clone_are_opened_where_they_are(started: list[Any]) -> None:
    before = sorted(copies.source().iterdir())
    assert command.main(["lab", str(copies.source())]) == 0
    assert sorted(copies.source().iterdir()) == before
    assert started[0][1] == copies.source()


def test_without_jupyterlab_a_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda _: None)
    assert command.main(["lab", str(tmp_path / "new")]) == 1
    assert 'pip install "lecture643[lab]"' in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


# --- what cannot be done --------------------------------------------------------------------------


def refuse(*_: Any, **__: Any) -> None:
    raise PermissionError(13, "Permission denied", "mine")


def break_down(*_: Any, **__: Any) -> None:
    raise RuntimeError("what nobody thought of")


@pytest.mark.parametrize(
    ("words", "broken", "told"),
    [
        (["lab", "a_file"], None, "a_file is a file. Name a folder"),
        (["lab", "a_file/under"], None, "Not a directory"),
        (["site", "a_file"], None, "lecture643"),
        (["lab", "new"], refuse, "You may not write mine. Name another folder."),
        (["lab", "new"], break_down, "what nobody thought of"),
    ],
)
def test_trouble_is_one_sentence_and_no_traceback(
    words: list[str], broken: Any, told: str, started: list[Any], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("a_file").write_text("mine", encoding="utf-8")
    if broken:
        monkeypatch.setattr(copies, "bring", broken)
    assert command.main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("lecture643: ")
    assert told in said
    assert said.count("\n") == 1
    assert not started
    assert Path("a_file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("words", [["fly"], ["lab", "a", "b"], ["site"], ["--fast"]])
def test_an_unknown_word_is_told_in_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command.main(words)
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--help" in said


def test_a_part_that_lacks_a_package_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(_: str) -> None:
        raise ImportError("no", name="sphinx")

    monkeypatch.setattr(command.importlib, "import_module", lacking)
    assert command.main(["hall", "04"]) == 1
    assert "`lecture643 hall` needs sphinx. Install it: pip install sphinx." in capsys.readouterr().err


def test_site_and_hall_do_what_their_files_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []
    part = SimpleNamespace(build=lambda folder: asked.append(folder) or folder / "index.html")
    part.open_hall = lambda notebook: asked.append(notebook) or 7
    monkeypatch.setattr(command.importlib, "import_module", lambda _: part)
    assert command.main(["site", str(tmp_path)]) == 0
    assert f"{tmp_path / 'index.html'}" in capsys.readouterr().out
    assert command.main(["hall", "04"]) == 7
    assert asked == [tmp_path, "04"]


# --- the install checks itself --------------------------------------------------------------------


def test_a_good_install_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["test"]) == 0
    said = capsys.readouterr().out
    assert said.count("  good ") == 6
    assert "a view in it answers" in said
    assert "All is well" in said


def test_each_thing_that_is_wrong_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(check.sys, "version_info", (3, 10, 2))
    monkeypatch.setattr(
        check.metadata, "requires", lambda _: ["numpy>=999", "no-such-thing", 'x; extra == "test"']
    )
    monkeypatch.setattr(copies, "_PACKAGE", tmp_path / "lecture643")
    monkeypatch.setattr(check.importlib, "import_module", break_down)
    assert command.main(["test"]) == 1
    said = capsys.readouterr().out
    assert "Python is 3.10.2" in said
    assert f"numpy is {metadata.version('numpy')} and must be >=999, no-such-thing is missing" in said
    assert "notebooks are missing" in said
    assert "picture: RuntimeError: what nobody thought of" in said
    assert "6 of 6 are wrong" in said


def test_a_kernel_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KernelManager, "start_kernel", break_down)
    with pytest.raises(Sorry, match="No kernel starts"):
        check.kernel()


def test_a_kernel_of_another_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "VIEW", "raise ModuleNotFoundError('lecture643')")
    with pytest.raises(Sorry, match="another Python"):
        check.kernel()


def test_a_server_without_our_part_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(check, "SETTING", tmp_path / "none.json")
    with pytest.raises(Sorry, match="jupyter server extension enable"):
        check.server()


# --- the wheel ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is installed from a wheel: its files in a folder."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    with zipfile.ZipFile(made) as files:
        files.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(site)}
    command = [sys.executable, "-m", "lecture643", *words]
    settings: dict[str, Any] = {"capture_output": True, "encoding": "utf-8", "timeout": 60}
    return subprocess.run(command, cwd=cwd, env=environment, **settings)


def test_the_wheel_holds_the_notebooks_and_opens_them(wheel: Path, tmp_path: Path) -> None:
    stub = wheel / "jupyterlab/__main__.py"  # the real one is opened in a browser test
    stub.parent.mkdir(exist_ok=True)
    (stub.parent / "__init__.py").touch()
    stub.write_text("import os, sys; print('STARTED', sys.argv[1], os.getcwd())", encoding="utf-8")
    done = run(wheel, "lab", "course", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "9 files copied." in done.stdout
    assert f"STARTED {tmp_path / 'course' / copies.FIRST} {tmp_path / 'course'}" in done.stdout
    assert {
        path.name: path.read_bytes() for path in (tmp_path / "course").glob("[0-9n]*")
    } == copies.originals()


BUILT = """
from pathlib import Path
from lecture643.reach import copies, site
if __name__ == "__main__":
    print(len(copies.notebooks()), copies.symbols().exists())
    site.build(Path("built"), [Path("00_own.ipynb")])
"""


def test_the_wheel_builds_a_site(wheel: Path, tmp_path: Path) -> None:
    text = nbformat.v4.new_markdown_cell("# Mine\n\n[symbols](../docs/notation.md)")
    nbformat.write(nbformat.v4.new_notebook(cells=[text]), tmp_path / "00_own.ipynb")
    (tmp_path / "build.py").write_text(BUILT, encoding="utf-8")
    settings: dict[str, Any] = {"capture_output": True, "encoding": "utf-8", "timeout": 100}
    command, environment = [sys.executable, "build.py"], os.environ | {"PYTHONPATH": str(wheel)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, **settings)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("8 True")
    assert 'href="notation.html"' in (tmp_path / "built/index.html").read_text(encoding="utf-8")
    assert (tmp_path / "built/notation.html").exists()


def test_the_wheel_brings_the_command(wheel: Path, tmp_path: Path) -> None:
    (entry,) = wheel.glob("*.dist-info/entry_points.txt")
    assert "lecture643 = lecture643.reach.command:main" in entry.read_text(encoding="utf-8")
    helped = run(wheel, "--help", cwd=tmp_path)
    assert helped.returncode == 0
    assert all(word in helped.stdout for word in ("lab", "site", "hall", "test"))
    assert run(wheel, "--version", cwd=tmp_path).stdout == f"lecture643 {metadata.version('lecture643')}\n"
