"""Laptops in one hall: pairing, exchanging one workshop, and carrying each other's letters (docs/adr/0021)."""
