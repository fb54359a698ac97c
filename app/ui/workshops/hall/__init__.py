"""In the hall without a network: opening a workshop to other laptops, or connecting to one that is open."""
