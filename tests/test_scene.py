"""A scene in the browser is the picture that Agg draws, exact to a part of a pixel, in few bytes."""

import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import lab
import numpy as np
import playing
import pytest
from drawn import settings_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from PIL import Image
from playwright.sync_api import Error, Page

from lecture643 import explore
from lecture643.picture.glyphs import Glyphs
from lecture643.picture.lettering import Line, Texts
from lecture643.picture.scene import Frame, Recorder

CHROMIUM = lab.chromium_path()
# Most is far below; the landscape has 1,024 tiles.
MOST_BYTES = dict.fromkeys(explore.__all__, 9_000) | {"surface": 40_000}


@pytest.fixture(params=explore.__all__)
def view(request: pytest.FixtureRequest) -> Any:
    made = getattr(explore, request.param)()
    made.live.picture()  # what is laid out while drawing, is
    return made


def axes(**limits: Any) -> Any:
    """All of a figure of 400 × 300 pixels."""
    figure = Figure(figsize=(4, 3), dpi=100)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1), **({"xlim": (0, 400), "ylim": (0, 300)} | limits))
    ax.axis("off")
    return ax


def last_points(ops: bytes, count: int, kind: str = "<i2") -> Any:
    """The points that the last operation ends with, in pixels with y upwards."""
    places = np.frombuffer(ops[-2 * count * np.dtype(kind).itemsize :], kind).reshape(-1, 2)
    return places / 16 * [1, -1] + [0, 300]


def alike(one: Frame, other: Frame) -> bool:
    """Whether two frames are the same; what differs in thousands of bytes nobody reads."""
    return one == other


# --- what is recorded -------------------------------------------------------------------------------


def test_a_view_is_a_few_bytes_and_the_same_each_time(view: Any) -> None:
    first, second = (Recorder(view.figure) for _ in range(2))
    frame = first.record(view.live._moving)
    assert first.record(view.live._moving) == frame == second.record(view.live._moving)
    assert [first.glyphs[n] for n in frame.glyphs] == [second.glyphs[n] for n in frame.glyphs]
    size = len(frame.ops) + sum(map(len, frame.images))
    assert 100 < size < MOST_BYTES[type(view).__module__.rpartition(".")[2]]


def test_recording_leaves_the_figure_as_it_was(view: Any) -> None:
    before = view.live.picture()
    recorder = Recorder(view.figure)
    frame = recorder.record(view.live._moving)
    assert view.live.picture() == before
    view.live.picture(density=2)  # a picture in another density between two frames changes none
    assert recorder.record(view.live._moving) == frame


@given(data=st.data())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_of_the_pictures_before_changes_none(view: Any, data: st.DataObject) -> None:
    view.show(data.draw(settings_of(type(view.settings))), raising=True)
    fresh = Recorder(view.figure, view.live._recorder.glyphs)
    assert alike(view.live.frame(), fresh.record(view.live._moving))


NUMBERS = st.sampled_from([0, 1, 7.3, 250, -40, 1e-7, 1e7, np.nan, np.inf])
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5).map(lambda rows: np.reshape(rows, (-1, 2)).T)
CHANGES: list[Callable[[Any], Any]] = [
    lambda line: line.set(color="red", alpha=0.3),
    lambda line: line.set(color=np.array([0.1, 0.2, line.get_linewidth() / 9])),
    lambda line: line.set(linestyle=(0, (1, 3)), dash_capstyle="round"),
    lambda line: line.set(marker="v", markersize=17, markeredgewidth=0),
    lambda line: line.set(marker="", linestyle="-"),
    lambda line: line.set(markevery=[-1]),
    lambda line: line.set(markevery=2, drawstyle="steps"),
    lambda line: line.set(linewidth=5, snap=True, clip_on=False),
    lambda line: line.set_sketch_params(1, 2, 3),
    lambda line: line.set_transform(line.axes.transAxes),
    lambda line: line.set_clip_path(Circle((200, 150), 90, transform=line.axes.transData)),
    lambda line: line.axes.set(xscale="symlog", yscale="log"),
    lambda line: line.axes.set(xlim=(-3, 9), position=(0.2, 0.2, 0.5, 0.5)),
    lambda line: line.set_data(np.linspace(0, 400, 2000), 150 + np.sin(np.arange(2000))),
    lambda line: line.set_data(np.linspace(0, 400, 500), 150 + np.sin(np.arange(500))),
    lambda line: line.set_data(np.ma.masked_less([5.0, 1.0, 9.0], 2), [1, 2, 3]),
]


