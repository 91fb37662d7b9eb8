"""The suites, one module a gate: `rules(settings)` gives the rules in the order of the telling."""
