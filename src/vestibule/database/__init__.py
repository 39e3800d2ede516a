"""Records and events: one schema and one `queries.sql`, behind the port `Database`."""
