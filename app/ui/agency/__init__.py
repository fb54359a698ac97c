"""The Leitstand: what only the agency's own desks see."""
