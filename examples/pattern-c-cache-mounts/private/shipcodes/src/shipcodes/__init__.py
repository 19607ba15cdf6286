"""Tracking numbers of the Universal Postal Union, standard S10: RR123456785GB.

Two letters for the service, eight digits, a check digit, the country.
"""

import re

SHAPE = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class InvalidCode(ValueError):
    """Says in one sentence, fit for the person who typed it, what is wrong."""


def check_digit(serial):
    rest = 11 - sum(w * int(d) for w, d in zip(WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def parse(text):
    """The number without spaces and in capitals. Raises InvalidCode."""
    code = re.sub(r"[\s-]", "", text).upper()
    match = SHAPE.fullmatch(code)
    if not match:
        raise InvalidCode("A tracking number looks like RR123456785GB.")
    serial, digit = match.groups()
    if check_digit(serial) != int(digit):
        raise InvalidCode("The check digit is wrong. Is there a typing error?")
    return code


def spaced(code):
    """The number as it is printed on a label: RR 123 456 785 GB."""
    return " ".join((code[:2], code[2:5], code[5:8], code[8:11], code[11:]))
