"""Formulas as MathML, made while the site is built: no script and no font of anybody else is needed."""

from typing import Any

from latex2mathml.converter import convert

# What latex2mathml does not know, in what it knows.
WORDS = {r"\tfrac": r"\frac", r"\dfrac": r"\frac", "\\\n": "\\ "}


def mathml(formula: str, display: bool) -> str:
    """A formula as it stands in a notebook, without its dollar signs."""
    for unknown, known in WORDS.items():
        formula = formula.replace(unknown, known)
    return str(convert(formula, display="block" if display else "inline"))


def setup(app: Any) -> dict[str, Any]:
    """As Sphinx asks its extensions."""
    from docutils.nodes import SkipNode

    def inline(self: Any, node: Any) -> None:
        self.body.append(mathml(node.astext(), display=False))
        raise SkipNode

    def block(self: Any, node: Any) -> None:
        self.body.append(f'<div class="math">{mathml(node.astext(), display=True)}</div>')
        raise SkipNode

    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
