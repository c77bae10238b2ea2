"""What Holdfast does on a host: changes as data, each made only where the host still is as the probe saw it, each kept so that it can be undone."""
