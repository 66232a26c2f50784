"""Notebook 00: a first taste."""

from lecture643.explore.descent import Descent
from lecture643.lesson.activity import Activity

NOTEBOOK = "00"

taste = Activity(view=Descent, statements=["2.15"], first=["start", "rate", "shown"])
