"""A statement's words as HTML: formulas become MathML, which a browser sets by itself."""

import re
from html import escape

from latex2mathml.converter import convert


def html(words: str) -> str:
    """Words with LaTeX between dollar signs; a line break begins another line."""
    parts = re.split(r"\$(.+?)\$", words)  # text and formula in turn
    told = [_formula(part) if i % 2 else escape(part, quote=False) for i, part in enumerate(parts)]
    return "".join(told).replace("\n", "<br>")


def _formula(latex: str) -> str:
    """One formula. A row of letters in upright type is a word, which MathML sets as one."""
    maths = convert(latex)
    return re.sub(r'(?:<mi mathvariant="normal">[^<]+</mi>){2,}', _word, maths)


def _word(letters: re.Match[str]) -> str:
    return f"<mi>{''.join(re.findall(r'>([^<]+)<', letters[0]))}</mi>"
