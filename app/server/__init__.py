"""The reference agency: its own process, its own database, the same merge."""
