"""The homework: check, hint, solution."""
