"""Numbers, vectors and matrices as one writes them by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lecture643.maths.checks import Floats


def number(value: float, significant: int = 4) -> str:
    """Four significant digits, as one writes them by hand: 0.4339, −12.5, 4.479×10⁻⁵."""
    digits, _, exponent = f"{float(value) + 0.0:.{significant}g}".partition("e")  # + 0.0: there is no −0
    text = digits if not exponent else f"{digits}×10{superscript(int(exponent))}"
    return text.replace("-", "−")


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def vector(values: Sequence[float] | Floats) -> str:
    """A tuple of `number`s: (2.75, 1)."""
    return "(" + ", ".join(number(v) for v in values) + ")"


def written(value: Any, significant: int = 4) -> str:
    """A number, a vector, or a matrix row by row: ((1, 2), (3, 4))."""
    if isinstance(value, list | tuple) or np.ndim(value):
        return "(" + ", ".join(written(part, significant) for part in value) + ")"
    return number(value, significant)


def apart(one: Any, other: Any) -> tuple[str, str]:
    """Both as `written`, with as many digits as tell them apart."""
    for significant in (4, 6, 9, 17):
        pair = written(one, significant), written(other, significant)
        if pair[0] != pair[1]:
            break
    return pair


def plural(count: int, noun: str) -> str:
    """1 step, 2 steps."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def superscript(index: int | str) -> str:
    """e⁴ has the index 4."""
    return str(index).translate(_SUPERSCRIPT)


def subscript(index: int | str) -> str:
    """x₁₂ has the index 12."""
    return str(index).translate(_SUBSCRIPT)


_COUNTS = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905


def counted(count: int) -> str:
    """As one writes it in a sentence: ten, but 13."""
    return _COUNTS[count] if count < len(_COUNTS) else str(count)


def listed(parts: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
