"""The room Heute: what is due, what comes next, what others changed."""
