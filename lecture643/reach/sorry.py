"""What the command cannot do, told to a person."""


class Sorry(Exception):
    """A sentence that says what is wrong and what to do; the command prints it and stops."""
