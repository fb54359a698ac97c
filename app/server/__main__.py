"""`python -m app.server` is the operator's command."""

from __future__ import annotations

import sys

from app.server.admin import main

if __name__ == "__main__":
    sys.exit(main())
