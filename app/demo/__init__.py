"""The demo: a lively region with its own agency process, and the offline day played for real."""
