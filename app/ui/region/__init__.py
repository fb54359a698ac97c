"""The room Region: all municipalities as a tile map and as a table, what they share, Abgucken."""
