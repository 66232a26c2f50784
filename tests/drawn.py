"""Settings drawn at random, for property-based tests."""

from typing import Any

from hypothesis import strategies as st

from lecture643.live import Settings


def settings_of(kind: type[Settings]) -> st.SearchStrategy[Any]:
    """Settings of this kind, drawn one after the other, as their ranges depend on those before."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Settings:
        settings = kind()
        for name in [told["name"] for told in settings.told()]:
            told = next(each for each in settings.told() if each["name"] == name)
            shown = draw(_value(told))
            settings = settings.changed(**{name: settings.kinds()[name].meant(shown, settings)})
        return settings

    return drawn()


def _value(told: dict[str, Any]) -> st.SearchStrategy[Any]:
    if told["kind"] == "number" and told.get("whole"):
        return st.integers(int(told["min"]), int(told["max"]))
    if told["kind"] == "number":
        return st.floats(told["min"], told["max"])
    if told["kind"] == "point":
        sides = told.get("sides", [told] * len(told["names"]))
        return st.tuples(*(st.floats(side["min"], side["max"]) for side in sides))
    if told["kind"] == "choice":
        return st.integers(0, len(told["options"]) - 1)
    return st.booleans()
