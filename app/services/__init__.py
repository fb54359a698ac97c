"""What a person can do: one module per noun, each function one change."""
