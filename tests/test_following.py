"""A check moves the open view to the number that is off, and hands it the newest function."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lab
import nbformat
import numpy as np
import pytest
from playwright.sync_api import Page, expect

import lecture643 as lec
from lecture643 import exercises, explore
from lecture643.homework.diagnosis import answers
from lecture643.homework.drawing import Drawing
from lecture643.homework.exercise import Exercise
from lecture643.live import View, cells
from lecture643.live.asked import Options
from lecture643.maths.text import number

AnyView = View[Any, Any]
CHROMIUM = lab.chromium_path()
SLIP = exercises.SECOND_ROW.slips[1][1]  # ∂e/∂ŷ is missing
REPLY = 'To see ∂e/∂w₂₁²: lec.explore.backprop(step="∂e/∂w₂₁²")'
SEEN = "The open picture of lec.explore.backprop now shows ∂e/∂w₂₁²."
COMPARED = {name: e for name, e in exercises.all().items() if not isinstance(e, Drawing)}
REMARK = "Homework SECOND_ROW: ∂e/∂w₂₁² should be 0.02076, yours is −0.01897."


@pytest.fixture
def reply(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a check says in its last line."""

    def last(name: str, function: Any) -> str:
        exercises.all()[name].check(function)
        return capsys.readouterr().out.rstrip().split("\n")[-1]

    return last


def step(view: AnyView) -> str:
    return str(view.state.step.result) if view.state.step else ""


def test_with_no_view_open_the_reply_has_the_line_that_opens_one(reply: Callable[..., str]) -> None:
    assert reply("SECOND_ROW", SLIP) == REPLY
    view = eval(REPLY.partition(": ")[2], {"lec": lec})
    assert step(view) == "∂e/∂w₂₁²"
    assert "∂e/∂w₂₁²" in [str(q) for q in view.state.lit]


def test_the_open_view_goes_to_the_number_and_says_whose_it_is(reply: Callable[..., str]) -> None:
    view = explore.backprop(step="e", weight="w₁₁²")
    assert reply("SECOND_ROW", SLIP) == SEEN
    assert step(view) == "∂e/∂w₂₁²"
    assert view.describe().startswith(f"{REMARK} Step 25 of 40")
    view.set(step=3)  # what is said of it goes when it is moved
    assert REMARK not in view.describe()
    reply("SECOND_ROW", SLIP)
    view.fit(700, 900)  # but not when the window is
    assert REMARK in view.describe()


def test_the_entry_of_a_matrix_lights_up(reply: Callable[..., str]) -> None:
    view, other = explore.matrices(step=0, entry="δ"), explore.backprop()
    off = np.array([[0, 0], [1, 0]])
    said = reply("MATRIX_EXPRESSION", lambda ell, *c: exercises.weight_gradient(ell, *c) + off * (ell == 2))
    assert said == "The open picture of lec.explore.matrices now shows ∂e/∂w₂₁²."
    assert ("∇W", 2, 1) in view.state.lit
    assert view.state.ell == 2
    assert other.settings.step == 0


@pytest.mark.parametrize(
    ("name", "open_view", "looks"),
    [
        ("ERROR_TERM", "neuron", lambda view: view.settings.marked == 1 and view.settings.w == (-0.5, 0.5)),
        ("ERROR_GRADIENT", "direction", lambda view: view.settings.d == (1, 0)),
        ("DESCENT_DIRECTION", "direction", lambda view: view.settings.d == (-1, 0.5)),
        ("PERCEPTRON", "perceptron", lambda view: view.settings.shown == 0),
        ("LAYER_1", "backprop", lambda view: step(view) == "∂e/∂w₁₁¹"),
        ("BIASES", "backprop", lambda view: step(view) == "∂e/∂z₁²"),
    ],
)
def test_every_kind_of_picture_can_be_pointed_at(
    name: str, open_view: str, looks: Callable[[AnyView], bool], reply: Callable[..., str]
) -> None:
    view = getattr(explore, open_view)()
    said = reply(name, exercises.all()[name].slips[0][1])
    assert said.startswith(f"The open picture of lec.explore.{open_view} now shows ")
    assert looks(view)
    assert view.describe().startswith(f"Homework {name}: ")


