"""The German words of the screen as plain tables; ``app.ui.labels`` is the door to them. No Qt here."""
