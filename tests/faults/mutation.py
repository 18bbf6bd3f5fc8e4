"""Files changed at random, to see that nothing breaks the readers."""

import random

HEADER = b"product_id,name,category,price\n"
LONG = 'P{i:02d},"Name {i}, ""big""\nand new",small,{i}.50\n'
MANY_PRODUCTS = HEADER + "".join((LONG if i % 5 == 0 else "P{i:02d},N,x,{i}\n").format(i=i) for i in range(40)).encode()


def mutated(content: bytes, random_: random.Random) -> bytes:
    """A file with a few bytes changed, taken out, doubled or put in."""
    data = bytearray(content)
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(data) + 1)
        span = random_.randint(1, 30)
        pieces = [b'"', b'""', b",", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbf\xbd", b";", bytes(data[at : at + span])]
        data[at : at + random_.choice([0, 0, 1, span])] = random_.choice(pieces)
    return bytes(data)
