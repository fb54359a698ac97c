"""The minutes of a workshop as a paper: put together, looked at as it will print, agreed on, given out."""
