"""The map fills up with what the logbook holds; one call clears it, another writes a page."""

from pathlib import Path

import pytest
from hands import press

import lecture643 as lec
from lecture643 import exercises, lesson, logbook
from lecture643.lesson import progress
from lecture643.lesson.statement_map import StatementMap
from lecture643.lesson.statements import STATEMENTS


@pytest.fixture(autouse=True)
def own_logbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTURE643_PROGRESS", str(tmp_path / "progress.json"))


def test_there_is_something_to_do_for_every_activity_goal_and_homework() -> None:
    every = progress.tasks()
    assert len(every) == len({(task.kind, task.name) for task in every})
    kinds = {kind: sum(task.kind == kind for task in every) for kind in logbook.KINDS}
    activities = lesson.activities.values()
    assert kinds["predictions"] == sum(activity.ask is not None for activity in activities)
    assert kinds["goals"] == sum(len(activity.goals) for activity in activities)
    assert kinds["homework"] == len(exercises.EXERCISES)
    for task in every:
        assert task.notebook in progress.NOTEBOOKS, task
        assert set(task.statements) <= set(STATEMENTS), task
        assert task.say


def test_a_tile_fills_up_as_one_goes_and_the_open_map_follows() -> None:
    view = lec.progress("04")
    before = view.live.picture()
    assert "Done: 0 of " in view.describe()
    race = lesson.activities["race"]()
    race.tasks.commit({"guess": 0})
    assert "Done: 1 of " in view.describe()
    assert view.live.picture() != before
    share = view.state.share(view.state.rows["04"]["2.15"])
    assert 0 < share < 1
    for task in progress.tasks("04"):
        logbook.note(task.kind, task.name)
    assert all(view.state.share(some) == 1 for some in view.state.rows["04"].values())
    assert "are full" in view.describe()


def test_a_press_on_a_tile_tells_what_there_is_to_do() -> None:
    view = StatementMap()
    cell = next(cell for cell in view.places if cell.key[1] == "2.15")
    press(view, "map", *cell.centre)
    assert view.settings.statement == "2.15"
    assert "2.15, " in view.describe()
    assert "Prediction, to do: All three may spend 160 sample gradients" in view.describe()
    press(view, "map", 1, 1)
    assert view.settings.statement == "all"


def test_it_is_laid_out_for_a_phone() -> None:
    view = StatementMap()
    view.fit(400, 900)
    width, height = view.live.size
    assert width <= 400
    assert height > width
    for cell in view.places:
        assert cell.left + cell.width <= width + 1
        assert cell.width > 80


def test_another_notebook_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="notebook must be one of 01, 02"):
        lec.progress("12")


def test_one_call_clears_it(capsys: pytest.CaptureFixture[str]) -> None:
    logbook.note("goals", "race")
    view = StatementMap()
    assert view.state.done
    lec.clear_progress()
    assert not view.state.done
    assert logbook.pages() == {}
    assert capsys.readouterr().out == "Your progress is cleared.\n"


def test_one_call_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson.activities["race"]().tasks.commit({"guess": 1})
    logbook.note("homework", "SGD_STEP")
    lec.summary(str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Written to page.html: 1 of " in capsys.readouterr().out
    assert "said B: SGD&#x27;s; it is A: GD&#x27;s" in page
    assert exercises.SGD_STEP.title in page
    assert "src=" not in page  # it needs nothing else
    assert "http" not in page


def test_what_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "trouble", "my_progress.json cannot be written: it is kept until …")
    assert "cannot be written" in StatementMap().describe()
