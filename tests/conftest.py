"""Settings for all tests."""

from hypothesis import settings

# No deadlines: a slow machine is no failure. The same examples on every run: a red test stays red.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")
