"""In and out: files that people have, read tolerantly and told honestly."""