@given(steps=st.lists(st.tuples(POINTS, st.sampled_from(CHANGES)), min_size=1, max_size=6))
def test_a_line_is_drawn_again_as_matplotlib_draws_it(
    steps: list[tuple[Any, Callable[[Any], Any]]],
) -> None:
    ax = axes()
    (line,) = ax.plot([1, 2], [3, 4], "o--")
    recorder = Recorder(ax.figure)
    with np.errstate(all="ignore"):
        for points, change in steps:
            for act in (lambda points=points: line.set_data(*points), lambda change=change: change(line)):
                act()
                assert alike(recorder.record([line]), Recorder(ax.figure, recorder.glyphs).record([line]))


TEXT_CHANGES: list[Callable[[Any], Any]] = [
    lambda text: text.set(text="$w_{11}$ = 3"),
    lambda text: text.set(position=(30, -5)),
    lambda text: text.set(color="red", alpha=0.4),
    lambda text: text.set(fontsize=19),
    lambda text: text.get_fontproperties().set_size(5),
    lambda text: text.set(rotation=90, ha="right", va="top"),
    lambda text: text.set(bbox={"facecolor": "white"}),
    lambda text: text.get_bbox_patch() and text.get_bbox_patch().set(facecolor="blue", linewidth=3),
    lambda text: text.axes.set(xlim=(-30, 900)),
    lambda text: text.axes.set(yscale="symlog", position=(0.2, 0.2, 0.5, 0.5)),
    lambda text: text.set_transform(text.axes.transAxes),
    lambda text: setattr(text, "xy", (900, 20)),
    lambda text: setattr(text, "xy", np.array([70, 20 + 3 * len(text.get_text())])),
    lambda text: setattr(text, "xy", [3 * text.xy[0], 9] if hasattr(text, "xy") else None),
    lambda text: setattr(text, "xycoords", "axes fraction"),
    lambda text: text.set(visible=False),
]


@given(
    pointing=st.booleans(),
    before=st.sampled_from(["red", "blue"]),
    changes=st.lists(st.sampled_from(TEXT_CHANGES), min_size=1, max_size=6),
)
def test_a_text_is_drawn_again_as_matplotlib_draws_it(
    pointing: bool, before: str, changes: list[Callable[[Any], Any]]
) -> None:
    ax = axes()
    line = ax.plot([10, 90], [5, 70], color="red")[0]
    at: dict[str, Any] = {"textcoords": "offset points", "xytext": (4, 4)}
    text: Any = ax.annotate("here", (50, 60), **at) if pointing else ax.text(50, 60, "here")
    moving = [line, text, line]  # what comes before and after a text can change, too
    recorder = Recorder(ax.figure)
    for change in changes:
        change(text)
        line.set_color(before if line.get_color() == "red" else "red")
        for _ in range(2):
            assert alike(recorder.record(moving), Recorder(ax.figure, recorder.glyphs).record(moving))


def test_places_are_exact_to_a_part_of_a_pixel() -> None:
    ax = axes()
    x = np.linspace(3, 390, 100)
    y = 150 + 140 * np.sin(x)
    (line,) = ax.plot(x, y)
    (marks,) = ax.plot(x, y, ".", linestyle="")
    for artist in (line, marks):
        drawn = last_points(Recorder(ax.figure).record([artist]).ops, len(x))
        assert np.abs(drawn - np.stack([x, y], axis=1)).max() <= 1 / 32


