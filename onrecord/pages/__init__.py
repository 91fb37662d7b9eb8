"""Pages to look at the record: find, see in its place, compare, mend; and the same as JSON under /api.

`app.py` puts them together, `views/` has one module a view, `guard.py` says who may what. What a page shows comes from
`onrecord.warehouse.looking`: nothing here knows SQL.
"""
