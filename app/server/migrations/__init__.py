"""Upgrades of the agency's database; run by `app.server.database`."""
