"""The agency's routes by subject; each file adds its own to the application."""
