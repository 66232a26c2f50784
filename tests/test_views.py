"""Every setting of every view, really moved: a picture, a sentence and no error at each end."""

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from drawn import settings_of
from hands import drag, ends
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

import lecture643 as lec
from lecture643 import explore
from lecture643.live import View

AnyView = View[Any, Any]
QUICK: dict[str, dict[str, Any]] = {"training": {"epochs": 10}}  # or the tests would train for minutes


@pytest.fixture(params=explore.__all__)
def view(request: pytest.FixtureRequest) -> Iterator[AnyView]:
    made = getattr(explore, request.param)(**QUICK.get(request.param, {}))
    yield made
    made.close()


def check(view: AnyView) -> None:
    """There is a picture of the right size with something on it, a sentence with figures, and no error."""
    picture = Image.open(io.BytesIO(view.live.picture()))
    assert picture.size == view.live.size
    assert len(picture.resize((200, 100)).getcolors(20_000) or ()) > 30
    check_words(view)


def check_words(view: AnyView) -> None:
    sentence = view.describe()
    assert re.search(r"\d", sentence)
    assert "nan" not in sentence
    assert "inf" not in sentence
    assert "\n" not in sentence
    assert view._failure == ""


def seen_controls(view: AnyView) -> list[str]:
    """The settings that can be moved by hand as the view stands."""
    return [told["name"] for told in view.settings.told() if not told.get("hidden")]


def test_every_setting_at_both_ends_and_in_the_middle(view: AnyView) -> None:
    for name in view.controls:
        first = view.settings
        for value in ends(view, name):
            view.set(**{name: value})
            check(view)
        view.show(first)


def test_pairs_of_settings_at_their_ends(view: AnyView) -> None:
    """Every pair of ends: where odd combinations hide. The moving artists are drawn, not the picture."""
    first = view.settings
    for one, other in itertools.combinations(seen_controls(view), 2):
        for a in ends(view, one)[:: max(1, len(ends(view, one)) - 1)]:
            view.set(**{one: a})
            for b in ends(view, other)[:: max(1, len(ends(view, other)) - 1)]:
                view.set(**{other: b})
                check_words(view)
            view.show(first)


def test_no_setting_is_dead(view: AnyView) -> None:
    """One of its values gives another sentence or another picture, if its control is there."""
    for name in seen_controls(view):
        first, told, drawn = view.settings, set(), set()
        for value in ends(view, name):
            view.set(**{name: value})
            told.add(view.describe())
            if len(told) == 1:
                drawn.add(view.live.picture())
        view.show(first)
        assert len(told) > 1 or len(drawn) > 1, f"{name} changes nothing"


def test_the_bundle_is_what_each_kind_of_reader_needs(view: AnyView) -> None:
    data, metadata = view._repr_mimebundle_()
    assert data["text/plain"] == view.describe() == metadata["image/png"]["alt"]
    width, height = Image.open(io.BytesIO(data["image/png"])).size
    assert width == view.panels.size[0] == metadata["image/png"]["width"]
    assert height >= view.panels.size[1] + 30  # the sentence is written under the picture
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize("name", explore.__all__)
@settings(max_examples=5, phases=[Phase.generate])  # shrinking would make hundreds of views
@given(data=st.data())
def test_the_code_makes_this_very_view(name: str, data: st.DataObject) -> None:
    kind = getattr(explore, name)
    view = kind()
    view.show(data.draw(settings_of(type(view.settings))), raising=True)
    again = eval(view.code(), {"lec": lec})
    assert again.settings == view.settings
    assert again.describe() == view.describe()
    assert again.live.picture() == view.live.picture()
    again.close()
    view.close()


def test_reset_goes_back_to_the_first_picture_and_sentence(view: AnyView) -> None:
    picture, sentence = view.live.picture(), view.describe()
    for name in view.controls:
        view.set(**{name: ends(view, name)[-1]})
    view.reset()
    assert view.describe() == sentence
    assert view.live.picture() == picture


@pytest.mark.parametrize("width", [400, 760, 1600])
def test_every_picture_is_laid_out_for_its_window(view: AnyView, width: int) -> None:
    view.fit(width, 0.6 * width + 400)
    assert view.live.size[0] <= width
    check(view)


def test_a_hall_has_a_picture_too(view: AnyView) -> None:
    try:
        lec.projector()
        check(view)
    finally:
        lec.desk()


def test_the_whole_picture_can_be_dragged_over(view: AnyView) -> None:
    """Whatever is pressed and wherever it is dragged to: no error, and a sentence."""
    for panel in view.live.panels:
        axes = view.live.panels[panel]
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        middle = (left + right) / 2, (low + high) / 2
        drag(view, panel, [middle, (right, high), (left, low), (3 * right - 2 * left, high)])
        check_words(view)


def test_a_state_that_is_not_the_last_says_so(view: AnyView) -> None:
    """A prediction is weighed, and a goal reached, by the last one only."""
    if type(view).states is View.states:
        return
    for setting in view.controls:
        for value in (ends(view, setting)[0], ends(view, setting)[-1]):
            *coarse, last = view.states(view.settings.changed(**{setting: value}))
            assert all(state.unfinished for state in coarse)
            assert not getattr(last, "unfinished", False)
