"""What machines and operators read: logs, traces, metrics."""
