"""Generic pieces of the screen; they know colours and keys, but nothing about measures or workshops."""
