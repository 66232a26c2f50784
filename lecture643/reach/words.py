"""A statement's words as HTML: formulas become MathML, which a browser sets by itself."""

import re
from html import escape
from typing import Any


def html(words: str) -> str:
    """Words with LaTeX between dollar signs; a line break begins another line."""
    parts = re.split(r"\$(.+?)\$", words)  # text and formula in turn
    told = [_formula(part) if i % 2 else escape(part, quote=False) for i, part in enumerate(parts)]
    return "".join(told).replace("\n", "<br>")


def _formula(latex: str) -> str:
    """One formula, with what browsers set better than what the converter writes."""
    from lecture643.reach.formulas import mathml  # its converter is not in every install: see `open_hall`

    maths = mathml(latex, display=False)
    for written, better in _BETTER:
        maths = re.sub(written, better, maths)
    return maths


def _word(letters: re.Match[str]) -> str:
    return f"<mi>{''.join(re.findall(r'>([^<]+)<', letters[0]))}</mi>"


def _negative(found: re.Match[str]) -> str:
    closing = any(bracket in found[1] for bracket in (")", "&#x00029;", "]", "&#x02016;"))
    return found[0] if closing else f'{found[1]}<mo form="prefix">&#x02212;</mo>'


_BETTER: list[tuple[str, Any]] = [
    # A row of upright letters is a word.
    (r'(?:<mi mathvariant="normal">[^<]+</mi>){2,}', _word),
    # A hat is part of its letter: few systems have a font that knows where to put it.
    (r'<mover accent="true"><mi>(\w)</mi><mo>&#x0005E;</mo></mover>', r"<mi>\1&#x00302;</mi>"),
    # A minus behind a sign or a bracket is no difference.
    (r"(<mo[^>]*>[^<]*</mo>|<mrow>)<mo>&#x02212;</mo>", _negative),
]
