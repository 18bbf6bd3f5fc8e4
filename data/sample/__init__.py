"""Maison Clairval, an invented French appliance retailer with after-sales service: the embedded sample company.

Latent lives first (customers.py, memory.py), then what the company's systems would have recorded of them, month by
month (world.py tells it in order). What was planted, and how strongly, is in truths.py; README.md says it in words.
"""
