"""The exchange by file instead of by network: the sealed file, what lies in it, and the device's side."""
