"""Names and texts written into SQL. Values of rows are never written: they are bound or stay in tables."""


def literal(value: str) -> str:
    """A text of the configuration as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name of the configuration or a contract as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
