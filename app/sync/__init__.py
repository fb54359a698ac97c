"""Talking to the agency: the contract, its transports, the engine, and when to try next."""
