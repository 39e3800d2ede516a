"""The bus: "stream X is now at seq N", to whoever listens."""
