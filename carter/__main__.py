"""`python -m carter COMMAND`."""

import sys

from carter.cli import main

if __name__ == "__main__":
    sys.exit(main())
