"""The region: its table of municipalities, and the script that lays out the tile map."""
