"""Every control of every view, really moved: a picture, a sentence and no error at each end."""

import io
import itertools
import re

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lecture643 import descent, explore
from lecture643.live.view import View
from lecture643.maths.toy import SigmoidNeuron
from lecture643.picture.draw import number

VIEWS = [getattr(explore, name) for name in explore.__all__]


@pytest.fixture(params=explore.__all__)
def view(request: pytest.FixtureRequest) -> View:
    made = getattr(explore, request.param)()
    yield made
    made.close()


def stops(control: widgets.Widget) -> list:
    """Both ends and the middle of a slider, all options of a choice."""
    if isinstance(control, widgets.SelectionSlider):
        values = [value for _, value in control.options]
        return [values[0], values[len(values) // 2], values[-1]]
    if isinstance(control, widgets.ToggleButtons | widgets.Dropdown):
        return [option[1] if isinstance(option, tuple) else option for option in control.options]
    if isinstance(control, widgets.Checkbox):
        return [False, True]
    middle = (control.min + control.max) / 2
    return [control.min, type(control.value)(middle), control.max]


def check(view: View) -> None:
    """There is a picture of the right size with something on it, a sentence with figures, and no error."""
    picture = Image.open(io.BytesIO(view._picture.value))
    assert picture.size == tuple(2 * side for side in view.size)
    assert len(picture.resize((200, 100)).getcolors(20_000)) > 30
    sentence = view.describe()
    assert re.search(r"\d", sentence)
    assert "nan" not in sentence
    assert "inf" not in sentence
    assert "\n" not in sentence
    assert view._failed.value == ""


def test_every_control_at_both_ends_and_in_the_middle(view: View) -> None:
    for name in view.controls:
        first = view.controls[name].value
        for value in stops(view.controls[name]):
            view.set(**{name: value})
            check(view)
        view.set(**{name: first})


def test_pairs_of_controls_at_their_ends(view: View) -> None:
    """Every pair of ends: where odd combinations hide. The picture is drawn once per setting, unencoded."""
    ends = {name: [stops(control)[0], stops(control)[-1]] for name, control in view.controls.items()}
    for one, other in itertools.combinations(ends, 2):
        for a, b in itertools.product(ends[one], ends[other]):
            view._move_controls({one: a, other: b})
            state = view.compute(**{name: control.value for name, control in view.controls.items()})
            view.draw(state)
            assert "nan" not in view.sentence(state)


def test_the_picture_changes_with_the_controls_that_matter(view: View) -> None:
    """No control is dead: one of its values gives another picture or another sentence."""
    for name, control in view.controls.items():
        first, seen = control.value, set()
        for value in stops(control):
            view.set(**{name: value})
            seen.add((bytes(view._picture.value), view.describe()))
        view.set(**{name: first})
        assert len(seen) > 1, f"{name} changes nothing"


def test_the_bundle_is_what_each_kind_of_reader_needs(view: View) -> None:
    data, metadata = view._repr_mimebundle_()
    assert data["text/plain"] == view.describe() == metadata["image/png"]["alt"]
    width, height = Image.open(io.BytesIO(data["image/png"])).size
    assert width == view.size[0]
    assert height >= view.size[1] + 30  # the sentence is written under the picture
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"]["width"] == view.size[0]


def test_the_same_settings_give_the_same_bytes(view: View) -> None:
    again = type(view)()
    assert again.live.picture() == view.live.picture()
    assert again.describe() == view.describe()
    again.close()


# --- what each view says ------------------------------------------------------------------------


def test_neuron_tells_the_errors_of_the_slide() -> None:
    view = explore.neuron(w=(0, 0))
    assert view.state.errors.tolist() == [0.25] * 4
    assert "E = 1;" in view.describe()
    view.set(w1=-1, w2=0.2)
    assert view.state.right == 4
    assert "E = 0.03" in view.describe()


def test_neuron_follows_a_drag_and_the_sliders_follow_too() -> None:
    view = explore.neuron()
    drag(view, view.weights, [(0, 0), (2, 1), (3.02, -1.98)])
    assert (view.controls["w1"].value, view.controls["w2"].value) == (3.0, -2.0)
    assert view.state.w.tolist() == [3.0, -2.0]
    drag(view, view.weights, [(0, 0), (50, -50)])  # beyond the picture: the slider's end
    assert view.state.w.tolist() == [6.0, -6.0]


def test_a_move_without_a_pressed_button_is_no_drag() -> None:
    view = explore.neuron(w=(1, 1))
    drag(view, view.weights, [(0, 0)], press=False)
    assert view.state.w.tolist() == [1, 1]


def test_the_end_of_a_drag_counts_though_its_last_moves_come_late() -> None:
    view = explore.neuron()
    places = [view.weights.transData.transform(w) / (view.figure.dpi / 100) for w in ((0, 0), (3, 1))]
    pointer(view, "mousedown", places[0][0], view.size[1] - places[0][1])
    pointer(view, "mouseup", places[1][0], view.size[1] - places[1][1])
    pointer(view, "mousemove", places[0][0], view.size[1] - places[0][1])
    assert view.state.w.tolist() == [3.0, 1.0]


@pytest.mark.parametrize(
    ("odd", "told"), [("a", "w1 must be an array of numbers"), (np.nan, "finite numbers")]
)
def test_a_slider_takes_numbers_only(odd: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        explore.neuron().set(w1=odd)


def test_a_finger_drags_like_the_mouse() -> None:
    view = explore.neuron()
    across, up = view.weights.transData.transform((3, -3)) / (view.figure.dpi / 100)
    finger = {"relativeX": across, "relativeY": view.size[1] - up}
    finger |= {"boundingRectWidth": view.size[0], "boundingRectHeight": view.size[1]}
    view._on_pointer({"type": "touchstart", "changedTouches": [finger]})
    view._on_pointer({"type": "touchend", "changedTouches": [finger]})
    assert view.state.w.tolist() == [3.0, -3.0]


def test_surface_turns_with_a_drag() -> None:
    view = explore.surface(azimuth=0, elevation=30)
    middle = (view.size[0] * 0.3, view.size[1] * 0.5)
    pointer(view, "mousedown", *middle)
    pointer(view, "mousemove", middle[0] - view.size[0] / 4, middle[1] + view.size[1] / 10)
    assert (view.state.azimuth, view.state.elevation) == (90, 48)


def test_surface_shows_four_plateaus_far_out() -> None:
    view = explore.surface(extent=20)
    assert "between" in view.describe()
    assert view.state.highest == pytest.approx(4, abs=1e-3)
    assert view.state.lowest == pytest.approx(0, abs=1e-3)
    written = {text.get_text() for text in view.contours.texts}
    assert written == {"E → 0", "E → 1", "E → 3", "E → 4"}


def test_descent_gives_each_method_the_same_budget() -> None:
    view = explore.descent(steps=30)
    paths = view.state.paths
    assert {int(path.sample_gradients[-1]) for path in paths.values()} == {120}
    expected = descent.sgd(view.problem, view.state.paths["sgd"].w[0], rate=0.5, steps=120, seed=0)
    assert np.allclose(paths["sgd"].w, expected.w, rtol=1e-9)
    view.set(batch_size=4)
    assert (view.state.paths["minibatch"].w == view.state.paths["gd"].w).all()


def test_descent_steps_forward_and_back() -> None:
    view = explore.descent(steps=10, shown=0)
    back, forward = (row for row in all_widgets(view.box) if isinstance(row, widgets.Button))
    for _ in range(4):
        forward.click()
    assert view.state.shown == {"gd": 1, "sgd": 4, "minibatch": 2}
    assert len(view.lines["path", "sgd"].get_xdata()) == 5
    back.click()
    assert view.state.shown == {"gd": 0, "sgd": 3, "minibatch": 1}
    for _ in range(10):
        back.click()
    assert view.controls["shown"].value == 0


def test_descent_says_which_samples_the_next_step_follows() -> None:
    view = explore.descent(shown=0, arrows="sgd")
    j = int(view.state.paths["sgd"].batches[0, 0]) + 1
    assert f"SGD's next step follows sample {j}." in view.describe()
    view.set(arrows="gd")
    assert "GD's next step follows samples 1, 2, 3, 4." in view.describe()


def test_a_walk_shown_whole_stays_whole_when_it_gets_longer() -> None:
    view = explore.descent(steps=10)
    view.set(steps=50)
    assert view.controls["shown"].value == view.controls["shown"].max == 200
    view.set(shown=7)
    view.set(steps=60)
    assert view.controls["shown"].value == 7


def test_a_rate_that_is_too_large_is_told_as_what_it_is() -> None:
    view = explore.descent(start=(2, 2), rate=100)
    assert "GD has taken 60 steps, E = 1, out on the plateau E → 1 at w = " in view.describe()


def test_views_take_other_data() -> None:
    problem = SigmoidNeuron([[1, 2], [-1, 1]], [1, 0])
    for make in (explore.neuron, explore.surface, explore.descent):
        check(make(problem=problem))


@settings(max_examples=15)
@given(st.floats(-6, 6), st.floats(-6, 6))
def test_a_slider_holds_any_value_it_is_given(w1: float, w2: float) -> None:
    view = explore.neuron()
    view.set(w1=w1, w2=w2)
    assert view.state.w.tolist() == [w1, w2]
    view.close()


def test_the_rate_takes_values_between_its_stops() -> None:
    view = explore.descent(rate=0.37)
    assert "γₖ = 0.37 " in view.describe()
    view.set(rate=0.001234)
    assert view.controls["rate"].value == 0.001234


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.43393, "0.4339"), (-12.5, "−12.5"), (4.479e-5, "4.479×10⁻⁵"), (0, "0"), (1, "1"), (1e20, "1×10²⁰")],
)
def test_numbers_are_written_as_by_hand(value: float, written: str) -> None:
    assert number(value) == written


