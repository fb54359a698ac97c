"""Attachments on screen, the same below a measure and a workshop: what hangs there, and how far it is."""
