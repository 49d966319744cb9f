"""The servers that the integration tests run against, all on loopback. Each file can also be started by hand."""