# --- hands --------------------------------------------------------------------------------------


def drag(view: View, axes: object, places: list, press: bool = True) -> None:
    """A drag through these places of `axes`, as events of a picture shown at half its size."""
    for i, place in enumerate(places):
        x, y = axes.transData.transform(place) / (view.figure.dpi / 100)  # type: ignore[attr-defined]
        pointer(view, "mousedown" if press and i == 0 else "mousemove", x, view.size[1] - y, press)
    pointer(view, "mouseup", x, view.size[1] - y, press)


def pointer(view: View, kind: str, x: float, y: float, press: bool = True) -> None:
    view._on_pointer(
        {
            "type": kind,
            "buttons": int(press),
            "relativeX": x / 2,
            "relativeY": y / 2,
            "boundingRectWidth": view.size[0] / 2,
            "boundingRectHeight": view.size[1] / 2,
        }
    )


def all_widgets(widget: widgets.Widget) -> list:
    return [widget, *itertools.chain(*map(all_widgets, getattr(widget, "children", ())))]


def test_the_arrows_are_the_gradients() -> None:
    view = explore.descent(start=(0, 0), shown=0)
    u, v = view.arrows.U, view.arrows.V
    assert np.allclose(u[0] / v[0], 2.75 / 1.0)
    assert np.allclose([u[0], v[0]], [u[1:].sum(), v[1:].sum()])
