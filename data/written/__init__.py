"""What people write in the pages: a small SQLite file of its own, beside the snapshots, which stay read-only.

store.py      the file: saving with versions, the trail of every change
register.py   actions: what may be written, and the register joined with that of the exports at a refresh
tables.py     the register as CSV, out and in

    python -m data.written --export FILE      the register that people wrote, as CSV
    python -m data.written --import FILE      all rows of a CSV, or none, with every fault told
"""
