"""Runs upgrades on the connection that `app.server.database` hands over."""

from __future__ import annotations

from alembic import context

from app.server.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