def test_what_reaches_far_out_is_not_bent() -> None:
    ax = axes()
    corners = np.array([(-50_000, -70_000), (90_000, 10), (20, 80_000)])
    (area,) = ax.fill(*corners.T)
    assert last_points(Recorder(ax.figure).record([area]).ops, 3, "<i4") == pytest.approx(corners, abs=1 / 32)


def test_gaps_and_masked_points_are_left_out() -> None:
    ax = axes()
    (line,) = ax.plot([10, 20, np.nan, 50, 60], [10, 20, 30, 50, 90], "o-")
    frame = Recorder(ax.figure).record([line])
    assert last_points(frame.ops, 4) == pytest.approx(np.array([(10, 10), (20, 20), (50, 50), (60, 90)]))
    line.set_data([], [])
    line.set_visible(False)
    assert len(Recorder(ax.figure).record([line]).ops) == 2


def test_each_outline_has_one_number_for_good() -> None:
    ax = axes()
    text, texts = ax.text(10, 10, "121 $w^2$", size=14), Texts(ax)
    recorder = Recorder(ax.figure)
    first = recorder.record([text])
    assert len(first.glyphs) == 3  # 1, 2, w: as small as an exponent it is the same 2
    text.set(text="212", size=30, color="red", rotation=30)
    assert set(recorder.record([text]).glyphs) < set(first.glyphs)
    texts.write([Line(100, 100, "12", 9), Line(50, 50, "$w$", 20)])
    assert set(recorder.record([texts]).glyphs) == set(first.glyphs)
    again = Recorder(ax.figure, recorder.glyphs)  # as after a change of style
    assert set(again.record([texts]).glyphs) == set(first.glyphs)
    assert len(recorder.glyphs) == 3


def test_there_are_no_more_outlines_than_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lecture643.picture.glyphs.MOST", 2)
    ax = axes()
    recorder = Recorder(ax.figure)
    frame = recorder.record([ax.text(10, 10, "abc")])
    assert frame.glyphs == ()
    assert len(frame.images) == 1  # the text as a picture


@pytest.mark.parametrize("colours", [3, 1000])
def test_an_image_comes_with_its_own_pixels(colours: int) -> None:
    ax = axes()
    values = np.arange(35 * 40).reshape(35, 40) % colours
    image = ax.imshow(values, extent=(0, 400, 0, 300), aspect="auto", interpolation="nearest")
    recorder = Recorder(ax.figure)
    frame, again = recorder.record([image]), recorder.record([image])
    pixels = np.asarray(Image.open(io.BytesIO(frame.images[0])).convert("RGBA"))
    assert np.array_equal(pixels, image.to_rgba(values, bytes=True))
    assert again.images[0] is frame.images[0]  # so that nobody encodes, sends or decodes it anew
    assert image.get_interpolation() == "nearest"
    image.set_data(values[::-1])
    assert recorder.record([image]).images != frame.images


def unusual(ax: Any) -> dict[str, Any]:
    """What there are no operations for."""
    ax.figure.add_artist(hatched := Rectangle((0.1, 0.2), 0.3, 0.4, hatch="//", facecolor="#abcdef"))
    sketched = ax.plot([10, 300], [20, 250], linewidth=3)[0]
    sketched.set_sketch_params(3)
    corners = np.array([50, 250, 150]), np.array([50, 60, 250])
    jagged = PolyCollection([[(5, 5), (150, 20), (60, 200)]], antialiaseds=False)
    return {
        "hatch": hatched,
        "sketch": sketched,
        "gouraud": ax.tripcolor(*corners, [0.0, 1, 2], shading="gouraud"),
        "mesh": ax.pcolormesh(np.linspace(0, 400, 9), np.linspace(0, 300, 5), np.arange(32).reshape(4, 8)),
        "jagged": ax.add_collection(jagged),
    }


