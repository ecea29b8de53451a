"""Whether this installation is healthy: for machines in short, for people at length."""