def test_the_frame_of_a_row_goes_when_w_is_moved(reply: Callable[..., str]) -> None:
    view = explore.neuron()
    reply("ERROR_TERM", exercises.ERROR_TERM.slips[0][1])
    assert view.settings.marked == 1
    view.set(w=(1, 1))
    assert view.settings.marked == 0


@pytest.mark.parametrize(
    "settings",
    [{"x": (1, 1)}, {"weights": {"w₁₁³": 2.5}}, {"value": 2.5}, {"sizes": (2, 3, 1)}, {"activation": "tanh"}],
)
def test_a_view_of_other_numbers_is_left_alone(settings: dict[str, Any], reply: Callable[..., str]) -> None:
    view = explore.backprop(step=1, **settings)
    before = view.settings
    assert reply("SECOND_ROW", SLIP) == REPLY
    assert view.settings == before


def test_a_view_with_other_data_is_left_alone(reply: Callable[..., str]) -> None:
    other = lec.toy.SigmoidNeuron([[1, 1], [2, 0]], [0, 1])
    view = explore.neuron(problem=other)
    assert reply("TOTAL_ERROR", lambda *_: 0.5).startswith("To see E: ")
    view.close()
    explore.neuron(problem=lec.toy.four_points())  # the same numbers, though another object
    assert reply("TOTAL_ERROR", lambda *_: 0.5).startswith("The open picture of lec.explore.neuron")


def test_a_question_that_is_open_is_not_given_away(reply: Callable[..., str]) -> None:
    ask = Options(ask="?", options=["a", "b"], truth=lambda _: 0, because=["", ""], tempting=1)
    view = explore.backprop(step=1).asking("ask", ask)
    assert reply("SECOND_ROW", SLIP) == REPLY
    assert view.settings.step == 1


def test_the_view_above_is_the_one_that_moves(
    monkeypatch: pytest.MonkeyPatch, reply: Callable[..., str]
) -> None:
    """Cells are told apart by when they were first run, as on a page that was run from top to bottom."""
    cell = ["above"]
    monkeypatch.setattr(cells, "running_cell", lambda: (cell[0], f"run of {cell[0]}"))
    views = {}
    for name in ("far above", "above", "homework", "below"):
        cell[0] = f"{name} {id(views)}"
        if name == "homework":
            reply("SECOND_ROW", lambda *_: ...)
        else:
            views[name] = explore.backprop(step=1)
    cell[0] = f"homework {id(views)}"
    assert reply("SECOND_ROW", SLIP) == SEEN
    assert [name for name, view in views.items() if step(view) == "∂e/∂w₂₁²"] == ["above"]
    views["above"].close()
    views["far above"].close()
    assert reply("SECOND_ROW", SLIP) == SEEN
    assert step(views["below"]) == "∂e/∂w₂₁²"


def test_a_view_takes_the_newest_function_right_or_wrong(reply: Callable[..., str]) -> None:
    view = explore.own_walk(gd_step=lambda w, rate, gradient: ...)
    assert "still returns the three dots" in view.describe()
    said = reply("GD_STEP", lambda w, rate, gradient: w + rate * gradient(w))
    assert said == "The open picture of lec.explore.own_walk now shows w₁₁¹ at k = 1."
    assert view.describe().startswith("Homework GD_STEP: w₁₁¹ at k = 1 should be −1.375, yours is 1.375. ")
    assert "they part at k = 1" in view.describe()
    reply("SECOND_ROW", SLIP)  # another homework leaves it as it is
    assert "Homework GD_STEP" in view.describe()
    assert reply("GD_STEP", exercises.gd_step) == "Right."
    assert "your walk is the true one" in view.describe()
    assert "Homework GD_STEP" not in view.describe()


def test_a_function_without_an_end_is_not_handed_on(
    monkeypatch: pytest.MonkeyPatch, reply: Callable[..., str]
) -> None:
    monkeypatch.setattr("lecture643.homework.attempt.SECONDS", 0.3)

    def endless(w: Any, rate: Any, gradient: Any) -> Any:
        while True:
            pass

    view = explore.own_walk(gd_step=exercises.gd_step)
    assert "did not end within 0.3 seconds" in reply("GD_STEP", endless)
    assert view.settings.gd_step is exercises.gd_step


