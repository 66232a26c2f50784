"""Adding a view is one file: the README's example, put into a folder of its own."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from hands import ends

EXAMPLE = Path(__file__).parent / "examples" / "parabola.py"


@pytest.fixture
def parabola(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The class, found like a view: by the name of its file."""
    path = tmp_path / "parabola.py"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("parabola", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "parabola", module)
    spec.loader.exec_module(module)
    return getattr(module, path.stem.title())


def test_its_controls_its_picture_its_code_and_reset(parabola: Any) -> None:
    view = parabola(x=0.5)
    first = view.live.picture()
    assert view.describe() == "At x = 0.5 the slope is 1."
    assert view.code() == "lec.explore.parabola(x=0.5)"
    for name in view.controls:
        for value in ends(view, name):
            view.set(**{name: value})
            assert view.live.picture() != first
    assert eval(view.code().removeprefix("lec.explore."), {"parabola": parabola}).settings == view.settings
    view.reset()
    assert view.live.picture() == first


def test_it_is_documented_and_checked(parabola: Any) -> None:
    assert "x: where the slope is taken" in parabola.__doc__
    with pytest.raises(ValueError, match="x must be from -2 to 2, got 3"):
        parabola(x=3)
