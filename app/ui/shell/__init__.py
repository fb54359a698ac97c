"""The frame around every room: rail, top bar, status line."""