@pytest.mark.parametrize("name", ["hatch", "sketch", "gouraud", "mesh", "jagged"])
def test_what_it_cannot_say_it_shows_as_a_picture(name: str) -> None:
    ax = axes()
    (line,) = ax.plot([10, 20], [30, 40])
    artist = unusual(ax)[name]
    recorder = Recorder(ax.figure)
    frame = recorder.record([line, artist, line])
    assert len(frame.images) == 1
    alone = recorder.record([line]).ops
    assert frame.ops.startswith(alone)  # nothing is left of the attempt
    assert ax.figure.dpi == 100


def test_a_mistake_of_an_artist_is_raised_and_forgotten() -> None:
    ax = axes()
    (line,) = ax.plot([10, 20], [30, 40])
    good = Recorder(ax.figure).record([line])
    recorder = Recorder(ax.figure)
    with pytest.raises(ValueError, match="nowhere"):
        recorder.record([line, ax.text(1, 1, r"$\nowhere$")])
    assert recorder.record([line]) == good


# --- what is played ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    assert CHROMIUM, "CI needs a Chromium"
    with lab.chromium(CHROMIUM) as browser:
        tab = browser.new_page()
        playing.begin(tab)
        yield tab


@pytest.fixture(scope="module")
def glyphs() -> Glyphs:
    """One for all figures, as the page is."""
    return Glyphs()


def browser_test(test: Any) -> Any:
    why = "no Chromium, Chrome or Edge found; `.venv/bin/playwright install chromium` brings one"
    needed = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason=why)
    return pytest.mark.browser(needed(test))


def compare(page: Page, figure: Figure, moving: Any, glyphs: Glyphs, most: float = 2) -> None:
    """Away from edges, where hinting and whole pixels make small differences, both pictures are one."""
    recorder = Recorder(figure, glyphs)
    frame = recorder.record(moving)
    for density in (1, 2):
        still, whole = playing.by_agg(figure, moving, density)
        played = playing.play(page, recorder, frame, still, density)
        assert played.shape == whole.shape
        apart = np.abs(played.astype(int) - whole).max(axis=2)
        calm = playing.away_from_edges(whole, 2)
        assert calm.mean() > 0.4
        assert apart.mean() < most
        assert np.percentile(apart[calm], 99.5) <= 4
        assert (apart[calm] > 12).mean() < 0.001
        assert (whole != still).any()


@browser_test
def test_the_player_draws_what_agg_draws(view: Any, page: Page, glyphs: Glyphs) -> None:
    compare(page, view.figure, view.live._moving, glyphs)


@browser_test
def test_other_artists_are_drawn_as_agg_draws_them(page: Page, glyphs: Glyphs) -> None:
    """Clips, alpha, dashes, offsets, turned texts, arrows, scaled images: what the views may use one day."""
    ax = axes()
    values = np.add.outer(np.arange(6.0), np.arange(8))
    circle = Circle((300, 80), 60, transform=ax.transData)
    images = [
        ax.imshow(values, extent=(0, 150, 0, 90), interpolation="nearest", aspect="auto", alpha=0.5),
        ax.imshow(values, extent=(230, 390, 10, 150), interpolation="bicubic", aspect="auto"),
    ]
    images[1].set_clip_path(circle)
    moving = [
        *images,
        ax.scatter([50, 90, 200], [200, 220, 200], s=[300, 900, 2000], c=["r", "#00ff0080", "b"], alpha=0.6),
        ax.scatter([20, 40], [120, 130], s=90, marker="s", edgecolor="k"),
        *ax.plot([0, 400], [160.3, 160.3], "k--", linewidth=3, dash_capstyle="round"),
        ax.text(250, 200, "turned $\\frac{1}{2}$", rotation=37, size=20, bbox={"fc": "w", "alpha": 0.7}),
        ax.text(20, 270, r"$\sqrt{x^2}$ − two" + "\nlines", size=14, va="center", color="#123456"),
        ax.add_patch(FancyArrowPatch((150, 100), (230, 170), arrowstyle="-|>", mutation_scale=30, fc="r")),
        ax.fill_between(
            [300, 350, 390], [230, 250, 220], [280, 270, 290], color="C1", edgecolor="k", alpha=0.4
        ),
    ]
    for artist in moving:
        artist.set_animated(True)
    moving[2].set_clip_path(Rectangle((60, 190), 150, 60, transform=ax.transData, angle=10))
    compare(page, ax.figure, moving, glyphs, most=3)  # small, and full of edges


