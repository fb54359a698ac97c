"""The time line of measures: periods as bars, milestones, what depends on what."""
