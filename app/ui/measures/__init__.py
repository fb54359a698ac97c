"""The room Maßnahmen: the table of all measures and the Steckbrief beside it."""
