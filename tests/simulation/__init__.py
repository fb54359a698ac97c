"""A world on one thread that can be told again to the letter: real engines, stores and agency, and misfortune."""
