"""The room of the workshops: their list, their head, and the Mitschrift of an evening."""
