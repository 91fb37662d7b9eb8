"""Expectations of our own, one a file.

Each makes its evidence in polars, so that no text of an article reaches Great Expectations or its
reports.
"""
