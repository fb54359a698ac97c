"""First start, unlocking, and the room Einstellungen."""
