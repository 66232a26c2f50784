"""`python -m lecture643` is the command."""

import sys

from lecture643.reach.command import main

if __name__ == "__main__":
    sys.exit(main())
