"""The window: everything a person sees and touches; the only room with Qt."""
