"""Upgrades of the local database, run by `app.models.migrate`."""
