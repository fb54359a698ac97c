"""Maßwerk: measures and workshops of a region, kept offline first and merged without loss."""
