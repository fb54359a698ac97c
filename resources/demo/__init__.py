"""The demo region: readable sources, the scripts that build it, and the result."""