@browser_test
@pytest.mark.parametrize("name", ["hatch", "sketch", "gouraud", "mesh", "jagged"])
def test_a_picture_stands_in_for_what_cannot_be_said(name: str, page: Page, glyphs: Glyphs) -> None:
    ax = axes()
    artist = unusual(ax)[name]
    for other in {*ax.get_children(), *ax.figure.artists}:
        other.set_animated(True)  # not in the still
    recorder = Recorder(ax.figure, glyphs)
    frame = recorder.record([artist])
    still, whole = playing.by_agg(ax.figure, [artist], 2)
    assert (whole != still).any()
    assert np.abs(playing.play(page, recorder, frame, still, 2).astype(int) - whole).max() <= 2


@pytest.fixture(scope="module")
def square(page: Page) -> Page:
    """The page with a blue still, and frames that cover it."""
    ax = axes()
    frames = {}
    for colour in ("red", "lime"):
        ax.add_patch(patch := Rectangle((0, 0), 400, 300, color=colour, linewidth=0))
        frames[colour] = playing.text(Recorder(ax.figure).record([patch]).ops)
    page.evaluate(
        """frames => {
            window.ops = name => bytes(frames[name]);
            window.blue = new OffscreenCanvas(400, 300);
            const context = blue.getContext('2d');
            context.fillStyle = 'blue';
            context.fillRect(0, 0, 400, 300);
            window.colour = player => {
                const [r, g, b] = player.canvas.getContext('2d').getImageData(200, 150, 1, 1).data;
                return r > 200 ? 'red' : g > 200 ? 'lime' : b > 200 ? 'blue' : 'nothing';
            };
        }""",
        frames,
    )
    return page


@browser_test
def test_the_newest_frame_is_painted_once_its_still_is_there(square: Page) -> None:
    told = square.evaluate("""async () => {
        const player = new scene.Player(1), seen = [];
        const old = player.frame({still: 'a', ops: ops('red')});
        const next = player.frame({still: 'a', ops: ops('lime')});
        seen.push(await old, colour(player));
        player.still('a', blue, 400, 300);
        seen.push(await next, colour(player));
        const waits = player.frame({still: 'b', ops: ops('red')});  // whose still is on its way
        player.resize(2);
        await new Promise(requestAnimationFrame);
        seen.push(colour(player), player.canvas.width);
        player.still('b', blue, 200, 300);
        seen.push(await waits, colour(player), player.canvas.width);
        const never = player.frame({still: 'c', ops: ops('red')});
        player.close();
        seen.push(await never);
        return seen;
    }""")
    assert told == [False, "nothing", True, "lime", "lime", 800, True, "red", 400, False]


@browser_test
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("16, 99", "no such operation 99"),
        ("16, 7, 64, 1, 54321, 0, 0", "outline 54321 never came"),
        ("16, 4 | 4 << 8, 2, 9 << 8 | 1, 0, 0, 0, 0", "no such code of a path: 9"),
    ],
)
def test_what_it_does_not_understand_it_says(square: Page, words: str, message: str) -> None:
    square.evaluate("() => { window.player = new scene.Player(1); player.still('a', blue, 400, 300); }")
    with pytest.raises(Error, match=message):
        square.evaluate(f"() => player.frame({{still: 'a', ops: new Uint16Array([{words}])}})")
    assert (
        square.evaluate("""async () => {  // and goes on
        await player.frame({still: 'a', ops: ops('red')});
        return colour(player);
    }""")
        == "red"
    )
