"""The local database: the only room with SQL on the client."""
