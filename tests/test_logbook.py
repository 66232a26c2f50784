"""The student's own file: readable, never half written, never in the way."""

import json
import os
from pathlib import Path

import pytest

from lecture643 import logbook


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LECTURE643_PROGRESS", str(tmp_path / logbook.FILE))
    monkeypatch.setattr(logbook, "_in_memory", {})
    monkeypatch.setattr(logbook, "trouble", "")
    return tmp_path / logbook.FILE


def test_it_stands_beside_the_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LECTURE643_PROGRESS")
    monkeypatch.chdir(tmp_path)
    assert logbook.path() == tmp_path / "my_progress.json"


def test_nothing_is_written_before_there_is_something_to_write(file: Path) -> None:
    assert logbook.pages() == {}
    assert logbook.noted("goals", "low") is None
    assert not file.exists()


def test_an_entry_is_kept_as_readable_text(file: Path) -> None:
    logbook.note("predictions", "who is lowest", guess="SGD", truth="GD", right=False)
    entry = logbook.noted("predictions", "who is lowest")
    assert entry
    assert entry | {"when": ""} == {"guess": "SGD", "truth": "GD", "right": False, "when": ""}
    assert '"who is lowest": {' in file.read_text(encoding="utf-8")
    assert [each.name for each in file.parent.iterdir()] == [file.name]  # nothing is left beside it


def test_what_another_kernel_has_written_meanwhile_stays(file: Path) -> None:
    logbook.note("goals", "one")
    told = json.loads(file.read_text(encoding="utf-8"))
    told["goals"]["other"] = {"when": "now"}
    file.write_text(json.dumps(told), encoding="utf-8")
    logbook.note("homework", "mine")
    assert set(logbook.pages()["goals"]) == {"one", "other"}
    assert logbook.noted("homework", "mine")


@pytest.mark.parametrize("text", ["", '{"goals": {"half', "[1, 2]", "\x00"])
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert logbook.pages() == {}
    logbook.note("goals", "one")
    assert logbook.noted("goals", "one")
    assert file.with_suffix(".damaged.json").read_text(encoding="utf-8") == text


def test_a_write_that_fails_half_way_leaves_the_old_file_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logbook.note("goals", "one")
    before = file.read_text(encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    logbook.note("goals", "two")
    assert file.read_text(encoding="utf-8") == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    assert "No space left on device" in logbook.trouble
    assert logbook.noted("goals", "two")  # until the kernel ends
    assert logbook.noted("goals", "one")


def test_without_a_file_it_is_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTURE643_PROGRESS", "")
    logbook.note("goals", "one")
    assert logbook.path() is None
    assert logbook.noted("goals", "one")
    logbook.clear()
    assert logbook.noted("goals", "one") is None


def test_readers_hear_of_each_change_and_clearing_takes_the_file_away(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(logbook, "_readers", [])
    logbook.on_change(lambda kind, name: heard.append((kind, name)))
    logbook.note("goals", "one")
    logbook.forget("goals", "one")
    logbook.forget("goals", "one")
    logbook.clear()
    logbook.clear()
    assert heard == [("goals", "one"), ("goals", "one"), ("", ""), ("", "")]
    assert not file.exists()


def test_aside_nothing_of_before_is_seen_and_nothing_is_kept() -> None:
    logbook.note("goals", "low", best="E = 1")
    with logbook.aside():
        assert logbook.path() is None
        assert logbook.noted("goals", "low") is None
        logbook.note("goals", "other", best="E = 2")
        assert logbook.noted("goals", "other")
    assert logbook.noted("goals", "low")
    assert logbook.noted("goals", "other") is None
