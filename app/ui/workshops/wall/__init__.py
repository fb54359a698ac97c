"""The wall of a workshop: cards under headings, dots of the room, measures out of cards, the projection."""
