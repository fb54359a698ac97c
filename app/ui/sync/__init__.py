"""The room Abgleich: what waits, what has a receipt, Zwei Fassungen, the kept log."""
