"""The numbers of a network under their names, and formulas made of them: one speller for all.

A formula is a row of quantities with signs between them. The same row is written with symbols, for
matplotlib or as plain text, and with numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Union

from lecture643.maths.text import number, subscript, superscript


class Style(NamedTuple):
    """A way to spell."""

    bases: Mapping[str, str]
    name: Callable[[str, str, str], str]  # of a base, its lower indices and its upper one
    entry: Callable[[str, str, str], str]  # of a matrix
    slope: Callable[[str, str], str]  # ∂ of the first along the second
    ratio: Callable[[str, str], str]
    signs: Mapping[str, str]  # what the signs of a formula become


class Quantity(NamedTuple):
    """One number of the calculation. `i` counts the neurons of layer `ell`, `j` those of the layer before.

    kind: "w", "b", "z", "a", "ŷ", "y", "e", "δ", "V"; "φ'" for φ'(z); "∂" before one of these for ∂e/∂…;
    "1−a", "1+a", "1−ŷ", "1+ŷ"; "path" for what reaches a_j^{ℓ−1} from z_i^ℓ, over the weight w_ij^ℓ.
    a⁰ is x. i = 0: there is only one, and no index is written.
    """

    kind: str
    ell: int = 0
    i: int = 0
    j: int = 0

    @property
    def weight(self) -> "Quantity":
        """The weight w_ij^ℓ of these indices; the bias, for ∂e/∂b."""
        return self._replace(kind="b" if self.kind in ("b", "∂b") else "w")

    @property
    def back(self) -> bool:
        """Whether the way back computes it."""
        return self.kind == "path" or self.kind[0] in "∂φδV"

    @property
    def tex(self) -> str:
        """The symbol for matplotlib, without the dollar signs."""
        return self.spelled(TEX)

    def __str__(self) -> str:
        """The symbol as plain text: ∂e/∂w₁₁²."""
        return self.spelled(PLAIN)

    def spelled(self, style: Style) -> str:
        """The symbol in a style."""
        kind = self.kind
        if kind == "path":
            before = self._replace(kind="a", ell=self.ell - 1, i=self.j)
            z = _base("z", self, style)
            return (
                style.slope("e", z) + _spaced(_signs("·", style)) + style.slope(z, _base("a", before, style))
            )
        if kind == "φ'":
            return f"{style.bases.get(kind, kind)}({_base('z', self, style)})"
        if kind.startswith("∂"):
            return style.slope("e", _base(kind[1:], self, style))
        if kind.startswith("1"):
            return f"({_signs('1 ' + kind[1], style)} {_base(kind[2:], self, style)})"
        return _base(kind, self, style)


class Ratio(NamedTuple):
    """A formula over another one."""

    top: "Formula"
    bottom: "Formula"


Item = Union[Quantity, Ratio, str]  # noqa: UP007  (evaluated while Ratio is made)
Formula = tuple[Item, ...]
Values = dict[Quantity, float]


def _base(base: str, q: Quantity, style: Style) -> str:
    """A symbol with its indices; a⁰ is x."""
    base = "x" if base == "a" and q.ell == 0 else base
    known = style.bases.get(base, base)
    if base in ("e", "y", "x", "ŷ"):
        return style.name(known, str(q.i or ""), "")
    if base == "V":
        return style.entry(known, f"{q.i}{q.j}", str(q.ell))
    return style.name(known, f"{q.i}{q.j if base == 'w' else ''}", str(q.ell))


def _signs(text: str, style: Style) -> str:
    for sign, written in style.signs.items():
        text = text.replace(sign, written)
    return text


def _tex_name(base: str, low: str, up: str) -> str:
    return base + (f"_{{{low}}}^{up}" if up else f"_{low}" if low else "")


TEX = Style(
    bases={"ŷ": r"\hat y", "δ": r"\delta", "φ'": r"\varphi'"},
    name=_tex_name,
    entry=lambda base, low, up: rf"\left({base}^{up}\right)_{{{low}}}",
    slope=lambda of, by: rf"\dfrac{{\partial {of}}}{{\partial {by}}}",
    ratio=lambda top, bottom: rf"\dfrac{{{top}}}{{{bottom.strip('()')}}}",
    signs={"·": r"\,", "²": "^2", "φ": r"\varphi", "2 (": r"2\,(", "ln ": r"\ln "},
)
PLAIN = Style(
    bases={},
    name=lambda base, low, up: base + subscript(low) + superscript(up),
    entry=lambda base, low, up: f"entry ({', '.join(low)}) of {base}{superscript(up)}",
    slope=lambda of, by: f"∂{of}/∂{by}",
    ratio=lambda top, bottom: f"({top})/{bottom}" if " " in top else f"{top}/{bottom}",
    signs={},
)


def spell(formula: Formula, style: Style = PLAIN, times: str = "·") -> str:
    """A formula with symbols. times: the sign of products, where it is another one."""
    parts = [_spelled(times if item == "·" else item, style) for item in formula]
    return "".join(map(_spaced, parts) if style is not TEX else parts)


def in_numbers(formula: Formula, values: Mapping[Quantity, float]) -> list[str]:
    """Every item with the numbers put in, negative factors and summands in brackets."""
    written = []
    for before, item in zip(("", *formula), formula, strict=False):
        if isinstance(item, Ratio):
            written.append(PLAIN.ratio(*("".join(in_numbers(part, values)) for part in item)))
        elif isinstance(item, Quantity):
            text = number(values[item])
            written.append(f"({text})" if text.startswith("−") and before in ("·", "+", "−") else text)
        else:
            written.append(item)
    return written


def told(items: Sequence[str]) -> str:
    """The items of `in_numbers` as one text."""
    return "".join(map(_spaced, items))


def _spelled(item: Item, style: Style) -> str:
    if isinstance(item, Quantity):
        return item.spelled(style)
    if isinstance(item, Ratio):
        return style.ratio(*(spell(part, style) for part in item))
    return _signs(item, style)


def _spaced(item: str) -> str:
    return f" {item} " if item in ("=", "+", "−", "·") else item
