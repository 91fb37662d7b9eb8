"""The gates between the stages; the only package that knows Great Expectations.

`gate.check` holds what a stage made against the suite of its stage: `suites/`, one module a gate.
"""