# --- where the number is to be seen -------------------------------------------------------------


def places(exercise: Exercise) -> Iterator[tuple[Any, float]]:
    """Every number of the lecture's own that a picture shows, and what it is."""
    for case, expected in enumerate(answers(exercise.reference, exercise.cases, exercise.reader)):
        assert expected is not None
        for at in np.ndindex(expected.shape):
            place = exercise.place(case, at)
            if place and place.view:
                yield place, float(expected[at])


@pytest.mark.parametrize("name", [n for n, e in COMPARED.items() if any(places(e))])
def test_the_picture_shows_the_very_number(name: str) -> None:
    for place, value in places(exercises.all()[name]):
        own = {place.own: exercises.all()[name].reference} if place.own else {}
        view = getattr(explore, place.view)(**own, **place.settings)
        sentence = view.describe()
        if place.symbol.startswith("e"):
            assert view.state.errors[int(place.settings["marked"]) - 1] == pytest.approx(value)
        elif name == "DESCENT_DIRECTION":
            assert (view.state.derivative < 0) == value
        elif name == "PERCEPTRON":
            assert f"moves it by yx = ({number(-value)}, " in sentence
        elif name == "ERROR_GRADIENT":
            assert view.state.derivative == pytest.approx(value)
        else:
            assert re.search(rf"(?<![\d.]){re.escape(number(value))}(?![\d.]\d)", sentence), sentence
            assert name != "SECOND_ROW" or f"{place.symbol} = " in sentence
        view.close()


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("PREDICTION", {"ŷ¹", "ŷ⁴"}),
        ("ERROR_TERM", {"e¹", "e⁴"}),
        ("TOTAL_ERROR", {"E"}),
        ("ERROR_GRADIENT", {"∂E/∂w₁₁¹", "∂E/∂w₁₂¹"}),
        ("DESCENT_DIRECTION", {"f'(x; d)"}),
        ("GD_STEP", {"w₁₁¹ at k = 1", "w₁₂¹ at k = 1"}),
        ("SECOND_ROW", {"∂e/∂w₂₁²", "∂e/∂w₂₂²"}),
        ("LAYER_1", {"∂e/∂w₁₁¹", "∂e/∂w₂₂¹"}),
        ("MATRIX_EXPRESSION", {"∂e/∂w₂₁²", "∂e/∂w₁₂¹", "∂e/∂w₁₁³"}),
        ("BIASES", {"∂e/∂z₁²", "∂e/∂z₂²"}),
    ],
)
def test_it_is_named_as_on_the_slides(name: str, symbols: set[str]) -> None:
    assert symbols <= {place.symbol for place, _ in places(exercises.all()[name])}


# --- in the browser -----------------------------------------------------------------------------

CELLS = [
    "import lecture643 as lec",
    "lec.explore.backprop(step='e')",
    "def second_row(de_dyhat, z3, W3, z2, a1):\n    return lec.exercises.SECOND_ROW.slips[1][1]"
    "(de_dyhat, z3, W3, z2, a1)\n\n\nlec.exercises.SECOND_ROW.check(second_row)",
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("one")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, Path(folder) / "one.ipynb")
    assert CHROMIUM, "CI needs a Chromium"
    with (
        lab.chromium(CHROMIUM) as browser,
        lab.jupyter_lab(folder, tmp_path_factory.mktemp("jupyter")) as address,
    ):
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        lab.open_notebook(page, address, "one.ipynb")
        lab.run_all(page)
        yield page


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium, Chrome or Edge found")
def test_in_a_notebook_the_reply_lights_up_the_picture_above_and_a_move_clears_it(page: Page) -> None:
    view = lab.views(page).first
    expect(view.locator(".l643-remark")).to_have_text(REMARK)
    expect(view.locator(".l643-said")).to_contain_text("Step 25 of 40")
    expect(view.get_by_role("status")).to_contain_text(f"{REMARK} Step 25 of 40")  # and is heard
    expect(page.locator(".jp-OutputArea-output", has_text=SEEN)).to_be_visible()
    view.get_by_role("button", name="layer ▶", exact=True).click()
    expect(view.locator(".l643-remark")).to_have_text("")
