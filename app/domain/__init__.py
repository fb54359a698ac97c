"""The core: measures, workshops, merge and text, without I/O, Qt, SQL or wire."""
